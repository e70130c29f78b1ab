package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.firmware.HartState;
import dev.isomorph.systemvm.firmware.RemoteFence;
import dev.isomorph.systemvm.firmware.Reset;
import dev.isomorph.systemvm.firmware.SbiPlatform;
import dev.isomorph.systemvm.hart.HartListener;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.Ram;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine as its built-in firmware sees it. */
final class Firmware implements SbiPlatform {
  private static final int FAILED = 1;

  private static final int MCYCLE = 0xb00;
  private static final int MCOUNTINHIBIT = 0x320;
  private static final int MVENDORID = 0xf11;
  private static final int MARCHID = 0xf12;
  private static final int MIMPID = 0xf13;
  private static final long PAGE = 4096;

  /** More pages than these are not fenced one by one. */
  private static final long MOST_PAGES = 64;

  private final List<HartSlot> harts;
  private final Ram ram;
  private final Power power;
  private final UartConsole console;

  Firmware(List<HartSlot> harts, Ram ram, Power power, UartConsole console) {
    this.harts = harts;
    this.ram = ram;
    this.power = power;
    this.console = console;
  }

  private SystemHart hart(int number) {
    return harts.get(number).hart();
  }

  @Override
  public int harts() {
    return harts.size();
  }

  @Override
  public long vendor() {
    return hart(0).state().readAsMachine(MVENDORID);
  }

  @Override
  public long architecture() {
    return hart(0).state().readAsMachine(MARCHID);
  }

  @Override
  public long implementation() {
    return hart(0).state().readAsMachine(MIMPID);
  }

  @Override
  public void setTimer(int hart, long tick) {
    hart(hart).state().timer().set(tick);
  }

  @Override
  public void raiseSoftwareInterrupts(long set) {
    for (int i = 0; i < harts.size(); i++) {
      if ((set >>> i & 1) != 0) {
        hart(i).state().interrupts().raiseSupervisorSoftware();
      }
    }
  }

  @Override
  public void clearSoftwareInterrupt(int hart) {
    hart(hart).state().interrupts().clearSupervisorSoftware();
  }

  @Override
  public void fence(int from, long set, RemoteFence fence) {
    AtomicInteger left = new AtomicInteger();
    for (int i = 0; i < harts.size(); i++) {
      HartSlot slot = harts.get(i);
      if ((set >>> i & 1) == 0) {
        continue;
      }
      if (i == from) {
        apply(slot.hart(), fence);
      } else if (slot.isStarted()) {
        left.incrementAndGet();
        slot.post(
            () -> {
              apply(slot.hart(), fence);
              left.decrementAndGet();
            });
      }
    }
    HartSlot own = harts.get(from);
    // Without power the others go, and do nothing any more.
    while (left.get() > 0 && own.isStarted() && power.isOn()) {
      own.pause();
    }
  }

  private static void apply(SystemHart hart, RemoteFence fence) {
    switch (fence) {
      case RemoteFence.Instructions() -> hart.fenceInstructions();
      case RemoteFence.Addresses(long start, long size) ->
          fence(hart, start, size, HartListener.ALL_SPACES);
      case RemoteFence.AddressesOf(int asid, long start, long size) ->
          fence(hart, start, size, asid);
    }
  }

  private static void fence(SystemHart hart, long start, long size, int asid) {
    if (Long.compareUnsigned(size, MOST_PAGES * PAGE) > 0) {
      hart.fence(true, 0, asid);
      return;
    }
    for (long address = start & -PAGE; address - start < size; address += PAGE) {
      hart.fence(false, address, asid);
    }
  }

  @Override
  public HartState state(int hart) {
    return harts.get(hart).state();
  }

  @Override
  public boolean start(int hart, long address, long opaque) {
    SystemHart started = hart(hart);
    return harts.get(hart).start(() -> started.startSupervisor(address, hart, opaque));
  }

  @Override
  public void stop(int hart) {
    harts.get(hart).stop();
  }

  @Override
  public void suspend(int hart) {
    HartSlot slot = harts.get(hart);
    slot.suspended(true);
    slot.hart().awaitInterrupt();
    slot.suspended(false);
  }

  @Override
  public void suspendAndStart(int hart, long address, long opaque) {
    suspend(hart);
    // Not here: what the call gives would be put into the new registers.
    harts.get(hart).restart(() -> hart(hart).startSupervisor(address, hart, opaque));
  }

  @Override
  public void reset(Reset reset) {
    if (reset.type() == Reset.Type.SHUTDOWN) {
      power.powerOff(reset.failed() ? FAILED : 0);
    } else {
      power.reset();
    }
  }

  @Override
  public boolean isRam(long address, long length) {
    return ram.contains(address, length);
  }

  @Override
  public void read(long address, byte[] to, int length) {
    ram.read(address, to, 0, length);
  }

  @Override
  public void write(long address, byte[] from, int length) {
    ram.write(address, from, 0, length);
  }

  @Override
  public void print(byte[] text, int length) {
    console.print(text, length);
  }

  @Override
  public int typed() {
    return console.typed();
  }

  @Override
  public void setCounter(int hart, int index, long value) {
    hart(hart).state().writeAsMachine(MCYCLE + index, value);
  }

  @Override
  public void letCount(int hart, int index, boolean on) {
    long inhibited = hart(hart).state().readAsMachine(MCOUNTINHIBIT);
    long bit = 1L << index;
    hart(hart).state().writeAsMachine(MCOUNTINHIBIT, on ? inhibited & ~bit : inhibited | bit);
  }
}
