package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrOp;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Loads of bytes that are put together, each byte and part in a guest register for all to see. */
class JoinedLoadsTest {
  private static final int FIRST = 12;

  private final WrittenBlock block = new WrittenBlock();

  private Map<IrOp, Integer> accesses(LoadJoining joining) {
    return block.accesses(new Optimizer(Pass.ALL, joining));
  }

  /**
   * A number of some bytes, put together in order; the address of byte i is by {@code step * i}.
   */
  private void number(int count, int step, List<Integer> order) {
    for (int i : order) {
      block.line("b%d = LD8U x10, %d", i, 100 + step * i);
      block.line("x%d = b%d", FIRST + i, i);
    }
    block.line("v = b0");
    for (int i = 1; i < count; i++) {
      block.line("c%d = %d", i, 8 * i);
      block.line("s%d = SHL b%d, c%d", i, i, i);
      block.line("v%d = OR %s, s%d", i, i == 1 ? "v" : "v" + (i - 1), i);
      block.line("x%d = v%d", FIRST + 8 + i, i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, LD16U", "4, 1, LD32U", "8, 1, LD64",
    "2, -1, LD16U", "4, -1, LD32U", "8, -1, LD64"
  })
  void joinsNumbersOfEitherEnd(int count, int step, IrOp load) {
    for (int seed = 0; seed < 4; seed++) {
      block.clear();
      number(count, step, WrittenBlock.shuffled(count, seed));
      assertEquals(Map.of(load, 1), accesses(LoadJoining.SEEN));
      assertEquals(Map.of(load, 1), accesses(LoadJoining.UNSEEN));
      assertEquals(Map.of(IrOp.LD8U, count), accesses(LoadJoining.NEVER));
    }
  }

  @Test
  void joinsWhatIsLeftOfThree() {
    number(3, 1, List.of(0, 1, 2));
    assertEquals(Map.of(IrOp.LD16U, 1, IrOp.LD8U, 1), accesses(LoadJoining.SEEN));
  }

  @Test
  void joinsWordsThatAreSigned() {
    block.line("a = LD8U x10, 3");
    block.line("b = LD8U x10, 2");
    block.line("c = LD8U x10, 1");
    block.line("d = LD8U x10");
    block.line("a1 = SHL32 a, 24");
    block.line("a2 = SEXT32 a1");
    block.line("x12 = a2");
    block.line("b1 = SHL b, 16");
    block.line("c1 = SHL c, 8");
    block.line("e = OR c1, d");
    block.line("f = OR a2, b1");
    block.line("x13 = f");
    block.line("x11 = OR f, e");
    assertEquals(Map.of(IrOp.LD32U, 1), accesses(LoadJoining.UNSEEN));
  }

  @Test
  void joinsSumsOfWords() {
    block.line("a = LD8U x10, 1");
    block.line("b = LD8U x10");
    block.line("c = LD8U x10, 2");
    block.line("d = LD8U x10, 3");
    block.line("a1 = SHL32 a, 8");
    block.line("c1 = SHL32 c, 16");
    block.line("d1 = SHL32 d, 24");
    block.line("e = ADD32 a1, b");
    block.line("f = ADD32 e, c1");
    block.line("g = ADD32 f, d1");
    block.line("x11 = SEXT32 g");
    assertEquals(Map.of(IrOp.LD32U, 1), accesses(LoadJoining.UNSEEN));
  }

  @Test
  void joinsNumbersThatAreShiftedByAndBy() {
    block.line("a = LD8U x10, 3");
    block.line("b = LD8U x10, 2");
    block.line("c = LD8U x10, 1");
    block.line("d = LD8U x10");
    block.line("a1 = SHL a, 8");
    block.line("b1 = OR a1, b");
    block.line("x12 = b1");
    block.line("b2 = SHL b1, 8");
    block.line("c1 = OR b2, c");
    block.line("x13 = c1");
    block.line("c2 = SHL c1, 8");
    block.line("x11 = OR c2, d");
    assertEquals(Map.of(IrOp.LD32U, 1), accesses(LoadJoining.UNSEEN));
  }

  @Test
  void followsSumsOfTheAddress() {
    block.line("p = ADD x10, 5");
    block.line("a = LD8U p, -2");
    block.line("q = ADD p, 7");
    block.line("b = LD8U q, -8");
    block.line("b1 = SHL b, 8");
    block.line("x11 = OR a, b1");
    assertEquals(Map.of(IrOp.LD16U, 1), accesses(LoadJoining.UNSEEN));
  }

  @ParameterizedTest
  @CsvSource({"x10 + 2", "x12 + 1", "x10 + 1 << 16", "x10 + 1 << 7", "x10 + 0 << 8"})
  void leavesOtherBytesAlone(String second) {
    String[] parts = second.split(" \\+ | << ");
    block.line("a = LD8U x10");
    block.line("b = LD8U %s, %s", parts[0], parts[1]);
    block.line("b1 = SHL b, %s", parts.length > 2 ? parts[2] : "8");
    block.line("x11 = OR a, b1");
    assertEquals(Map.of(IrOp.LD8U, 2), accesses(LoadJoining.SEEN));
  }

  @ParameterizedTest
  @CsvSource({
    "ST8 x12 x13",
    "FENCE",
    "EXIT_EQ x12 x13",
    "x14 = LD16S x12",
    "x14 = LD8S x10 1",
    "x14 = LD64 x10 -7"
  })
  void leavesBytesAloneThatAreLoadedAround(String between) {
    block.line("a = LD8U x10");
    block.line(between.replaceFirst("(x\\d+) (\\S+)$", "$1, $2"));
    block.line("b = LD8U x10, 1");
    block.line("b1 = SHL b, 8");
    block.line("x11 = OR a, b1");
    assertEquals(2, accesses(LoadJoining.SEEN).get(IrOp.LD8U));
  }

  @ParameterizedTest
  @CsvSource({"2", "-8"})
  void bytesMayBeLoadedAroundLoadsOfOthers(int displacement) {
    block.line("a = LD8U x10");
    block.line("x14 = LD64 x10, %d", displacement);
    block.line("b = LD8U x10, 1");
    block.line("b1 = SHL b, 8");
    block.line("x11 = OR a, b1");
    assertEquals(Map.of(IrOp.LD16U, 1, IrOp.LD64, 1), accesses(LoadJoining.SEEN));
  }

  @ParameterizedTest
  @EnumSource(
      value = LoadJoining.class,
      names = {"SEEN", "UNSEEN"})
  void joinsWhereTheStateMayBeAskedForIfThatCostsNothing(LoadJoining joining) {
    block.line("a = LD8U x10");
    block.line("x12 = a");
    block.line("other = LD64 x10, 16");
    block.line("b = LD8U x10, 1");
    block.line("b1 = SHL b, 8");
    block.line("x11 = OR a, b1");
    block.line("x12 = other");
    Map<IrOp, Integer> expected =
        joining == LoadJoining.SEEN
            ? Map.of(IrOp.LD64, 1, IrOp.LD16U, 1)
            : Map.of(IrOp.LD64, 1, IrOp.LD8U, 2);
    assertEquals(expected, accesses(joining));
  }

  @Test
  void canBeSwitchedOff() {
    number(4, 1, List.of(0, 1, 2, 3));
    Set<Pass> others = EnumSet.complementOf(EnumSet.of(Pass.JOINED_LOADS));
    assertEquals(Map.of(IrOp.LD8U, 4), block.accesses(new Optimizer(others, LoadJoining.SEEN)));
  }
}
