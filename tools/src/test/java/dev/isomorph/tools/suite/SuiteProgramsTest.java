package dev.isomorph.tools.suite;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A7;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.tools.ChildProcess;
import dev.isomorph.tools.GuestElf;
import dev.isomorph.tools.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that run under Isomorph itself. */
final class SuiteProgramsTest {
  private static final List<Witness> WITNESSES =
      List.of(Witness.CODE, Witness.NO_OPTIMIZER, Witness.EVALUATOR);

  private static final int AT_FDCWD = -100;

  // riscv64 system call numbers (asm-generic/unistd.h).
  private static final int OPENAT = 56;
  private static final int EXIT = 93;

  @TempDir Path scratch;

  private List<TestResult> run(Path folder) throws IOException, InterruptedException {
    return run(folder, null);
  }

  private List<TestResult> run(Path folder, Path root) throws IOException, InterruptedException {
    List<TestCase> tests = new TestFinder(folder).find();
    ChildProcess processes = new ChildProcess(Duration.ofMinutes(5));
    Runners runners =
        new Runners(
            WITNESSES,
            new ProcessRunner(WITNESSES, launcher(), null, root, processes),
            new MachineRunner(WITNESSES, launcher(), processes));
    return new SuiteRun("suite", runners, 2).run(tests, new SuiteProgress(null, tests.size()));
  }

  private String launcher() throws IOException {
    Path launcher = scratch.resolve("launcher");
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    Files.writeString(launcher, "#!/bin/sh\nexec '" + String.join("' '", words) + "' \"$@\"\n");
    assertTrue(launcher.toFile().setExecutable(true));
    return launcher.toString();
  }

  private Path suite() throws IOException {
    return Files.createDirectories(scratch.resolve("suite"));
  }

  @Test
  void theExamplesPass() throws Exception {
    List<TestResult> results = run(Path.of("../examples/suite"));
    assertEquals(List.of("sum", "upper"), results.stream().map(TestResult::name).toList());
    for (TestResult each : results) {
      assertEquals(Outcome.PASS, each.outcome(), each.toString());
      assertEquals(WITNESSES, List.copyOf(each.verdicts().keySet()));
    }
  }

  @Test
  void signaturesAreCompared() throws Exception {
    GuestElf elf = GuestElf.signature(0, 0x11111111, -2, 0x33333333);
    elf.write(suite().resolve("right"));
    elf.write(suite().resolve("wrong"));
    GuestElf.signature(3, 1).write(suite().resolve("status"));
    Files.writeString(suite().resolve("right.reference_output"), "11111111\nfffffffe\n33333333\n");
    Files.writeString(suite().resolve("wrong.reference_output"), "11111111\nfffffffe\n33333332\n");
    Files.writeString(suite().resolve("status.reference_output"), "00000001\n");
    List<TestResult> results = run(suite());
    String word = Long.toHexString(elf.address("begin_signature") + 8);
    for (Witness each : WITNESSES) {
      assertEquals(Outcome.PASS, results.get(0).verdicts().get(each).outcome());
      assertEquals("exit status 3, expected 0", results.get(1).verdicts().get(each).reason());
      assertEquals(
          "signature word 0x" + word + " (begin_signature+0x8) is 33333333, the reference 33333332",
          results.get(2).verdicts().get(each).reason());
    }
  }

  @Test
  void aRegionThatIsNotThereIsSaid() throws Exception {
    GuestElf.exit(0)
        .symbol("begin_signature", 0x4000)
        .symbol("end_signature", 0x4010)
        .write(suite().resolve("x"));
    Files.writeString(suite().resolve("x.signature"), "00000000\n");
    Verdict verdict = run(suite()).getFirst().verdicts().get(Witness.CODE);
    assertEquals("the signature region is not readable at the end", verdict.reason());
    assertEquals("isomorph: --dump-memory: not all readable: 0x4000 to 0x4010", verdict.errors());
  }

  @Test
  void programsFindTheirFilesInTheRoot() throws Exception {
    RiscvAssembler.Label name = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().li(A0, AT_FDCWD).la(A1, name).li(A2, 0);
    code.li(A7, OPENAT).emit(Opcode.ECALL);
    code.emit(Opcode.SLTI, A0, A0, 0).li(A7, EXIT).emit(Opcode.ECALL);
    GuestElf.of(code.bind(name).data("/nowhere-but-here\0")).write(suite().resolve("opens"));
    Path root = Files.createDirectory(scratch.resolve("root"));
    assertEquals(Outcome.FAIL, run(suite(), root).getFirst().outcome());
    Files.createFile(root.resolve("nowhere-but-here"));
    assertEquals(Outcome.PASS, run(suite(), root).getFirst().outcome());
  }
}
