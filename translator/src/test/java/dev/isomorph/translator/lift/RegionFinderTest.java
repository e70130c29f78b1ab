package dev.isomorph.translator.lift;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Encoder;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Loops are told by their parts: address, length, depth, {@code *} for a head. */
class RegionFinderTest {
  private static final long BASE = 0x1000;
  private static final int INC = Encoder.encode(ADDI, 10, 10, 1);
  private static final int RET = Encoder.encode(JALR, 0, 0, 1);

  private static final int[] NESTED = {
    INC, // 1000, the outer head
    INC, // 1004, the inner head
    bne(-4), beq(8), // 100c
    INC, // 1010
    bne(-20), // 1014
    RET
  };

  private static int bne(int offset) {
    return Encoder.encode(BNE, 10, 11, offset);
  }

  private static int beq(int offset) {
    return Encoder.encode(BEQ, 10, 11, offset);
  }

  private static CodeSource source(int... instructions) {
    return pc -> {
      long at = pc - BASE;
      boolean inside = at >= 0 && at < 4L * instructions.length;
      return inside ? instructions[(int) at / 4] >>> (at % 4 * 8) & 0xffff : -1;
    };
  }

  private static List<String> around(long pc, int... instructions) {
    return RegionFinder.loopsAround(source(instructions), pc, true).stream()
        .map(RegionFinderTest::text)
        .toList();
  }

  private static String text(RegionOutline loop) {
    return Long.toHexString(loop.pc())
        + loop.nodes().stream()
            .map(
                n ->
                    " %x:%d@%d%s"
                        .formatted(n.pc(), n.code().size(), n.depth(), n.isHead() ? "*" : ""))
            .collect(Collectors.joining());
  }

  @Test
  void findsTheInnermostFirst() {
    String outer = "1000 1000:1@1* 1004:4@2* 1014:2@1";
    assertEquals(List.of("1004 1004:4@1*", outer), around(0x1004, NESTED));
    assertEquals(List.of(outer), around(0x1000, NESTED));
    // A part starts where it is asked for, too.
    String split = "1000 1000:1@1* 1004:3@2* 1010:1@1 1014:2@1";
    assertEquals(List.of(split), around(0x1010, NESTED));
    assertEquals(List.of(), around(0x1018, NESTED));
  }

  @Test
  void aSideOfABranchIsNoHeadThoughItIsLaidOutFirst() {
    int[] loop = {
      Encoder.encode(JAL, 0, 8), // 1000, into the loop
      INC, // 1004, the far side of the branch at 1008
      beq(-4), // 1008
      INC,
      bne(-8), // 1010
      RET
    };
    assertEquals(List.of("1008 1004:1@1 1008:4@1*"), around(0x1008, loop));
    // If the jump is a part of what is around, it is no entry, but then the graph tells.
    int[] inAnother = Arrays.copyOf(loop, 6);
    inAnother[5] = bne(-20);
    String inner = "1008 1004:1@1 1008:4@1*";
    String outer = "1000 1000:1@1* 1004:1@2 1008:4@2*";
    assertEquals(List.of(inner, outer), around(0x1008, inAnother));
    // If nobody knows where it is entered, it is two loops.
    loop[0] = RET;
    String around = "1004 1004:1@1* 1008:4@2*";
    assertEquals(List.of("1008 1008:4@1*", around), around(0x1008, loop));
  }

  private static RegionOutline jumping(List<Long> targets, int... instructions) {
    CodeSource plain = source(instructions);
    CodeSource seen =
        new CodeSource() {
          @Override
          public int parcel(long pc) {
            return plain.parcel(pc);
          }

          @Override
          public List<Long> jumpTargets(long pc) {
            return targets;
          }
        };
    List<RegionOutline> loops = RegionFinder.loopsAround(seen, BASE, true);
    return loops.isEmpty() ? null : loops.getLast();
  }

  private static final int[] CALLS = {
    INC, // 1000
    Encoder.encode(JALR, 1, 15, 0), // to 1010, 1014 or 101c
    bne(-8),
    RET,
    RET, // 1010
    INC, // 1014
    RET,
    Encoder.encode(JALR, 0, 15, 0) // 101c, which is none of the small functions
  };

  private static CodeSource calling(List<Long> targets, int... instructions) {
    CodeSource plain = source(instructions);
    return new CodeSource() {
      @Override
      public int parcel(long pc) {
        return plain.parcel(pc);
      }

      @Override
      public List<Long> callTargets(long pc) {
        return targets;
      }
    };
  }

