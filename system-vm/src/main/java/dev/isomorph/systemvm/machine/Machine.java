package dev.isomorph.systemvm.machine;

import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.device.HostClock;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.firmware.Sbi;
import dev.isomorph.systemvm.firmware.SbiResult;
import dev.isomorph.systemvm.hart.HartOwner;
import dev.isomorph.systemvm.hart.HartRegisters;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import java.util.ArrayList;
import java.util.List;

/** A whole computer: harts, memory, a board of devices, and perhaps firmware of its own. */
public final class Machine implements HartOwner, AutoCloseable {
  private static final int A0 = 10;
  private static final int A6 = 16;
  private static final int A7 = 17;

  /** Room for the return stack and what the host's signals need below it. */
  private static final long HART_STACK_BYTES = 1 << 20;

  private final Ram ram;
  private final PhysicalBus bus;
  private final HostClock clock = new HostClock();
  private final Engine engine;
  private final List<HartSlot> harts = new ArrayList<>();
  private final Power power = new Power(() -> harts().forEach(HartSlot::powerChanged));
  private final Board board;

  /** Null if firmware is the guest's. */
  private Sbi sbi;

  /**
   * A machine that is off.
   *
   * @param memoryBytes size of RAM, a multiple of 4096
   * @param console the other end of the serial line
   */
  public Machine(int hartCount, long memoryBytes, EngineOptions options, CharBackend console) {
    ram = new Ram(Board.RAM, memoryBytes);
    bus = new PhysicalBus(ram);
    engine = new Engine(new RamFrames(ram), options);
    ram.onWrite(new WriteNotes(ram, engine.writtenFrames()));
    for (int i = 0; i < hartCount; i++) {
      harts.add(new HartSlot(new SystemHart(i, engine, bus, clock, this)));
    }
    board =
        new Board(
            bus, harts.stream().map(slot -> slot.hart().state()).toList(), clock, power, console);
    for (int i = 0; i < MachineOptions.SLOTS; i++) {
      board.attach(i, null, Runnable::run);
    }
    sbi = new Sbi(new Firmware(harts, ram, power, new BackendConsole(console)));
  }

  private List<HartSlot> harts() {
    return harts;
  }

  /** Its memory. */
  public Ram ram() {
    return ram;
  }

  /** What it is made of and how it has done. */
  public Engine engine() {
    return engine;
  }

  /** Where a machine begins. */
  public interface Start {
    /**
     * Puts what is to run into memory, the machine being reset, and starts harts.
     *
     * @param machine to be filled
     */
    void prepare(Machine machine);
  }

  /** All harts begin in machine mode, as firmware does. */
  public void startAll(long pc, long deviceTree, long information) {
    sbi = null;
    for (HartSlot slot : harts) {
      SystemHart hart = slot.hart();
      slot.start(() -> hart.reset(pc, hart.number(), deviceTree, information));
    }
  }

  /** The first hart begins in supervisor mode, under the built-in firmware. */
  public void startSupervisor(long pc, long deviceTree) {
    SystemHart hart = harts.getFirst().hart();
    harts.getFirst().start(() -> hart.startSupervisor(pc, 0, deviceTree));
  }

  /**
   * Turns the machine on, and returns when it is off.
   *
   * @return the exit status that the guest has given
   */
  public int run(Start start, boolean reboots) {
    while (true) {
      board.reset();
      power.turnOn();
      clock.resume();
      start.prepare(this);
      List<Thread> threads = new ArrayList<>();
      for (HartSlot slot : harts) {
        threads.add(
            Thread.ofPlatform()
                .name("hart " + slot.hart().number())
                .stackSize(HART_STACK_BYTES)
                .start(() -> run(slot)));
      }
      threads.forEach(Machine::join);
      clock.pause();
      if (power.ending() == Power.Ending.OFF || !reboots) {
        return power.status();
      }
    }
  }

  private void run(HartSlot slot) {
    try {
      while (slot.awaitStart(power)) {
        slot.hart().run();
        slot.serve();
      }
    } catch (RuntimeException | Error failed) {
      // Of all harts none goes on: the machine would only hang.
      power.powerOff(1);
      throw failed;
    }
  }

  private static void join(Thread thread) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException e) {
        // Nobody interrupts; it is waited for again.
      }
    }
  }

  /** Turns it off; any thread. */
  public void powerOff(int status) {
    power.powerOff(status);
  }

  @Override
  public boolean answers(SystemHart hart) {
    if (sbi == null) {
      return false;
    }
    HartRegisters r = hart.registers();
    SbiResult result =
        sbi.call(
            hart.number(),
            r.x(A7),
            r.x(A6),
            r.x(A0),
            r.x(A0 + 1),
            r.x(A0 + 2),
            r.x(A0 + 3),
            r.x(A0 + 4),
            r.x(A0 + 5));
    switch (result) {
      case SbiResult.Standard(long error, long value) -> {
        r.x(A0, error);
        r.x(A0 + 1, value);
      }
      case SbiResult.Legacy(long value) -> r.x(A0, value);
    }
    return true;
  }

  @Override
  public void attend(SystemHart hart) {
    harts.get(hart.number()).serve();
  }

  @Override
  public boolean isRunning(SystemHart hart) {
    return power.isOn() && harts.get(hart.number()).isStarted();
  }

  @Override
  public void close() {
    engine.close();
    harts.forEach(slot -> slot.hart().close());
    clock.close();
    ram.close();
  }
}
