package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations that go to the load whose value they alone use. */
class FusedLoadsTest {
  private static final int BLOCKS = 3000;
  private static final int MOST_ACCESSES = 6;

  /** How many operations stand right behind their loads, as parts of these instructions. */
  private static int fused(IrBlock block) {
    int count = 0;
    for (int id = 1; id < block.size(); id++) {
      boolean isLoad = block.op(id - 1).effect() == IrOp.Effect.MEMORY_READ;
      boolean isUser = block.op(id).operands() == 2 && block.op(id).effect() != IrOp.Effect.EXIT;
      boolean isOne = block.instructionOf(id - 1) == block.instructionOf(id);
      boolean takes = block.b(id) == id - 1;
      count += isLoad && isUser && isOne && takes ? 1 : 0;
    }
    return count;
  }

  private static int fused(String... lines) {
    IrBlock block = IrText.parse(String.join("\n", lines));
    IrBlock optimised = new Optimizer().optimise(block);
    assertTrue(IrVerifier.verify(optimised));
    Observation.assertOptimisedAlike(block, 4);
    return fused(optimised);
  }

  @ParameterizedTest
  @CsvSource({
    "LD64, ADD",
    "LD64, SUB",
    "LD64, AND",
    "LD64, OR",
    "LD64, XOR",
    "LD64, MUL",
    "LD32S, ADD32",
    "LD32U, SUB32",
    "LD32S, MUL32"
  })
  void integersAreChangedByWhatIsLoaded(String load, String op) {
    assertEquals(
        1,
        fused(
            "a = %s x10, 8".formatted(load),
            "x11 = a",
            ";",
            "x13 = ADD x14, 1",
            ";",
            "x12 = %s x12, a".formatted(op),
            ";",
            "x11 = 5"));
  }

  @ParameterizedTest
  @CsvSource({"FADD_D, LDF_D", "FMUL_D, LDF_D", "FADD_S, LDF_S", "FMUL_S, LDF_S"})
  void floatsMayBeLoadedAsEitherOperand(String op, String load) {
    String canon = op.endsWith("D") ? "CANON_D" : "CANON_S";
    String other = op.endsWith("D") ? "f1" : "UNBOX_S f1";
    String result = op.endsWith("D") ? "f2 = c" : "f2 = BOX_S c";
    for (String operands : new String[] {"a, b", "b, a"}) {
      assertEquals(
          1,
          fused(
              "b = " + other,
              ";",
              "a = %s x10, 8".formatted(load),
              ";",
              "x10 = ADD x10, 8",
              ";",
              "r = %s %s, 7".formatted(op, operands),
              "c = %s r".formatted(canon),
              result));
    }
  }