  @Test
  void followsIndirectCallsWhereTheyHaveLed() {
    CodeSource code = calling(List.of(0x1014L, 0x101cL, 0x1010L), CALLS);
    List<RegionOutline> loops = RegionFinder.loopsAround(code, BASE, true);
    assertEquals(1, loops.size());
    RegionOutline loop = loops.getFirst();
    assertEquals("1000, 1010 returns to 3, 1014 returns to 3, 1008", calls(loop));
    assertEquals(
        "[Target[pc=4116, node=2], Target[pc=4112, node=1]]",
        loop.nodes().getFirst().targets().toString());
    assertEquals(List.of(0x1004L), loop.indirectCalls());
    assertTrue(loop.hasCopies());
    assertEquals(List.of(), RegionFinder.loopsAround(code, BASE, false));
  }

  private static int shape(CodeSource code, long pc) {
    return RegionFinder.loopsAround(code, pc, true).getFirst().shape();
  }

  @Test
  void aLoopHasItsShapeWhereverItIsFound() {
    CodeSource code = source(INC, INC, INC, bne(-12), RET);
    for (int at = 4; at < 16; at += 4) {
      assertEquals(shape(code, BASE), shape(code, BASE + at));
    }
  }

  /** One function is as long as the other. */
  @Test
  void aLoopHasAnotherShapeWhenItsCallsLeadElsewhere() {
    assertNotEquals(
        shape(calling(List.of(0x1010L), CALLS), BASE),
        shape(calling(List.of(0x1018L), CALLS), BASE));
  }

  @Test
  void tellsIndirectCalls() {
    assertEquals(List.of(0x1004L), RegionFinder.indirectCalls(source(CALLS), BASE));
    assertEquals(List.of(), RegionFinder.indirectCalls(source(CALLS), 0x1010));
    assertEquals(List.of(), RegionFinder.loopsAround(source(CALLS), BASE, true));
  }

  /**
   * Functions of some size may be followed in the end, so what stands behind their calls counts.
   */
  @Test
  void tellsIndirectCallsBehindFunctionsOfSomeSize() {
    for (int size : new int[] {160, 161}) {
      int[] code = new int[3 + size];
      Arrays.fill(code, INC);
      code[0] = Encoder.encode(JAL, 1, 12);
      code[1] = Encoder.encode(JALR, 1, 0, 6);
      code[2] = Encoder.encode(JAL, 0, -8);
      code[2 + size] = RET;
      List<Long> expected = size == 160 ? List.of(BASE + 4) : List.of();
      assertEquals(expected, RegionFinder.indirectCalls(source(code), BASE));
    }
  }

  private static final int[] SWITCH = {
    INC, // 1000
    Encoder.encode(JALR, 0, 15, 0), // to 1008, 1010 or 1018
    INC,
    Encoder.encode(JAL, 0, -12),
    INC,
    bne(-20), // falls through
    INC,
    Encoder.encode(JAL, 0, -28),
    INC, // 1020
    RET
  };

  @Test
  void followsIndirectJumpsWhereTheyHaveLed() {
    RegionOutline loop = jumping(List.of(0x1008L, 0x1010L, 0x1018L), SWITCH);
    assertTrue(loop.hasChoices());
    assertEquals("1000 1000:2@1* 1008:2@1 1010:2@1 1018:2@1", text(loop));
    assertEquals(
        "[Target[pc=4104, node=1], Target[pc=4112, node=2], Target[pc=4120, node=3]]",
        loop.nodes().getFirst().targets().toString());
    assertNull(jumping(List.of(), SWITCH));
  }

  @Test
  void forgetsTargetsThatDoNotComeBack() {
    RegionOutline loop = jumping(List.of(0x1008L, 0x1020L, 0x9000L), SWITCH);
    assertEquals("1000 1000:2@1* 1008:2@1", text(loop));
  }

  @Test
  void followsNoJumpThatMayLeadAnywhere() {
    List<Long> many = new ArrayList<>();
    for (long target = BASE; target < BASE + 600; target += 2) {
      many.add(target);
    }
    assertNull(jumping(many, SWITCH));
  }

  @Test
  void tellsWhetherTheCodeIsStillTheSame() {
    RegionOutline loop = RegionFinder.loopsAround(source(NESTED), 0x1004, true).getFirst();
    assertTrue(loop.isStillIn(source(NESTED)));
    int[] changed = NESTED.clone();
    changed[0] = RET; // Not part of it.
    assertTrue(loop.isStillIn(source(changed)));
    changed[2] = bne(-8);
    assertFalse(loop.isStillIn(source(changed)));
    assertFalse(loop.isStillIn(source(Arrays.copyOf(NESTED, 3))));
  }

