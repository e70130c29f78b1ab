package dev.isomorph.tools.diff;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.A7;
import static dev.isomorph.decoder.Registers.SP;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.tools.GuestElf;
import dev.isomorph.tools.MainProcess;
import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The status of a comparison tells of the comparison, however the program ends. */
final class DiffStatusTest {
  // riscv64 system call numbers (asm-generic/unistd.h).
  private static final int WRITE = 64;
  private static final int EXIT_GROUP = 94;
  private static final int KILL = 129;
  private static final int RT_SIGACTION = 134;
  private static final int GETPID = 172;
  private static final int CLONE = 220;
  private static final int EXECVE = 221;

  // CSR numbers (Zicntr).
  private static final int CYCLE = 0xc00;
  private static final int INSTRET = 0xc02;

  private static final int SIGTERM = 15;
  private static final int SIGCHLD = 17;
  private static final int CLONE_VM = 0x100;
  private static final int CLONE_VFORK = 0x4000;
  private static final int THREAD = 0x10f00; // VM, FS, FILES, SIGHAND, THREAD (linux/sched.h)

  private static final Path HELLO = Path.of("../examples/hello/hello");

  @TempDir Path directory;

  private enum With {
    LOG,
    QEMU,
    EVALUATOR
  }

  private static RiscvAssembler call(RiscvAssembler code, int number) {
    return code.li(A7, number).emit(Opcode.ECALL);
  }

  private static RiscvAssembler exit(RiscvAssembler code, int status) {
    return call(code.li(A0, status), EXIT_GROUP);
  }

  private MainProcess.Result diff(With witness, RiscvAssembler code) throws IOException {
    String program = GuestElf.of(code).write(directory.resolve("program")).toString();
    return switch (witness) {
      case EVALUATOR -> MainProcess.run(directory, "diff", "--evaluator", program);
      case QEMU -> {
        assumeTrue(Qemu.newest() != null, "no qemu");
        yield MainProcess.run(directory, "diff", "--qemu", program);
      }
      case LOG -> {
        String log = directory.resolve("log").toString();
        MainProcess.run(directory, "trace", "-o", log, program);
        yield MainProcess.run(directory, "diff", "--log", log, program);
      }
    };
  }

  private void agrees(With witness, RiscvAssembler code) throws IOException {
    MainProcess.Result result = diff(witness, code);
    assertTrue(result.err().contains(" instructions agree with "), result.err());
    assertEquals(0, result.status(), result.err());
  }

  @ParameterizedTest
  @EnumSource
  void ofAProgramThatFails(With witness) throws IOException {
    agrees(witness, exit(new RiscvAssembler(), 7));
  }

  @ParameterizedTest
  @EnumSource
  void ofAProgramThatCrashes(With witness) throws IOException {
    agrees(witness, new RiscvAssembler().li(A0, 1).emit(Opcode.LD, A0, 0, ZERO));
  }

  @ParameterizedTest
  @EnumSource
  void ofAProgramThatKillsItself(With witness) throws IOException {
    RiscvAssembler code = call(new RiscvAssembler(), GETPID).li(A1, SIGTERM);
    agrees(witness, exit(call(code, KILL), 0));
  }

  /** Where signals arrive is the system's affair, and so is what is on the stack then. */
  @ParameterizedTest
  @EnumSource
  void ofAProgramThatHandlesASignal(With witness) throws IOException {
    RiscvAssembler.Label handler = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().la(T0, handler).emit(Opcode.ADDI, A1, SP, -64);
    code.emit(Opcode.SD, T0, 0, A1).emit(Opcode.SD, ZERO, 8, A1).emit(Opcode.SD, ZERO, 16, A1);
    call(code.li(A0, SIGTERM).li(A2, 0).li(A3, Long.BYTES), RT_SIGACTION);
    call(call(code, GETPID).li(A1, SIGTERM), KILL);
    agrees(witness, exit(exit(code, 1).bind(handler), 0));
  }

  /** Emitted code leaves a block at each of them, the witness goes through all of it. */
  @ParameterizedTest
  @EnumSource
  void ofAProgramThatReadsCounters(With witness) throws IOException {
    RiscvAssembler code = new RiscvAssembler().li(T0, 1);
    code.emit(Opcode.CSRRS, A1, INSTRET, ZERO).emit(Opcode.CSRRS, A2, CYCLE, ZERO);
    code.li(A1, 2).emit(Opcode.SUB, A2, A2, A1);
    agrees(witness, exit(code, 0));
  }

  /** What is skipped is a selection in emitted code, which goes on in the same block. */
  @ParameterizedTest
  @EnumSource
  void ofAProgramThatBranchesOverInstructions(With witness) throws IOException {
    RiscvAssembler code = new RiscvAssembler().li(T0, 1).li(A1, 3).li(A2, 5);
    for (Opcode branch : new Opcode[] {Opcode.BNE, Opcode.BEQ}) {
      RiscvAssembler.Label behind = new RiscvAssembler.Label();
      code.branch(branch, T0, ZERO, behind).emit(Opcode.ADDI, A1, 7, A1).bind(behind);
      code.emit(Opcode.ADD, A2, A2, A1).emit(Opcode.SD, A2, -8, SP).emit(Opcode.LD, A3, -8, SP);
    }
    agrees(witness, exit(code, 0));
  }

  /** Such a branch leaves the block, though what it leads to is in the block, too. */
  @ParameterizedTest
  @EnumSource
  void ofAProgramThatBranchesOverStores(With witness) throws IOException {
    RiscvAssembler.Label behind = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().li(T0, 1).emit(Opcode.SD, ZERO, -8, SP);
    code.branch(Opcode.BNE, T0, ZERO, behind).emit(Opcode.SD, T0, -8, SP).bind(behind);
    code.emit(Opcode.LD, A1, -8, SP).emit(Opcode.SD, A1, -16, SP).emit(Opcode.ADDI, A1, 1, A1);
    agrees(witness, exit(code, 0));
  }

