package dev.isomorph.systemvm.device.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.device.MemoryBackend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

final class CharMuxTest {
  private final MemoryBackend terminal = new MemoryBackend();
  private int quits;
  private final CharMux mux = new CharMux(terminal, Runnable::run, () -> quits++);
  private final CharBackend console = mux.port();
  private final CharBackend monitor = mux.port();
  private final Listener guest = new Listener();
  private final Listener operator = new Listener();

  CharMuxTest() {
    console.connect(guest);
    monitor.connect(operator);
  }

  private static int write(CharBackend backend, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return backend.write(bytes, 0, bytes.length);
  }

  @Test
  void keysGoToTheConsoleFirst() {
    assertEquals(5, terminal.type("hello"));
    assertEquals("hello", guest.heard());
    assertEquals("", operator.heard());
  }

  @Test
  void theKeyboardIsSwitched() {
    terminal.type("a\1cb\1cc");
    assertEquals("ac", guest.heard());
    assertEquals("b", operator.heard());
    assertEquals(1, operator.timesOpened());
  }

  @Test
  void escapesAreForIsomorph() {
    terminal.type("\1x");
    assertEquals(1, quits);
    terminal.type("\1b");
    assertEquals(1, guest.breaks());
    terminal.type("\1");
    terminal.type("h");
    assertTrue(terminal.sent().contains("Ctrl-A x"), "help, also when its keys come apart");
    terminal.type("\1z\1\1");
    assertEquals("\1", guest.heard());
  }

  @Test
  void whatTheMonitorWasToldIsDoneBeforeTheEnd() {
    Deque<Runnable> later = new ArrayDeque<>();
    operator.later(later::add);
    terminal.type("\1c");
    terminal.type("save\1x");
    assertEquals(0, quits);
    later.remove().run();
    assertEquals(1, quits);
    terminal.type("\1x");
    assertEquals(2, quits, "who does not want to wait asks again");
  }

  @Test
  void aBusyGuestDoesNotKeepTheEscapesAway() {
    guest.setRoom(1);
    assertEquals(6, terminal.type("abcd\1x"));
    assertEquals(1, quits);
    assertEquals("a", guest.heard());
    guest.setRoom(2);
    console.acceptInput();
    assertEquals("abc", guest.heard());
    guest.setRoom(9);
    console.acceptInput();
    assertEquals("abcd", guest.heard());
  }

  @Test
  void muchTypedAheadIsHeldBackAtTheTerminal() {
    guest.setRoom(0);
    String much = "x".repeat(100_000);
    int taken = terminal.type(much);
    assertTrue(taken < much.length());
    int before = terminal.inputRequests();
    guest.setRoom(10);
    console.acceptInput();
    assertTrue(terminal.inputRequests() > before);
    assertEquals(10, terminal.type(much));
  }

  @Test
  void allWriteToTheTerminalAndHearOfRoom() {
    write(console, "one ");
    write(monitor, "two");
    assertEquals("one two", terminal.sent());
    terminal.setRoom(0);
    assertEquals(0, write(monitor, "three"));
    terminal.setRoom(9);
    assertEquals(0, guest.timesWritable());
    assertEquals(1, operator.timesWritable());
  }
}