  @Test
  void countsInstructions() {
    List<RegionOutline> loops = RegionFinder.loopsAround(source(NESTED), 0x1004, true);
    assertEquals(4, loops.get(0).instructionCount());
    assertEquals(7, loops.get(1).instructionCount());
  }

  @Test
  void followsPlainJumpsBackAndForth() {
    int[] code = {beq(12), INC, Encoder.encode(JAL, 0, -8), RET};
    assertEquals(List.of("1000 1000:3@1*"), around(BASE, code));
    int[] forth = {Encoder.encode(JAL, 0, 8), RET, bne(-8), RET};
    assertEquals(List.of("1000 1000:1@1* 1008:2@1"), around(BASE, forth));
  }

  @Test
  void aBranchToItselfIsALoop() {
    assertEquals(List.of("1000 1000:2@1*"), around(BASE, bne(0), RET));
  }

  @Test
  void jumpsForwardAreNoLoop() {
    assertEquals(List.of(), around(BASE, bne(8), INC, RET));
  }

  @Test
  void goesNotPastCallsAndWhatMayNotComeBack() {
    for (int end :
        new int[] {
          Encoder.encode(JAL, 1, 100), RET, Encoder.encode(ECALL), Encoder.encode(EBREAK), 0
        }) {
      assertEquals(List.of(), around(BASE, INC, end, bne(-8), RET));
    }
  }

  @Test
  void anExitMayLeadWhereNothingCanBeFetched() {
    assertEquals(List.of("1000 1000:2@1*"), around(BASE, beq(0x100), bne(-4)));
    assertEquals(List.of(), around(0x9000, RET));
  }

  @Test
  void takesCompressedInstructions() {
    int cNopAndLower = 0x0001 | bne(-2) << 16;
    int upper = bne(-2) >>> 16 | 0x8082 << 16;
    assertEquals(List.of("1000 1000:3@1*"), around(BASE, cNopAndLower, upper));
    assertEquals(List.of(), around(BASE, cNopAndLower));
  }

  @Test
  void aPartIsLiftedUpToItsEnd() {
    IrBlock block = new IrBlock();
    RegionFinder.loopsAround(source(NESTED), 0x1004, true)
        .getFirst()
        .nodes()
        .getFirst()
        .lift(LiftMode.TRANSLATE, block);
    IrVerifier.verify(block);
    assertEquals(4, block.instructionCount());
    for (int i = 0; i < 4; i++) {
      assertEquals(0x1004 + 4 * i, block.pc(i));
    }
    int last = block.size() - 1;
    assertEquals(IrOp.JUMP, block.op(last));
    assertEquals(0x1014, block.imm(last));
  }

  @Test
  void aPartThatEndsWithAJumpEndsOnce() {
    int[] code = {beq(12), INC, Encoder.encode(JAL, 0, -8), RET};
    IrBlock block = new IrBlock();
    RegionFinder.loopsAround(source(code), BASE, true)
        .getFirst()
        .nodes()
        .getLast()
        .lift(LiftMode.TRANSLATE, block);
    IrVerifier.verify(block);
    assertEquals(IrOp.JUMP, block.op(block.size() - 1));
    assertEquals(BASE, block.imm(block.size() - 1));
  }

  /** A loop that calls what stands behind it. */
  private static int[] calling(int... function) {
    int[] code = new int[4 + function.length];
    code[0] = INC;
    code[1] = Encoder.encode(JAL, 1, 12);
    code[2] = bne(-8);
    code[3] = RET;
    System.arraycopy(function, 0, code, 4, function.length);
    return code;
  }

  private static String calls(RegionOutline loop) {
    return loop.nodes().stream()
        .map(
            n ->
                "%x%s%s"
                    .formatted(
                        n.pc(),
                        (n.callee() < 0 ? "" : " calls " + n.callee())
                            + (n.comesBack() < 0 ? "" : " comes back to " + n.comesBack()),
                        n.back() == null
                            ? ""
                            : " returns to "
                                + n.back().node()
                                + (n.back().isSure() ? "" : " if it is " + n.back().pc())))
        .collect(Collectors.joining(", "));
  }

