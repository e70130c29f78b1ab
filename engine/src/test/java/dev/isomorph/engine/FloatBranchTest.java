package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A5;
import static dev.isomorph.decoder.Registers.S1;
import static dev.isomorph.decoder.Registers.T1;
import static dev.isomorph.decoder.Registers.T3;
import static dev.isomorph.decoder.Registers.ZERO;
import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Branches on comparisons of floats in regions: where they lead, what they leave, and the flags.
 */
class FloatBranchTest {
  private static final int FFLAGS = 1;
  private static final int LEAST = 60;
  private static final int F1 = 1;
  private static final int F2 = 2;

  private static final long[] DOUBLES = {
    0,
    1L << 63,
    0x3ff0L << 48,
    0xbff0L << 48,
    0x7ff0L << 48,
    0xfff0L << 48,
    0x7ff8L << 48,
    0xfff8_0000_0000_0001L,
    0x7ff0_0000_0000_0001L,
    1
  };
  private static final long[] SINGLES = {
    0,
    0x8000_0000L,
    0x3f80_0000,
    0xbf80_0000L,
    0x7f80_0000,
    0xff80_0000L,
    0x7fc0_0000,
    0xffc0_0001L,
    0x7f80_0001,
    1
  };

  /**
   * Compares any two numbers; a0 counts where it holds, a1 where it does not, and a2 depends on all
   * results and flags.
   *
   * @param rewrites whether both sides write the result's register, so that the branch alone has it
   */
  private static byte[] comparing(
      Opcode compare, Opcode branch, boolean isDouble, int count, boolean rewrites) {
    Opcode load = isDouble ? Opcode.FLD : Opcode.FLW;
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label taken = new RiscvAssembler.Label();
    RiscvAssembler.Label next = new RiscvAssembler.Label();
    a.li(S1, DATA).li(T1, count);
    RiscvAssembler.Label loop = a.here();
    a.emit(load, F1, 0, S1).emit(load, F2, 8, S1).emit(Opcode.CSRRWI, 0, FFLAGS, 0);
    a.emit(compare, A5, F1, F2).branch(branch, A5, ZERO, taken);
    int written = rewrites ? A5 : T3;
    a.emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ADDI, written, A0, 2).jump(next);
    a.bind(taken).emit(Opcode.ADDI, A1, A1, 1).emit(Opcode.ADDI, written, A1, 3);
    a.bind(next).emit(Opcode.CSRRS, T3, FFLAGS, 0).emit(Opcode.XOR, A2, A2, T3);
    a.emit(Opcode.SH1ADD, A2, A2, A0).emit(Opcode.MUL, A2, A2, S1);
    a.emit(Opcode.ADDI, S1, S1, 16);
    a.emit(Opcode.ADDI, T1, T1, -1).branch(Opcode.BNE, T1, ZERO, loop);
    return a.emit(Opcode.ECALL).bytes();
  }

  private static long[] run(byte[] program, long[] numbers, EngineOptions options) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options)) {
      memory.code(program);
      long at = DATA;
      for (long one : numbers) {
        for (long other : numbers) {
          memory.write64(at, one);
          memory.write64(at + Long.BYTES, other);
          at += 2 * Long.BYTES;
        }
      }
      Hart hart = engine.newHart();
      hart.pc(CODE);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      boolean isAtOnce = options.regions() == EngineOptions.Regions.AT_ONCE;
      assertEquals(isAtOnce, engine.stats().regions() > 0);
      return new long[] {hart.x(A0), hart.x(A1), hart.x(A2), hart.x(A5)};
    }
  }

  static Stream<Arguments> comparisons() {
    return Stream.of(Opcode.BNE, Opcode.BEQ)
        .flatMap(
            branch ->
                Stream.of(
                    Arguments.of(Opcode.FEQ_D, branch, true),
                    Arguments.of(Opcode.FLT_D, branch, true),
                    Arguments.of(Opcode.FLE_D, branch, true),
                    Arguments.of(Opcode.FLTQ_D, branch, true),
                    Arguments.of(Opcode.FLEQ_D, branch, true),
                    Arguments.of(Opcode.FEQ_S, branch, false),
                    Arguments.of(Opcode.FLT_S, branch, false),
                    Arguments.of(Opcode.FLE_S, branch, false),
                    Arguments.of(Opcode.FLTQ_S, branch, false),
                    Arguments.of(Opcode.FLEQ_S, branch, false)));
  }

  @ParameterizedTest
  @MethodSource("comparisons")
  void branchesAsTheEvaluatorDoes(Opcode compare, Opcode branch, boolean isDouble) {
    long[] numbers = isDouble ? DOUBLES : SINGLES;
    // Which is the last one decides what a5 is in the end.
    for (int count = numbers.length * numbers.length; count > LEAST; count -= 3) {
      byte[] program = comparing(compare, branch, isDouble, count, count % 2 == 0);
      long[] expected = run(program, numbers, EngineOptions.DEFAULT.withTranslation(false));
      EngineOptions regions = EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);
      assertArrayEquals(expected, run(program, numbers, regions));
    }
  }
}
