package dev.isomorph.tools.suite;

import dev.isomorph.tools.ChildProcess;
import dev.isomorph.tools.Failures;
import dev.isomorph.tools.ShellWord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs programs for a bare machine, each on a machine of its own: its exit status is what the
 * program has told by {@code tohost}, 0 or the number of what failed.
 */
final class MachineRunner implements Runner<TestKind.BareMetal> {
  private final List<Witness> witnesses;
  private final String launcher;
  private final ChildProcess processes;

  /**
   * @param launcher the command that starts Isomorph
   */
  MachineRunner(List<Witness> witnesses, String launcher, ChildProcess processes) {
    this.witnesses = witnesses;
    this.launcher = launcher;
    this.processes = processes;
  }

  @Override
  public Map<Witness, Verdict> run(TestCase test, TestKind.BareMetal kind)
      throws InterruptedException {
    Map<Witness, Verdict> verdicts = new EnumMap<>(Witness.class);
    for (Witness witness : witnesses) {
      verdicts.put(
          witness,
          witness == Witness.CODE
              ? run(test)
              : Verdict.skip("a whole machine runs by emitted code only"));
    }
    return verdicts;
  }

  private Verdict run(TestCase test) throws InterruptedException {
    List<String> command =
        List.of(
            launcher, "boot", "--bios", "none", "--no-reboot", "--kernel", test.file().toString());
    try {
      ChildProcess.Outcome seen = processes.run(command, Path.of(""), null);
      String problem = problem(seen);
      return problem == null
          ? Verdict.pass(seen.seconds())
          : new Verdict(
              Outcome.FAIL,
              seen.seconds(),
              problem,
              command.stream().map(ShellWord::of).collect(Collectors.joining(" ")),
              seen.errors());
    } catch (IOException e) {
      return Verdict.fail("cannot be run: " + Failures.reason(e));
    }
  }

  private static String problem(ChildProcess.Outcome seen) {
    if (!seen.endedItself()) {
      return seen.unfinished();
    }
    return seen.status() == 0 ? null : "tells of failure " + seen.status();
  }
}
