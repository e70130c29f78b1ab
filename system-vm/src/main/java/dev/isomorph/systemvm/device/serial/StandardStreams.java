package dev.isomorph.systemvm.device.serial;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.util.concurrent.Executor;

/** Isomorph's own standard input and output as a backend. */
public final class StandardStreams {
  private static final int STANDARD_INPUT = 0;

  private StandardStreams() {}

  /**
   * Standard output for one of several machines.
   *
   * @param name what each line begins with
   * @param executor where what is sent is written
   */
  static CharBackend lines(String name, Executor executor) {
    NamedLines out = new NamedLines(name, System.out);
    return new StreamBackend("serial lines", InputStream.nullInputStream(), out, executor, out);
  }

  /**
   * Opens them; a terminal is made raw until the backend is closed or the process ends.
   *
   * @param signals whether Ctrl-C and its like still send signals
   * @param executor where what is sent is written
   */
  public static CharBackend open(boolean signals, Executor executor) {
    Terminal terminal = Terminal.raw(STANDARD_INPUT, signals);
    return new StreamBackend(
        "serial input",
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        executor,
        terminal == null ? () -> {} : terminal::close);
  }
}
