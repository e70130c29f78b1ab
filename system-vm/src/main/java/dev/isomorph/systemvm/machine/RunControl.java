package dev.isomorph.systemvm.machine;

import dev.isomorph.engine.Engine;
import dev.isomorph.systemvm.gdb.DebugTarget;
import dev.isomorph.systemvm.gdb.HaltedHart;
import dev.isomorph.systemvm.gdb.Motion;
import dev.isomorph.systemvm.hart.Halt;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.hart.Watchpoint;
import dev.isomorph.systemvm.memory.PhysicalBus;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/**
 * Halts a machine for the user, by whatever way: a debugger, the monitor, a breakpoint. While the
 * machine is halted it stands still once for all of them. A hart that has met a breakpoint, or is
 * not to move while others do, is held by itself until then.
 */
final class RunControl implements DebugTarget {
  private final Standstill standstill;
  private final List<HartSlot> harts;
  private final PhysicalBus bus;
  private final Engine engine;
  private final Power power;

  /** Whether one thread runs all harts: none can be held while others run. */
  private final boolean together;

  /** Harts that are held by themselves. */
  private final Set<HartSlot> held = ConcurrentHashMap.newKeySet();

  /** Why harts have come to a halt, the first first. */
  private final Queue<HaltedHart> halts = new ConcurrentLinkedQueue<>();

  private volatile Runnable listener;
  private volatile boolean attached;
  private UnaryOperator<String> commands;
  private boolean halted;

  RunControl(
      Standstill standstill, List<HartSlot> harts, PhysicalBus bus, Engine engine, Power power) {
    this.standstill = standstill;
    this.harts = harts;
    this.bus = bus;
    this.engine = engine;
    this.power = power;
    together = harts.getFirst().takesTurns();
  }

  /** Says who does what lines for the monitor say. */
  void commands(UnaryOperator<String> newCommands) {
    commands = newCommands;
  }

  @Override
  public void attached(boolean now) {
    attached = now;
  }

  /** Whether a debugger says when the machine runs. */
  boolean isAttached() {
    return attached;
  }

  /** A hart has come to a halt; on its thread. */
  void halted(SystemHart hart, Halt why) {
    HartSlot slot = harts.get(hart.number());
    holdAlone(slot);
    tell(new HaltedHart(hart.number(), why));
  }

  private void holdAlone(HartSlot slot) {
    if (held.add(slot)) {
      slot.hold();
    }
  }

  private void releaseAlone(HartSlot slot) {
    if (held.remove(slot)) {
      slot.release();
    }
  }

  private void tell(HaltedHart news) {
    halts.add(news);
    Runnable current = listener;
    if (current != null) {
      current.run();
    }
  }

  @Override
  public List<SystemHart> harts() {
    return harts.stream().map(HartSlot::hart).toList();
  }

  @Override
  public PhysicalBus bus() {
    return bus;
  }

  @Override
  public String describe(int hart) {
    return harts.get(hart).state().toString().toLowerCase(Locale.ROOT);
  }

  @Override
  public void awaitStart() throws InterruptedException {
    standstill.awaitTurnedOn();
  }

  @Override
  public void onHalt(Runnable newListener) {
    listener = newListener;
  }

  synchronized boolean isHalted() {
    return halted;
  }

  @Override
  public synchronized void halt() throws IOException {
    if (halted) {
      standstill.awaitHarts();
    } else {
      standstill.begin();
      halted = true;
      // None of them runs any more, so no other comes to it.
      held.forEach(this::releaseAlone);
    }
  }

  /** Halts the machine because the user has said so, and tells who else controls it. */
  void haltByRequest() throws IOException {
    if (!isHalted()) {
      halt();
      tell(new HaltedHart(0, new Halt.Requested()));
    }
  }

  @Override
  public HaltedHart takeHalt() throws IOException {
    if (halts.isEmpty()) {
      return null;
    }
    halt();
    HaltedHart first = halts.poll();
    // Who has met a breakpoint at the same time will meet it again.
    halts.removeIf(each -> !(each.why() instanceof Halt.Watched));
    return first;
  }

  @Override
  public synchronized void go(List<Motion> motions, boolean interruptible) {
    if (!halted) {
      return;
    }
    if (!halts.isEmpty()) {
      tell(halts.poll()); // It has not been told yet, and nothing has moved since.
      return;
    }
    boolean steps = motions.contains(Motion.STEP);
    if (motions.contains(Motion.RUN) && !(together && steps)) {
      for (int i = 0; i < harts.size(); i++) {
        if (motions.get(i) != Motion.RUN && !together) {
          holdAlone(harts.get(i));
        }
      }
      halted = false;
      standstill.end();
    }
    for (int i = 0; i < harts.size(); i++) {
      if (motions.get(i) == Motion.STEP) {
        step(i, interruptible);
      }
    }
  }

  /** Has a hart that is held execute one instruction, on its thread. */
  private void step(int number, boolean interruptible) {
    HartSlot slot = harts.get(number);
    Runnable done = () -> tell(new HaltedHart(number, new Halt.Stepped()));
    if (!slot.isStarted()) {
      done.run();
      return;
    }
    slot.post(
        () -> {
          if (slot.isStarted()) {
            slot.hart().step(interruptible);
          }
          done.run();
        });
  }

  @Override
  public synchronized void goOn() {
    held.forEach(this::releaseAlone);
    halts.clear();
    if (halted) {
      halted = false;
      standstill.end();
    }
  }

  @Override
  public void breakAt(Collection<Long> addresses) {
    engine.breakAt(addresses);
  }

  @Override
  public void watch(List<Watchpoint> watchpoints) {
    standstill.withoutHarts(() -> harts.forEach(slot -> slot.hart().watch(watchpoints)));
  }

  @Override
  public void memoryWritten() {
    engine.synchroniseCode();
  }

  @Override
  public void powerOff() {
    power.quit();
  }

  @Override
  public String command(String line) {
    return commands.apply(line);
  }
}
