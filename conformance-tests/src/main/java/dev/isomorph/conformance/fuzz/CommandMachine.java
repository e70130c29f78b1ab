package dev.isomorph.conformance.fuzz;

import dev.isomorph.tools.ChildProcess;
import dev.isomorph.tools.ChildProcess.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A command that runs ELF files, in a process of its own. */
final class CommandMachine implements Machine {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final String name;
  private final List<String> command;
  private final Path program;

  /**
   * A machine.
   *
   * @param command the words before the program
   * @param scratch a folder for the program
   */
  CommandMachine(String name, List<String> command, Path scratch) throws IOException {
    this.name = name;
    this.command = command;
    program = Files.createTempFile(scratch, "program", ".elf");
    if (!program.toFile().setExecutable(true)) {
      throw new IOException(program + " cannot be made executable");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String command() {
    return String.join(" ", command) + " program.elf";
  }

  @Override
  public Result run(Image image) throws IOException, InterruptedException {
    Files.write(program, image.elf());
    List<String> words = new ArrayList<>(command);
    words.add(program.toString());
    Outcome outcome = new ChildProcess(LIMIT).run(words);
    return new Result(ending(outcome), outcome.output());
  }

  private static String ending(Outcome outcome) {
    if (!outcome.endedItself()) {
      return Result.ENDLESS;
    }
    return outcome.status() == 0
        ? Result.EXIT
        : "status " + outcome.status() + " " + outcome.errors().strip();
  }
}
