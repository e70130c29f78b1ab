package dev.isomorph.systemvm.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerformanceExtensionTest {
  private static final int PMU = 0x504d55;
  private static final int TIME = 0x54494d45;
  private static final int IPI = 0x735049;
  private static final long ALL = (1 << 18) - 1;
  private static final long SET_TIMER = 0xf0005;
  private static final long IPI_RECEIVED = 0xf0007;
  private static final long NOT_SUPPORTED = -2;
  private static final long INVALID_PARAM = -3;

  private final RecordingPlatform machine = new RecordingPlatform(2);
  private final Sbi sbi = new Sbi(machine);

  private SbiResult call(int hart, int function, long... arguments) {
    return sbi.call(hart, PMU, function, Arrays.copyOf(arguments, 6));
  }

  private static SbiResult error(long code) {
    return new SbiResult.Standard(code, 0);
  }

  private void setTimer(int hart) {
    sbi.call(hart, TIME, 0, new long[6]);
  }

  @Test
  void hasCounters() {
    assertEquals(SbiResult.of(18), call(0, 0));
    assertEquals(SbiResult.of(63 << 12 | 0xc00), call(0, 1, 0));
    assertEquals(SbiResult.of(63 << 12 | 0xc02), call(0, 1, 1));
    assertEquals(SbiResult.of(1L << 63), call(0, 1, 2));
    assertEquals(SbiResult.of(1L << 63), call(0, 1, 17));
    assertEquals(error(INVALID_PARAM), call(0, 1, 18));
    assertEquals(error(INVALID_PARAM), call(0, 1, -1));
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,1", "0xf0005,2", "0xf000d,2"})
  void findsCountersForEvents(String event, long counter) {
    assertEquals(SbiResult.of(counter), call(0, 2, 0, ALL, 0, Long.decode(event)));
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "0x10000", "0x20001", "0xf0000", "0xf000e", "0x1f0005"})
  void countsNothingElse(String event) {
    assertEquals(error(NOT_SUPPORTED), call(0, 2, 0, ALL, 0, Long.decode(event)));
  }

  @Test
  void givesEachCounterOnce() {
    assertEquals(SbiResult.of(2), call(0, 2, 0, ALL, 0, SET_TIMER));
    assertEquals(SbiResult.of(3), call(0, 2, 0, ALL, 0, SET_TIMER));
    assertEquals(SbiResult.of(2), call(1, 2, 0, ALL, 0, SET_TIMER));
    assertEquals(SbiResult.of(0), call(0, 2, 0, ALL, 0, 1));
    assertEquals(error(NOT_SUPPORTED), call(0, 2, 0, ALL, 0, 1));
    call(0, 4, 0, ALL, 1);
    assertEquals(SbiResult.of(0), call(0, 2, 0, ALL, 0, 1));
    assertEquals(SbiResult.of(2), call(0, 2, 0, ALL, 0, SET_TIMER));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "18,1", "17,3", "-1,1", "1,0x40000"})
  void countersMustExist(long base, String mask) {
    long set = Long.decode(mask);
    assertEquals(error(INVALID_PARAM), call(0, 2, base, set, 0, 1));
    assertEquals(error(INVALID_PARAM), call(0, 3, base, set, 0, 0));
    assertEquals(error(INVALID_PARAM), call(0, 4, base, set, 0));
  }

  @Test
  void flagsMustExist() {
    assertEquals(error(INVALID_PARAM), call(0, 2, 0, ALL, 0x100, 1));
    assertEquals(error(INVALID_PARAM), call(0, 3, 2, 1, 4, 0));
    assertEquals(error(INVALID_PARAM), call(0, 4, 2, 1, 4));
    assertEquals(error(-9), call(0, 3, 2, 1, 2, 0));
    assertEquals(error(-9), call(0, 4, 2, 1, 2));
    assertEquals(error(NOT_SUPPORTED), call(0, 7, 0, 0, 0));
  }

  @Test
  void countsWhatFirmwareDoes() {
    setTimer(0);
    call(0, 2, 0, ALL, 0, SET_TIMER);
    setTimer(0);
    assertEquals(SbiResult.of(0), call(0, 5, 2));
    assertEquals(SbiResult.SUCCESS, call(0, 3, 2, 1, 1, 100));
    setTimer(0);
    setTimer(1);
    assertEquals(SbiResult.of(101), call(0, 5, 2));
    assertEquals(error(-7), call(0, 3, 2, 1, 0, 0));
    assertEquals(SbiResult.SUCCESS, call(0, 4, 2, 1, 0));
    setTimer(0);
    assertEquals(SbiResult.of(101), call(0, 5, 2));
    assertEquals(error(-8), call(0, 4, 2, 1, 0));
    assertEquals(SbiResult.SUCCESS, call(0, 3, 2, 1, 0, 0));
    setTimer(0);
    assertEquals(SbiResult.of(102), call(0, 5, 2));
    assertEquals(SbiResult.of(0), call(0, 6, 2));
    assertEquals(error(INVALID_PARAM), call(0, 5, 0));
    assertEquals(error(INVALID_PARAM), call(0, 6, 18));
  }

  @Test
  void countsInterruptsWhereTheyGo() {
    call(1, 2, 0, ALL, 4, IPI_RECEIVED);
    sbi.call(0, IPI, 0, new long[] {3, 0, 0, 0, 0, 0});
    sbi.call(0, IPI, 0, new long[] {1, 0, 0, 0, 0, 0});
    assertEquals(SbiResult.of(1), call(1, 5, 2));
  }

  @Test
  void clearsAndSkipsMatching() {
    call(0, 2, 0, ALL, 4, SET_TIMER);
    setTimer(0);
    assertEquals(SbiResult.of(2), call(0, 2, 2, 1, 1 | 2, 0));
    assertEquals(SbiResult.of(0), call(0, 5, 2));
    setTimer(0);
    assertEquals(SbiResult.of(1), call(0, 5, 2));
  }

  @Test
  void controlsTheHartsCounters() {
    assertEquals(error(-7), call(1, 3, 0, 1, 0, 0));
    assertEquals(SbiResult.SUCCESS, call(1, 4, 0, 3, 0));
    assertEquals(SbiResult.SUCCESS, call(1, 3, 1, 1, 1, 7));
    assertEquals(
        List.of("count 1 0 false", "count 1 2 false", "counter 1 2 = 7", "count 1 2 true"),
        machine.taken());
  }
}
