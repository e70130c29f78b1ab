package dev.isomorph.systemvm.pci;

import dev.isomorph.systemvm.device.Device;
import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.device.Pausable;
import dev.isomorph.systemvm.host.Closing;
import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A PCI Express host with one bus: the configuration spaces of what is on it (PCI Express Base
 * Specification, enhanced configuration access mechanism), the bridge to it the first. Where there
 * is no function, reads give ones.
 */
public final class PciHost implements Device, Pausable, Closeable {
  /** Numbers for devices, 0 that of the bridge. */
  public static final int DEVICES = 32;

  private static final int RED_HAT = 0x1b36;
  private static final int GENERIC_HOST = 0x0008;
  private static final int HOST_BRIDGE = 0x0600;
  private static final int SUBSYSTEM = 0x1100_1af4;

  /** A device has as many functions. */
  private static final int FUNCTIONS_SHIFT = 3;

  /** In version 1 there was the bridge alone. */
  private static final int VERSION = 2;

  private final ConfigSpace bridge =
      new ConfigSpace(RED_HAT, GENERIC_HOST, 0, HOST_BRIDGE, SUBSYSTEM);
  private final Map<Integer, PciFunction> functions = new TreeMap<>();
  private final List<SharedLine> interrupts;

  /**
   * @param interrupts what the devices' pins lead to, in turn
   */
  public PciHost(List<InterruptLine> interrupts) {
    this.interrupts = interrupts.stream().map(SharedLine::new).toList();
  }

  /** What a device's pin INTA leads to: neighbours have different interrupts. */
  public InterruptLine line(int device) {
    return interrupts.get(device % interrupts.size()).end();
  }

  /** Puts a function on the bus, before software runs. */
  public void plug(int device, PciFunction function) {
    if (device <= 0 || device >= DEVICES || functions.put(device, function) != null) {
      throw new IllegalArgumentException(function.name() + " cannot be device " + device);
    }
  }

  @Override
  public String name() {
    return "pci";
  }

  @Override
  public long read(long offset, int bytes) {
    if (bytes == Long.BYTES) {
      return read(offset, 4) | read(offset + 4, 4) << 32;
    }
    int register = (int) offset & ConfigSpace.FUNCTION_BYTES - 1;
    if (offset < ConfigSpace.FUNCTION_BYTES) {
      return bridge.read(register, bytes);
    }
    PciFunction function = function(offset);
    return function == null ? ones(bytes) : function.readConfig(register, bytes);
  }

  @Override
  public void write(long offset, int bytes, long value) {
    if (bytes == Long.BYTES) {
      write(offset, 4, value & 0xffff_ffffL);
      write(offset + 4, 4, value >>> 32);
      return;
    }
    int register = (int) offset & ConfigSpace.FUNCTION_BYTES - 1;
    PciFunction function = function(offset);
    if (offset < ConfigSpace.FUNCTION_BYTES) {
      bridge.write(register, bytes, value);
    } else if (function != null) {
      function.writeConfig(register, bytes, value);
    }
  }

  /** Null if there is none: devices have no function but the first, and there is one bus. */
  private PciFunction function(long offset) {
    long number = offset / ConfigSpace.FUNCTION_BYTES;
    boolean isFirst = (number & (1 << FUNCTIONS_SHIFT) - 1) == 0;
    return isFirst ? functions.get((int) (number >> FUNCTIONS_SHIFT)) : null;
  }

  /** What is read where nothing answers. */
  static long ones(int bytes) {
    return -1L >>> Long.SIZE - Byte.SIZE * bytes;
  }

  /** Reads from the memory of whatever function has the address. */
  long readMemory(long address, int bytes) {
    for (PciFunction each : functions.values()) {
      long offset = each.config().offsetOf(address, bytes);
      if (offset >= 0) {
        return each.read(offset, bytes);
      }
    }
    return ones(bytes);
  }

  /** Writes to the memory of whatever function has the address. */
  void writeMemory(long address, int bytes, long value) {
    for (PciFunction each : functions.values()) {
      long offset = each.config().offsetOf(address, bytes);
      if (offset >= 0) {
        each.write(offset, bytes, value);
        return;
      }
    }
  }

  @Override
  public void reset() {
    bridge.reset();
    functions.values().forEach(PciFunction::reset);
  }

  @Override
  public void pause() throws IOException {
    for (PciFunction each : functions.values()) {
      each.pause();
    }
  }

  @Override
  public void resume() {
    functions.values().forEach(PciFunction::resume);
  }

  @Override
  public void close() throws IOException {
    Closing.all(functions.values());
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    bridge.save(out);
    out.writeInt(functions.size());
    for (Map.Entry<Integer, PciFunction> each : functions.entrySet()) {
      out.writeInt(each.getKey());
      out.writeLong(each.getValue().config().read(0, 4));
      out.writeInt(each.getValue().version());
      each.getValue().config().save(out);
      each.getValue().save(out);
    }
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    if (version == 1) {
      bridge.restoreHeader(in);
      requireSame(functions.isEmpty());
      return;
    }
    bridge.restore(in);
    requireSame(in.readInt() == functions.size());
    for (Map.Entry<Integer, PciFunction> each : functions.entrySet()) {
      PciFunction function = each.getValue();
      requireSame(in.readInt() == each.getKey());
      requireSame(in.readLong() == function.config().read(0, 4));
      int saved = in.readInt();
      if (saved < 1 || saved > function.version()) {
        throw new IOException(function.name() + " was saved in version " + saved);
      }
      function.config().restore(in);
      function.restore(in, saved);
    }
  }

  private static void requireSame(boolean isSame) throws IOException {
    if (!isSame) {
      throw new IOException("the snapshot is of a machine with other devices on PCI");
    }
  }
}
