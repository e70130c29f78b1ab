package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Loads of bytes that are put together, each byte and part in a guest register for all to see. */
class JoinedLoadsTest {
  private static final int STATES = 8;
  private static final int FIRST = 12;

  private final StringBuilder text = new StringBuilder();

  private void line(String format, Object... arguments) {
    text.append(String.format(format, arguments)).append('\n');
  }

  /** Checks that the block does the same as before; returns how many loads of each kind it has. */
  private Map<IrOp, Integer> loads(LoadJoining joining) {
    return loads(new Optimizer(Pass.ALL, joining));
  }

  private Map<IrOp, Integer> loads(Optimizer optimizer) {
    IrBlock block = IrText.parse(text.toString());
    IrBlock optimised = optimizer.optimise(block);
    IrVerifier.verify(optimised);
    for (long seed = 0; seed < STATES; seed++) {
      assertEquals(
          Observation.of(block, seed, -1),
          Observation.of(optimised, seed, -1),
          () -> block + "became\n" + optimised);
    }
    Map<IrOp, Integer> found = new EnumMap<>(IrOp.class);
    for (int id = 0; id < optimised.size(); id++) {
      if (optimised.op(id).effect() == IrOp.Effect.MEMORY_READ) {
        found.merge(optimised.op(id), 1, Integer::sum);
      }
    }
    return found;
  }

  /**
   * A number of some bytes, put together in order; the address of byte i is by {@code step * i}.
   */
  private void number(int count, int step, List<Integer> order) {
    for (int i : order) {
      line("b%d = LD8U x10, %d", i, 100 + step * i);
      line("x%d = b%d", FIRST + i, i);
    }
    line("v = b0");
    for (int i = 1; i < count; i++) {
      line("c%d = %d", i, 8 * i);
      line("s%d = SHL b%d, c%d", i, i, i);
      line("v%d = OR %s, s%d", i, i == 1 ? "v" : "v" + (i - 1), i);
      line("x%d = v%d", FIRST + 8 + i, i);
    }
  }

