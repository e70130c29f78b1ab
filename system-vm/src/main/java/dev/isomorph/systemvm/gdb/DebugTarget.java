package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.hart.Watchpoint;
import dev.isomorph.systemvm.memory.PhysicalBus;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * A machine as debuggers see it. Harts and memory are to be looked at only while it is halted. Not
 * for the threads of harts.
 */
public interface DebugTarget {
  /** Its harts, by number. */
  List<SystemHart> harts();

  /** Its memory and devices. */
  PhysicalBus bus();

  /** A word on what a hart is doing, for people. */
  String describe(int hart);

  /** Waits until the machine is turned on: before, there is nothing to see. */
  void awaitStart() throws InterruptedException;

  /** Says who is told, on any thread, that {@link #takeHalt} has something new; null for nobody. */
  void onHalt(Runnable listener);

  /** A debugger has come, which says when the machine runs from now on, or has gone. */
  void attached(boolean now);

  /**
   * Has all harts halt, if they do not already, and returns when they have.
   *
   * @throws IOException if a device cannot be waited for; then the machine goes on
   */
  void halt() throws IOException;

  /**
   * Halts the machine if one of its harts has come to a halt, and tells which; null if none has
   * since it was told last.
   *
   * @throws IOException as {@link #halt}
   */
  HaltedHart takeHalt() throws IOException;

  /**
   * Lets a halted machine go on.
   *
   * @param motions what each hart does, by number
   * @param interruptible whether steps may be into interrupts
   */
  void go(List<Motion> motions, boolean interruptible);

  /**
   * Lets the machine go on as a whole, and every hart that has come to a halt; halts not yet told
   * are forgotten.
   */
  void goOn();

  /** From now on there are breakpoints at these virtual addresses, and no others. */
  void breakAt(Collection<Long> addresses);

  /** From now on this data is watched, and no other. */
  void watch(List<Watchpoint> watchpoints);

  /** Memory has been written, which may be code. */
  void memoryWritten();

  /** Ends the machine. */
  void powerOff();

  /**
   * Does what a line for the monitor says.
   *
   * @return what the monitor answers, lines that end with a line feed each
   */
  String command(String line);
}
