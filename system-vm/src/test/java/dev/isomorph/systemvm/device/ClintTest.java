package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class ClintTest {
  private static final int MTIMECMP = 0x4000;
  private static final int MTIME = 0xbff8;

  private final ManualClock clock = new ManualClock();
  private final RecordedLine[] software = {new RecordedLine(), new RecordedLine()};
  private final RecordedLine[] timer = {new RecordedLine(), new RecordedLine()};
  private final Clint clint = new Clint(clock, List.of(software), List.of(timer));

  @Test
  void softwareInterruptsAreOneBitAHart() {
    clint.write(4, 4, 0xffff_ffffL);
    assertEquals(1, clint.read(4, 4));
    assertTrue(software[1].isHigh());
    assertFalse(software[0].isHigh());
    clint.write(4, 4, 2);
    assertEquals(0, clint.read(4, 4));
    assertFalse(software[1].isHigh());
  }

  @Test
  void timerInterruptsComeAtTheirTickAndStay() {
    clint.write(MTIMECMP + 8, 8, 100);
    assertEquals(100, clint.read(MTIMECMP + 8, 8));
    clock.advance(99);
    assertFalse(timer[1].isHigh());
    clock.advance(1);
    assertTrue(timer[1].isHigh());
    clint.write(MTIMECMP + 8, 8, -1);
    assertFalse(timer[1].isHigh(), "a later time takes the interrupt back");
  }

  @Test
  void aTimeInThePastInterruptsAtOnce() {
    clock.advance(50);
    clint.write(MTIMECMP, 8, 50);
    assertTrue(timer[0].isHigh());
    assertEquals(0, clock.timersSet());
  }

  @Test
  void halvesAreReadAndWrittenAlone() {
    clint.write(MTIMECMP, 8, 0x1111_2222_3333_4444L);
    clint.write(MTIMECMP + 4, 4, 0xffff_fff1L);
    assertEquals(0xffff_fff1_3333_4444L, clint.read(MTIMECMP, 8));
    assertEquals(0xffff_fff1L, clint.read(MTIMECMP + 4, 4));
    assertEquals(0x3333_4444L, clint.read(MTIMECMP, 4));
    clint.write(MTIME, 8, 0x5_0000_0006L);
    clint.write(MTIME, 4, 7);
    assertEquals(0x5_0000_0007L, clock.ticks());
    assertEquals(5, clint.read(MTIME + 4, 4));
  }

  @Test
  void writingTimeMovesItUnderTheTimers() {
    clint.write(MTIMECMP, 8, 1000);
    clint.write(MTIME, 8, 990);
    assertFalse(timer[0].isHigh());
    clock.advance(10);
    assertTrue(timer[0].isHigh());
    clint.write(MTIME, 8, 0);
    assertFalse(timer[0].isHigh(), "back before the time");
    clock.advance(1000);
    assertTrue(timer[0].isHigh());
  }

  @Property
  void timerLineIsWhetherTheTimeHasCome(@ForAll long compare, @ForAll long time) {
    clint.write(MTIMECMP, 8, compare);
    clint.write(MTIME, 8, time);
    assertEquals(Long.compareUnsigned(time, compare) >= 0, timer[0].isHigh());
  }

  @Test
  void nothingIsThereBeyondTheHarts() {
    clint.write(8, 4, 1);
    clint.write(MTIMECMP + 16, 8, 5);
    assertEquals(0, clint.read(8, 4));
    assertEquals(0, clint.read(MTIMECMP + 16, 8));
    assertEquals(0, clint.read(0xc000, 4));
    for (long offset : new long[] {0, MTIMECMP, MTIME}) {
      assertThrows(BusFault.class, () -> clint.read(offset, 1));
      assertThrows(BusFault.class, () -> clint.write(offset, 2, 0));
    }
    assertThrows(BusFault.class, () -> clint.read(0, 8));
  }

  @Test
  void resetStartsTimeAgain() {
    clint.write(0, 4, 1);
    clint.write(MTIMECMP, 8, 700);
    clock.advance(5);
    clint.reset();
    assertEquals(0, clint.read(MTIME, 8));
    assertEquals(0, clint.read(0, 4));
    assertFalse(software[0].isHigh());
    assertTrue(timer[0].isHigh());
  }

  @Test
  void aRestoredClintGoesOn() throws IOException {
    clint.write(MTIMECMP, 8, 1000);
    clint.write(4, 4, 1);
    clock.advance(900);
    clint.write(MTIMECMP + 8, 8, 1);
    ManualClock otherClock = new ManualClock();
    RecordedLine[] otherSoftware = {new RecordedLine(), new RecordedLine()};
    RecordedLine[] otherTimer = {new RecordedLine(), new RecordedLine()};
    Clint other = new Clint(otherClock, List.of(otherSoftware), List.of(otherTimer));
    DeviceChecks.carryOver(clint, other);
    assertEquals(900, other.read(MTIME, 8));
    assertTrue(otherSoftware[1].isHigh());
    assertTrue(otherTimer[1].isHigh());
    otherClock.advance(99);
    assertFalse(otherTimer[0].isHigh());
    otherClock.advance(1);
    assertTrue(otherTimer[0].isHigh());
    Clint single =
        new Clint(clock, List.of(new RecordedLine()), List.of(InterruptLine.UNCONNECTED));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(DeviceChecks.saved(clint)));
    assertThrows(IOException.class, () -> single.restore(in, 1));
  }

  @Property(tries = 50)
  void standsGarbage(@ForAll @LongRange(max = 1L << 60) long seed) {
    DeviceChecks.bombard(clint, Clint.SIZE, new Random(seed), 500);
  }
}
