package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTargetsTest {
  private static final long CALL = 0x1000;

  private final TestMemory memory = new TestMemory();
  private final Engine engine = new Engine(memory, EngineOptions.DEFAULT);
  private final Hart hart = engine.newHart();
  private final CallTargets calls = new CallTargets();

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private void call(long target, int times) {
    for (int i = 0; i < times; i++) {
      calls.add(CALL, target);
    }
  }

  @Test
  void theMostFrequentComesFirst() {
    call(0x30, 2);
    call(0x10, 2);
    call(0x20, 5);
    assertEquals(List.of(0x20L, 0x10L, 0x30L), calls.of(CALL));
    assertEquals(List.of(), calls.of(CALL + 2));
  }

  @Test
  void whatIsCalledSeldomIsNotTold() {
    call(0x10, 100);
    call(0x20, 2);
    assertEquals(List.of(0x10L), calls.of(CALL));
  }

  @Test
  void fewAreTold() {
    for (int i = 0; i < 20; i++) {
      call(0x100 + 4 * i, 20 - i / 10);
    }
    assertEquals(8, calls.of(CALL).size());
    assertTrue(calls.of(CALL).contains(0x100L));
  }

  @Test
  void whatHasBeenSeenIsNotWantedAgain() {
    assertTrue(calls.want(List.of(CALL), hart));
    assertTrue(calls.isWanted(hart));
    assertFalse(calls.isWanted(engine.newHart()));
    calls.add(CALL, 0x20);
    calls.looked();
    assertFalse(calls.isWanted(hart));
    assertFalse(calls.want(List.of(CALL), hart));
    calls.forget(List.of(CALL));
    assertTrue(calls.want(List.of(CALL), hart));
  }

  @Test
  void whatIsNotComeToIsGivenUp() {
    calls.want(List.of(CALL), hart);
    for (int i = 0; i < 3; i++) {
      assertTrue(calls.isWanted(hart));
      calls.looked();
    }
    assertFalse(calls.isWanted(hart));
    assertFalse(calls.want(List.of(CALL), hart));
    assertEquals(List.of(), calls.of(CALL));
  }

  @Test
  void looksAreLimited() {
    for (int i = 0; i < 200; i++) {
      calls.want(List.of(CALL + 4 * i), hart);
      calls.add(CALL + 4 * i, 0x20);
      calls.looked();
    }
    assertFalse(calls.want(List.of(0x9000L), hart));
    assertFalse(calls.isWanted(hart));
  }
}
