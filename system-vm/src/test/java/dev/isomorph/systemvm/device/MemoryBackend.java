package dev.isomorph.systemvm.device;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A backend of the test's own: it keeps what is sent and takes as much as it is told to. */
public final class MemoryBackend implements CharBackend {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private CharFrontend frontend;
  private int room = Integer.MAX_VALUE;
  private int inputRequests;

  @Override
  public void connect(CharFrontend frontend) {
    this.frontend = frontend;
  }

  @Override
  public int write(byte[] bytes, int offset, int length) {
    int taken = Math.min(room, length);
    sent.write(bytes, offset, taken);
    room -= taken;
    return taken;
  }

  @Override
  public void acceptInput() {
    inputRequests++;
  }

  @Override
  public void close() {}

  /** From now on takes so many bytes and no more. */
  public void setRoom(int bytes) {
    room = bytes;
    frontend.writable();
  }

  /** Sends to the machine; returns how many bytes it took. */
  public int type(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return frontend.receive(bytes, 0, bytes.length);
  }

  public void sendBreak() {
    frontend.receiveBreak();
  }

  public String sent() {
    return sent.toString(StandardCharsets.ISO_8859_1);
  }

  public int inputRequests() {
    return inputRequests;
  }
}
