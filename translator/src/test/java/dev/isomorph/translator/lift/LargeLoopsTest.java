package dev.isomorph.translator.lift;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Encoder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How large a loop may be to become a region, with what it calls. */
class LargeLoopsTest {
  private static final long BASE = 0x1000;
  private static final int INC = Encoder.encode(ADDI, 10, 10, 1);
  private static final int RET = Encoder.encode(JALR, 0, 0, 1);
  private static final int DISPATCH = Encoder.encode(JALR, 0, 15, 0);

  private static int bne(int offset) {
    return Encoder.encode(BNE, 10, 11, offset);
  }

  /** Code whose indirect jumps lead to these addresses. */
  private record Code(int[] instructions, List<Long> targets) implements CodeSource {
    @Override
    public int parcel(long pc) {
      long at = pc - BASE;
      boolean inside = at >= 0 && at < 4L * instructions.length;
      return inside ? instructions[(int) at / 4] >>> (at % 4 * 8) & 0xffff : -1;
    }

    @Override
    public List<Long> jumpTargets(long pc) {
      return targets;
    }
  }

  private static List<RegionOutline> loops(int... instructions) {
    return RegionFinder.loopsAround(new Code(instructions, List.of()), BASE, true);
  }

  /** A loop with a branch in each so many instructions. */
  private static int[] loop(int length, int stretch) {
    int[] code = straight(length);
    for (int i = stretch / 2; i < length - 1; i += stretch) {
      code[i] = bne(4);
    }
    code[length - 1] = Encoder.encode(JAL, 0, -4 * (length - 1));
    return code;
  }

  private static int[] straight(int length) {
    int[] code = new int[length];
    Arrays.fill(code, INC);
    code[length - 1] = RET;
    return code;
  }

  @Test
  void leavesOutWhatIsTooLarge() {
    assertEquals(1, loops(loop(1000, 10)).size());
    assertEquals(0, loops(loop(1001, 10)).size());
  }

  @Test
  void takesMoreWhereThereAreFewBranches() {
    assertEquals(1, loops(loop(4000, 50)).size());
    assertEquals(0, loops(loop(4001, 50)).size());
    assertEquals(0, loops(loop(1002, 20)).size());
  }

  @Test
  void tellsWhichTakeLongToCompile() {
    assertFalse(RegionFinder.isLarge(loops(loop(300, 10)).getFirst()));
    assertTrue(RegionFinder.isLarge(loops(loop(301, 10)).getFirst()));
    assertFalse(RegionFinder.isLarge(loops(loop(4000, 50)).getFirst()));
  }

  @Test
  void callsThatMakeALoopTooLargeAreLeftOut() {
    int calls = 26;
    int[] code = straight(2 * calls + 2 + 40);
    for (int i = 0; i < 2 * calls; i += 2) {
      code[i] = Encoder.encode(BEQ, 10, 11, 8);
      code[i + 1] = Encoder.encode(JAL, 1, 4 * (2 * calls + 2 - (i + 1)));
    }
    code[2 * calls] = bne(-8 * calls);
    code[2 * calls + 1] = RET;
    List<RegionOutline> loops = loops(code);
    assertEquals(1, loops.size());
    // What a loop has behind its last branch until the next node counts: the return.
    assertEquals(2 * calls + 2, loops.getFirst().instructionCount());
  }

  @Test
  void aFunctionThatCallsALargeOneSeldomIsPartOfALoop() {
    int[] code = Arrays.copyOf(new int[] {INC, 0, 0, RET, 0, 0, RET}, 7 + 200);
    code[1] = Encoder.encode(JAL, 1, 12); // 1004, calls 1010
    code[2] = bne(-8);
    code[4] = bne(8);
    code[5] = Encoder.encode(JAL, 1, 8); // 1014, calls 101c
    System.arraycopy(straight(200), 0, code, 7, 200);
    RegionOutline loop = loops(code).getFirst();
    assertEquals(7, loop.instructionCount());
    assertTrue(loop.hasCopies());
    code[4] = INC; // It cannot do without.
    assertEquals(List.of(), loops(code));
  }

  /** A loop of a jump to one of two places, of which one calls a function of that length. */
  private static RegionOutline jumping(int called) {
    int[] code = Arrays.copyOf(new int[] {INC, DISPATCH, 0, 0, 0, 0}, 6 + called);
    code[2] = Encoder.encode(JAL, 0, -8); // 1008
    code[3] = Encoder.encode(JAL, 1, 12); // 100c, calls 1018
    code[4] = Encoder.encode(JAL, 0, -16);
    code[5] = RET;
    System.arraycopy(straight(called), 0, code, 6, called);
    return RegionFinder.loopsAround(new Code(code, List.of(0x1008L, 0x100cL)), BASE, true)
        .getLast();
  }

  @Test
  void callsInALoopOfJumpsAreFollowed() {
    assertEquals(2 + 1 + 2 + 40, jumping(40).instructionCount());
    assertTrue(jumping(40).hasCopies());
    assertEquals(2 + 1, jumping(41).instructionCount());
  }

  @Test
  void callsThatMakeALoopOfJumpsTooLargeAreLeftOut() {
    int calls = 30;
    int[] code = Arrays.copyOf(new int[] {INC, DISPATCH}, 2 + 2 * calls + 1 + 40);
    Arrays.fill(code, 2, code.length, INC);
    for (int i = 2; i < 2 + 2 * calls; i += 2) {
      code[i] = Encoder.encode(BEQ, 10, 11, 8);
      code[i + 1] = Encoder.encode(JAL, 1, 4 * (3 + 2 * calls - (i + 1)));
    }
    code[2 + 2 * calls] = Encoder.encode(JAL, 0, -4 * (2 + 2 * calls));
    code[code.length - 1] = RET;
    List<RegionOutline> loops =
        RegionFinder.loopsAround(new Code(code, List.of(0x1008L)), BASE, true);
    assertEquals(3 + 2 * calls, loops.getLast().instructionCount());
  }

  @Test
  void tellsTheAddressesOfAllInstructionsOnce() {
    int[] code = {INC, Encoder.encode(JAL, 1, 16), Encoder.encode(JAL, 1, 12), bne(-12), RET, RET};
    assertEquals(
        Set.of(0x1000L, 0x1004L, 0x1008L, 0x100cL, 0x1010L, 0x1014L),
        loops(code).getFirst().addresses());
  }
}
