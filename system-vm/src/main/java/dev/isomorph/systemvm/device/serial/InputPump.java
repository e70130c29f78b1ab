package dev.isomorph.systemvm.device.serial;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/** Gives a frontend what comes from a stream; whoever runs it is the thread that waits. */
final class InputPump implements Runnable {
  private static final int CHUNK = 1 << 12;

  private final InputStream in;
  private final CharFrontend frontend;
  private volatile Thread thread;
  private volatile boolean closed;

  InputPump(InputStream in, CharFrontend frontend) {
    this.in = in;
    this.frontend = frontend;
  }

  /** Starts a thread that runs this. */
  void start(String name) {
    Thread runner = new Thread(this, name);
    runner.setDaemon(true);
    thread = runner;
    runner.start();
  }

  /** Returns at the end of the stream, or when it is closed. */
  @Override
  public void run() {
    thread = Thread.currentThread();
    byte[] chunk = new byte[CHUNK];
    try {
      int count = in.read(chunk);
      while (count > 0 && !closed) {
        give(chunk, count);
        count = in.read(chunk);
      }
    } catch (IOException e) {
      return; // as at the end: the other side is gone
    }
  }

  private void give(byte[] chunk, int count) {
    int given = frontend.receive(chunk, 0, count);
    while (given < count && !closed) {
      LockSupport.park(this);
      given += frontend.receive(chunk, given, count - given);
    }
  }

  void acceptInput() {
    LockSupport.unpark(thread);
  }

  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
