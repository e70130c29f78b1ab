package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The configuration space of a PCI Express host whose only function is the bridge to it (PCI
 * Express Base Specification, enhanced configuration access mechanism; type 0 header). Where there
 * is no function, reads give ones.
 */
public final class PciHost implements Device {
  private static final int FUNCTION_BYTES = 0x1000;
  private static final int HEADER_BYTES = 0x40;
  private static final int COMMAND = 0x04;
  private static final int CACHE_LINE_SIZE = 0x0c;
  private static final int INTERRUPT_LINE = 0x3c;
  private static final int BYTE_MASK = 0xff;

  /** Of the command register: I/O, memory, bus master, SERR, no INTx. */
  private static final int COMMAND_MASK = 0x507;

  private final byte[] header = new byte[HEADER_BYTES];

  public PciHost() {
    reset();
  }

  @Override
  public String name() {
    return "pci";
  }

  @Override
  public synchronized long read(long offset, int bytes) {
    if (bytes == 8) {
      return read(offset, 4) | read(offset + 4, 4) << 32;
    }
    if (offset >= FUNCTION_BYTES) {
      return -1L >>> 64 - 8 * bytes;
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (readByte((int) offset + i) & 0xffL) << 8 * i;
    }
    return value;
  }

  private int readByte(int offset) {
    return offset < HEADER_BYTES ? header[offset] : 0;
  }

  @Override
  public synchronized void write(long offset, int bytes, long value) {
    for (int i = 0; i < bytes && offset + i < HEADER_BYTES; i++) {
      int at = (int) offset + i;
      int mask = writable(at);
      header[at] = (byte) (header[at] & ~mask | (int) (value >> 8 * i) & mask);
    }
  }

  private static int writable(int offset) {
    return switch (offset) {
      case COMMAND -> COMMAND_MASK & BYTE_MASK;
      case COMMAND + 1 -> COMMAND_MASK >> 8;
      case CACHE_LINE_SIZE, INTERRUPT_LINE -> BYTE_MASK;
      default -> 0;
    };
  }

  @Override
  public synchronized void reset() {
    Arrays.fill(header, (byte) 0);
    put(0x00, 0x1b36); // vendor Red Hat
    put(0x02, 0x0008); // generic host bridge
    put(0x0a, 0x0600); // class host bridge
    put(0x2c, 0x1af4);
    put(0x2e, 0x1100);
  }

  private void put(int offset, int value) {
    header[offset] = (byte) value;
    header[offset + 1] = (byte) (value >> 8);
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public synchronized void save(DataOutput out) throws IOException {
    out.write(header);
  }

  @Override
  public synchronized void restore(DataInput in, int version) throws IOException {
    in.readFully(header);
  }
}
