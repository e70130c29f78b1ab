package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** A console of one port (virtio 1.2, section 5.3). */
public final class VirtioConsole extends VirtioDevice implements CharFrontend {
  static final int RECEIVE = 0;
  static final int TRANSMIT = 1;

  private static final int TYPED_AHEAD = 4096;
  private static final int PIECE = 4096;
  private static final Shape SHAPE = new Shape(DeviceType.CONSOLE, 0, List.of(64, 64));

  private final CharBackend backend;
  // Guarded by itself, with the two below: bytes that wait for the driver, from the first on.
  private final byte[] typed = new byte[TYPED_AHEAD];
  private int typedCount;
  private boolean refused;
  // How much of the buffer that is next has been sent; guarded by sending.
  private final Object sending = new Object();
  private long sent;

  /**
   * @param backend what the host has at the other end, which this connects itself to; who made it
   *     closes it
   */
  public VirtioConsole(String name, CharBackend backend) {
    super(name);
    this.backend = backend;
    backend.connect(this);
  }

  @Override
  public Shape shape() {
    return SHAPE;
  }

  @Override
  public int receive(byte[] bytes, int offset, int length) {
    int taken;
    synchronized (typed) {
      taken = Math.min(length, typed.length - typedCount);
      System.arraycopy(bytes, offset, typed, typedCount, taken);
      typedCount += taken;
      refused |= taken < length;
    }
    ring(RECEIVE);
    return taken;
  }

  @Override
  public void receiveBreak() {
    // A virtio console knows none.
  }

  @Override
  public void writable() {
    ring(TRANSMIT);
  }

  @Override
  protected void serve(VirtQueue queue) {
    if (queue.index() == RECEIVE) {
      while (typedAhead() && deliver(queue)) {
        tellRoom();
      }
    } else {
      transmit(queue);
    }
  }

  private void transmit(VirtQueue queue) {
    synchronized (sending) {
      for (Chain chain = queue.take(); chain != null; chain = queue.take()) {
        if (!send(chain)) {
          // It stays the driver's next.
          queue.putBack(List.of(chain));
          return;
        }
        sent = 0;
        queue.give(chain, 0);
      }
    }
  }

  /** Sends what the host takes of a buffer; false if that is not all. */
  private boolean send(Chain chain) {
    while (sent < chain.readable()) {
      byte[] piece = new byte[(int) Math.min(PIECE, chain.readable() - sent)];
      chain.read(sent, piece, 0, piece.length);
      int taken = backend.write(piece, 0, piece.length);
      sent += taken;
      if (taken < piece.length) {
        return false;
      }
    }
    return true;
  }

  private boolean typedAhead() {
    synchronized (typed) {
      return typedCount > 0;
    }
  }

  private boolean deliver(VirtQueue queue) {
    Chain chain = queue.take();
    if (chain == null) {
      return false;
    }
    synchronized (typed) {
      int bytes = (int) Math.min(chain.writable(), typedCount);
      chain.write(0, typed, 0, bytes);
      System.arraycopy(typed, bytes, typed, 0, typedCount - bytes);
      typedCount -= bytes;
      queue.give(chain, bytes);
    }
    return true;
  }

  private void tellRoom() {
    boolean room;
    synchronized (typed) {
      room = refused;
      refused = false;
    }
    if (room) {
      backend.acceptInput();
    }
  }

  @Override
  protected void reset() {
    synchronized (sending) {
      sent = 0;
    }
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    synchronized (sending) {
      out.writeLong(sent);
    }
    synchronized (typed) {
      out.writeInt(typedCount);
      out.write(typed, 0, typedCount);
    }
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    synchronized (sending) {
      sent = in.readLong();
      if (sent < 0) {
        throw new IOException(name() + ": " + sent + " bytes sent");
      }
    }
    int count = version == 1 ? 0 : in.readInt();
    if (count < 0 || count > TYPED_AHEAD) {
      throw new IOException(name() + ": " + count + " bytes typed ahead");
    }
    byte[] first = new byte[count];
    in.readFully(first);
    synchronized (typed) {
      // What has been typed here since comes behind it.
      int rest = Math.min(typedCount, TYPED_AHEAD - count);
      System.arraycopy(typed, 0, typed, count, rest);
      System.arraycopy(first, 0, typed, 0, count);
      typedCount = count + rest;
    }
  }
}
