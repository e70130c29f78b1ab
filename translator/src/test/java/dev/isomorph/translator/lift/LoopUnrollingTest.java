package dev.isomorph.translator.lift;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Encoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Parts are told by address, length, depth, {@code *} if they poll, and the numbers of those to
 * which they lead, by address.
 */
class LoopUnrollingTest {
  private static final long BASE = 0x1000;
  private static final int INC = Encoder.encode(ADDI, 10, 10, 1);
  private static final int RET = Encoder.encode(JALR, 0, 0, 1);

  private static int bne(int offset) {
    return Encoder.encode(BNE, 10, 11, offset);
  }

  private static CodeSource source(int... instructions) {
    return pc -> {
      long at = pc - BASE;
      boolean inside = at >= 0 && at < 4L * instructions.length;
      return inside ? instructions[(int) at / 4] >>> (at % 4 * 8) & 0xffff : -1;
    };
  }

  private static RegionOutline outermost(int... instructions) {
    return outermostAt(BASE, instructions);
  }

  private static RegionOutline outermostAt(long pc, int... instructions) {
    return RegionFinder.loopsAround(source(instructions), pc, true).getLast();
  }

  private static String unrolled(int... instructions) {
    return unrolledAt(BASE, instructions);
  }

  private static String unrolledAt(long pc, int... instructions) {
    RegionOutline region = LoopUnrolling.unroll(outermostAt(pc, instructions));
    return region.head() + ":" + region.nodes().stream().map(LoopUnrollingTest::text).toList();
  }

  private static String text(RegionOutline.Node node) {
    return "%x:%d@%d%s%s"
        .formatted(
            node.pc(),
            node.code().size(),
            node.depth(),
            node.polls() ? "*" : "",
            new TreeMap<>(node.ways()).values());
  }

  @Test
  void goesRoundIntoTheCopyAndBack() {
    String expected = "0:[1000:2@1*[1, 2], 1000:2@1[0, 2], 1008:1@0[]]";
    assertEquals(expected, unrolled(INC, bne(-4), RET));
  }

  @Test
  void copiesAllPartsBehindTheLastOne() {
    String expected = "0:[1000:3@1*[1], 100c:1@1[2, 4], 1000:3@1[3], 100c:1@1[0, 4], 1010:1@0[]]";
    assertEquals(expected, unrolled(INC, bne(8), INC, bne(-12), RET));
  }

  @Test
  void hasOnceWhatStandsBehindTheInnerLoop() {
    String expected = "0:[1000:1@1[1], 1004:2@2*[2, 3], 1004:2@2[1, 3], 100c:3@1[0]]";
    assertEquals(expected, unrolled(INC, INC, bne(-4), INC, bne(-16), RET));
  }

  @Test
  void goesRoundAtTheHeadThoughThatIsNotFirst() {
    int[] code = {Encoder.encode(JAL, 0, 8), INC, bne(-4), INC, bne(-8), RET};
    String expected =
        "1:[1004:1@1[3], 1008:3@1*[0, 3, 4], 1004:1@1[1], 1008:3@1[2, 1, 4], 1014:1@0[]]";
    assertEquals(expected, unrolledAt(BASE + 8, code));
  }

  /** Or else a way round outside, which passes the head here, might miss the one that polls. */
  @Test
  void isEnteredInTheCopyIfNotAtTheHead() {
    String expected = "0:[1000:1@1*[4], 1004:2@2*[2, 5], 100c:1@2[3, 5], 1004:2@2[4, 5], ";
    expected += "100c:1@2[1, 5], 1010:3@1[0]]";
    int jump = Encoder.encode(JAL, 0, 12);
    assertEquals(expected, unrolled(jump, INC, bne(8), bne(-8), INC, bne(-20), RET));
  }

  @Test
  void leavesLargeLoopsAlone() {
    int[] code = new int[24];
    Arrays.fill(code, INC);
    code[22] = bne(-88);
    code[23] = RET;
    RegionOutline loop = outermost(code);
    assertSame(loop, LoopUnrolling.unroll(loop));
  }

