package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.systemvm.device.MachineControl;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import dev.isomorph.systemvm.memory.Ram;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostTargetInterfaceTest implements MachineControl, CharBackend {
  private static final long BASE = 0x8000_0000L;
  private static final long TO_HOST = BASE + 0x40;
  private static final long FROM_HOST = BASE + 0x80;
  private static final long CALL = BASE + 0x100;
  private static final long TEXT = BASE + 0x200;

  private final Ram ram = new Ram(BASE, 4096);
  private final StringBuilder printed = new StringBuilder();
  private int status = -1;

  @AfterEach
  @Override
  public void close() {
    ram.close();
  }

  private void tell(long word) {
    ram.putLong(TO_HOST, word);
    new HostTargetInterface(ram, TO_HOST, FROM_HOST, this, this).stored(word);
  }

  private long call(long number, long address, long length) {
    ram.putLong(CALL, number);
    ram.putLong(CALL + 16, address);
    ram.putLong(CALL + 24, length);
    tell(CALL);
    return ram.getLong(CALL);
  }

  @Override
  public void powerOff(int with) {
    status = with;
  }

  @Override
  public void reset() {
    throw new AssertionError();
  }

  @Override
  public int write(byte[] text, int offset, int length) {
    printed.append(new String(text, offset, length, StandardCharsets.US_ASCII));
    return length;
  }

  @Override
  public void connect(CharFrontend frontend) {
    throw new AssertionError();
  }

  @Override
  public void acceptInput() {
    throw new AssertionError();
  }

  @Test
  void nothingIsWanted() {
    tell(0);
    assertEquals(-1, status);
    assertEquals(0, ram.getLong(FROM_HOST));
  }

  @Test
  void programsEnd() {
    tell(1);
    assertEquals(0, status);
    tell(5 << 1 | 1);
    assertEquals(5, status);
    assertEquals(0, ram.getLong(TO_HOST));
  }

  @Test
  void programsPrint() {
    tell(0x0101_0000_0000_0000L | '!');
    ram.write(TEXT, "hello".getBytes(StandardCharsets.US_ASCII), 0, 5);
    assertEquals(5, call(64, TEXT, 5));
    assertEquals(1, ram.getLong(FROM_HOST));
    assertEquals("!hello", printed.toString());
  }

  @Test
  void whatIsWrongIsRefused() {
    assertEquals(-1, call(63, TEXT, 5));
    assertEquals(-1, call(64, TEXT, 4097));
    assertEquals(-1, call(64, TEXT, -1));
    assertEquals(-1, call(64, 0x1000, 5));
    tell(0x1000);
    tell(BASE + 4090 & -2);
    assertEquals("", printed.toString());
    assertEquals(-1, status);
  }

  @Test
  void thereMayBeNoAnswer() {
    new HostTargetInterface(ram, TO_HOST, 0, this, this).stored(3);
    new HostTargetInterface(ram, TO_HOST, 0x1000, this, this).stored(3);
    assertEquals(1, status);
  }
}
