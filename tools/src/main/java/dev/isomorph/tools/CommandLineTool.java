package dev.isomorph.tools;

import dev.isomorph.tools.bench.BenchCommand;
import dev.isomorph.tools.boot.BootCommand;
import dev.isomorph.tools.diff.DiffCommand;
import dev.isomorph.tools.disasm.DisasmCommand;
import dev.isomorph.tools.explain.ExplainCommand;
import dev.isomorph.tools.root.RootCommand;
import dev.isomorph.tools.run.RunCommand;
import dev.isomorph.tools.suite.SuiteCommand;
import dev.isomorph.tools.trace.TraceCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * All commands but {@code run}, whose words {@link Main} takes before this class is loaded, and
 * those of other modules, which are given to it.
 */
@Command(
    name = "isomorph",
    versionProvider = CommandLineTool.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CommandLineTool.Run.class,
      BootCommand.class,
      RootCommand.class,
      DisasmCommand.class,
      TraceCommand.class,
      DiffCommand.class,
      ExplainCommand.class,
      BenchCommand.class,
      SuiteCommand.class,
      CommandLineTool.Campaign.class
    },
    description = "Runs RISC-V Linux programs on x86-64 Linux by translating their machine code.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isomorph run examples/hello/hello        a program that needs nothing else",
      "  isomorph root ~/debian bash coreutils    fetch a Debian to run programs from",
      "  isomorph run --root ~/debian /bin/ls /   and run one of them",
      "  isomorph boot --kernel Image --initrd I   start a whole computer",
      "  isomorph disasm examples/hello/hello     its machine code as text",
      "  isomorph explain ./program               where its time goes, and why",
      "  isomorph bench                           how fast it all is",
      "  isomorph suite riscv-tests/isa           whether all instructions are right",
      "",
      "'isomorph help COMMAND' tells more about each."
    })
public final class CommandLineTool implements Callable<Integer> {
  /** Commands that run a program: what follows its name are its words, not theirs. */
  private static final List<String> RUNNERS = List.of("trace", "diff", "explain");

  /** What the library says of a number, in Java's terms. */
  private static final Pattern NO_NUMBER = Pattern.compile("is not an? (int|long)$");

  /** What the library says where one of several options must be given. */
  private static final Pattern ONE_OF =
      Pattern.compile("^Error: Missing required argument \\(specify one of these\\): \\((.*)\\)$");

  /** Whoever has read enough need not be told. */
  private static final String BROKEN_PIPE = "Broken pipe";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  /**
   * Runs one command.
   *
   * @param others commands that come from elsewhere, in place of those of the same name here
   * @return the exit status
   */
  public static int execute(String[] words, Object... others) {
    CommandLine line = new CommandLine(new CommandLineTool());
    for (Object other : others) {
      CommandLine command = new CommandLine(other);
      line.getCommandSpec().removeSubcommand(command.getCommandName());
      line.addSubcommand(command);
    }
    for (String runner : RUNNERS) {
      line.getSubcommands().get(runner).setStopAtPositional(true);
    }
    if (words.length > 0 && !words[0].startsWith("-")) {
      // Asked for help, the library would take the name of no command for nothing.
      if (!line.getSubcommands().containsKey(words[0])) {
        return explain(new CommandLine.UnmatchedArgumentException(line, List.of(words)), words);
      }
    }
    int status = line.setParameterExceptionHandler(CommandLineTool::explain).execute(words);
    return System.out.checkError() ? unwritten() : status;
  }

  /** What has been printed was lost; the reason is found by trying again. */
  private static int unwritten() {
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write('\n');
    } catch (IOException e) {
      if (!BROKEN_PIPE.equals(e.getMessage())) {
        System.err.println("isomorph: cannot write to standard output: " + e.getMessage());
      }
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** One line, as {@code run} has it, instead of the whole help text. */
  private static int explain(CommandLine.ParameterException e, String[] words) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String problem =
        e instanceof CommandLine.UnmatchedArgumentException unmatched
            ? "cannot make sense of " + Failures.shown(unmatched.getUnmatched().getFirst())
            : ONE_OF
                .matcher(NO_NUMBER.matcher(e.getMessage()).replaceFirst("is not a whole number"))
                .replaceFirst("needs one of $1");
    System.err.println(command + ": " + problem + " (see " + command + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  /** Without a command there is nothing to do but to help. */
  @Override
  public Integer call() {
    CommandLine.usage(this, System.err);
    return CommandLine.ExitCode.USAGE;
  }

  /** The entry of {@code run} in the list of commands. */
  @Command(name = "run", header = RunCommand.DESCRIPTION)
  static final class Run implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("run is dispatched by Main");
    }
  }

  /** The entry in the list of commands of one that the launcher starts from another jar. */
  @Command(
      name = "campaign",
      header = "Looks for differences by random programs, for as long as you like.")
  static final class Campaign implements Callable<Integer> {
    @Override
    public Integer call() {
      System.err.println("isomorph campaign: is started by the launcher, isomorph");
      return CommandLine.ExitCode.USAGE;
    }
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CommandLineTool.class.getPackage().getImplementationVersion();
      return new String[] {"isomorph " + (version == null ? "(unpacked)" : version)};
    }
  }
}
