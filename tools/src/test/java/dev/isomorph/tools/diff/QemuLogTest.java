package dev.isomorph.tools.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.StateSlot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class QemuLogTest {
  private final GuestState state = new GuestState();

  private static QemuLog log(String text) {
    return new QemuLog(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String dump(long pc, long x10, long f10, int fcsr) {
    return String.format(
        " pc       %016x%n x0/zero  %016x x10/a0   %016x%n fcsr     %016x%n f10/fa0  %016x%n",
        pc, 0, x10, fcsr, f10);
  }

  @Test
  void eachDumpIsAState() throws IOException {
    QemuLog log =
        log(
            "some words\n"
                + dump(0x10000, 1, -1, 0)
                + dump(0x10002, 2, -1, 0x21)
                + dump(0x10002, 2, 5, 0x21));
    assertTrue(log.read(state));
    assertEquals(0x10000, state.pc);
    assertEquals(1, state.registers[10]);
    assertEquals(-1, state.registers[StateSlot.f(10)]);
    assertTrue(log.read(state));
    assertEquals(0x10002, state.pc);
    assertEquals(2, state.registers[10]);
    assertEquals(0x21, state.fcsr);
    assertTrue(log.read(state));
    assertEquals(5, state.registers[StateSlot.f(10)]);
    assertFalse(log.read(state));
  }

  @Test
  void longLogsAreRead() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append(dump(0x10000 + 2L * i, i, (long) i << 32, i & 0xff));
    }
    QemuLog log = log(text.toString());
    for (int i = 0; i < 10_000; i++) {
      assertTrue(log.read(state));
      assertEquals(0x10000 + 2L * i, state.pc);
      assertEquals(i, state.registers[10]);
      assertEquals((long) i << 32, state.registers[StateSlot.f(10)]);
      assertEquals(i & 0xff, state.fcsr);
    }
    assertFalse(log.read(state));
  }

  @Test
  void anythingElseBetweenDumpsIsAnError() throws IOException {
    QemuLog log =
        log(
            dump(0x10000, 1, 0, 0)
                + dump(0x10002, 1, 0, 0)
                + dump(0, 0, 0, 0).replace("x10/a0", "x11/a1"));
    assertTrue(log.read(state));
    assertTrue(log.read(state));
    assertThrows(IOException.class, () -> log.read(state));
  }

  @Test
  void nothingIsNoDump() throws IOException {
    assertFalse(log("").read(state));
    assertFalse(log("qemu: cannot\n").read(state));
  }
}