  @Test
  void leavesLoopsOfManyPartsAlone() {
    List<Integer> code = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      code.add(bne(8));
      code.add(INC);
    }
    code.add(bne(-56));
    code.add(RET);
    RegionOutline loop = outermost(code.stream().mapToInt(i -> i).toArray());
    assertSame(loop, LoopUnrolling.unroll(loop));
  }

  @Test
  void leavesFunctionsAlone() {
    int[] code = {INC, bne(-4), Encoder.encode(JAL, 1, -8), RET};
    RegionOutline function = RegionFinder.recursionAt(source(code), BASE);
    assertSame(function, LoopUnrolling.unroll(function));
  }

  @Test
  void aCopyReturnsToTheCopyThatCalls() {
    int[] code = {Encoder.encode(JAL, 1, 12), bne(-4), RET, INC, RET};
    RegionOutline region = LoopUnrolling.unroll(outermost(code));
    String text =
        region.nodes().stream()
            .map(n -> "%x>%d<%d".formatted(n.pc(), n.callee(), back(n)))
            .collect(Collectors.joining(" "));
    assertEquals("1000>1<-1 100c>-1<2 1004>-1<-1 1000>4<-1 100c>-1<5 1004>-1<-1 1008>-1<-1", text);
  }

  private static int back(RegionOutline.Node node) {
    return node.back() == null ? RegionOutline.NONE : node.back().node();
  }

  @Test
  void leadsWhereTheGuestDoesAndPollsOnEachWayRound() {
    Random random = new Random(1);
    int copied = 0;
    for (int round = 0; round < 2000; round++) {
      int[] code = branches(random);
      RegionOutline region = RegionFinder.from(source(code), BASE, true);
      RegionOutline unrolled = LoopUnrolling.unroll(region);
      copied += unrolled == region ? 0 : 1;
      assertEquals(BASE, unrolled.pc());
      assertTrue(unrolled.isStillIn(source(code)));
      for (RegionOutline.Node node : unrolled.nodes()) {
        node.ways().forEach((pc, to) -> assertEquals(pc, unrolled.nodes().get(to).pc()));
        assertTrue(node.ways().keySet().containsAll(ends(region, node)));
      }
      assertFalse(goesRoundWithoutPoll(unrolled));
    }
    assertTrue(copied > 500);
  }

  @Test
  void smallLoopsPollAtTheirHeadsAlone() {
    Random random = new Random(2);
    int found = 0;
    for (int round = 0; round < 2000; round++) {
      RegionOutline region = RegionFinder.from(source(branches(random)), BASE, true);
      SmallLoops loops = new SmallLoops(region);
      for (int node = 0; node < region.nodes().size(); node++) {
        LoopNest.Body loop = loops.around(node);
        if (loop != null) {
          found++;
          assertEquals(SmallLoops.head(loop) == node, region.nodes().get(node).polls());
        }
      }
    }
    assertTrue(found > 1000);
  }

  /** Instructions of which a third may go on anywhere. */
  private static int[] branches(Random random) {
    int[] code = new int[3 + random.nextInt(20)];
    for (int i = 0; i < code.length; i++) {
      int to = random.nextInt(code.length);
      code[i] = random.nextInt(3) == 0 ? bne(4 * (to - i)) : INC;
    }
    return code;
  }

  /** Where the branches of a node lead, and where it goes on, as far as that stays inside. */
  private static List<Long> ends(RegionOutline region, RegionOutline.Node node) {
    List<Long> found = new ArrayList<>();
    long at = node.pc();
    for (int i = 0; i < node.code().size(); i++) {
      if (Jumps.isBranch(node.code().get(i))) {
        found.add(at + node.code().get(i).imm());
      }
      at += 4;
    }
    found.add(at);
    found.removeIf(pc -> !isIn(region, pc));
    return found;
  }

  private static boolean isIn(RegionOutline region, long pc) {
    for (RegionOutline.Node node : region.nodes()) {
      if (pc >= node.pc() && pc < node.pc() + 4L * node.code().size()) {
        return true;
      }
    }
    return false;
  }

  private static boolean goesRoundWithoutPoll(RegionOutline region) {
    BitSet left = new BitSet();
    for (int i = 0; i < region.nodes().size(); i++) {
      left.set(i, !region.nodes().get(i).polls());
    }
    boolean changes = true;
    while (changes) {
      changes = false;
      for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
        if (region.nodes().get(i).ways().values().stream().noneMatch(left::get)) {
          left.clear(i);
          changes = true;
        }
      }
    }
    return !left.isEmpty();
  }
}
