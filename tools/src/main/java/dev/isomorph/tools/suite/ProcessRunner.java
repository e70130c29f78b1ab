package dev.isomorph.tools.suite;

import dev.isomorph.tools.ChildProcess;
import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.ShellWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs Linux programs, each in a process and an empty folder of its own. */
final class ProcessRunner implements Runner<TestKind.LinuxProgram> {
  private static final String MEMORY = "memory";
  private static final int SHOWN_ERRORS = 4000;

  private final List<Witness> witnesses;
  private final String launcher;
  private final Qemu qemu;
  private final Path root;
  private final ChildProcess processes;

  /**
   * @param witnesses the first is the one that the others are compared with
   * @param launcher the command that starts Isomorph
   * @param qemu null if there is none
   * @param root where programs find their files first, absolute; null for nowhere
   */
  ProcessRunner(
      List<Witness> witnesses, String launcher, Qemu qemu, Path root, ChildProcess processes) {
    this.witnesses = witnesses;
    this.launcher = launcher;
    this.qemu = qemu;
    this.root = root;
    this.processes = processes;
  }

  @Override
  public Map<Witness, Verdict> run(TestCase test, TestKind.LinuxProgram kind)
      throws InterruptedException {
    Map<Witness, Verdict> verdicts = new EnumMap<>(Witness.class);
    Observation first = null;
    for (Witness witness : witnesses) {
      String unable = unable(witness, kind);
      if (unable != null) {
        verdicts.put(witness, Verdict.skip(unable));
        continue;
      }
      List<String> command = command(witness, test, kind);
      try {
        Observation seen = observe(command, kind);
        String problem = Judge.problem(kind, seen);
        if (problem == null && first != null) {
          problem = Judge.difference(seen, first, witnesses.getFirst());
        }
        verdicts.put(witness, verdict(problem, seen.outcome(), command, kind));
        if (witness == witnesses.getFirst() && problem == null) {
          first = seen;
        }
      } catch (IOException e) {
        verdicts.put(witness, Verdict.fail("cannot be run: " + Failures.reason(e)));
      }
    }
    return verdicts;
  }

  private static Verdict verdict(
      String problem, ChildProcess.Outcome seen, List<String> command, TestKind.LinuxProgram kind) {
    return problem == null
        ? Verdict.pass(seen.seconds())
        : new Verdict(
            Outcome.FAIL,
            seen.seconds(),
            problem,
            reproducer(command, kind.contract()),
            end(seen.errors()));
  }

  private String unable(Witness witness, TestKind.LinuxProgram kind) {
    if (witness != Witness.QEMU) {
      return null;
    }
    if (qemu == null) {
      return "no qemu-riscv64 on the PATH";
    }
    return kind instanceof TestKind.Signature
        ? "qemu does not show a program's memory at its end"
        : null;
  }

  private List<String> command(Witness witness, TestCase test, TestKind.LinuxProgram kind) {
    List<String> command = new ArrayList<>();
    if (witness == Witness.QEMU) {
      command.addAll(qemu.fullest());
      if (root != null) {
        command.addAll(List.of("-L", root.toString()));
      }
    } else {
      command.addAll(List.of(launcher, "run"));
      if (root != null) {
        command.add("--root=" + root);
      }
      command.add("--execute=" + witness.execution());
      if (kind instanceof TestKind.Signature signature) {
        SignatureRegion region = signature.region();
        command.add(
            "--dump-memory=0x"
                + Long.toHexString(region.start())
                + ":0x"
                + Long.toHexString(region.end())
                + ":"
                + MEMORY);
      }
    }
    command.add(test.file().toString());
    command.addAll(kind.contract().arguments());
    return command;
  }

  private Observation observe(List<String> command, TestKind.LinuxProgram kind)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("isomorph-suite");
    try {
      ChildProcess.Outcome outcome = processes.run(command, folder, kind.contract().input());
      Path memory = folder.resolve(MEMORY);
      boolean signed = kind instanceof TestKind.Signature && Files.exists(memory);
      return new Observation(outcome, signed ? Files.readAllBytes(memory) : null);
    } finally {
      delete(folder);
    }
  }

  /** What cannot be removed, a test has made so; that is no reason to fail it. */
  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(each);
      }
    } catch (IOException | UncheckedIOException e) {
      // It stays in the folder for temporary files.
    }
  }

  private static String reproducer(List<String> command, TestKind.Contract contract) {
    String words = command.stream().map(ShellWord::of).collect(Collectors.joining(" "));
    return contract.input() == null
        ? words
        : words + " <" + ShellWord.of(contract.input().toString());
  }

  private static String end(String errors) {
    String text = errors.strip();
    return text.length() <= SHOWN_ERRORS ? text : text.substring(text.length() - SHOWN_ERRORS);
  }
}
