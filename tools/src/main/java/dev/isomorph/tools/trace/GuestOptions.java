package dev.isomorph.tools.trace;

import dev.isomorph.processvm.RunOptions;
import dev.isomorph.translator.opt.Pass;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code run} that say what is run and where, for commands that watch it. */
public final class GuestOptions {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "Resolve the guest's paths inside DIR first.")
  private String root;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "Set a variable of the guest's environment; may be repeated.")
  private List<String> environment = new ArrayList<>();

  @Option(
      names = "--chdir",
      paramLabel = "DIR",
      description = "Start in DIR, a path as the guest sees it.")
  private String directory;

  @Parameters(
      index = "0",
      paramLabel = "PROGRAM",
      description = "The program, as for 'isomorph run'; its arguments follow.")
  private String program;

  @Parameters(index = "1..*", paramLabel = "ARGUMENT", hidden = true)
  private List<String> arguments = new ArrayList<>();

  /** Made by the command line. */
  public GuestOptions() {}

  /** The program as it was given. */
  public String program() {
    return program;
  }

  /** Its arguments. */
  public List<String> arguments() {
    return arguments;
  }

  /** What the process VM is asked to run. */
  public RunOptions toRun() {
    return toRun(RunOptions.Execution.TRANSLATED);
  }

  /** As {@link #toRun()}, with guest code run in a certain way. */
  public RunOptions toRun(RunOptions.Execution execution) {
    return new RunOptions(
        program,
        arguments,
        root,
        environment,
        directory,
        false,
        RunOptions.Trace.NONE,
        null,
        false,
        false,
        0,
        false,
        execution,
        Pass.ALL,
        null,
        null);
  }
}
