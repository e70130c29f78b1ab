package dev.isomorph.tools.suite;

import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs Linux programs, each in a process and an empty folder of its own. */
final class ProcessRunner {
  private static final String MEMORY = "memory";
  private static final int SHOWN_ERRORS = 4000;

  private final List<Witness> witnesses;
  private final String launcher;
  private final Qemu qemu;
  private final ChildProcess processes;

  /**
   * @param witnesses the first is the one that the others are compared with
   * @param launcher the command that starts Isomorph
   * @param qemu null if there is none
   */
  ProcessRunner(List<Witness> witnesses, String launcher, Qemu qemu, ChildProcess processes) {
    this.witnesses = witnesses;
    this.launcher = launcher;
    this.qemu = qemu;
    this.processes = processes;
  }

  /**
   * Runs a test under all witnesses.
   *
   * @param signature what its memory must hold at the end; null for nothing
   */
  Map<Witness, Verdict> run(TestCase test, TestKind.Contract contract, TestKind.Signature signature)
      throws InterruptedException {
    Map<Witness, Verdict> verdicts = new EnumMap<>(Witness.class);
    Observation first = null;
    for (Witness witness : witnesses) {
      String unable = unable(witness, signature);
      if (unable != null) {
        verdicts.put(witness, Verdict.skip(unable));
        continue;
      }
      List<String> command = command(witness, test, contract, signature);
      try {
        Observation seen = observe(command, contract, signature);
        String problem = Judge.problem(contract, seen);
        if (problem == null && signature != null) {
          problem = Judge.problem(signature, seen);
        }
        if (problem == null && first != null) {
          problem = Judge.difference(seen, first, witnesses.getFirst());
        }
        verdicts.put(
            witness,
            problem == null
                ? Verdict.pass(seen.seconds())
                : new Verdict(
                    Outcome.FAIL,
                    seen.seconds(),
                    problem,
                    reproducer(command, contract),
                    end(seen.errors())));
        if (witness == witnesses.getFirst()) {
          first = seen;
        }
      } catch (IOException e) {
        verdicts.put(witness, Verdict.fail("cannot be run: " + Failures.reason(e)));
      }
    }
    return verdicts;
  }

  private String unable(Witness witness, TestKind.Signature signature) {
    if (witness != Witness.QEMU) {
      return null;
    }
    if (qemu == null) {
      return "no qemu-riscv64 on the PATH";
    }
    return signature == null ? null : "qemu does not show a program's memory at its end";
  }

  private List<String> command(
      Witness witness, TestCase test, TestKind.Contract contract, TestKind.Signature signature) {
    List<String> command = new ArrayList<>();
    if (witness == Witness.QEMU) {
      command.addAll(qemu.fullest());
    } else {
      command.addAll(List.of(launcher, "run"));
      if (witness != Witness.CODE) {
        command.add("--execute=" + witness.execution());
      }
      if (signature != null) {
        SignatureRegion region = signature.region();
        command.add("--dump-memory=" + region.start() + ":" + region.end() + ":" + MEMORY);
      }
    }
    command.add(test.file().toString());
    command.addAll(contract.arguments());
    return command;
  }

  private Observation observe(
      List<String> command, TestKind.Contract contract, TestKind.Signature signature)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("isomorph-suite");
    try {
      Observation seen = processes.run(command, folder, contract.input());
      Path memory = folder.resolve(MEMORY);
      return signature != null && Files.exists(memory)
          ? seen.withSignature(Files.readAllBytes(memory))
          : seen;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(each);
      }
    }
  }

  private static String reproducer(List<String> command, TestKind.Contract contract) {
    String words = command.stream().map(ProcessRunner::quote).collect(Collectors.joining(" "));
    return contract.input() == null ? words : words + " <" + quote(contract.input().toString());
  }

  /** A word as a shell reads it. */
  private static String quote(String word) {
    return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String end(String errors) {
    String text = errors.strip();
    return text.length() <= SHOWN_ERRORS ? text : text.substring(text.length() - SHOWN_ERRORS);
  }
}
