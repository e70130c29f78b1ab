package dev.isomorph.systemvm.device.serial;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A machine's end of a line that a test waits on. */
final class Listener implements CharFrontend {
  private final StringBuilder heard = new StringBuilder();
  private int room = Integer.MAX_VALUE;
  private int breaks;
  private int timesWritable;
  private int timesOpened;
  private Consumer<Runnable> afterwards = Runnable::run;

  @Override
  public synchronized int receive(byte[] bytes, int offset, int length) {
    int taken = Math.min(length, room);
    heard.append(new String(bytes, offset, taken, StandardCharsets.ISO_8859_1));
    room -= taken;
    notifyAll();
    return taken;
  }

  @Override
  public synchronized void receiveBreak() {
    breaks++;
    notifyAll();
  }

  @Override
  public synchronized void writable() {
    timesWritable++;
    notifyAll();
  }

  @Override
  public synchronized void opened() {
    timesOpened++;
  }

  @Override
  public void afterInput(Runnable what) {
    afterwards.accept(what);
  }

  /** Has what is to be done after input done some time. */
  void later(Consumer<Runnable> when) {
    afterwards = when;
  }

  synchronized int timesOpened() {
    return timesOpened;
  }

  synchronized void setRoom(int bytes) {
    room = bytes;
  }

  synchronized int breaks() {
    return breaks;
  }

  synchronized String heard() {
    return heard.toString();
  }

  synchronized int timesWritable() {
    return timesWritable;
  }

  synchronized void awaitText(String expected) throws InterruptedException {
    while (!heard.toString().equals(expected)) {
      wait();
    }
  }
}
