package dev.isomorph.systemvm.firmware;

import dev.isomorph.systemvm.device.Snapshotable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Firmware that is part of the machine: answers a supervisor's {@code ecall}s as the RISC-V
 * Supervisor Binary Interface specification 2.0 says. Harts may call at the same time.
 */
public final class Sbi implements Snapshotable {
  private static final int BASE = 0x10;
  private static final int SPECIFICATION_MAJOR_SHIFT = 24;
  private static final long SPECIFICATION = 2L << SPECIFICATION_MAJOR_SHIFT;

  /** Not one that the specification's list has: none there is this implementation's. */
  private static final long IMPLEMENTATION = SbiExtension.id("Iso");

  private static final long VERSION = 1;

  private final SbiPlatform platform;
  private final FirmwareEvents events;
  private final PerformanceExtension performance;
  private final Map<Long, SbiExtension> extensions = new HashMap<>();
  private final List<SbiExtension> legacy;

  /** Makes the firmware of a machine. */
  public Sbi(SbiPlatform platform) {
    this.platform = platform;
    events = new FirmwareEvents(platform.harts());
    performance = new PerformanceExtension(platform, events);
    for (SbiExtension each :
        List.of(
            base(),
            new TimeExtension(platform, events).table(),
            new IpiExtension(platform, events).table(),
            new RemoteFenceExtension(platform, events).table(),
            new HartStateExtension(platform).table(),
            new SystemResetExtension(platform).table(),
            new DebugConsoleExtension(platform).table(),
            performance.table())) {
      extensions.put((long) each.id(), each);
    }
    legacy = new LegacyExtensions(platform, events).tables();
    for (SbiExtension each : legacy) {
      extensions.put((long) each.id(), each);
    }
  }

  /**
   * Answers a call. Where the call starts, stops or suspends the calling hart, or resets the
   * machine, what it gives does not matter.
   *
   * @param hart the one that calls, from 0
   * @param extension a7
   * @param function a6
   * @param arguments a0 to a5
   */
  public SbiResult call(int hart, long extension, long function, long... arguments) {
    SbiExtension called = extensions.get(extension);
    if (called == null) {
      return SbiError.NOT_SUPPORTED.result();
    }
    // What is older than function numbers has only one function each.
    return called.call(hart, legacy.contains(called) ? 0 : function, arguments);
  }

  @Override
  public String name() {
    return "firmware";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    events.save(out);
    performance.save(out);
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    events.restore(in);
    performance.restore(in);
  }

  /** A call's name for people, such as {@code sbi_set_timer}; null if there is no such call. */
  public String name(long extension, long function) {
    SbiExtension called = extensions.get(extension);
    if (called != null) {
      long number = legacy.contains(called) ? 0 : function;
      for (SbiFunction each : called.functions()) {
        if (each.number() == number) {
          return each.name();
        }
      }
    }
    return null;
  }

  private SbiExtension base() {
    List<SbiFunction> functions = new ArrayList<>();
    functions.add(constant(0, "sbi_get_spec_version", SPECIFICATION));
    functions.add(constant(1, "sbi_get_impl_id", IMPLEMENTATION));
    functions.add(constant(2, "sbi_get_impl_version", VERSION));
    functions.add(
        new SbiFunction(
            3,
            "sbi_probe_extension",
            (_, a) -> SbiResult.of(extensions.containsKey(a[0]) ? 1 : 0)));
    functions.add(constant(4, "sbi_get_mvendorid", platform.vendor()));
    functions.add(constant(5, "sbi_get_marchid", platform.architecture()));
    functions.add(constant(6, "sbi_get_mimpid", platform.implementation()));
    return new SbiExtension(BASE, "base", functions);
  }

  private static SbiFunction constant(int number, String name, long value) {
    SbiResult result = SbiResult.of(value);
    return new SbiFunction(number, name, (_, _) -> result);
  }
}
