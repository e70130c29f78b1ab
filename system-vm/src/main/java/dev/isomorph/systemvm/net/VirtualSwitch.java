package dev.isomorph.systemvm.net;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An Ethernet switch between machines of this process: it learns behind which port an address is,
 * and sends frames to unknown addresses and to groups out of all other ports. A frame is lost at a
 * port whose machine has no room for it.
 */
public final class VirtualSwitch {
  /** Addresses remembered; the one learnt first is forgotten for a new one. */
  private static final int MOST_ADDRESSES = 1024;

  private static final Map<String, VirtualSwitch> NAMED = new ConcurrentHashMap<>();

  private final List<Port> ports = new CopyOnWriteArrayList<>();
  private final Map<Long, Port> learnt =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Port> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /** The switch of that name, the same for all machines of this process. */
  public static VirtualSwitch named(String name) {
    return NAMED.computeIfAbsent(name, key -> new VirtualSwitch());
  }

  /** A free port. */
  public NetBackend port() {
    return new Port();
  }

  private void forward(Port from, byte[] bytes, int offset, int length) {
    Port to = null;
    synchronized (learnt) {
      long source = address(bytes, offset + 6);
      if (!isGroup(source)) {
        learnt.put(source, from);
      }
      long destination = address(bytes, offset);
      if (!isGroup(destination)) {
        to = learnt.get(destination);
      }
    }
    if (to != null) {
      to.deliver(from, bytes, offset, length);
      return;
    }
    for (Port port : ports) {
      port.deliver(from, bytes, offset, length);
    }
  }

  private static long address(byte[] bytes, int at) {
    long address = 0;
    for (int i = 0; i < 6; i++) {
      address = address << 8 | bytes[at + i] & 0xff;
    }
    return address;
  }

  private static boolean isGroup(long address) {
    return (address >>> 40 & 1) != 0;
  }

  private final class Port implements NetBackend {
    private volatile NetFrontend frontend;

    @Override
    public void connect(NetFrontend to) {
      frontend = to;
      ports.add(this);
    }

    @Override
    public boolean up() {
      return true;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
      if (length >= SHORTEST_FRAME && ports.contains(this)) {
        forward(this, bytes, offset, length);
      }
    }

    void deliver(Port from, byte[] bytes, int offset, int length) {
      if (from != this) {
        frontend.receive(bytes, offset, length);
      }
    }

    @Override
    public void acceptInput() {
      // What there was no room for is lost.
    }

    @Override
    public void close() {
      ports.remove(this);
      synchronized (learnt) {
        learnt.values().removeIf(port -> port == this);
      }
    }
  }
}
