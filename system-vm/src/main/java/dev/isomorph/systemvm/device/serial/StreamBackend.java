package dev.isomorph.systemvm.device.serial;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** A backend of a stream each way. */
public final class StreamBackend implements CharBackend {
  private final String name;
  private final InputStream in;
  private final OutputPump output;
  private final Closeable resource;
  private volatile InputPump input;
  private volatile CharFrontend frontend;

  /**
   * @param name of the thread that waits for input
   * @param executor where what is sent is written; one that runs its tasks at once makes senders
   *     wait for the host
   * @param resource closed at the end, as the streams are not
   */
  StreamBackend(
      String name, InputStream in, OutputStream out, Executor executor, Closeable resource) {
    this.name = name;
    this.in = in;
    this.output = new OutputPump(out, executor, this::tellRoom);
    this.resource = resource;
  }

  /**
   * A file that starts empty and gets what is sent; nothing ever comes from it.
   *
   * @throws IOException if it cannot be written
   */
  public static CharBackend file(Path path, Executor executor) throws IOException {
    FileOutputStream out = new FileOutputStream(path.toFile());
    return new StreamBackend("serial file", InputStream.nullInputStream(), out, executor, out);
  }

  private void tellRoom() {
    CharFrontend connected = frontend;
    if (connected != null) {
      connected.writable();
    }
  }

  @Override
  public void connect(CharFrontend frontend) {
    this.frontend = frontend;
    InputPump pump = new InputPump(in, frontend);
    input = pump;
    frontend.opened();
    pump.start(name);
  }

  @Override
  public int write(byte[] bytes, int offset, int length) {
    return output.write(bytes, offset, length);
  }

  @Override
  public void acceptInput() {
    InputPump pump = input;
    if (pump != null) {
      pump.acceptInput();
    }
  }

  @Override
  public void close() {
    output.finish();
    InputPump pump = input;
    if (pump != null) {
      pump.close();
    }
    try {
      resource.close();
    } catch (IOException e) {
      return; // what could be sent was
    }
  }
}
