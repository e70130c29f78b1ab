package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.util.Arrays;

/**
 * Between a character device of a deterministic machine and the host. What the device sends is
 * taken at once: where the host is slow, the machine's thread waits, and the guest does not notice.
 */
final class JournalLine implements JournaledInput, CharBackend, CharFrontend {
  private static final int HELD = 1 << 12;

  private final String name;
  private final CharBackend host;
  private final InputJournal journal;
  private final byte[] typed = new byte[HELD];
  private int count;
  private boolean full;
  private boolean broken;
  private boolean wanted = true;
  private CharFrontend device;

  /** Guards what follows. */
  private final Object output = new Object();

  /** How often the host has said that it has room. */
  private long rooms;

  private boolean waits = true;

  JournalLine(String name, CharBackend host, InputJournal journal) {
    this.name = name;
    this.host = host;
    this.journal = journal;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void connect(CharFrontend frontend) {
    device = frontend;
    host.connect(this);
  }

  /** Takes everything; it is lost if the machine is turned off while the host has no room. */
  @Override
  public int write(byte[] bytes, int offset, int length) {
    int sent = 0;
    long seen;
    do {
      synchronized (output) {
        seen = rooms;
      }
      sent += host.write(bytes, offset + sent, length - sent);
    } while (sent < length && awaitRoom(seen));
    return length;
  }

  private boolean awaitRoom(long seen) {
    synchronized (output) {
      while (waits && rooms == seen) {
        try {
          output.wait();
        } catch (InterruptedException e) {
          // Nobody interrupts; the condition is tested again.
        }
      }
      return waits;
    }
  }

  @Override
  public void writable() {
    synchronized (output) {
      rooms++;
      output.notifyAll();
    }
  }

  @Override
  public void mayWait(boolean now) {
    synchronized (output) {
      waits = now;
      output.notifyAll();
    }
  }

  @Override
  public synchronized void acceptInput() {
    wanted = true;
  }

  @Override
  public void close() {
    host.close();
  }

  @Override
  public int receive(byte[] bytes, int offset, int length) {
    if (journal.isReplay()) {
      return length;
    }
    int taken;
    synchronized (this) {
      taken = Math.min(length, typed.length - count);
      System.arraycopy(bytes, offset, typed, count, taken);
      count += taken;
      full |= taken < length;
    }
    journal.hasInput();
    return taken;
  }

  @Override
  public void receiveBreak() {
    if (journal.isReplay()) {
      return;
    }
    synchronized (this) {
      broken = true;
    }
    journal.hasInput();
  }

  @Override
  public synchronized boolean hasSomething() {
    return broken || wanted && count > 0;
  }

  @Override
  public void deliver(long now) {
    boolean hasRoom;
    synchronized (this) {
      if (broken) {
        broken = false;
        journal.note(now, name, new HostInput.Break());
        device.receiveBreak();
      }
      if (!wanted || count == 0) {
        return;
      }
      wanted = false;
      int taken = device.receive(typed, 0, count);
      if (taken > 0) {
        journal.note(now, name, new HostInput.Bytes(Arrays.copyOf(typed, taken)));
      }
      wanted |= taken == count;
      System.arraycopy(typed, taken, typed, 0, count - taken);
      count -= taken;
      hasRoom = full && count < typed.length;
      full &= !hasRoom;
    }
    if (hasRoom) {
      host.acceptInput();
    }
  }

  @Override
  public boolean takes(HostInput what) {
    return !(what instanceof HostInput.Link);
  }

  @Override
  public void replay(HostInput what) {
    if (what instanceof HostInput.Bytes(byte[] bytes)) {
      device.receive(bytes, 0, bytes.length);
    } else {
      device.receiveBreak();
    }
  }
}
