package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.net.NetBackend;
import dev.isomorph.systemvm.net.NetFrontend;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A network card (virtio 1.2, section 5.1), one pair of queues. It computes no checksums and cuts
 * no packets for the driver.
 */
public final class VirtioNet extends VirtioDevice implements NetFrontend {
  static final long MAC = 1L << 5;
  static final long MERGEABLE_BUFFERS = 1L << 15;
  static final long STATUS = 1L << 16;

  static final int RECEIVE = 0;
  static final int TRANSMIT = 1;

  private static final int HEADER_BYTES = 12;
  private static final int BUFFER_COUNT = 10;
  private static final int MOST_WAITING = 256;

  private static final Shape SHAPE =
      new Shape(DeviceType.NETWORK, MAC | MERGEABLE_BUFFERS | STATUS, List.of(256, 256));

  private final NetBackend backend;
  private final long mac;
  private final byte[] outgoing = new byte[NetBackend.LONGEST_FRAME];
  // Guarded by itself.
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private boolean refused;

  /**
   * @param mac address, the first byte of six the most significant of the low 48 bits
   * @param backend the cable, which this connects itself to; who made it closes it
   */
  public VirtioNet(String name, long mac, NetBackend backend) {
    super(name);
    this.mac = mac;
    this.backend = backend;
    backend.connect(this);
  }

  @Override
  public Shape shape() {
    return SHAPE;
  }

  @Override
  public byte[] config() {
    byte[] config = new byte[8];
    for (int i = 0; i < 6; i++) {
      config[i] = (byte) (mac >>> 8 * (5 - i));
    }
    config[6] = (byte) (backend.up() ? 1 : 0);
    return config;
  }

  @Override
  public void linkChanged() {
    configChanged();
  }

  @Override
  public boolean receive(byte[] bytes, int offset, int length) {
    if (!running() || length > NetBackend.LONGEST_FRAME) {
      return true; // lost, as at a card that is off
    }
    synchronized (waiting) {
      if (waiting.size() == MOST_WAITING) {
        refused = true;
        return false;
      }
      // As the driver gets it: behind a header that asks for nothing.
      byte[] packet = new byte[HEADER_BYTES + length];
      System.arraycopy(bytes, offset, packet, HEADER_BYTES, length);
      waiting.add(packet);
    }
    ring(RECEIVE);
    return true;
  }

  @Override
  protected void serve(VirtQueue queue) {
    if (queue.index() == TRANSMIT) {
      handleEach(queue, this::transmit);
      return;
    }
    for (byte[] packet = peek(); packet != null && deliver(queue, packet); packet = peek()) {
      remove(packet);
    }
  }

  private long transmit(Chain chain) {
    long length = chain.readable() - HEADER_BYTES;
    if (length < 0) {
      throw new BadChain("a packet without a header");
    }
    if (length >= NetBackend.SHORTEST_FRAME && length <= NetBackend.LONGEST_FRAME) {
      chain.read(HEADER_BYTES, outgoing, 0, (int) length);
      backend.send(outgoing, 0, (int) length);
    }
    return 0;
  }

  private byte[] peek() {
    synchronized (waiting) {
      return waiting.peek();
    }
  }

  private void remove(byte[] packet) {
    boolean room;
    synchronized (waiting) {
      if (waiting.peek() == packet) {
        waiting.remove();
      }
      room = refused && waiting.size() <= MOST_WAITING / 2;
      refused &= !room;
    }
    if (room) {
      backend.acceptInput();
    }
  }

  /** Gives a packet to the driver; false if there are not buffers enough. */
  private boolean deliver(VirtQueue queue, byte[] packet) {
    boolean mergeable = negotiated(MERGEABLE_BUFFERS);
    List<Chain> chains = new ArrayList<>();
    long room = 0;
    do {
      Chain chain = queue.take();
      if (chain == null) {
        queue.putBack(chains);
        return false;
      }
      chains.add(chain);
      room += chain.writable();
    } while (mergeable && room < packet.length);
    if (room < packet.length) {
      queue.putBack(chains);
      return true; // lost: the driver wants none that long
    }
    packet[BUFFER_COUNT] = (byte) chains.size();
    packet[BUFFER_COUNT + 1] = (byte) (chains.size() >> 8);
    long[] written = new long[chains.size()];
    int done = 0;
    for (int i = 0; i < written.length; i++) {
      int bytes = (int) Math.min(chains.get(i).writable(), packet.length - done);
      chains.get(i).write(0, packet, done, bytes);
      written[i] = bytes;
      done += bytes;
    }
    queue.give(chains, written);
    return true;
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    synchronized (waiting) {
      out.writeInt(waiting.size());
      for (byte[] packet : waiting) {
        out.writeInt(packet.length);
        out.write(packet);
      }
    }
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    int count = version == 1 ? 0 : in.readInt();
    if (count < 0 || count > MOST_WAITING) {
      throw new IOException(name() + ": " + count + " packets wait");
    }
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      if (length < HEADER_BYTES || length > HEADER_BYTES + NetBackend.LONGEST_FRAME) {
        throw new IOException(name() + ": a packet of " + length + " bytes");
      }
      byte[] packet = new byte[length];
      in.readFully(packet);
      synchronized (waiting) {
        waiting.add(packet);
      }
    }
  }

  @Override
  protected void reset() {
    boolean room;
    synchronized (waiting) {
      waiting.clear();
      room = refused;
      refused = false;
    }
    if (room) {
      backend.acceptInput();
    }
  }
}
