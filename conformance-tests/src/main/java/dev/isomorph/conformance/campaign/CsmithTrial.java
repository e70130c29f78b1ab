package dev.isomorph.conformance.campaign;

import dev.isomorph.conformance.programs.Isomorph;
import dev.isomorph.conformance.programs.Toolchain;
import dev.isomorph.conformance.programs.Transcript;
import dev.isomorph.tools.ChildProcess;
import dev.isomorph.tools.ChildProcess.Outcome;
import dev.isomorph.tools.HostPath;
import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * C programs by csmith (Yang, Chen, Eide, Regehr: Finding and Understanding Bugs in C Compilers,
 * PLDI 2011). They have one meaning on all machines and print a checksum of what they computed.
 * Compiled for the host they say what is right, if two levels of optimisation agree on it.
 */
final class CsmithTrial implements Trial {
  private static final String CSMITH = "csmith";
  private static final List<Path> HEADERS =
      List.of(Path.of("/usr/include/csmith"), Path.of("/usr/local/include/csmith"));
  private static final int[] NATIVE_LEVELS = {0, 2};
  private static final int GUEST_LEVELS = 4;
  private static final Duration NATIVE_LIMIT = Duration.ofSeconds(5);
  private static final Duration GUEST_LIMIT = Duration.ofSeconds(120);
  private static final Duration TOOL_LIMIT = Duration.ofSeconds(120);

  private final Qemu qemu;
  private final Path folder;
  private final Path source;

  CsmithTrial(Kind.Equipment equipment) throws IOException {
    qemu = equipment.qemu();
    folder = Files.createTempDirectory(equipment.scratch(), CSMITH);
    source = folder.resolve("program.c");
  }

  /** What the host lacks for this, in a few words; empty if nothing. */
  static String missing() {
    if (HostPath.all(CSMITH).isEmpty()) {
      return "csmith is not on the PATH";
    }
    if (headers() == null) {
      return "csmith's headers are not in /usr/include/csmith (libcsmith-dev)";
    }
    for (Toolchain toolchain : Toolchain.values()) {
      Path source = Path.of("program.c");
      if (!toolchain.isPresentFor(source)) {
        return toolchain.compiler(source) + " is not on the PATH";
      }
    }
    return "";
  }

  private static Path headers() {
    return HEADERS.stream().filter(Files::isDirectory).findFirst().orElse(null);
  }

  /** Why a program says nothing; others may be better. */
  private static final class Discarded extends Exception {
    private static final long serialVersionUID = 1L;

    Discarded(String reason) {
      super(reason);
    }
  }

  @Override
  public Verdict judge(long seed) throws IOException, InterruptedException {
    try {
      generate(seed);
      return judge();
    } catch (Discarded reason) {
      return new Verdict.Discarded(reason.getMessage());
    }
  }

  private Verdict judge() throws IOException, InterruptedException, Discarded {
    String right = null;
    for (int level : NATIVE_LEVELS) {
      Outcome outcome = runNatively(level);
      if (!outcome.endedItself()) {
        return new Verdict.Discarded("take more than 5 s natively");
      }
      if (outcome.status() != 0) {
        return new Verdict.Discarded("fail natively");
      }
      if (right != null && !Transcript.of(outcome).equals(right)) {
        return new Verdict.Discarded("give different native results at -O0 and -O2");
      }
      right = Transcript.of(outcome);
    }
    for (int level = 0; level < GUEST_LEVELS; level++) {
      Verdict verdict = judge(level, right);
      if (verdict != null) {
        return verdict;
      }
    }
    return new Verdict.Agrees(false);
  }

  /** Null if the program, compiled for the guest at this level, prints what is right. */
  private Verdict judge(int level, String right)
      throws IOException, InterruptedException, Discarded {
    Path program = compile(Toolchain.GUEST, level);
    Outcome outcome = run(GUEST_LIMIT, command(Isomorph.run(List.of()), program));
    if (Transcript.of(outcome).equals(right)) {
      return null;
    }
    if (qemu != null) {
      Outcome second = run(GUEST_LIMIT, command(qemu.fullest(), program));
      if (Transcript.of(second).equals(Transcript.of(outcome))) {
        return new Verdict.Discarded("differ from native in the same way under qemu");
      }
    }
    return new Verdict.Differs(finding(level, right, outcome, program));
  }

  private void generate(long seed) throws IOException, InterruptedException, Discarded {
    tool(
        List.of(
            CSMITH, "--seed", Long.toString(seed & 0xffff_ffffL), "--output", source.toString()));
  }

  private Outcome runNatively(int level) throws IOException, InterruptedException, Discarded {
    return run(NATIVE_LIMIT, List.of(compile(Toolchain.HOST, level).toString()));
  }

  private Path compile(Toolchain toolchain, int level)
      throws IOException, InterruptedException, Discarded {
    Path program = folder.resolve("program");
    List<String> command = new ArrayList<>(compilation(toolchain, level, source));
    command.addAll(List.of("-o", program.toString()));
    tool(command);
    return program;
  }

  private static List<String> compilation(Toolchain toolchain, int level, Path source) {
    List<String> command = new ArrayList<>(toolchain.command(source, level));
    command.addAll(List.of("-I", headers().toString()));
    return command;
  }

  /** In the scratch folder, where csmith may leave its platform.info. */
  private void tool(List<String> command) throws IOException, InterruptedException, Discarded {
    if (run(TOOL_LIMIT, command, folder).status() != 0) {
      throw new Discarded("make " + command.getFirst() + " fail or take too long");
    }
  }

  /** Here, where the launcher's path may start from. */
  private static Outcome run(Duration limit, List<String> command)
      throws IOException, InterruptedException, Discarded {
    return run(limit, command, Path.of(""));
  }

  private static Outcome run(Duration limit, List<String> command, Path folder)
      throws IOException, InterruptedException, Discarded {
    Outcome outcome = new ChildProcess(limit).run(command, folder, null);
    if (outcome.wasInterrupted()) {
      throw new Discarded("were interrupted");
    }
    return outcome;
  }

  private Finding finding(int level, String right, Outcome outcome, Path program)
      throws IOException {
    String text = Files.readString(source, StandardCharsets.ISO_8859_1);
    String build = String.join(" ", compilation(Toolchain.GUEST, level, Path.of("program.c")));
    return new Finding("a csmith program at -O" + level + " differs from its native result")
        .note("Built by `" + build + " -o program.elf`.\n")
        .note("Run by `./isomorph run program.elf`.\n")
        .file("program.c", text)
        .program("program.elf", Files.readAllBytes(program))
        .file("native.txt", right)
        .file("isomorph.txt", Transcript.of(outcome) + outcome.errors());
  }

  private static List<String> command(List<String> runner, Path program) {
    List<String> command = new ArrayList<>(runner);
    command.add(program.toString());
    return command;
  }
}