  @Test
  void whatIsSubtractedFromOrDividedIsInARegister() {
    assertEquals(0, fused("a = LDF_D x10", ";", "r = FSUB_D a, f1, 7", "f2 = CANON_D r"));
    assertEquals(0, fused("a = LDF_D x10", ";", "r = FDIV_D a, f1, 7", "f2 = CANON_D r"));
    assertEquals(1, fused("a = LDF_D x10", ";", "r = FSUB_D f1, a, 7", "f2 = CANON_D r"));
    assertEquals(1, fused("a = LDF_D x10", ";", "r = FDIV_D f1, a, 7", "f2 = CANON_D r"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ST64 x15, x14", "y = LD64 x15", "EXIT_EQ x14, x15, 0x3000", "FENCE 0", "x = x11"})
  void notWhatTheStateHasWhereItMayBeAskedFor(String between) {
    boolean isFree = between.equals("x = x11");
    assertEquals(
        isFree ? 1 : 0,
        fused("a = LD64 x10", "x11 = a", ";", between, ";", "x12 = ADD x12, a", ";", "x11 = 5"));
    assertEquals(0, fused("a = LD64 x10", "x11 = a", ";", between, ";", "x12 = ADD x12, a"));
  }

  @Test
  void notWhatIsUsedTwice() {
    assertEquals(0, fused("a = LD64 x10", ";", "x12 = ADD x12, a", ";", "x13 = XOR x13, a"));
    assertEquals(0, fused("a = LD64 x10", ";", "x12 = MUL a, a"));
  }

  @Test
  void notAPartOfWhatIsLoaded() {
    assertEquals(0, fused("a = LD64 x10", ";", "x12 = ADD32 x12, a"));
  }

  @Test
  void notWhatWouldHaveToBeCopiedFirst() {
    assertEquals(
        0, fused("a = LD64 x10", ";", "b = x12", "x13 = ADD b, a", ";", "x14 = ADD b, x15"));
  }

  /** Flags that a float operation raises are seen by who is told of a fault. */
  @Test
  void noFloatOperationGoesInFrontOfALoad() {
    assertEquals(
        0,
        fused(
            "a = LDF_D x10",
            ";",
            "b = FMUL_D f1, f2, 7",
            ";",
            "r = FADD_D b, a, 7",
            "f3 = CANON_D r"));
  }

  /** Where it would be made, the state has something else in the register that it goes to. */
  @Test
  void nothingIsComputedInFrontOfTheLoadInstead() {
    assertEquals(0, fused("a = LD64 x10", ";", "b = SHL x11, 4", ";", "x12 = ADD b, a"));
    assertEquals(1, fused("b = SHL x11, 4", ";", "a = LD64 x10", ";", "x12 = ADD b, a"));
  }

  /** In a mode of its own it may be left to the evaluator, before which the value is loaded. */
  @Test
  void notWhatMayBeEvaluated() {
    assertEquals(0, fused("a = LDF_D x10", ";", "r = FADD_D f1, a, 0", "f2 = CANON_D r"));
    assertEquals(1, fused("a = LDF_D x10", ";", "r = FADD_D f1, a, 7", "f2 = CANON_D r"));
  }

  /** Straight lines of few registers, with and without an access that fails. */
  @Test
  void randomLinesEndAsBefore() {
    // With all stores, the same one fails.
    Optimizer optimizer = new Optimizer(Pass.without(Pass.ALL, Pass.REDUNDANT_STORES));
    int count = 0;
    for (long seed = 0; seed < BLOCKS; seed++) {
      IrBlock block = IrText.parse(lines(new Random(seed)));
      IrBlock optimised = optimizer.optimise(block);
      assertTrue(IrVerifier.verify(optimised));
      count += fused(optimised);
      for (int good = -1; good < MOST_ACCESSES; good++) {
        assertEquals(
            Observation.of(block, seed, good),
            Observation.of(optimised, seed, good),
            () -> block + "became\n" + optimised);
      }
    }
    assertTrue(count > BLOCKS / 20, "only " + count);
  }

  private static String lines(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 2 + random.nextInt(12); i > 0; i--) {
      text.append(line(random)).append("\n;\n");
    }
    return text.toString();
  }

  private static String line(Random random) {
    String x = "x" + (11 + random.nextInt(3));
    String y = "x" + (11 + random.nextInt(3));
    String f = "f" + random.nextInt(3);
    String g = "f" + random.nextInt(3);
    int at = 8 * random.nextInt(4);
    return switch (random.nextInt(12)) {
      case 0 -> x + " = LD64 x10, " + at;
      case 1 -> x + " = LD32S x10, " + at;
      case 2, 3 -> f + " = LDF_D x10, " + at;
      case 4 -> "ST64 x10, %s, %d".formatted(x, at);
      case 5 -> "%s = ADD %s, %s".formatted(x, x, y);
      case 6 -> "%s = XOR %s, %s".formatted(x, y, x);
      case 7 -> "%s = ADD32 %s, %s".formatted(x, x, y);
      case 8 -> "%s = %d".formatted(x, at);
      case 9 -> "r = FSUB_D %s, %s, 7\n%s = CANON_D r".formatted(f, g, f);
      case 10 -> "r = FMUL_D %s, %s, 7\n%s = CANON_D r".formatted(f, g, f);
      default -> "r = FADD_D %s, %s, 7\n%s = CANON_D r".formatted(g, f, g);
    };
  }
}
