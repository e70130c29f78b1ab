package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GoldfishRtcTest {
  private static final long START = 0x1234_5678_9abc_def0L;

  private final ManualClock clock = new ManualClock();
  private final RecordedLine line = new RecordedLine();
  private final GoldfishRtc rtc = new GoldfishRtc(clock, line, 0);

  @BeforeEach
  void start() {
    clock.setWallNanoseconds(START);
  }

  private long time() {
    return rtc.read(0, 4) | rtc.read(4, 4) << 32;
  }

  private void setAlarm(long nanoseconds) {
    rtc.write(0xc, 4, nanoseconds >>> 32);
    rtc.write(8, 4, nanoseconds & 0xffff_ffffL);
  }

  @Test
  void tellsTheTime() {
    assertEquals(START, time());
  }

  @Test
  void theHighWordIsThatOfTheLastLowOne() {
    clock.setWallNanoseconds(0x1_ffff_ffffL);
    assertEquals(0xffff_ffffL, rtc.read(0, 4));
    clock.setWallNanoseconds(0x2_0000_0000L);
    assertEquals(1, rtc.read(4, 4));
  }

  @Test
  void theGuestSetsItsOwnTime() {
    rtc.write(4, 4, 5);
    rtc.write(0, 4, 6);
    assertEquals(0x5_0000_0006L, time());
    clock.advance(1);
    assertEquals(0x5_0000_006aL, time());
    assertEquals(START + 100, clock.wallNanoseconds());
  }

  @Test
  void theAlarmInterruptsUntilCleared() {
    rtc.write(0x10, 4, 1);
    setAlarm(START + 1000);
    assertEquals(1, rtc.read(0x18, 4));
    assertEquals((START + 1000) & 0xffff_ffffL, rtc.read(8, 4));
    assertEquals(START >>> 32, rtc.read(0xc, 4));
    clock.advance(9);
    assertFalse(line.isHigh());
    clock.advance(2);
    assertTrue(line.isHigh());
    assertEquals(0, rtc.read(0x18, 4));
    rtc.write(0x1c, 4, 1);
    assertFalse(line.isHigh());
  }

  @Test
  void anAlarmInThePastInterruptsAtOnceWhenEnabled() {
    setAlarm(START - 1);
    assertFalse(line.isHigh());
    rtc.write(0x10, 4, 1);
    assertTrue(line.isHigh());
    rtc.write(0x10, 4, 0);
    assertFalse(line.isHigh());
  }

  @Test
  void timesAreSigned() {
    rtc.write(0x10, 4, 1);
    setAlarm(Long.MAX_VALUE);
    assertFalse(line.isHigh());
    setAlarm(-1);
    assertTrue(line.isHigh());
  }

  @Test
  void aClearedAlarmStaysSilent() {
    rtc.write(0x10, 4, 1);
    setAlarm(START + 1000);
    rtc.write(0x14, 4, 1);
    assertEquals(0, rtc.read(0x18, 4));
    clock.advance(100);
    assertFalse(line.isHigh());
  }

  @Test
  void anAlarmFollowsTheWall() {
    rtc.write(0x10, 4, 1);
    setAlarm(START + 1000);
    clock.setWallNanoseconds(START - 5000); // the host's clock was set back
    clock.advance(11);
    assertFalse(line.isHigh());
    clock.advance(60);
    assertTrue(line.isHigh());
    rtc.write(0x1c, 4, 1);
    setAlarm(START + 1_000_000);
    rtc.write(4, 4, START + (1L << 32) >>> 32); // the guest's set forward
    assertTrue(line.isHigh());
  }

  @Test
  void onlyWordsAreThere() {
    assertThrows(BusFault.class, () -> rtc.read(0, 8));
    assertThrows(BusFault.class, () -> rtc.write(0, 1, 0));
    assertEquals(0, rtc.read(0x20, 4));
  }

  @Test
  void aRestoredAlarmComes() {
    rtc.write(0x10, 4, 1);
    rtc.write(4, 4, 5);
    setAlarm(time() + 1000);
    ManualClock otherClock = new ManualClock();
    otherClock.setWallNanoseconds(START);
    RecordedLine otherLine = new RecordedLine();
    GoldfishRtc other = new GoldfishRtc(otherClock, otherLine, 0);
    DeviceChecks.carryOver(rtc, other);
    assertFalse(otherLine.isHigh());
    otherClock.advance(11);
    assertTrue(otherLine.isHigh());
  }

  @Test
  void resetKeepsTheTime() {
    rtc.write(0x10, 4, 1);
    setAlarm(START - 1);
    rtc.write(4, 4, 5);
    long time = time();
    rtc.reset();
    assertFalse(line.isHigh());
    assertEquals(0, rtc.read(0x10, 4));
    assertEquals(time, time());
  }

  @Property(tries = 50)
  void standsGarbage(@ForAll long seed) {
    DeviceChecks.bombard(rtc, GoldfishRtc.SIZE, new Random(seed), 500);
  }
}