  @ParameterizedTest
  @EnumSource
  void ofAProgramThatBranchesToItsLastCall(With witness) throws IOException {
    RiscvAssembler.Label last = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().li(A0, 0).li(A7, EXIT_GROUP);
    code.branch(Opcode.BEQ, A0, ZERO, last).li(A0, 1).bind(last).emit(Opcode.ECALL);
    agrees(witness, code);
  }

  @ParameterizedTest
  @EnumSource
  void ofAProgramThatIsReplaced(With witness) throws IOException {
    RiscvAssembler.Label path = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().la(A0, path).li(A1, 0).li(A2, 0);
    exit(call(code, EXECVE), 3).bind(path).data(HELLO.toAbsolutePath() + "\0");
    agrees(witness, code);
  }

  @ParameterizedTest
  @EnumSource
  void ofAProgramThatStartsAThread(With witness) throws IOException {
    RiscvAssembler.Label thread = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().li(A0, THREAD).emit(Opcode.ADDI, A1, SP, -1024);
    call(code.li(A2, 0).li(A3, 0), CLONE);
    exit(code.branch(Opcode.BEQ, A0, ZERO, thread), 0).bind(thread).jump(thread);
    agrees(witness, code);
  }

  @Test
  void ofAProgramThatLendsItsMemory() throws IOException {
    RiscvAssembler.Label child = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().li(A0, CLONE_VM | CLONE_VFORK | SIGCHLD);
    call(code.li(A1, 0), CLONE).branch(Opcode.BEQ, A0, ZERO, child);
    exit(exit(code, 1).bind(child).li(T0, 1), 0);
    MainProcess.Result result = diff(With.EVALUATOR, code);
    assertTrue(result.err().contains("; the program ends"), result.err());
    assertEquals(0, result.status(), result.err());
  }

  /** Where that is, is nobody's business. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOG")
  void ofAProgramThatSomebodyEnds(With witness) throws Exception {
    assumeTrue(witness != With.QEMU || Qemu.newest() != null, "no qemu");
    RiscvAssembler.Label again = new RiscvAssembler.Label();
    RiscvAssembler.Label skipped = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().li(A0, 1).emit(Opcode.ADDI, A1, SP, 0);
    call(code.li(A2, 1), WRITE).bind(again).branch(Opcode.BEQ, T0, ZERO, skipped);
    code.emit(Opcode.CSRRS, A3, INSTRET, ZERO).bind(skipped).emit(Opcode.XORI, T0, 1, T0);
    String program = GuestElf.of(code.jump(again)).write(directory.resolve("program")).toString();
    String with = witness == With.QEMU ? "--qemu" : "--evaluator";
    Path errors = directory.resolve("errors");
    Process process = MainProcess.start(errors, "diff", with, program);
    assertEquals(1, process.getInputStream().readNBytes(1).length);
    process.destroy(); // SIGTERM
    assertEquals(128 + SIGTERM, process.waitFor());
    String said = Files.readString(errors);
    assertTrue(said.contains("; ended by signal 15\n"), said);
  }

  /** As when a group of processes is sent a signal. */
  @Test
  void ofAWitnessThatSomebodyEnds() throws Exception {
    assumeTrue(Qemu.newest() != null, "no qemu");
    RiscvAssembler.Label again = new RiscvAssembler.Label();
    RiscvAssembler code = new RiscvAssembler().li(A0, 1).emit(Opcode.ADDI, A1, SP, 0);
    call(code.li(A2, 1), WRITE).bind(again).emit(Opcode.ADDI, T0, 1, T0).jump(again);
    String program = GuestElf.of(code).write(directory.resolve("program")).toString();
    Path errors = directory.resolve("errors");
    Process process = MainProcess.start(errors, "diff", "--qemu", program);
    assertEquals(1, process.getInputStream().readNBytes(1).length);
    process.children().forEach(ProcessHandle::destroy);
    assertEquals(2, process.waitFor());
    String said = Files.readString(errors);
    assertTrue(said.contains(" was ended by signal 15\n"), said);
  }

  @Test
  void ofWhatIsNoProgram() throws IOException {
    MainProcess.Result result = MainProcess.run(directory, "diff", "--evaluator", "nowhere");
    assertEquals(2, result.status(), result.err());
  }

  @Test
  void qemuFollowsLinksInTheRoot() throws IOException {
    assumeTrue(Qemu.newest() != null, "no qemu");
    Path root = directory.resolve("root");
    GuestElf.exit(0).write(root.resolve("only/here"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("/only/here"));
    MainProcess.Result result =
        MainProcess.run(directory, "diff", "--qemu", "--root", root.toString(), "/link");
    assertEquals(0, result.status(), result.err());
  }

  /** Older qemus write a word behind the structure that RISC-V's Linux has. */
  @Test
  void qemuAgreesOnWhatIsBehindASignalAction() throws IOException {
    int structure = -64;
    int behind = structure + 3 * Long.BYTES;
    RiscvAssembler code = new RiscvAssembler().li(T0, -1).emit(Opcode.SD, T0, behind, SP);
    code.li(A0, SIGTERM).li(A1, 0).emit(Opcode.ADDI, A2, SP, structure).li(A3, Long.BYTES);
    call(code, RT_SIGACTION).emit(Opcode.LD, T0, behind, SP);
    agrees(With.QEMU, exit(code, 0));
  }
}
