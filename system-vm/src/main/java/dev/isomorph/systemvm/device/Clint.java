package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * The core-local interruptor of SiFive: for each hart a software interrupt and a timer, and the
 * machine's time (RISC-V ACLINT specification, chapters 2 and 3 with the CLINT's offsets). Words
 * that nothing is at read as zero.
 */
public final class Clint implements Device {
  /** Bytes of registers. */
  public static final long SIZE = 0x1_0000;

  /** One hart has 4 bytes of {@code msip} and 8 of {@code mtimecmp}; mtime ends the latter. */
  public static final int MAX_HARTS = 4095;

  private static final int MTIMECMP = 0x4000;
  private static final int MTIME = 0xbff8;

  private final MachineClock clock;
  private final List<InterruptLine> softwareLines;
  private final List<InterruptLine> timerLines;
  private final MachineClock.Timer[] timers;
  private final boolean[] msip;
  private final long[] mtimecmp;

  /**
   * @param softwareLines machine software interrupts, by hart
   * @param timerLines machine timer interrupts, by hart
   */
  public Clint(
      MachineClock clock, List<InterruptLine> softwareLines, List<InterruptLine> timerLines) {
    int harts = softwareLines.size();
    if (harts > MAX_HARTS || timerLines.size() != harts) {
      throw new IllegalArgumentException("lines of " + harts + " harts");
    }
    this.clock = clock;
    this.softwareLines = List.copyOf(softwareLines);
    this.timerLines = List.copyOf(timerLines);
    this.msip = new boolean[harts];
    this.mtimecmp = new long[harts];
    this.timers = new MachineClock.Timer[harts];
    for (int i = 0; i < harts; i++) {
      int hart = i;
      timers[i] = clock.timer(() -> updateTimer(hart));
    }
  }

  @Override
  public String name() {
    return "clint";
  }

  @Override
  public synchronized long read(long offset, int bytes) {
    int register = register(offset, bytes);
    if (register < MTIMECMP) {
      int hart = register >> 2;
      return hart < msip.length && msip[hart] ? 1 : 0;
    }
    int shift = (register & 4) * 8;
    long value = 0;
    if ((register & ~7) == MTIME) {
      value = clock.ticks();
    } else if (timer(register) < mtimecmp.length) {
      value = mtimecmp[timer(register)];
    }
    return bytes == 8 ? value : value >>> shift & 0xffff_ffffL;
  }

  @Override
  public synchronized void write(long offset, int bytes, long value) {
    int register = register(offset, bytes);
    if (register < MTIMECMP) {
      writeSoftware(register >> 2, (value & 1) != 0);
    } else if ((register & ~7) == MTIME) {
      setTime(merge(clock.ticks(), register, bytes, value));
    } else if (timer(register) < mtimecmp.length) {
      int hart = timer(register);
      mtimecmp[hart] = merge(mtimecmp[hart], register, bytes, value);
      updateTimer(hart);
    }
  }

  /** Checks an access: software interrupts are words, times may be read and written whole. */
  private static int register(long offset, int bytes) {
    if (bytes != 4 && (bytes != 8 || offset < MTIMECMP)) {
      throw BusFault.INSTANCE;
    }
    return (int) offset;
  }

  private static int timer(int register) {
    return register - MTIMECMP >> 3;
  }

  private static long merge(long old, int register, int bytes, long value) {
    if (bytes == 8) {
      return value;
    }
    int shift = (register & 4) * 8;
    long mask = 0xffff_ffffL << shift;
    return old & ~mask | value << shift & mask;
  }

  private void writeSoftware(int hart, boolean level) {
    if (hart < msip.length) {
      msip[hart] = level;
      softwareLines.get(hart).set(level);
    }
  }

  private void setTime(long ticks) {
    clock.setTicks(ticks);
    for (int hart = 0; hart < mtimecmp.length; hart++) {
      updateTimer(hart);
    }
  }

  private synchronized void updateTimer(int hart) {
    boolean due = Long.compareUnsigned(mtimecmp[hart], clock.ticks()) <= 0;
    if (due) {
      timers[hart].cancel();
    } else {
      timers[hart].set(mtimecmp[hart]);
    }
    timerLines.get(hart).set(due);
  }

  /** Time starts at zero, as do the times to interrupt at: all timers are due. */
  @Override
  public synchronized void reset() {
    for (int hart = 0; hart < msip.length; hart++) {
      writeSoftware(hart, false);
      mtimecmp[hart] = 0;
    }
    setTime(0);
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public synchronized void save(DataOutput out) throws IOException {
    out.writeInt(msip.length);
    out.writeLong(clock.ticks());
    for (int hart = 0; hart < msip.length; hart++) {
      out.writeBoolean(msip[hart]);
      out.writeLong(mtimecmp[hart]);
    }
  }

  @Override
  public synchronized void restore(DataInput in, int version) throws IOException {
    int harts = in.readInt();
    if (harts != msip.length) {
      throw new IOException("a clint of " + harts + " harts, not " + msip.length);
    }
    long ticks = in.readLong();
    for (int hart = 0; hart < harts; hart++) {
      writeSoftware(hart, in.readBoolean());
      mtimecmp[hart] = in.readLong();
    }
    setTime(ticks);
  }
}