  @Test
  void aSmallFunctionIsPartOfTheLoopThatCallsIt() {
    RegionOutline loop = RegionFinder.loopsAround(source(calling(INC, RET)), BASE, true).getFirst();
    assertEquals("1000 calls 1, 1010 returns to 2, 1008", calls(loop));
    assertEquals(6, loop.instructionCount());
  }

  @Test
  void aFunctionThatWritesItsReturnAddressMayReturnElsewhere() {
    int load = Encoder.encode(LD, 1, 0, 2);
    RegionOutline loop =
        RegionFinder.loopsAround(source(calling(load, RET)), BASE, true).getFirst();
    assertEquals("1000 calls 1, 1010 returns to 2 if it is 4104, 1008", calls(loop));
  }

  @Test
  void eachCallHasACopy() {
    int call = Encoder.encode(JAL, 1, 16);
    int callAgain = Encoder.encode(JAL, 1, 12);
    RegionOutline loop =
        RegionFinder.loopsAround(source(call, callAgain, bne(-8), RET, RET), BASE, true).getFirst();
    assertEquals(
        "1000 calls 1, 1010 returns to 2, 1004 calls 3, 1010 returns to 4, 1008", calls(loop));
  }

  @Test
  void functionsThatAreLargeOrNoneAreNotFollowed() {
    int[] large = straight(162);
    int[] recursive = {INC, Encoder.encode(JAL, 1, -4), RET};
    int[] stopping = {Encoder.encode(ECALL), RET};
    int[] endless = {Encoder.encode(JAL, 0, 0)};
    for (int[] function : List.of(large, recursive, stopping, endless)) {
      assertEquals(List.of(), around(BASE, calling(function)));
    }
  }

  private static int[] straight(int instructions) {
    int[] function = new int[instructions];
    Arrays.fill(function, INC);
    function[instructions - 1] = RET;
    return function;
  }

  /** So the loop around the call is one. */
  @Test
  void functionsOfSomeSizeAreFollowedWhereTheLoopWouldBeNone() {
    RegionOutline loop =
        RegionFinder.loopsAround(source(calling(straight(160))), BASE, true).getFirst();
    assertEquals("1000 calls 1, 1010 returns to 2, 1008", calls(loop));
  }

  /** They may make the loop too large. */
  @Test
  void loopsAreThereWithoutFunctionsOfSomeSizeIfTheyCanBe() {
    int[] twice = {INC, bne(16), INC, bne(-12), RET, Encoder.encode(JAL, 1, 8), RET};
    int[] code = Arrays.copyOf(twice, twice.length + 100);
    System.arraycopy(straight(100), 0, code, twice.length, 100);
    assertEquals(List.of("1000 1000:5@1*"), around(BASE, code));
  }

  @Test
  void aRegionFromSomewhereNeedsNoLoop() {
    int[] code = {INC, beq(8), INC, RET};
    RegionOutline region = RegionFinder.from(source(code), BASE, true);
    assertEquals("1000 1000:4@0 100c:1@0", text(region));
    assertEquals(null, RegionFinder.from(source(code), 0x9000, true));
  }

  /** Counts down by calling itself; what it does at its end, it does only after a call. */
  private static final int[] RECURSIVE = {
    INC,
    beq(12), // to 1010
    Encoder.encode(JAL, 1, -8), // 1008
    INC, // 100c
    RET
  };

  @Test
  void aRecursiveFunctionHasCopiesOfItself() {
    RegionOutline function = RegionFinder.recursionAt(source(RECURSIVE), BASE);
    assertTrue(function.isFunction());
    String end = " if it is 4108";
    assertEquals(
        "1000 calls 1, 1000 calls 2, 1000 comes back to 3,"
            + (" 100c returns to 5" + end + ", 1010 returns to 5" + end + ",")
            + (" 100c returns to 7" + end + ", 1010 returns to 7" + end + ", 100c, 1010"),
        calls(function));
  }

  @Test
  void aFunctionThatDoesNotCallItselfIsLeftToLoops() {
    assertEquals(null, RegionFinder.recursionAt(source(INC, RET), BASE));
    assertEquals(null, RegionFinder.recursionAt(source(RECURSIVE), BASE + 4));
    assertEquals(null, RegionFinder.recursionAt(source(RECURSIVE), 0x9000));
  }

  @Test
  void aLargeFunctionHasFewCopiesOrNoRegion() {
    for (int size = 1; size < 200; size++) {
      int[] code = new int[size + 2];
      Arrays.fill(code, INC);
      code[size] = Encoder.encode(JAL, 1, -4 * size);
      code[size + 1] = RET;
      RegionOutline function = RegionFinder.recursionAt(source(code), BASE);
      int copies = Math.min(3, 160 / (size + 2));
      assertEquals(copies * (size + 2), function == null ? 0 : function.instructionCount());
    }
  }

