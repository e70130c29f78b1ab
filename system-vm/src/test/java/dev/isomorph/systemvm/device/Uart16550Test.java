package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class Uart16550Test {
  private static final int DATA = 0;
  private static final int IER = 1;
  private static final int IIR = 2;
  private static final int FCR = 2;
  private static final int LCR = 3;
  private static final int MCR = 4;
  private static final int LSR = 5;
  private static final int MSR = 6;
  private static final int SCR = 7;

  private final ManualClock clock = new ManualClock();
  private final RecordedLine line = new RecordedLine();
  private final MemoryBackend backend = new MemoryBackend();
  private final Uart16550 uart = new Uart16550(clock, line, backend);

  private int in(int register) {
    return (int) uart.read(register, 1);
  }

  private void out(int register, int value) {
    uart.write(register, 1, value);
  }

  private void send(String text) {
    text.chars().forEach(c -> out(DATA, c));
  }

  private String receiveAll() {
    StringBuilder text = new StringBuilder();
    while ((in(LSR) & 1) != 0) {
      text.append((char) in(DATA));
    }
    return text.toString();
  }

  @Test
  void stateAfterPowerOn() {
    assertEquals(0x60, in(LSR));
    assertEquals(1, in(IIR));
    assertEquals(0xb0, in(MSR));
    assertEquals(0, in(IER));
    assertEquals(0, in(LCR));
    assertFalse(line.isHigh());
  }

  @Test
  void registersKeepTheBitsTheyHave() {
    out(SCR, 0xa5);
    out(IER, 0xff);
    out(LCR, 0x7f);
    out(MCR, 0xff);
    assertEquals(0xa5, in(SCR));
    assertEquals(0x0f, in(IER));
    assertEquals(0x7f, in(LCR));
    assertEquals(0x1f, in(MCR));
    out(LSR, 0xff);
    assertEquals(0x60, in(LSR));
  }

  @Test
  void theLatchHidesDataAndInterruptEnable() {
    out(IER, 5);
    out(LCR, 0x83);
    out(DATA, 0x34);
    out(IER, 0x12);
    assertEquals(0x34, in(DATA));
    assertEquals(0x12, in(IER));
    out(LCR, 3);
    assertEquals(5, in(IER));
    assertEquals("", backend.sent());
  }

  @Test
  void whatIsSentGoesOutInOrder() {
    send("without");
    out(FCR, 1);
    send(" and with FIFOs");
    assertEquals("without and with FIFOs", backend.sent());
    assertEquals(0x60, in(LSR));
  }

  @Test
  void aBackendThatTakesNothingMakesTheTransmitterBusy() {
    out(FCR, 1);
    backend.setRoom(1);
    send("ab");
    assertEquals(0, in(LSR) & 0x60);
    send("cdefghijklmnopqrst");
    assertEquals("a", backend.sent());
    backend.setRoom(3);
    assertEquals("abcd", backend.sent());
    assertEquals(0, in(LSR) & 0x60);
    backend.setRoom(100);
    assertEquals("abcdefghijklmnopq", backend.sent(), "sixteen fit");
    assertEquals(0x60, in(LSR) & 0x60);
  }

  @Test
  void theTransmitterInterruptsWhenItBecomesEmptyAndWhenEnabledWhileEmpty() {
    out(IER, 2);
    assertTrue(line.isHigh());
    assertEquals(2, in(IIR));
    assertFalse(line.isHigh(), "reading what it is takes it back");
    assertEquals(1, in(IIR));
    out(IER, 0);
    out(IER, 2);
    assertEquals(2, in(IIR));
    out(IER, 2);
    assertFalse(line.isHigh(), "it was enabled already");
    backend.setRoom(0);
    send("x");
    assertFalse(line.isHigh());
    backend.setRoom(1);
    assertTrue(line.isHigh());
    assertEquals(2, in(IIR));
  }

  @Test
  void registersThatAreOnlyReadAskForNothing() {
    out(IER, 2);
    assertTrue(line.isHigh());
    int requests = line.requests();
    for (int register : new int[] {IER, LCR, MCR, LSR, MSR, SCR}) {
      uart.read(register, 1);
    }
    assertTrue(line.isHigh());
    assertEquals(requests, line.requests());
  }

  @Test
  void withoutFifosOneByteIsTakenAndTheNextAskedFor() {
    out(IER, 1);
    assertEquals(1, backend.type("ab"));
    assertTrue(line.isHigh());
    assertEquals(4, in(IIR));
    assertEquals(0x61, in(LSR));
    assertEquals(0, backend.inputRequests());
    assertEquals('a', in(DATA));
    assertEquals(1, backend.inputRequests());
    assertFalse(line.isHigh());
    assertEquals(0x60, in(LSR));
    in(DATA);
    assertEquals(1, backend.inputRequests(), "asked for once");
  }

  @Test
  void fifosInterruptAtTheTriggerLevel() {
    out(IER, 1);
    out(FCR, 0x81);
    assertEquals(7, backend.type("1234567"));
    assertEquals(0xc1, in(IIR));
    backend.type("8");
    assertTrue(line.isHigh());
    assertEquals(0xc4, in(IIR));
    assertEquals(8, backend.type("123456789"), "room for sixteen");
    assertEquals("1234567812345678", receiveAll());
    assertEquals(1, backend.inputRequests());
    assertFalse(line.isHigh());
  }

  @Test
  void fewBytesInterruptAfterFourCharacters() {
    out(LCR, 0x83);
    out(DATA, 2); // 115200 baud: a character of ten bits takes 868 ticks
    out(LCR, 3);
    out(IER, 1);
    out(FCR, 0xc1);
    backend.type("a");
    clock.advance(3400);
    assertFalse(line.isHigh());
    clock.advance(100);
    assertTrue(line.isHigh());
    assertEquals(0xcc, in(IIR));
    assertEquals('a', in(DATA));
    assertFalse(line.isHigh());
    clock.advance(10_000);
    assertFalse(line.isHigh(), "nothing is left to tell of");
  }

  @Test
  void clearedOrSwitchedFifosForget() {
    out(FCR, 1);
    backend.type("abc");
    out(FCR, 3);
    assertEquals("", receiveAll());
    backend.type("d");
    out(FCR, 0);
    assertEquals("", receiveAll());
    assertEquals(1, in(IIR));
    out(FCR, 1);
    backend.setRoom(0);
    send("x");
    out(FCR, 5);
    assertEquals(0x60, in(LSR));
    backend.setRoom(9);
    assertEquals("", backend.sent());
  }

  @Test
  void aBreakIsAnErrorWithAZeroByte() {
    out(IER, 4);
    backend.sendBreak();
    assertTrue(line.isHigh());
    assertEquals(6, in(IIR));
    assertEquals(0x71, in(LSR));
    assertEquals(0x61, in(LSR), "told once");
    assertFalse(line.isHigh());
    assertEquals(0, in(DATA));
  }

  @Test
  void loopbackGivesBackWhatIsSentAndTheModemLines() {
    out(MCR, 0x1a);
    assertEquals(0x90, in(MSR) & 0xf0, "what Linux looks for to find a UART");
    out(FCR, 1);
    send("loop");
    assertEquals(0, backend.type("x"));
    assertEquals("loop", receiveAll());
    send("0123456789abcdefg");
    assertEquals(0x63, in(LSR), "overrun");
    assertEquals("0123456789abcdef", receiveAll());
    assertEquals("", backend.sent());
    out(MCR, 8);
    assertEquals(1, backend.inputRequests());
    assertEquals(1, backend.type("x"));
  }

  @Test
  void withoutFifosAnOverrunTakesTheNewByte() {
    out(MCR, 0x10);
    send("ab");
    assertEquals(0x63, in(LSR));
    assertEquals('b', in(DATA));
  }

  @Test
  void changesOfTheModemLinesAreToldOnce() {
    out(MCR, 0x10);
    in(MSR);
    out(IER, 8);
    out(MCR, 0x14);
    assertFalse(line.isHigh(), "the begin of a ring is not told");
    out(MCR, 0x11);
    assertTrue(line.isHigh());
    assertEquals(0, in(IIR));
    assertEquals(0x26, in(MSR));
    assertEquals(0x20, in(MSR));
    assertFalse(line.isHigh());
  }

  @Test
  void interruptsComeByUrgency() {
    out(IER, 0xf);
    backend.sendBreak();
    assertEquals(6, in(IIR));
    in(LSR);
    assertEquals(4, in(IIR));
    in(DATA);
    assertEquals(2, in(IIR));
    assertEquals(1, in(IIR));
  }

  @Test
  void wideAccessesAreOfOneRegister() {
    uart.write(SCR - 3, 4, 0x0403_0201);
    assertEquals(1, in(MCR));
    assertEquals(1, uart.read(MCR, 4));
    assertEquals(0, in(SCR));
    assertThrows(BusFault.class, () -> uart.read(8, 1));
    assertThrows(BusFault.class, () -> uart.write(8, 1, 0));
  }

  @Test
  void aRestoredUartGoesOn() {
    out(FCR, 0x81);
    out(IER, 3);
    out(LCR, 3);
    in(IIR);
    backend.setRoom(0);
    send("out");
    backend.type("in");
    ManualClock otherClock = new ManualClock();
    RecordedLine otherLine = new RecordedLine();
    MemoryBackend otherBackend = new MemoryBackend();
    Uart16550 other = new Uart16550(otherClock, otherLine, otherBackend);
    otherBackend.setRoom(0);
    DeviceChecks.carryOver(uart, other);
    otherBackend.setRoom(9);
    assertEquals("out", otherBackend.sent());
    assertEquals(0xc2, other.read(IIR, 1));
    assertFalse(otherLine.isHigh());
    otherClock.advance(100_000);
    assertTrue(otherLine.isHigh());
    assertEquals(0xcc, other.read(IIR, 1));
    assertEquals('i', other.read(DATA, 1));
  }

  @Test
  void firmwareUsesTheLineBetweenTheGuestsBytes() {
    byte[] text = {'h', 'i', '!'};
    assertEquals(-1, uart.typed());
    backend.type("k");
    assertEquals('k', uart.typed());
    assertEquals(-1, uart.typed());
    assertEquals(2, uart.print(text, 0, 2));
    backend.setRoom(0);
    send("x");
    assertEquals(0, uart.print(text, 2, 1));
    backend.setRoom(2);
    assertEquals(1, uart.print(text, 2, 1));
    assertEquals("hix!", backend.sent());
    out(IER, 1);
    backend.type("k");
    assertTrue(line.isHigh());
    uart.typed();
    assertFalse(line.isHigh());
  }

  @Test
  void resetGoesBackToPowerOn() {
    out(FCR, 1);
    out(IER, 0xf);
    out(LCR, 0x83);
    backend.type("abc");
    uart.reset();
    stateAfterPowerOn();
    assertEquals("", receiveAll());
  }

  @Property(tries = 100)
  void standsGarbage(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      DeviceChecks.bombard(uart, 16, random, 50);
      backend.type("garbage in");
      backend.setRoom(random.nextInt(3));
      clock.advance(random.nextInt(10_000));
    }
    DeviceChecks.carryOver(uart, uart);
  }
}
