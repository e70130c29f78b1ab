package dev.isomorph.systemvm.machine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.systemvm.device.DeviceChecks;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InputJournalTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("input");
  }

  /** The host's end, which is typed at. */
  private static final class Keyboard implements CharBackend {
    private CharFrontend machine;
    private final StringBuilder shown = new StringBuilder();
    private int room = Integer.MAX_VALUE;

    void type(String text) {
      byte[] bytes = text.getBytes(US_ASCII);
      assertEquals(bytes.length, machine.receive(bytes, 0, bytes.length));
    }

    @Override
    public void connect(CharFrontend frontend) {
      machine = frontend;
    }

    @Override
    public synchronized int write(byte[] bytes, int offset, int length) {
      int taken = Math.min(room, length);
      shown.append(new String(bytes, offset, taken, US_ASCII));
      room -= taken;
      return taken;
    }

    synchronized void room(int bytes) {
      room = bytes;
      machine.writable();
    }

    @Override
    public void acceptInput() {}

    @Override
    public void close() {}
  }

  /** A device with room for a few bytes at a time. */
  private static final class SmallDevice implements CharFrontend {
    private final StringBuilder got = new StringBuilder();
    private int room = 3;

    @Override
    public int receive(byte[] bytes, int offset, int length) {
      int taken = Math.min(room, length);
      got.append(new String(bytes, offset, taken, US_ASCII));
      room -= taken;
      return taken;
    }

    @Override
    public void receiveBreak() {
      got.append('!');
    }

    @Override
    public void writable() {}
  }

  private final Keyboard keyboard = new Keyboard();
  private final SmallDevice device = new SmallDevice();

  private CharBackend connect(InputJournal journal) {
    CharBackend line = journal.line("serial", keyboard);
    line.connect(device);
    return line;
  }

  /** A session in which the device is slow; what it got is in the file. */
  private void record() throws IOException {
    try (InputJournal journal = new InputJournal(file, null, () -> {})) {
      CharBackend line = connect(journal);
      assertFalse(journal.hasSomething());
      keyboard.type("hello");
      assertTrue(journal.hasSomething());
      assertEquals("", device.got.toString());
      journal.deliver(100);
      assertEquals("hel", device.got.toString());
      journal.deliver(200);
      assertFalse(journal.hasSomething());
      device.room = 9;
      line.acceptInput();
      journal.deliver(300);
      keyboard.machine.receiveBreak();
      journal.deliver(400);
      assertEquals("hello!", device.got.toString());
    }
  }

  @Test
  void whatIsTypedWaitsForTheMachineAndIsWrittenDown() throws IOException {
    record();
    assertEquals(
        List.of("isomorph input 1", "100 serial 68656c", "300 serial 6c6f", "400 serial break"),
        Files.readAllLines(file));
  }

  @Test
  void whatWasWrittenDownComesAtItsTime() throws IOException {
    record();
    device.got.setLength(0);
    device.room = 100;
    try (InputJournal journal = new InputJournal(null, file, () -> {})) {
      connect(journal);
      keyboard.type("not heard");
      journal.deliver(99);
      assertEquals("", device.got.toString());
      journal.deliver(100);
      assertEquals("hel", device.got.toString());
      journal.deliver(1000);
      assertEquals("hello!", device.got.toString());
    }
  }

  @Test
  void whatCameBeforeASnapshotIsPassedOver() throws IOException {
    record();
    device.room = 100;
    byte[] saved;
    try (InputJournal journal = new InputJournal(null, file, () -> {})) {
      connect(journal);
      journal.deliver(300);
      saved = DeviceChecks.saved(journal);
    }
    assertEquals("!", afterSnapshot(saved, file));
  }

  /** A device is given twice something while no step is done, and the machine saved in between. */
  @Test
  void aSnapshotMayComeBetweenTwoInputsAtTheSameTime() throws IOException {
    device.room = 100;
    byte[] saved;
    try (InputJournal journal = new InputJournal(file, null, () -> {})) {
      connect(journal);
      keyboard.type("a");
      journal.deliver(100);
      saved = DeviceChecks.saved(journal);
      keyboard.type("b");
      journal.deliver(100);
    }
    assertEquals("b", afterSnapshot(saved, file));
    Path other = folder.resolve("other");
    try (InputJournal journal = new InputJournal(other, null, () -> {})) {
      connect(journal);
      DeviceChecks.restored(saved, journal);
      keyboard.type("c");
      journal.deliver(100);
    }
    assertEquals(
        List.of("isomorph input 1", "after 100 1", "100 serial 63"), Files.readAllLines(other));
    assertEquals("c", afterSnapshot(saved, other));
  }

  /** What a machine is given that goes on after a snapshot. */
  private String afterSnapshot(byte[] saved, Path recorded) throws IOException {
    device.got.setLength(0);
    try (InputJournal journal = new InputJournal(null, recorded, () -> {})) {
      connect(journal);
      DeviceChecks.restored(saved, journal);
      journal.deliver(1000);
    }
    return device.got.toString();
  }

  /** Has the machine's thread send a word, and waits until it waits. */
  private Thread send(CharBackend line) {
    keyboard.room = 2;
    Thread machine = new Thread(() -> line.write("hello".getBytes(US_ASCII), 0, 5));
    machine.start();
    while (machine.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return machine;
  }

  @Test
  void whereTheHostIsSlowTheMachineWaitsForIt() throws Exception {
    try (InputJournal journal = new InputJournal(null, null, () -> {})) {
      Thread machine = send(connect(journal));
      keyboard.room(1);
      keyboard.room(9);
      machine.join();
      assertEquals("hello", keyboard.shown.toString());
    }
  }

  @Test
  void whoeverTurnsTheMachineOffNeedNotWaitForTheHost() throws Exception {
    try (InputJournal journal = new InputJournal(null, null, () -> {})) {
      CharBackend line = connect(journal);
      Thread machine = send(line);
      journal.powerIs(false);
      machine.join();
      assertEquals(5, line.write("hello".getBytes(US_ASCII), 0, 5));
      assertEquals("he", keyboard.shown.toString());
      journal.powerIs(true);
      send(line);
      keyboard.room(3);
    }
  }

  @Test
  void aFullDiskIsToldInALine() {
    assumeTrue(Files.exists(FULL));
    String told =
        assertThrows(IOException.class, () -> new InputJournal(FULL, null, () -> {})).getMessage();
    assertTrue(told.startsWith("what is input cannot be recorded: "), told);
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    refuse("hello\n", "no recorded input");
    refuse("", "no recorded input");
    refuse("isomorph input 1\n1 serial 6\n", "line 2");
    refuse("isomorph input 1\n1 serial 66\nx serial 66\n", "line 3");
    refuse("isomorph input 1\n1 serial\n", "line 2");
    refuse("isomorph input 1\n1 serial sideways\n", "line 2");
    refuse("isomorph input 1\n-1 serial 66\n", "line 2");
    refuse("isomorph input 1\n2 serial 66\n1 serial 66\n", "line 3");
    refuse("isomorph input 1\nafter 1\n", "line 2");
    Files.write(file, new byte[] {(byte) 0xff, 0, 1});
    refuse("no recorded input");
  }

  @Test
  void whatAMachineDoesNotHaveIsRefused() throws IOException {
    for (String what : List.of("serial up", "nothing 66")) {
      Files.writeString(file, "isomorph input 1\n1 serial 66\n2 " + what + "\n");
      try (InputJournal journal = new InputJournal(null, file, () -> {})) {
        connect(journal);
        String told = assertThrows(IOException.class, journal::requireSources).getMessage();
        assertTrue(told.contains("line 3 is input of another machine"), told);
      }
    }
  }

  private void refuse(String content, String why) throws IOException {
    Files.writeString(file, content);
    refuse(why);
  }

  private void refuse(String why) {
    String told =
        assertThrows(IOException.class, () -> new InputJournal(null, file, () -> {})).getMessage();
    assertTrue(told.contains(why), told);
  }
}