  private static List<Integer> shuffled(int count, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, LD16U", "4, 1, LD32U", "8, 1, LD64",
    "2, -1, LD16U", "4, -1, LD32U", "8, -1, LD64"
  })
  void joinsNumbersOfEitherEnd(int count, int step, IrOp load) {
    for (int seed = 0; seed < 4; seed++) {
      text.setLength(0);
      number(count, step, shuffled(count, seed));
      assertEquals(Map.of(load, 1), loads(LoadJoining.SEEN));
      assertEquals(Map.of(load, 1), loads(LoadJoining.UNSEEN));
      assertEquals(Map.of(IrOp.LD8U, count), loads(LoadJoining.NEVER));
    }
  }

  @Test
  void joinsWhatIsLeftOfThree() {
    number(3, 1, List.of(0, 1, 2));
    assertEquals(Map.of(IrOp.LD16U, 1, IrOp.LD8U, 1), loads(LoadJoining.SEEN));
  }

  @Test
  void joinsWordsThatAreSigned() {
    line("a = LD8U x10, 3");
    line("b = LD8U x10, 2");
    line("c = LD8U x10, 1");
    line("d = LD8U x10");
    line("a1 = SHL32 a, 24");
    line("a2 = SEXT32 a1");
    line("x12 = a2");
    line("b1 = SHL b, 16");
    line("c1 = SHL c, 8");
    line("e = OR c1, d");
    line("f = OR a2, b1");
    line("x13 = f");
    line("x11 = OR f, e");
    assertEquals(Map.of(IrOp.LD32U, 1), loads(LoadJoining.UNSEEN));
  }

  @Test
  void joinsSumsOfWords() {
    line("a = LD8U x10, 1");
    line("b = LD8U x10");
    line("c = LD8U x10, 2");
    line("d = LD8U x10, 3");
    line("a1 = SHL32 a, 8");
    line("c1 = SHL32 c, 16");
    line("d1 = SHL32 d, 24");
    line("e = ADD32 a1, b");
    line("f = ADD32 e, c1");
    line("g = ADD32 f, d1");
    line("x11 = SEXT32 g");
    assertEquals(Map.of(IrOp.LD32U, 1), loads(LoadJoining.UNSEEN));
  }

  @Test
  void joinsNumbersThatAreShiftedByAndBy() {
    line("a = LD8U x10, 3");
    line("b = LD8U x10, 2");
    line("c = LD8U x10, 1");
    line("d = LD8U x10");
    line("a1 = SHL a, 8");
    line("b1 = OR a1, b");
    line("x12 = b1");
    line("b2 = SHL b1, 8");
    line("c1 = OR b2, c");
    line("x13 = c1");
    line("c2 = SHL c1, 8");
    line("x11 = OR c2, d");
    assertEquals(Map.of(IrOp.LD32U, 1), loads(LoadJoining.UNSEEN));
  }

  @Test
  void followsSumsOfTheAddress() {
    line("p = ADD x10, 5");
    line("a = LD8U p, -2");
    line("q = ADD p, 7");
    line("b = LD8U q, -8");
    line("b1 = SHL b, 8");
    line("x11 = OR a, b1");
    assertEquals(Map.of(IrOp.LD16U, 1), loads(LoadJoining.UNSEEN));
  }

  @ParameterizedTest
  @CsvSource({"x10 + 2", "x12 + 1", "x10 + 1 << 16", "x10 + 1 << 7", "x10 + 0 << 8"})
  void leavesOtherBytesAlone(String second) {
    String[] parts = second.split(" \\+ | << ");
    line("a = LD8U x10");
    line("b = LD8U %s, %s", parts[0], parts[1]);
    line("b1 = SHL b, %s", parts.length > 2 ? parts[2] : "8");
    line("x11 = OR a, b1");
    assertEquals(Map.of(IrOp.LD8U, 2), loads(LoadJoining.SEEN));
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
    line("a = LD8U x10");
    line(between.replaceFirst("(x\\d+) (\\S+)$", "$1, $2"));
    line("b = LD8U x10, 1");
    line("b1 = SHL b, 8");
    line("x11 = OR a, b1");
    assertEquals(2, loads(LoadJoining.SEEN).get(IrOp.LD8U));
  }

  @ParameterizedTest
  @CsvSource({"2", "-8"})
  void bytesMayBeLoadedAroundLoadsOfOthers(int displacement) {
    line("a = LD8U x10");
    line("x14 = LD64 x10, %d", displacement);
    line("b = LD8U x10, 1");
    line("b1 = SHL b, 8");
    line("x11 = OR a, b1");
    assertEquals(Map.of(IrOp.LD16U, 1, IrOp.LD64, 1), loads(LoadJoining.SEEN));
  }

  @ParameterizedTest
  @EnumSource(
      value = LoadJoining.class,
      names = {"SEEN", "UNSEEN"})
  void joinsWhereTheStateMayBeAskedForIfThatCostsNothing(LoadJoining joining) {
    line("a = LD8U x10");
    line("x12 = a");
    line("other = LD64 x10, 16");
    line("b = LD8U x10, 1");
    line("b1 = SHL b, 8");
    line("x11 = OR a, b1");
    line("x12 = other");
    Map<IrOp, Integer> expected =
        joining == LoadJoining.SEEN
            ? Map.of(IrOp.LD64, 1, IrOp.LD16U, 1)
            : Map.of(IrOp.LD64, 1, IrOp.LD8U, 2);
    assertEquals(expected, loads(joining));
  }

  @Test
  void canBeSwitchedOff() {
    number(4, 1, List.of(0, 1, 2, 3));
    Set<Pass> others = EnumSet.complementOf(EnumSet.of(Pass.JOINED_LOADS));
    assertEquals(Map.of(IrOp.LD8U, 4), loads(new Optimizer(others, LoadJoining.SEEN)));
  }
}
