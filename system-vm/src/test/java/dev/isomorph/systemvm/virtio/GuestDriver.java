package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.memory.Ram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A driver for tests: reaches a device by its registers and rings in RAM, as a guest would. */
class GuestDriver implements AutoCloseable {
  static final long BASE = 0x8000_0000L;
  static final int RAM_BYTES = 1 << 20;

  /** A piece of RAM with what is to be read there, or room for an answer. */
  record Buffer(long address, int length, boolean writable) {}

  /** A buffer that came back. */
  record Used(int head, int written) {}

  /** The driver's half of a queue. */
  final class Queue {
    final int index;
    final int size;
    final long descriptors;
    final long available;
    final long used;
    private int nextDescriptor;
    int offered;
    private int seen;

    Queue(int index, int size) {
      this.index = index;
      this.size = size;
      descriptors = allocate(16 * size, 16);
      available = allocate(6 + 2 * size, 2);
      used = allocate(6 + 8 * size, 4);
    }

    /** Writes one descriptor. */
    void descriptor(long table, int at, long address, int length, int flags, int next) {
      ram.putLong(table + 16L * at, address);
      ram.putInt(table + 16L * at + 8, length);
      ram.putShort(table + 16L * at + 12, flags);
      ram.putShort(table + 16L * at + 14, next);
    }

    /** Puts a chain into the table, but does not offer it. */
    int chain(Buffer... buffers) {
      int head = nextDescriptor;
      for (int i = 0; i < buffers.length; i++) {
        int at = (head + i) % size;
        boolean last = i == buffers.length - 1;
        int flags = (buffers[i].writable ? 2 : 0) | (last ? 0 : 1);
        descriptor(descriptors, at, buffers[i].address, buffers[i].length, flags, (at + 1) % size);
      }
      nextDescriptor = (head + buffers.length) % size;
      return head;
    }

    int indirect(Buffer... buffers) {
      long table = allocate(16 * buffers.length, 16);
      for (int i = 0; i < buffers.length; i++) {
        int flags = (buffers[i].writable ? 2 : 0) | (i == buffers.length - 1 ? 0 : 1);
        descriptor(table, i, buffers[i].address, buffers[i].length, flags, i + 1);
      }
      int head = nextDescriptor;
      descriptor(descriptors, head, table, 16 * buffers.length, 4, 0);
      nextDescriptor = (head + 1) % size;
      return head;
    }

    /** Offers a chain without telling the device. */
    void offer(int head) {
      ram.putShort(available + 4 + 2L * (offered % size), head);
      offered = offered + 1 & 0xffff;
      ram.putShort(available + 2, offered);
    }

    void kick() {
      set(0x50, index);
    }

    Used send(Buffer... buffers) {
      offer(chain(buffers));
      kick();
      return next();
    }

    /** The next buffer that has come back; null if there is none. */
    Used next() {
      if (ram.getShort(used + 2) == seen) {
        return null;
      }
      long element = used + 4 + 8L * (seen % size);
      seen = seen + 1 & 0xffff;
      return new Used(ram.getInt(element), ram.getInt(element + 4));
    }
  }

  final Ram ram = new Ram(BASE, RAM_BYTES);
  final VirtioMmio device;
  final List<Queue> queues = new ArrayList<>();
  volatile boolean interrupt;
  int interruptsSeen;
  private long free = BASE;

  GuestDriver(VirtioDevice device) {
    this(device, Runnable::run);
  }

  GuestDriver(VirtioDevice device, Executor executor) {
    this.device = new VirtioMmio(device, ram, this::interrupt, executor);
  }

  /** For a device that is reached by another transport, which has the same registers elsewhere. */
  GuestDriver() {
    device = null;
  }

  final void interrupt(boolean level) {
    interruptsSeen += level && !interrupt ? 1 : 0;
    interrupt = level;
  }

  /** Initialises the device with all features it offers but {@code refused}. */
  GuestDriver start(long refused) {
    set(0x70, 0);
    set(0x70, Status.ACKNOWLEDGE | Status.DRIVER);
    negotiate(offered() & ~refused);
    set(0x70, get(0x70) | Status.FEATURES_OK);
    queues.clear();
    for (int i = 0; get(queueMaximum(i)) != 0; i++) {
      Queue queue = new Queue(i, (int) Math.min(16, get(0x34)));
      set(0x38, queue.size);
      address(0x80, queue.descriptors);
      address(0x90, queue.available);
      address(0xa0, queue.used);
      set(0x44, 1);
      queues.add(queue);
    }
    set(0x70, get(0x70) | Status.DRIVER_OK);
    return this;
  }

  GuestDriver start() {
    return start(0);
  }

  Queue queue(int index) {
    return queues.get(index);
  }

  long offered() {
    set(0x14, 0);
    long low = get(0x10);
    set(0x14, 1);
    return low | get(0x10) << 32;
  }

  void negotiate(long features) {
    set(0x24, 0);
    set(0x20, features & 0xffff_ffffL);
    set(0x24, 1);
    set(0x20, features >>> 32);
  }

  void address(int register, long address) {
    set(register, address & 0xffff_ffffL);
    set(register + 4, address >>> 32);
  }

  long get(int register) {
    return device.read(register, 4);
  }

  void set(int register, long value) {
    device.write(register, 4, value);
  }

  int status() {
    return (int) get(0x70);
  }

  boolean needsReset() {
    return (status() & Status.NEEDS_RESET) != 0;
  }

  /** Acknowledges what has been interrupted for, and tells it. */
  int acknowledge() {
    int reasons = (int) get(0x60);
    set(0x64, reasons);
    return reasons;
  }

  long allocate(int bytes, int alignment) {
    free = (free + alignment - 1) / alignment * alignment;
    long address = free;
    free += bytes;
    if (free > BASE + RAM_BYTES) {
      throw new IllegalStateException("the test wants more RAM than there is");
    }
    return address;
  }

  /** Takes all RAM back. */
  void release() {
    free = BASE;
  }

  /** A readable buffer with these bytes. */
  Buffer out(byte... bytes) {
    long address = allocate(bytes.length, 1);
    ram.write(address, bytes, 0, bytes.length);
    return new Buffer(address, bytes.length, false);
  }

  /** A writable buffer, filled with 0xee. */
  Buffer in(int length) {
    long address = allocate(length, 1);
    for (int i = 0; i < length; i++) {
      ram.putByte(address + i, 0xee);
    }
    return new Buffer(address, length, true);
  }

  byte[] bytes(Buffer buffer) {
    byte[] bytes = new byte[buffer.length];
    ram.read(buffer.address, bytes, 0, bytes.length);
    return bytes;
  }

  private int queueMaximum(int index) {
    set(0x30, index);
    return 0x34;
  }

  @Override
  public void close() {
    ram.close();
  }
}
