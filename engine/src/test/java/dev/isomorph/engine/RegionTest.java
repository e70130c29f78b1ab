package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops that are compiled as a whole, most of whose registers have no home in the fixed map. */
class RegionTest {
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int T2 = 7;
  private static final int A0 = 10;
  private static final int A5 = 15;
  private static final int S5 = 21;
  private static final int T3 = 28;
  private static final int T6 = 31;
  private static final EngineOptions AT_ONCE =
      EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);

  private final TestMemory memory = new TestMemory();
  private Engine engine;
  private Hart hart;

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private Stop run(RiscvAssembler program, EngineOptions options) {
    memory.code(program.bytes());
    engine = new Engine(memory, options);
    hart = engine.newHart();
    hart.pc(CODE);
    for (int i = 1; i < 32; i++) {
      hart.x(i, 0x1111_0000_0000L * i);
      hart.f(i, 0x2222_0000_0000L * i);
    }
    return hart.run();
  }

  private long[] state() {
    long[] state = new long[65];
    for (int i = 0; i < 32; i++) {
      state[i] = hart.x(i);
      state[32 + i] = hart.f(i);
    }
    state[64] = hart.pc();
    return state;
  }

  /** Two loops, one in the other, that read and write memory through many registers. */
  private static RiscvAssembler nested(int outer, int inner, int stride) {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, outer).li(S5, 0).li(T6, DATA).li(T3, stride);
    RiscvAssembler.Label outerLoop = a.here();
    a.li(T1, inner);
    RiscvAssembler.Label innerLoop = a.here();
    a.emit(Opcode.LD, T2, 0, T6);
    a.emit(Opcode.ADD, T2, T2, T1);
    a.emit(Opcode.SD, T2, 0, T6);
    a.emit(Opcode.ADD, S5, S5, T2);
    a.emit(Opcode.ADD, T6, T6, T3);
    a.emit(Opcode.ADDI, T1, T1, -1);
    a.branch(Opcode.BNE, T1, 0, innerLoop);
    a.emit(Opcode.ADD, A5, A5, S5);
    a.emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BNE, T0, 0, outerLoop);
    a.emit(Opcode.ECALL);
    return a;
  }

  @Test
  void loopsWithinLoopsGiveWhatBlocksGive() {
    assertInstanceOf(Stop.SystemCall.class, run(nested(20, 50, 0), EngineOptions.DEFAULT));
    long[] expected = state();
    engine.close();
    memory.clearData();
    assertInstanceOf(Stop.SystemCall.class, run(nested(20, 50, 0), AT_ONCE));
    assertTrue(Arrays.equals(expected, state()));
    assertTrue(engine.stats().regions() >= 2, "both loops have a region");
  }

  /** What is handed to the evaluator from code out of line is the instruction of its own block. */
  @Test
  void whatIsEvaluatedIsWhereItStands() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 400).li(S5, 1).li(T1, 0x7ff8L << 48).emit(Opcode.FMV_D_X, 1, T1);
    RiscvAssembler.Label loop = a.here();
    RiscvAssembler.Label even = new RiscvAssembler.Label();
    a.emit(Opcode.ANDI, T2, T0, 1).branch(Opcode.BEQ, T2, 0, even);
    a.emit(Opcode.FCVT_D_L, 2, T0, 7).emit(Opcode.FCVTMOD_W_D, A0, 2);
    a.emit(Opcode.ADD, S5, S5, A0);
    a.bind(even);
    a.emit(Opcode.FCVTMOD_W_D, T3, 1).emit(Opcode.ADD, S5, S5, T3);
    a.emit(Opcode.MUL, S5, S5, T0).emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BNE, T0, 0, loop).emit(Opcode.ECALL);
    assertInstanceOf(Stop.SystemCall.class, run(a, EngineOptions.DEFAULT.withOptimise(false)));
    long[] expected = state();
    engine.close();
    assertInstanceOf(Stop.SystemCall.class, run(a, AT_ONCE));
    assertTrue(Arrays.equals(expected, state()));
    assertTrue(engine.stats().regions() > 0);
  }

  /** One is added up, the other is written anew; at first neither is the extension of a word. */
  private static RiscvAssembler wordsOfNone() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 40).li(T3, 0x9000_0000L).li(T6, DATA);
    RiscvAssembler.Label outer = a.here();
    a.li(A0, 0x7_8000_0000L).emit(Opcode.ADD, T2, T3, 0).li(T1, 9);
    RiscvAssembler.Label inner = a.here();
    a.emit(Opcode.ADDW, A0, A0, T1);
    a.emit(Opcode.SW, A0, 0, T6);
    a.emit(Opcode.ADDIW, T2, T1, -4);
    a.emit(Opcode.ADDI, T1, T1, -1);
    a.branch(Opcode.BNE, T1, 0, inner);
    a.emit(Opcode.ADD, S5, S5, A0).emit(Opcode.ADD, S5, S5, T2);
    a.emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BNE, T0, 0, outer);
    a.emit(Opcode.ECALL);
    return a;
  }

  @Test
  void aRegionOfWordsIsNotEnteredWithOtherValues() {
    assertInstanceOf(Stop.SystemCall.class, run(wordsOfNone(), EngineOptions.DEFAULT));
    long[] expected = state();
    engine.close();
    memory.clearData();
    assertInstanceOf(Stop.SystemCall.class, run(wordsOfNone(), AT_ONCE));
    assertTrue(Arrays.equals(expected, state()), Arrays.toString(state()));
    assertTrue(engine.stats().regions() >= 1);
    assertTrue(engine.stats().evaluated() > 0, "by the evaluator where it is refused");
  }

  /**
   * Behind the check nobody needs what the register was, so that what is computed at the entry has
   * its place.
   */
  @Test
  void whatIsOnlyCheckedAtTheEntryIsNotMovedThere() {
    int s7 = 23;
    int s11 = 27;
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label loop = a.here();
    RiscvAssembler.Label end = new RiscvAssembler.Label();
    a.emit(Opcode.FLTQ_S, 9, 26, 29);
    a.emit(Opcode.DIVW, s7, 30, 13);
    // The evaluator has to do this, so that what follows is entered in the middle of the loop.
    a.emit(Opcode.FEQ_S, 28, 17, 24);
    a.emit(Opcode.FMUL_S, 20, 27, 24, 2);
    a.emit(Opcode.ADDI, s11, s11, -1);
    a.branch(Opcode.BEQ, s11, 0, end);
    a.jump(loop);
    a.bind(end);
    a.emit(Opcode.ECALL);
    memory.code(a.bytes());
    engine = new Engine(memory, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS));
    hart = engine.newHart();
    hart.pc(CODE);
    hart.x(s11, 1);
    assertInstanceOf(Stop.SystemCall.class, hart.run());
    assertEquals(-1, hart.x(s7), "by zero");
  }

  @Test
  void aFaultInARegionIsPrecise() {
    int words = TestMemory.DATA_SIZE / 8;
    assertInstanceOf(Stop.MemoryFault.class, run(nested(3, 2 * words, 8), EngineOptions.DEFAULT));
    long[] expected = state();
    engine.close();
    memory.clearData();
    Stop.MemoryFault fault =
        assertInstanceOf(Stop.MemoryFault.class, run(nested(3, 2 * words, 8), AT_ONCE));
    assertTrue(engine.stats().regions() >= 1);
    assertEquals(DATA + TestMemory.DATA_SIZE, fault.address());
    assertTrue(Arrays.equals(expected, state()), Arrays.toString(state()));
  }

  @Test
  void aRegionIsLeftForWhatItsLoopCalls() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label function = new RiscvAssembler.Label();
    RiscvAssembler.Label often = new RiscvAssembler.Label();
    a.li(T0, 300).li(A0, 0).li(T6, 0);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ANDI, T1, T0, 7);
    a.emit(Opcode.ADD, T6, T6, T1);
    a.branch(Opcode.BNE, T1, 0, often);
    a.call(function);
    a.bind(often);
    a.emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BNE, T0, 0, loop);
    a.emit(Opcode.ECALL);
    a.bind(function);
    a.emit(Opcode.ADD, A0, A0, T6);
    a.emit(Opcode.ADDI, T6, T6, 1);
    a.ret();
    assertInstanceOf(Stop.SystemCall.class, run(a, EngineOptions.DEFAULT));
    long[] expected = state();
    engine.close();
    assertInstanceOf(Stop.SystemCall.class, run(a, AT_ONCE));
    assertTrue(engine.stats().regions() >= 1);
    assertTrue(Arrays.equals(expected, state()));
  }

  @Test
  void aRegionGoesWithItsCode() {
    RiscvAssembler a = nested(20, 50, 0);
    run(a, AT_ONCE);
    assertTrue(engine.stats().regions() >= 1);
    memory.code(nested(5, 5, 0).bytes());
    engine.flushCode(CODE, CODE + 4096);
    memory.clearData();
    hart.pc(CODE);
    hart.x(A5, 0);
    hart.run();
    assertEquals(0, hart.x(T0));
    long sum = 0;
    long word = 0;
    long total = 0;
    for (int i = 0; i < 5; i++) {
      for (int k = 5; k > 0; k--) {
        word += k;
        sum += word;
      }
      total += sum;
    }
    assertEquals(total, hart.x(A5));
  }

  @Test
  void whatTheEvaluatorTakesOverIsExtended() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label elsewhere = a.here();
    a.emit(Opcode.EBREAK);
    a.branch(Opcode.BEQ, 11, 0, elsewhere);
    a.emit(Opcode.SRAIW, 4, 13, 13);
    a.emit(Opcode.FSGNJ_S, 7, 22, 17); // Its operands are no boxed singles.
    RiscvAssembler.Label self = a.here();
    a.branch(Opcode.BLT, 18, 7, self);
    a.emit(Opcode.EBREAK);
    memory.code(a.bytes());
    engine = new Engine(memory, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS));
    hart = engine.newHart();
    hart.pc(CODE + 4);
    hart.x(11, 1);
    hart.x(13, -1);
    assertInstanceOf(Stop.Breakpoint.class, hart.run());
    assertEquals(CODE + 20, hart.pc());
    assertEquals(-1, hart.x(4));
  }
}
