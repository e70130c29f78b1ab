package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.RA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HotPlacesTest {
  private static final long FUNCTION = 0x1000;
  private static final long CALLER = 0x2000;

  /** Samples elsewhere for each at a place, so that these are no good part of all. */
  private static final int MANY = 5;

  private final TestMemory memory = new TestMemory();
  private final Engine engine = new Engine(memory, EngineOptions.DEFAULT);
  private final Hart hart = engine.newHart();
  private final HotPlaces places = new HotPlaces(false);
  private final HotPlaces atOnce = new HotPlaces(true);

  /** Where nothing else is. */
  private long other = 0x10_0000;

  HotPlacesTest() {
    hart.pc(FUNCTION);
    hart.x(RA, CALLER + 1);
  }

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  /** How many samples it takes until something is hot, which is that address. */
  private int samplesUntilHot(long pc) {
    return samplesUntilHot(pc, MANY);
  }

  /** The same where there are so many samples elsewhere between any two of them. */
  private int samplesUntilHot(long pc, int elsewhere) {
    long here = hart.pc();
    for (int count = 1; count < 1000; count++) {
      HotPlaces.Place hot = places.sample(hart, 0);
      if (hot != null) {
        assertEquals(pc, hot.pc);
        return count;
      }
      for (int i = 0; i < elsewhere; i++) {
        hart.pc(other += 4);
        assertNull(places.sample(hart, 0));
      }
      hart.pc(here);
    }
    throw new AssertionError("never");
  }

  @Test
  void severalSamplesMakeAPlaceHotAndAsManyOnceMore() {
    assertEquals(16, samplesUntilHot(FUNCTION));
    assertEquals(16, samplesUntilHot(FUNCTION));
  }

  @Test
  void fewDoIfTheyAreAQuarterOfAllMeanwhile() {
    assertEquals(4, samplesUntilHot(FUNCTION, MANY - 1));
    assertEquals(16, samplesUntilHot(FUNCTION, MANY));
    assertEquals(4, samplesUntilHot(FUNCTION, 0));
    assertEquals(16, samplesUntilHot(FUNCTION, MANY));
  }

  @Test
  void whatWasBeforeAPlaceWasFoundDoesNotCount() {
    for (int i = 0; i < 1000; i++) {
      hart.pc(other += 4);
      assertNull(places.sample(hart, 0));
    }
    hart.pc(FUNCTION);
    assertEquals(4, samplesUntilHot(FUNCTION, MANY - 1));
  }

  @Test
  void aSingleOneDoesWhereAllIsHotAtOnce() {
    assertSame(atOnce.at(FUNCTION, 0), atOnce.sample(hart, 0));
  }

  @Test
  void modesHavePlacesOfTheirOwn() {
    for (int i = 0; i < 3; i++) {
      assertNull(places.sample(hart, 0));
      assertNull(places.sample(hart, 1));
    }
    assertSame(places.at(FUNCTION, 1), places.sample(hart, 1));
    assertSame(places.at(FUNCTION, 0), places.sample(hart, 0));
  }

  /** A function whose own loops have been seen to may be called by a loop. */
  @Test
  void whatIsDoneCountsForWhereItReturnsTo() {
    places.at(FUNCTION, 0).done = true;
    assertEquals(16, samplesUntilHot(CALLER));
    assertTrue(places.at(CALLER, 0).registers.suppositions().isEmpty(), "they are the function's");
    places.at(CALLER, 0).done = true;
    for (int i = 0; i < 100; i++) {
      assertNull(places.sample(hart, 0));
    }
  }

  @Test
  void itDoesNotWhereAllIsHotAtOnce() {
    atOnce.at(FUNCTION, 0).done = true;
    assertNull(atOnce.sample(hart, 0));
  }

  @Test
  void whatIsBusyIsLeftAlone() {
    places.at(FUNCTION, 0).isBusy = true;
    for (int i = 0; i < 100; i++) {
      assertNull(places.sample(hart, 0));
    }
  }

  @Test
  void registersAreSeenAtTheirOwnPlace() {
    places.sample(hart, 0);
    assertFalse(places.at(FUNCTION, 0).registers.suppositions().isEmpty());
  }

  @Test
  void aPlaceIsComeBackToSoonOrLate() {
    places.at(FUNCTION, 0).comeBackSoon();
    assertEquals(1, samplesUntilHot(FUNCTION));
    places.at(FUNCTION, 0).startAgainLate();
    assertEquals(128, samplesUntilHot(FUNCTION));
    assertEquals(16, samplesUntilHot(FUNCTION));
  }

  /** A loop of so many instructions, with branches. */
  private static RegionOutline loop(int length) {
    int inc = Encoder.encode(Opcode.ADDI, 10, 10, 1);
    CodeSource code =
        pc -> {
          int i = (int) (pc - FUNCTION) / 4;
          int back = Encoder.encode(Opcode.JAL, 0, -4 * (length - 1));
          int branch = Encoder.encode(Opcode.BNE, 10, 11, 4);
          int instruction = i == length - 1 ? back : i % 10 == 5 ? branch : inc;
          return i < 0 || i >= length ? -1 : instruction >>> (pc % 4 * 8) & 0xffff;
        };
    return RegionFinder.loopsAround(code, FUNCTION, true).getFirst();
  }

  @Test
  void aLargeLoopIsWorthAsManySamplesAsItTakesMillisecondsToCompile() {
    for (int i = 1; i < 40; i++) {
      hart.pc(FUNCTION + i % 2 * 4);
      places.sample(hart, 0);
      places.sample(hart, 1);
    }
    assertTrue(places.isWorth(loop(300), 2));
    assertTrue(atOnce.isWorth(loop(400), 0));
    assertTrue(places.isWorth(loop(390), 0));
    assertFalse(places.isWorth(loop(400), 0));
    hart.pc(FUNCTION + 40);
    places.sample(hart, 0);
    assertTrue(places.isWorth(loop(400), 0));
    assertFalse(places.isWorth(loop(400), 1));
  }

  @Test
  void allMayBeForgotten() {
    for (int i = 0; !places.areMany(); i++) {
      hart.pc(4 * i);
      places.sample(hart, 0);
    }
    places.clear();
    assertFalse(places.areMany());
    assertEquals(16, samplesUntilHot(hart.pc()));
  }
}
