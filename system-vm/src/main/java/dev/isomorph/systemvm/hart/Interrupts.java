package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.device.InterruptLine;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hart's pending interrupts. Wires change them from any thread, software by {@code mip}. An
 * interrupt that has both a wire and a bit for software is pending by either.
 */
public final class Interrupts {
  /** Supervisor software, timer and external interrupts. */
  static final int SUPERVISOR = 0x222;

  /** All that there are. */
  static final int ALL = 0xaaa;

  private static final int WIRES = 16;

  private static final TrapCause[] BY_PRIORITY = {
    TrapCause.MACHINE_EXTERNAL_INTERRUPT,
    TrapCause.MACHINE_SOFTWARE_INTERRUPT,
    TrapCause.MACHINE_TIMER_INTERRUPT,
    TrapCause.SUPERVISOR_EXTERNAL_INTERRUPT,
    TrapCause.SUPERVISOR_SOFTWARE_INTERRUPT,
    TrapCause.SUPERVISOR_TIMER_INTERRUPT,
  };

  private final HartListener listener;

  /** Software's bits, and at {@link #WIRES} those of the wires. */
  private final AtomicInteger state = new AtomicInteger();

  Interrupts(HartListener listener) {
    this.listener = listener;
  }

  /** The wire of an interrupt. */
  public InterruptLine line(TrapCause interrupt) {
    int bit = 1 << WIRES + interrupt.code();
    return level -> change(level ? 0 : bit, level ? bit : 0);
  }

  /** Makes the supervisor's software interrupt pending, as software could, from any thread. */
  public void raiseSupervisorSoftware() {
    change(0, (int) TrapCause.SUPERVISOR_SOFTWARE_INTERRUPT.bit());
  }

  /** Takes back the supervisor's software interrupt. */
  public void clearSupervisorSoftware() {
    change((int) TrapCause.SUPERVISOR_SOFTWARE_INTERRUPT.bit(), 0);
  }

  /** Clears and sets some of software's bits. */
  void software(long clear, long set) {
    change((int) clear, (int) set);
  }

  /** What software has set. */
  int software() {
    return state.get() & ALL;
  }

  /**
   * The interrupts pending.
   *
   * @param timer whether the supervisor's timer interrupt has a wire, not a bit for software
   */
  int pending(boolean timer) {
    int both = state.get();
    int stip = (int) TrapCause.SUPERVISOR_TIMER_INTERRUPT.bit();
    int software = timer ? both & ~stip : both;
    int wired = both >>> WIRES;
    return (software | (timer ? wired : wired & ~stip)) & ALL;
  }

  /** The one of a set that is taken first, null if it is empty. */
  static TrapCause first(long set) {
    if (set != 0) {
      for (TrapCause interrupt : BY_PRIORITY) {
        if ((set & interrupt.bit()) != 0) {
          return interrupt;
        }
      }
    }
    return null;
  }

  /** All there is to keep. */
  int state() {
    return state.get();
  }

  void state(int value) {
    change(-1, value);
  }

  private void change(int clear, int set) {
    int old;
    int changed;
    do {
      old = state.get();
      changed = old & ~clear | set;
    } while (!state.compareAndSet(old, changed));
    if ((changed & ~old) != 0) {
      listener.interrupted();
    }
  }
}