  /** A function of which no copy fits, since it calls itself four times. */
  private static RegionOutline withFourCalls(int size) {
    int[] code = new int[size];
    Arrays.fill(code, INC);
    for (int i = 1; i <= 4; i++) {
      code[i] = Encoder.encode(JAL, 1, -4 * i);
    }
    code[size - 1] = RET;
    return RegionFinder.recursionAt(source(code), BASE);
  }

  @Test
  void aFunctionThatCallsItselfOftenIsARegionWithoutCopies() {
    RegionOutline function = withFourCalls(50);
    assertTrue(function.isFunction());
    assertEquals(50, function.instructionCount());
    assertEquals(
        "1000 comes back to 1, 1008 comes back to 2, 100c comes back to 3, 1010 comes back to 4,"
            + " 1014",
        calls(function));
    assertEquals(160, withFourCalls(160).instructionCount());
    assertNull(withFourCalls(161));
  }

  @Test
  void aLoopAroundACallOfItselfGoesRoundOnceAndHasItsPollThere() {
    int[] code = {
      INC, // 1000
      Encoder.encode(JAL, 1, -4), // 1004
      bne(-4),
      INC, // 100c
      bne(-4),
      RET
    };
    RegionOutline function = RegionFinder.recursionAt(source(code), BASE);
    for (RegionOutline.Node node : function.nodes()) {
      boolean isInner = node.pc() == 0x100c;
      assertEquals(isInner ? 1 : 0, node.depth(), Long.toHexString(node.pc()));
      assertEquals(isInner, node.polls(), Long.toHexString(node.pc()));
    }
  }

  @Test
  void loopsThatEndTogetherAreInOrder() {
    int[] code = {INC, INC, bne(-4), bne(-12), RET};
    assertEquals(List.of("1004 1004:4@1*", "1000 1000:1@1* 1004:4@2*"), around(0x1004, code));
  }

  @Test
  void aLoopIsEnteredAtItsHeadUnlessItIsAskedForAnother() {
    int[] code = {INC, INC, beq(8), INC, INC, bne(-16), bne(-24), RET};
    assertEquals(
        List.of("1004 1004:3@1* 1010:4@1", "1000 1000:1@1* 1004:3@2* 1010:4@2"),
        around(0x1010, code));
  }

  @Test
  void aCallThatTheLoopCouldDoWithoutIsPartOfIt() {
    int[] code = {beq(8), Encoder.encode(JAL, 1, 12), bne(-8), RET, INC, RET};
    List<RegionOutline> loops = RegionFinder.loopsAround(source(code), BASE, true);
    assertEquals(
        List.of("1000 calls 1, 1010 returns to 2, 1008"),
        loops.stream().map(RegionFinderTest::calls).toList());
  }

  @Test
  void codeWithoutCallsIsExploredOnce() {
    CodeSource code = source(INC, bne(-4), RET);
    AtomicInteger fetched = new AtomicInteger();
    CodeSource counting =
        pc -> {
          fetched.addAndGet(pc == BASE ? 1 : 0);
          return code.parcel(pc);
        };
    assertEquals(1, RegionFinder.loopsAround(counting, BASE, true).size());
    assertEquals(1, fetched.get());
  }

  @Test
  void aRegionFromSomewhereIsCutWhereItGetsLarge() {
    int[] code = new int[100];
    Arrays.fill(code, INC);
    assertEquals("1000 1000:48@0", text(RegionFinder.from(source(code), BASE, true)));
  }

  /** Or else a loop of several such regions would never poll. */
  @Test
  void aRegionFromSomewherePollsWhereItJumpsBackThoughThatIsNoLoop() {
    int[] code = {Encoder.encode(JAL, 0, 40), INC, INC, Encoder.encode(JAL, 0, -12), INC};
    RegionOutline region = RegionFinder.from(source(code), BASE + 8, true);
    assertEquals(List.of(BASE), polling(region));
    RegionOutline loop = RegionFinder.loopsAround(source(NESTED), BASE, true).getLast();
    assertEquals(List.of(BASE + 4), polling(loop));
  }

  private static List<Long> polling(RegionOutline region) {
    return region.nodes().stream()
        .filter(RegionOutline.Node::polls)
        .map(RegionOutline.Node::pc)
        .toList();
  }
}
