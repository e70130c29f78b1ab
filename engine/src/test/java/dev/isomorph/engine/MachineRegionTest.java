package dev.isomorph.engine;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.engine.TestMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.TestMachine.Rights;
import dev.isomorph.engine.TestMachine.View;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops as regions in pages that are mapped here and there. */
class MachineRegionTest {
  private static final long A = 0x4000_0000L;
  private static final long B = A + PAGE;
  private static final long DATA = 0x7f_1234_5000L;
  private static final int ZERO = 0;
  private static final int RA = 1;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int TIMES = 50;
  private static final int START = 0x800;
  private static final int STRADDLE = PAGE - 2;

  private final TestMachine machine =
      new TestMachine(EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE));
  private final View view = machine.newHart();

  @AfterEach
  void close() {
    view.close();
    machine.close();
  }

  /** Runs from {@link #START} of page A to the system call; returns a0. */
  private long run() {
    view.hart.x(A0, 0);
    assertInstanceOf(Stop.SystemCall.class, view.run(A + START));
    return view.hart.x(A0);
  }

  private void expect(long a0) {
    for (int i = 0; i < 4; i++) {
      assertEquals(a0, run());
    }
  }

  /** In frame 3 a loop that calls what is at the start of page B, entered by a direct jump. */
  private void writeCallingLoop() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label loop = a.here();
    a.emit(JAL, RA, PAGE - a.offset()).emit(ADDI, A1, A1, -1).branch(BNE, A1, ZERO, loop);
    a.emit(ECALL);
    machine.write(3, 0, a.bytes());
    RiscvAssembler start = new RiscvAssembler().li(A1, TIMES);
    start.emit(JAL, ZERO, -START - start.offset());
    machine.write(3, START, start.bytes());
  }

  private void writeFunction(int frame, int summand) {
    byte[] function =
        new RiscvAssembler().emit(ADDI, A0, A0, summand).emit(JALR, ZERO, 0, RA).bytes();
    machine.write(frame, 0, function);
  }

  @Test
  void loopsInOnePage() {
    RiscvAssembler a = new RiscvAssembler().li(A1, TIMES);
    RiscvAssembler.Label loop = a.here();
    a.emit(ADDI, A0, A0, 3).emit(ADDI, A1, A1, -1).branch(BNE, A1, ZERO, loop).emit(ECALL);
    machine.write(3, START, a.bytes());
    view.map(A, 3, Rights.CODE);
    expect(3 * TIMES);
    assertTrue(machine.engine().stats().regions() > 0);
    machine.write(4, START, a.bytes());
    machine.write(4, START + 4, new RiscvAssembler().emit(ADDI, A0, A0, 5).bytes());
    view.map(A, 4, Rights.CODE);
    expect(5 * TIMES);
    view.map(A, 3, Rights.CODE);
    expect(3 * TIMES);
  }

  @Test
  void functionsInOtherPagesAreWhatIsMappedThere() {
    writeCallingLoop();
    writeFunction(4, 1);
    writeFunction(5, 100);
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    expect(TIMES);
    assertTrue(machine.engine().stats().regions() > 0);
    for (int round = 0; round < 3; round++) {
      view.map(B, 5, Rights.CODE);
      expect(100 * TIMES);
      view.map(B, 4, Rights.CODE);
      expect(TIMES);
    }
    view.unmap(B);
    assertInstanceOf(Stop.MemoryFault.class, view.run(A + START));
    assertEquals(B, view.hart.pc());
  }

  @Test
  void hartsSeeTheirOwnFunctions() {
    writeCallingLoop();
    writeFunction(4, 1);
    writeFunction(5, 100);
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    try (View other = machine.newHart()) {
      other.map(A, 3, Rights.CODE).map(B, 5, Rights.CODE);
      for (int round = 0; round < 3; round++) {
        expect(TIMES);
        other.hart.x(A0, 0);
        assertInstanceOf(Stop.SystemCall.class, other.run(A + START));
        assertEquals(100 * TIMES, other.hart.x(A0));
      }
    }
  }

  @Test
  void functionsInOtherPagesAreWhatIsWrittenThere() {
    writeCallingLoop();
    writeFunction(4, 1);
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    expect(TIMES);
    writeFunction(4, 7);
    machine.engine().writtenFrames().note(4);
    machine.engine().synchroniseCode();
    expect(7 * TIMES);
  }

  /** The last instruction of the loop is in two pages. */
  @Test
  void loopsThatEndInAnotherPage() {
    RiscvAssembler a = new RiscvAssembler().li(A1, TIMES);
    a.emit(JAL, ZERO, STRADDLE - 8 - START - a.offset());
    machine.write(3, START, a.bytes());
    RiscvAssembler loop = new RiscvAssembler();
    RiscvAssembler.Label head = loop.here();
    loop.emit(ADDI, A1, A1, -1).emit(ADDI, A0, A0, 2).branch(BNE, A1, ZERO, head).emit(ECALL);
    byte[] bytes = loop.bytes();
    machine.write(3, STRADDLE - 8, Arrays.copyOf(bytes, 10));
    machine.write(4, 0, Arrays.copyOfRange(bytes, 10, bytes.length));
    machine.write(5, 0, Arrays.copyOfRange(bytes, 10, bytes.length));
    machine.write(5, 0, new byte[] {(byte) (bytes[10] | A2 << 4)});
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    view.hart.x(A2, 10);
    expect(2 * TIMES);
    view.map(B, 5, Rights.CODE);
    expect(2 * (TIMES - 10));
  }

  /** Found hot in the inner loop, which is in page B; entered in page A. */
  @Test
  void loopsThatBeginInAnotherPage() {
    RiscvAssembler a = new RiscvAssembler().li(A1, TIMES);
    int head = a.offset();
    a.emit(ADDI, A0, A0, 1).emit(ADDI, A2, ZERO, 3).emit(JAL, ZERO, PAGE - START - a.offset());
    machine.write(3, START, a.bytes());
    RiscvAssembler b = new RiscvAssembler();
    RiscvAssembler.Label inner = b.here();
    b.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, inner).emit(ADDI, A1, A1, -1);
    b.emit(BNE, A1, ZERO, START + head - PAGE - b.offset()).emit(ECALL);
    machine.write(4, 0, b.bytes());
    int other = START + head;
    machine.write(4, other, new RiscvAssembler().emit(ADDI, A0, A0, 100).emit(ECALL).bytes());
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    expect(TIMES);
    view.map(A, 4, Rights.CODE).hart.x(A0, 0);
    view.hart.x(A1, 1);
    assertInstanceOf(Stop.SystemCall.class, view.run(A + other));
    assertEquals(100, view.hart.x(A0), "code of the frame that is there now");
  }

  /** A loop over pages of data, one of which is not there at first. */
  @Test
  void faultsAreWhereTheyHappen() {
    RiscvAssembler a = new RiscvAssembler().li(A1, 64);
    RiscvAssembler.Label loop = a.here();
    a.emit(SD, A1, 0, A2).emit(LD, A1 + 2, 0, A2).emit(ADD, A0, A0, A1 + 2);
    a.emit(ADDI, A2, A2, 128).emit(ADDI, A1, A1, -1).branch(BNE, A1, ZERO, loop).emit(ECALL);
    machine.write(3, START, a.bytes());
    view.map(A, 3, Rights.CODE).map(DATA, 6, Rights.WRITE);
    for (int round = 0; round < 3; round++) {
      view.hart.x(A0, 0);
      view.hart.x(A2, DATA);
      assertInstanceOf(Stop.MemoryFault.class, view.run(A + START));
      assertEquals(DATA + PAGE, view.hart.x(A2));
      assertEquals(32, view.hart.x(A1));
      view.map(DATA + PAGE, 7, Rights.WRITE);
      assertInstanceOf(Stop.SystemCall.class, view.hart.run());
      assertEquals(64 * 65 / 2, view.hart.x(A0));
      assertEquals(33, machine.read64(6, PAGE - 128));
      assertEquals(32, machine.read64(7, 0));
      view.unmap(DATA + PAGE);
    }
    assertTrue(machine.engine().stats().regions() > 0);
  }
}
