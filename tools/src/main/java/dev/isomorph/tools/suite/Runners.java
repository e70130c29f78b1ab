package dev.isomorph.tools.suite;

import java.util.List;
import java.util.Map;

/** Gives every test to the runner of its kind. */
final class Runners {
  private final Runner<TestKind.LinuxProgram> linux;
  private final Runner<TestKind.BareMetal> machine;
  private final Runner<TestKind.Foreign> foreign;
  private final Runner<TestKind.Broken> broken;

  Runners(
      List<Witness> witnesses,
      Runner<TestKind.LinuxProgram> linux,
      Runner<TestKind.BareMetal> machine) {
    this.linux = linux;
    this.machine = machine;
    foreign = Runner.of(witnesses, kind -> Verdict.skip("for " + kind.machine()));
    broken = Runner.of(witnesses, kind -> Verdict.fail(kind.problem()));
  }

  /** Runs a test; see {@link Runner#run}. */
  Map<Witness, Verdict> run(TestCase test) throws InterruptedException {
    return switch (test.kind()) {
      case TestKind.LinuxProgram kind -> linux.run(test, kind);
      case TestKind.BareMetal kind -> machine.run(test, kind);
      case TestKind.Foreign kind -> foreign.run(test, kind);
      case TestKind.Broken kind -> broken.run(test, kind);
    };
  }
}
