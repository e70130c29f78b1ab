package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.A4;
import static dev.isomorph.decoder.Registers.A5;
import static dev.isomorph.decoder.Registers.ZERO;
import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.READ_ONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Loads and stores of bytes that are joined to those of numbers fail where the one byte is that is
 * missing, with all before it done and nothing behind; those of both sides of a branch fail on the
 * way that is gone.
 */
class JoinedAccessTest {
  private static final long END = READ_ONLY + 4096;
  private static final int ROUNDS = 40;
  private static final int MOST_STOPS = 2;

  /**
   * Sums up words that are loaded byte by byte, in an order that starts with byte {@code first}.
   */
  private static byte[] summing(int first, int step) {
    RiscvAssembler a = new RiscvAssembler();
    List<Integer> bytes = List.of(A2, A3, A4, A5);
    RiscvAssembler.Label loop = a.here();
    for (int i = 0; i < bytes.size(); i++) {
      int place = (first + i) % bytes.size();
      a.emit(Opcode.LBU, bytes.get(place), step * place, A1);
    }
    for (int i = 1; i < bytes.size(); i++) {
      a.emit(Opcode.SLLI, bytes.get(i), bytes.get(i), 8 * i);
      a.emit(Opcode.OR, A2, A2, bytes.get(i));
    }
    a.emit(Opcode.ADD, A0, A0, A2).emit(Opcode.ADDI, A1, A1, 4 * step);
    return a.branch(Opcode.BNE, A0, ZERO, loop).emit(Opcode.ECALL).bytes();
  }

  /** Stores words byte by byte, in an order that starts with byte {@code first}. */
  private static byte[] storing(int first, int step) {
    RiscvAssembler a = new RiscvAssembler();
    List<Integer> bytes = List.of(A2, A3, A4, A5);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADDI, A0, A0, 0x123).emit(Opcode.SLLI, A2, A0, 3);
    for (int i = 1; i < bytes.size(); i++) {
      a.emit(Opcode.SRLI, bytes.get(i), A2, 8 * i);
    }
    for (int i = 0; i < bytes.size(); i++) {
      int place = (first + i) % bytes.size();
      a.emit(Opcode.SB, bytes.get(place), step * place, A1);
    }
    a.emit(Opcode.ADDI, A1, A1, 4 * step);
    return a.branch(Opcode.BNE, A0, ZERO, loop).emit(Opcode.ECALL).bytes();
  }

  /** Accesses words by one or the other side of a branch, which have become one. */
  private static byte[] choosing(Opcode access, int step) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label loop = a.here();
    RiscvAssembler.Label otherwise = new RiscvAssembler.Label();
    RiscvAssembler.Label join = new RiscvAssembler.Label();
    a.emit(Opcode.ANDI, A3, A0, 3).emit(Opcode.ADDI, A4, A0, 5);
    a.branch(Opcode.BEQ, A3, ZERO, otherwise);
    a.emit(access, A2, 4, A1).emit(Opcode.ADDI, A5, A5, 1).jump(join);
    a.bind(otherwise).emit(access, A2, 0, A1).bind(join);
    a.emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ADDI, A1, A1, step);
    return a.branch(Opcode.BNE, A0, ZERO, loop).emit(Opcode.ECALL).bytes();
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "1, 4", "2, 4", "3, 4", "4, 4", "5, 4", "0, -4", "1, -4", "3, -4"})
  void failsOnTheWayThatIsGone(int beyond, int step) {
    assertFailsAlike(choosing(Opcode.LW, step), END, beyond, step / 4);
    assertFailsAlike(choosing(Opcode.SW, step), READ_ONLY, beyond, step / 4);
  }

  /** What can be seen of the fault that a run ends with. */
  private static List<Long> fault(byte[] program, long start, EngineOptions options) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options);
        Hart hart = engine.newHart()) {
      memory.code(program);
      hart.pc(CODE);
      hart.x(A0, 1);
      hart.x(A1, start);
      Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, hart.run());
      if (options.regions() == EngineOptions.Regions.AT_ONCE) {
        assertTrue(engine.stats().regions() > 0);
      }
      assertTrue(engine.stats().faults() <= MOST_STOPS);
      return List.of(
          fault.address(),
          hart.pc(),
          hart.x(A0),
          hart.x(A1),
          hart.x(A2),
          hart.x(A3),
          hart.x(A4),
          hart.x(A5),
          memory.read64(END - 4096 - 8),
          memory.read64(TestMemory.DATA));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1", "1, 0, 1", "2, 0, 1", "3, 0, 1", "0, 3, 1", "1, 3, 1", "2, 3, 1", "3, 3, 1",
    "0, 0, -1", "1, 0, -1", "2, 0, -1", "3, 0, -1", "0, 3, -1", "1, 2, -1", "2, 1, -1", "3, 3, -1"
  })
  void failsAtTheMissingByte(int beyond, int first, int step) {
    assertFailsAlike(summing(first, step), END, beyond, step);
    assertFailsAlike(storing(first, step), READ_ONLY, beyond, step);
  }

  private static void assertFailsAlike(byte[] program, long end, int beyond, int step) {
    long start = step > 0 ? end - 4 * ROUNDS + beyond : TestMemory.DATA + 4 * ROUNDS - 1 - beyond;
    List<Long> expected = fault(program, start, EngineOptions.DEFAULT.withTranslation(false));
    assertTrue(expected.getFirst() >= end || expected.getFirst() < TestMemory.DATA);
    assertEquals(expected, fault(program, start, EngineOptions.DEFAULT));
    assertEquals(
        expected,
        fault(program, start, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE)));
  }
}
