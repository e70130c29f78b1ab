package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.net.NetBackend;
import dev.isomorph.systemvm.net.NetFrontend;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Between the network card of a deterministic machine and the network: frames wait until the
 * machine's thread takes them, and whether there is somebody at the far end is told as they are.
 * What the card sends goes out on a thread of its own, lest the machine and the network wait for
 * each other; what is too much is lost, as in any network.
 */
final class JournalCable implements JournaledInput, NetBackend, NetFrontend {
  private static final int MOST_WAITING = 256;
  private static final int MOST_LEAVING = 4096;

  private final String name;
  private final InputJournal journal;

  /** Null if what was recorded comes again: then nobody hears what is sent. */
  private final NetBackend network;

  private final Executor sender;
  private final AtomicInteger leaving = new AtomicInteger();
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private boolean refused;
  private boolean wanted = true;
  private NetFrontend card;

  /** As the card has been told. */
  private boolean up;

  /**
   * @param network null for none
   * @param sender where frames are sent, one after the other
   */
  JournalCable(String name, NetBackend network, Executor sender, InputJournal journal) {
    this.name = name;
    this.network = network;
    this.sender = sender;
    this.journal = journal;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void connect(NetFrontend frontend) {
    card = frontend;
    if (network != null) {
      network.connect(this);
    }
  }

  @Override
  public boolean up() {
    return up;
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    if (network == null) {
      return;
    }
    if (leaving.incrementAndGet() > MOST_LEAVING) {
      leaving.decrementAndGet();
      return;
    }
    byte[] frame = Arrays.copyOfRange(bytes, offset, offset + length);
    sender.execute(
        () -> {
          try {
            network.send(frame, 0, frame.length);
          } finally {
            leaving.decrementAndGet();
          }
        });
  }

  @Override
  public synchronized void acceptInput() {
    wanted = true;
  }

  @Override
  public void close() {
    if (network != null) {
      network.close();
    }
  }

  @Override
  public boolean receive(byte[] bytes, int offset, int length) {
    synchronized (this) {
      if (waiting.size() == MOST_WAITING) {
        refused = true;
        return false;
      }
      waiting.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }
    journal.hasInput();
    return true;
  }

  @Override
  public void linkChanged() {
    journal.hasInput();
  }

  @Override
  public synchronized boolean hasSomething() {
    return network != null && network.up() != up || wanted && !waiting.isEmpty();
  }

  @Override
  public void deliver(long now) {
    if (network.up() != up) {
      up = !up;
      journal.note(now, name, new HostInput.Link(up));
      card.linkChanged();
    }
    for (byte[] frame = next(); frame != null; frame = next()) {
      if (!card.receive(frame, 0, frame.length)) {
        return;
      }
      journal.note(now, name, new HostInput.Bytes(frame));
      taken();
    }
  }

  /** The next frame, if the card may have room; until it says so, it has none. */
  private synchronized byte[] next() {
    byte[] frame = wanted ? waiting.peek() : null;
    wanted &= frame == null;
    return frame;
  }

  private void taken() {
    boolean room;
    synchronized (this) {
      wanted = true;
      waiting.remove();
      room = refused && waiting.size() <= MOST_WAITING / 2;
      refused &= !room;
    }
    if (room) {
      network.acceptInput();
    }
  }

  @Override
  public boolean takes(HostInput what) {
    return !(what instanceof HostInput.Break);
  }

  @Override
  public void replay(HostInput what) {
    passOver(what);
    if (what instanceof HostInput.Bytes(byte[] frame)) {
      card.receive(frame, 0, frame.length);
    } else {
      card.linkChanged();
    }
  }

  /** The card knows it already. */
  @Override
  public void passOver(HostInput what) {
    if (what instanceof HostInput.Link(boolean now)) {
      up = now;
    }
  }
}
