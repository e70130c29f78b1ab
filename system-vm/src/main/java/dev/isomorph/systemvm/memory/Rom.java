package dev.isomorph.systemvm.memory;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.systemvm.device.Device;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A page of memory that the guest cannot write, and can execute. */
public final class Rom implements Device, AutoCloseable {
  /** Bytes. */
  public static final int SIZE = 4096;

  private final long base;
  private final long host = HostMemory.allocate(SIZE);

  /**
   * @param base guest physical address, a multiple of {@link #SIZE}
   */
  public Rom(long base) {
    this.base = base;
  }

  /** Guest physical address. */
  public long base() {
    return base;
  }

  /** Host address. */
  public long hostAddress() {
    return host;
  }

  /** Makes this the content, and zeros what is behind. */
  public void content(byte[] bytes) {
    HostMemory.fill(host, SIZE, (byte) 0);
    HostMemory.copyIn(bytes, 0, host, bytes.length);
  }

  @Override
  public String name() {
    return "rom";
  }

  @Override
  public long read(long offset, int bytes) {
    long place = host + offset;
    return switch (bytes) {
      case 1 -> HostMemory.getByte(place) & 0xffL;
      case 2 -> HostMemory.getShort(place) & 0xffffL;
      case 4 -> HostMemory.getInt(place) & 0xffff_ffffL;
      default -> HostMemory.getLong(place);
    };
  }

  @Override
  public void write(long offset, int bytes, long value) {}

  @Override
  public void reset() {}

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    byte[] bytes = new byte[SIZE];
    HostMemory.copyOut(host, bytes, 0, SIZE);
    out.write(bytes);
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    byte[] bytes = new byte[SIZE];
    in.readFully(bytes);
    content(bytes);
  }

  @Override
  public void close() {
    HostMemory.free(host, SIZE);
  }
}
