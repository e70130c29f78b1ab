package dev.isomorph.systemvm.pci;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The configuration space of a function with a type 0 header (PCI Local Bus Specification 3.0,
 * chapter 6), and the memory that one of its base addresses places. Any thread; it calls nobody.
 */
public final class ConfigSpace {
  /** Bytes a function has; those that are kept are as many as PCI had before Express. */
  static final int FUNCTION_BYTES = 0x1000;

  private static final int KEPT = 0x100;
  private static final int COMMAND = 0x04;
  private static final int MEMORY = 1 << 1;
  private static final int BUS_MASTER = 1 << 2;
  private static final int NO_INTERRUPT = 1 << 10;

  /** Of the command register: I/O, memory, bus master, SERR, no INTx. */
  private static final int COMMAND_MASK = 0x507;

  private static final int STATUS = 0x06;
  private static final int INTERRUPT = 1 << 3;
  private static final int HAS_CAPABILITIES = 1 << 4;
  private static final int REVISION = 0x08;
  private static final int CLASS = 0x0a;
  private static final int CACHE_LINE_SIZE = 0x0c;
  private static final int BASE_ADDRESSES = 0x10;
  private static final int SUBSYSTEM = 0x2c;
  private static final int CAPABILITIES = 0x34;
  private static final int INTERRUPT_LINE = 0x3c;
  private static final int INTERRUPT_PIN = 0x3d;
  private static final int HEADER_BYTES = 0x40;

  /** Base address: of 64 bits, prefetchable. */
  private static final int MEMORY_64_PREFETCHABLE = 0xc;

  private static final int BYTE_MASK = 0xff;

  private final byte[] initial = new byte[KEPT];
  private final byte[] writable = new byte[KEPT];
  private final byte[] now = new byte[KEPT];

  /** Where the next capability is to be. */
  private int nextCapability = HEADER_BYTES;

  /** Register of the base address, 0 if there is none. */
  private int base;

  private long memoryBytes;

  /**
   * @param classCode base class and subclass
   */
  public ConfigSpace(int vendor, int device, int revision, int classCode, int subsystem) {
    put(0, 2, vendor);
    put(2, 2, device);
    put(REVISION, 1, revision);
    put(CLASS, 2, classCode);
    put(SUBSYSTEM, 4, subsystem);
    allow(COMMAND, 2, COMMAND_MASK);
    allow(CACHE_LINE_SIZE, 1, BYTE_MASK);
    allow(INTERRUPT_LINE, 1, BYTE_MASK);
    reset();
  }

  /** The function interrupts by INTA. */
  public void interrupts() {
    put(INTERRUPT_PIN, 1, 1);
  }

  /**
   * The function has memory, which software places by a base address of 64 bits.
   *
   * @param number of the base address's first half, 0 to 4
   * @param bytes a power of two
   */
  public void memory(int number, long bytes) {
    base = BASE_ADDRESSES + number * Integer.BYTES;
    memoryBytes = bytes;
    put(base, 4, MEMORY_64_PREFETCHABLE);
    allow(base, 4, -bytes);
    allow(base + Integer.BYTES, 4, -1);
  }

  /**
   * Adds a capability, which software finds before those that are there.
   *
   * @return where it is
   */
  public int capability(int id, int bytes) {
    int at = nextCapability;
    put(STATUS, 1, HAS_CAPABILITIES);
    put(at, 1, id);
    put(at + 1, 1, initial[CAPABILITIES]);
    put(CAPABILITIES, 1, at);
    nextCapability = at + bytes;
    return at;
  }

  /** What registers have after power-on. */
  public void put(int offset, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      initial[offset + i] = (byte) (value >> Byte.SIZE * i);
      now[offset + i] = initial[offset + i];
    }
  }

  /** What bits of registers software may write. */
  public void allow(int offset, int bytes, long mask) {
    for (int i = 0; i < bytes; i++) {
      writable[offset + i] = (byte) (mask >> Byte.SIZE * i);
    }
  }

  /** Reads 1 to 8 bytes, zero-extended. What Express has more of it than PCI had reads as ones. */
  public synchronized long read(int offset, int bytes) {
    if (offset >= KEPT) {
      return PciHost.ones(bytes);
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (now[offset + i] & 0xffL) << Byte.SIZE * i;
    }
    return value;
  }

  /** Writes what software may. */
  public synchronized void write(int offset, int bytes, long value) {
    for (int i = 0; i < bytes && offset + i < KEPT; i++) {
      int at = offset + i;
      now[at] = (byte) (now[at] & ~writable[at] | (int) (value >> Byte.SIZE * i) & writable[at]);
    }
  }

  /** Tells software whether the function wants to interrupt. */
  public synchronized void interruptPending(boolean pending) {
    now[STATUS] = (byte) (now[STATUS] & ~INTERRUPT | (pending ? INTERRUPT : 0));
  }

  /** Whether the function must not interrupt. */
  public boolean isQuiet() {
    return (read(COMMAND, 2) & NO_INTERRUPT) != 0;
  }

  /** Whether the function may reach the machine's memory of its own accord. */
  public boolean isMaster() {
    return (read(COMMAND, 2) & BUS_MASTER) != 0;
  }

  /** Where in the function's memory an access is; negative if it is not there. */
  public synchronized long offsetOf(long address, int bytes) {
    if (memoryBytes == 0 || (read(COMMAND, 2) & MEMORY) == 0) {
      return -1;
    }
    long offset = address - (read(base, 8) & -memoryBytes);
    return offset >= 0 && offset <= memoryBytes - bytes ? offset : -1;
  }

  /** As after power-on. */
  public synchronized void reset() {
    System.arraycopy(initial, 0, now, 0, KEPT);
  }

  /** Writes what software has written. */
  synchronized void save(DataOutput out) throws IOException {
    out.write(now);
  }

  /**
   * Reads what was saved, of as many bytes.
   *
   * @param bytes those behind are as after power-on
   */
  synchronized void restore(DataInput in, int bytes) throws IOException {
    byte[] saved = Arrays.copyOf(initial, KEPT);
    in.readFully(saved, 0, bytes);
    reset();
    for (int i = 0; i < KEPT; i++) {
      write(i, 1, saved[i]);
    }
    interruptPending((saved[STATUS] & INTERRUPT) != 0);
  }

  /** As {@link #save} has it. */
  void restore(DataInput in) throws IOException {
    restore(in, KEPT);
  }

  /** As it was saved when only headers were. */
  void restoreHeader(DataInput in) throws IOException {
    restore(in, HEADER_BYTES);
  }
}
