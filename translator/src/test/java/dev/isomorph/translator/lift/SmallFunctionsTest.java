package dev.isomorph.translator.lift;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.decoder.Encoder;
import dev.isomorph.translator.lift.SmallFunctions.Function;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Functions are told by their instructions, and by the one at which they start. */
class SmallFunctionsTest {
  private static final long BASE = 0x1000;
  private static final int INC = Encoder.encode(ADDI, 10, 10, 1);
  private static final int RET = Encoder.encode(JALR, 0, 0, 1);
  private static final int STOP = Encoder.encode(ECALL);
  private static final int LOAD_RA = Encoder.encode(LD, 1, 0, 2);

  /** One that leaves its return address alone. */
  private static final Function KEEPS = new Function(1, true);

  private static final Function WRITES = new Function(1, false);

  private static CodeSource code(int... instructions) {
    return pc -> {
      long at = pc - BASE;
      boolean inside = at >= 0 && at < 4L * instructions.length;
      return inside ? instructions[(int) at / 4] >>> (at % 4 * 8) & 0xffff : -1;
    };
  }

  private static Function at(int start, int... instructions) {
    return SmallFunctions.few(code(instructions)).at(BASE + 4L * start);
  }

  /** The same where they may have more instructions. */
  private static Function largerAt(int start, int... instructions) {
    return SmallFunctions.many(code(instructions)).at(BASE + 4L * start);
  }

  private static int branch(int instructions) {
    return Encoder.encode(BEQ, 10, 11, 4 * instructions);
  }

  private static int jump(int instructions) {
    return Encoder.encode(JAL, 0, 4 * instructions);
  }

  private static int call(int instructions) {
    return Encoder.encode(JAL, 1, 4 * instructions);
  }

  @Test
  void haveFortyInstructionsAtMost() {
    for (int length : new int[] {40, 41}) {
      int[] code = new int[length];
      Arrays.fill(code, INC);
      code[length - 1] = RET;
      assertEquals(length == 40 ? KEEPS : null, at(0, code));
    }
  }

  @Test
  void branchesAreFollowedBothWays() {
    assertEquals(WRITES, at(0, branch(2), RET, LOAD_RA, RET));
    assertEquals(WRITES, at(2, LOAD_RA, RET, branch(-2), RET));
    assertNull(at(0, branch(2), RET, STOP));
    assertNull(at(0, branch(2), STOP, RET));
  }

  @Test
  void plainJumpsAreFollowed() {
    assertEquals(KEEPS, at(0, jump(2), STOP, RET));
    assertEquals(KEEPS, at(2, RET, STOP, jump(-2)));
  }

  @Test
  void oneThatCallsIsAsDeepAsItsCallsAndItself() {
    assertEquals(new Function(2, false), at(0, call(2), RET, INC, RET));
    assertEquals(new Function(2, false), at(2, INC, RET, call(-2), RET));
    // The deepest counts, not the last.
    assertEquals(new Function(2, false), at(0, call(3), branch(1), RET, RET));
  }

  @Test
  void oneThatCallsOneThatCallsIsNotSmall() {
    assertNull(at(0, call(2), RET, call(2), RET, RET));
    assertEquals(new Function(2, false), at(2, call(2), RET, call(2), RET, RET));
  }

  @Test
  void oneThatCallsWhatIsNotSmallIsNotSmall() {
    assertNull(at(0, call(2), RET, STOP, RET));
    assertNull(at(0, branch(2), call(2), RET, STOP, RET));
  }

  @Test
  void aLargerOneMayCallWhatIsNotSmallIfItCanDoWithout() {
    assertEquals(WRITES, largerAt(0, branch(2), call(2), RET, STOP, RET));
    assertNull(largerAt(0, call(2), RET, STOP, RET));
    assertNull(largerAt(0, branch(2), STOP, RET), "it calls nothing");
  }

  @Test
  void aLargerOneIsNotRecursiveEither() {
    assertNull(largerAt(0, branch(2), call(-1), RET));
    // The second one calls the first one.
    assertEquals(WRITES, largerAt(0, branch(2), call(2), RET, branch(2), call(-4), RET));
  }
}
