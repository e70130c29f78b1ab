package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrOp;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that are stored byte by byte, and loaded after that. */
class JoinedStoresTest {
  private final WrittenBlock block = new WrittenBlock();

  private Map<IrOp, Integer> accesses() {
    return block.accesses(new Optimizer(Pass.without(Pass.ALL, Pass.REDUNDANT_STORES)));
  }

  /** Stores bytes of x11 from {@code lowest} on, byte i at {@code step * i}. */
  private void number(int lowest, int count, int step, List<Integer> order) {
    for (int i : order) {
      block.line("c%d = %d", i, 8 * (lowest + i));
      block.line("b%d = SHR x11, c%d", i, i);
      block.line("ST8 x10, b%d, %d", i, 100 + step * i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 1, ST16", "0, 4, 1, ST32", "0, 8, 1, ST64", "3, 4, 1, ST32", "6, 2, 1, ST16",
    "0, 2, -1, ST16", "0, 4, -1, ST32", "0, 8, -1, ST64", "3, 4, -1, ST32", "6, 2, -1, ST16"
  })
  void joinsNumbersOfEitherEnd(int lowest, int count, int step, IrOp store) {
    for (int seed = 0; seed < 4; seed++) {
      block.clear();
      number(lowest, count, step, WrittenBlock.shuffled(count, seed));
      assertEquals(Map.of(store, 1), accesses());
      assertEquals(
          Map.of(IrOp.ST8, count), block.accesses(new Optimizer(Pass.ALL, LoadJoining.NEVER)));
    }
  }

  @Test
  void joinsBytesOfWords() {
    block.line("w = ADD32 x11, x12");
    block.line("a = SEXT32 w");
    block.line("ST8 x10, a");
    block.line("b = SHR32 a, 8");
    block.line("ST8 x10, b, 1");
    block.line("c = SAR32 a, 16");
    block.line("ST8 x10, c, 2");
    block.line("d = SHR32 a, 24");
    block.line("x13 = d");
    block.line("ST8 x10, d, 3");
    assertEquals(Map.of(IrOp.ST32, 1), accesses());
  }

  @Test
  void joinsConstants() {
    for (int i = 0; i < 4; i++) {
      block.line("ST8 x10, %d, %d", 1000 * i + 17, 3 - i);
    }
    assertEquals(Map.of(IrOp.ST32, 1), accesses());
  }

  @ParameterizedTest
  @CsvSource({"x10, 2, 8", "x12, 1, 8", "x10, 1, 16", "x10, 1, 7", "x10, 0, 8", "x10, 1, 0"})
  void leavesOtherBytesAlone(String base, int displacement, int shift) {
    block.line("ST8 x10, x11");
    block.line("b = SHR x11, %d", shift);
    block.line("ST8 %s, b, %d", base, displacement);
    assertEquals(Map.of(IrOp.ST8, 2), accesses());
  }

  /** The bytes that have been stored by then, and no others, may be seen there. */
  @ParameterizedTest
  @ValueSource(strings = {"x14 = LD8S x10, 9", "EXIT_EQ x12, x13", "FENCE", "ST16 x10, x13, 16"})
  void leavesBytesAloneThatAreStoredAround(String between) {
    block.line("ST8 x10, x11");
    block.line(between);
    block.line("b = SHR x11, 8");
    block.line("ST8 x10, b, 1");
    assertEquals(2, accesses().get(IrOp.ST8));
  }

  /** One number may not be stored before all of another one's bytes that come first. */
  @Test
  void leavesBytesAloneThatAreStoredByTurns() {
    for (int i = 0; i < 2; i++) {
      block.line("b%d = SHR x11, %d", i, 8 * i);
      block.line("c%d = SHR x12, %d", i, 8 * i);
      block.line("ST8 x10, b%d, %d", i, i);
      block.line("ST8 x10, c%d, %d", i, i + 8);
    }
    assertEquals(Map.of(IrOp.ST8, 4), accesses());
  }

  @ParameterizedTest
  @CsvSource({
    "LD16S, 1",
    "LD16U, 1",
    "LD32S, 1",
    "LD32U, 1",
    "LD64, 1",
    "LD32S, 2",
    "LD32U, 2",
    "LD64, 2",
    "LD64, 4"
  })
  void whatIsLoadedIsPutTogetherOfWhatHasBeenStored(IrOp load, int size) {
    for (int seed = 0; seed < 4; seed++) {
      block.clear();
      List<Integer> order = WrittenBlock.shuffled(load.accessedBytes() / size, seed);
      for (int i : order) {
        block.line("ST%d x10, x%d, %d", 8 * size, 11 + i, size * i - 5);
      }
      block.line("x20 = %s x10, -5", load);
      assertEquals(Map.of(IrOp.valueOf("ST" + 8 * size), order.size()), accesses());
    }
  }

  @ParameterizedTest
  @CsvSource({"LD64, 5", "LD64, 2", "LD64, 7", "LD32S, 6", "LD32U, 5", "LD16U, 8", "LD16S, 6"})
  void partsOfWhatHasBeenStoredArePutTogether(IrOp load, int displacement) {
    block.line("ST64 x10, x11, 8");
    block.line("ST32 x10, x12, 2");
    block.line("ST16 x10, x13, 7");
    block.line("ST32 x10, x14, 9");
    block.line("ST8 x10, x15, 6");
    block.line("x20 = %s x10, %d", load, displacement);
    assertEquals(Map.of(IrOp.ST64, 1, IrOp.ST32, 2, IrOp.ST16, 1, IrOp.ST8, 1), accesses());
  }

  @Test
  void aCopyByBytesIsOneOfANumber() {
    for (int i : List.of(3, 0, 1, 2)) {
      block.line("b%d = LD8U x11, %d", i, i);
    }
    for (int i : List.of(3, 1, 2, 0)) {
      block.line("ST8 x10, b%d, %d", i, i);
    }
    block.line("x20 = LD32S x10");
    assertEquals(
        Map.of(IrOp.LD32U, 1, IrOp.ST32, 1),
        block.accesses(new Optimizer(Pass.ALL, LoadJoining.SEEN)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ST8 x12, x13",
        "FENCE",
        "x14 = LD8S x12",
        "x14 = LD8S x10, 1",
        "STF_D x10, f13, -7"
      })
  void loadsWhatMayBeAnother(String between) {
    block.line("ST8 x10, x11");
    block.line("ST8 x10, x11, 1");
    block.line(between);
    block.line("x20 = LD16U x10");
    assertEquals(1, accesses().get(IrOp.LD16U));
  }

  @Test
  void canBeSwitchedOff() {
    block.line("ST8 x10, 1");
    block.line("ST8 x10, 2, 1");
    block.line("x20 = LD16U x10");
    EnumSet<Pass> passes = EnumSet.complementOf(EnumSet.of(Pass.STORED_PIECES, Pass.JOINED_STORES));
    assertEquals(Map.of(IrOp.ST8, 2, IrOp.LD16U, 1), block.accesses(new Optimizer(passes)));
  }
}
