package dev.isomorph.tools;

import dev.isomorph.tools.bench.BenchCommand;
import dev.isomorph.tools.disasm.DisasmCommand;
import dev.isomorph.tools.root.RootCommand;
import dev.isomorph.tools.run.RunCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All commands but {@code run}, whose words {@link Main} takes before this class is loaded. */
@Command(
    name = "isomorph",
    versionProvider = CommandLineTool.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CommandLineTool.Run.class,
      RootCommand.class,
      DisasmCommand.class,
      BenchCommand.class
    },
    description = "Runs RISC-V Linux programs on x86-64 Linux by translating their machine code.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isomorph run examples/hello/hello              a program that needs nothing else",
      "  isomorph root ~/debian bash coreutils python3  fetch a Debian to run programs from",
      "  isomorph run --root ~/debian /bin/ls -l /      and run one",
      "  isomorph disasm examples/hello/hello           its machine code as text",
      "  isomorph bench                                 how fast: against native and qemu",
      "",
      "'isomorph COMMAND --help' tells more about each."
    })
final class CommandLineTool implements Runnable {
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

  static int execute(String[] words) {
    return new CommandLine(new CommandLineTool()).execute(words);
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** The entry of {@code run} in the list of commands. */
  @Command(name = "run", description = RunCommand.DESCRIPTION)
  static final class Run implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("run is dispatched by Main");
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
