package dev.isomorph.systemvm.firmware;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Counters (RISC-V SBI specification, chapter 11): those of cycles and of instructions that the
 * harts have, and some that count what firmware does. The harts count nothing else, so no other
 * event finds a counter.
 */
final class PerformanceExtension {
  private static final int SKIP_MATCH = 1;
  private static final int CLEAR_VALUE = 1 << 1;
  private static final int AUTO_START = 1 << 2;
  private static final int CONFIGURE_FLAGS = 0xff;
  private static final int SET_INITIAL_VALUE = 1;
  private static final int FROM_SNAPSHOT = 1 << 1;
  private static final int START_FLAGS = SET_INITIAL_VALUE | FROM_SNAPSHOT;
  private static final int FORGET_EVENT = 1;
  private static final int TAKE_SNAPSHOT = 1 << 1;
  private static final int STOP_FLAGS = FORGET_EVENT | TAKE_SNAPSHOT;
  private static final int CODE_BITS = 16;
  private static final int FIRMWARE_EVENTS = 15;

  private final CounterBank[] banks;

  PerformanceExtension(SbiPlatform platform, FirmwareEvents events) {
    banks = new CounterBank[platform.harts()];
    for (int hart = 0; hart < banks.length; hart++) {
      banks[hart] = new CounterBank(platform, events, hart);
    }
  }

  void save(DataOutput out) throws IOException {
    for (CounterBank bank : banks) {
      bank.save(out);
    }
  }

  void restore(DataInput in) throws IOException {
    for (CounterBank bank : banks) {
      bank.restore(in);
    }
  }

  SbiExtension table() {
    return new SbiExtension(
        SbiExtension.id("PMU"),
        "performance monitoring",
        List.of(
            new SbiFunction(
                0, "sbi_pmu_num_counters", (_, _) -> SbiResult.of(CounterBank.COUNTERS)),
            new SbiFunction(1, "sbi_pmu_counter_get_info", this::information),
            new SbiFunction(2, "sbi_pmu_counter_config_matching", this::configure),
            new SbiFunction(3, "sbi_pmu_counter_start", this::start),
            new SbiFunction(4, "sbi_pmu_counter_stop", this::stop),
            new SbiFunction(5, "sbi_pmu_counter_fw_read", this::read),
            new SbiFunction(6, "sbi_pmu_counter_fw_read_hi", this::readHigh)));
  }

  private SbiResult information(int hart, long[] a) {
    return a[0] >= 0 && a[0] < CounterBank.COUNTERS
        ? SbiResult.of(CounterBank.information((int) a[0]))
        : SbiError.INVALID_PARAM.result();
  }

  private SbiResult configure(int hart, long[] a) {
    long set = set(a);
    if (set == 0 || (a[2] & ~CONFIGURE_FLAGS) != 0) {
      return SbiError.INVALID_PARAM.result();
    }
    CounterBank bank = banks[hart];
    int counter =
        (a[2] & SKIP_MATCH) != 0 ? Long.numberOfTrailingZeros(set) : match(bank, set, a[3]);
    if (counter < 0) {
      return SbiError.NOT_SUPPORTED.result();
    }
    if ((a[2] & CLEAR_VALUE) != 0) {
      bank.set(counter, 0);
    }
    if ((a[2] & AUTO_START) != 0) {
      bank.start(counter);
    }
    return SbiResult.of(counter);
  }

  /** A counter of a set that is free for an event and now is the event's; -1 if there is none. */
  private static int match(CounterBank bank, long set, long event) {
    boolean firmware = event >>> CODE_BITS == FIRMWARE_EVENTS;
    long code = firmware ? event & ((1 << CODE_BITS) - 1) : event;
    for (long rest = set; rest != 0; rest &= rest - 1) {
      int counter = Long.numberOfTrailingZeros(rest);
      if (bank.assign(counter, firmware, code)) {
        return counter;
      }
    }
    return -1;
  }

  private SbiResult start(int hart, long[] a) {
    long set = set(a);
    if (set == 0 || (a[2] & ~START_FLAGS) != 0) {
      return SbiError.INVALID_PARAM.result();
    }
    if ((a[2] & FROM_SNAPSHOT) != 0) {
      return SbiError.NO_SHARED_MEMORY.result();
    }
    boolean running = false;
    for (long rest = set; rest != 0; rest &= rest - 1) {
      int counter = Long.numberOfTrailingZeros(rest);
      if (banks[hart].isRunning(counter)) {
        running = true;
        continue;
      }
      if ((a[2] & SET_INITIAL_VALUE) != 0) {
        banks[hart].set(counter, a[3]);
      }
      banks[hart].start(counter);
    }
    return running ? SbiError.ALREADY_STARTED.result() : SbiResult.SUCCESS;
  }

  private SbiResult stop(int hart, long[] a) {
    long set = set(a);
    if (set == 0 || (a[2] & ~STOP_FLAGS) != 0) {
      return SbiError.INVALID_PARAM.result();
    }
    if ((a[2] & TAKE_SNAPSHOT) != 0) {
      return SbiError.NO_SHARED_MEMORY.result();
    }
    boolean stopped = false;
    for (long rest = set; rest != 0; rest &= rest - 1) {
      int counter = Long.numberOfTrailingZeros(rest);
      stopped |= !banks[hart].isRunning(counter);
      banks[hart].stop(counter);
      if ((a[2] & FORGET_EVENT) != 0) {
        banks[hart].release(counter);
      }
    }
    return stopped ? SbiError.ALREADY_STOPPED.result() : SbiResult.SUCCESS;
  }

  private SbiResult read(int hart, long[] a) {
    return CounterBank.isFirmware(a[0])
        ? SbiResult.of(banks[hart].firmwareValue((int) a[0]))
        : SbiError.INVALID_PARAM.result();
  }

  /** A register has all of it. */
  private SbiResult readHigh(int hart, long[] a) {
    return CounterBank.isFirmware(a[0]) ? SbiResult.of(0) : SbiError.INVALID_PARAM.result();
  }

  /** The counters that a call names, or none if one of them does not exist. */
  private static long set(long[] a) {
    boolean exist =
        a[0] >= 0 && a[0] < CounterBank.COUNTERS && a[1] >>> (CounterBank.COUNTERS - a[0]) == 0;
    return exist ? a[1] << a[0] : 0;
  }
}
