package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.VirtBoard;
import dev.isomorph.systemvm.pci.PciHost;
import dev.isomorph.systemvm.pci.PciWindow;
import java.util.List;

/** A driver for tests of a device on PCI, which it has found by the bus's configuration space. */
final class PciDriver extends GuestDriver {
  static final long MEMORY = 0x4_0000_4000L;
  static final int DEVICE = 3;

  private static final int COMMAND = 4;
  private static final int CAPABILITIES = 0x34;
  private static final int BAR4 = 0x20;

  final PciHost host = new PciHost(List.of(_ -> {}, _ -> {}, _ -> {}, this::interrupt));
  final VirtioPci function;
  private final PciWindow window =
      new PciWindow("window", VirtBoard.pciHighMemory(1 << 29).base(), host);

  /** Where the structures are, by their types. */
  private final long[] structures = new long[6];

  private long notifyBytes;

  PciDriver(VirtioDevice device) {
    function = new VirtioPci(device, ram, host.line(DEVICE), Runnable::run);
    host.plug(DEVICE, function);
    place();
  }

  /** Does what a kernel does: places the memory, enables it and looks for the structures. */
  void place() {
    config(BAR4, 4, MEMORY & 0xffff_ffffL);
    config(BAR4 + 4, 4, MEMORY >> 32);
    config(COMMAND, 2, 6);
    for (int at = (int) config(CAPABILITIES, 1); at != 0; at = (int) config(at + 1, 1)) {
      int type = (int) config(at + 3, 1);
      structures[type] = config(at + 8, 4);
      notifyBytes = type == 2 ? config(at + 16, 4) : notifyBytes;
    }
  }

  long config(int offset, int bytes) {
    return host.read((long) DEVICE << 15 | offset, bytes);
  }

  void config(int offset, int bytes, long value) {
    host.write((long) DEVICE << 15 | offset, bytes, value);
  }

  long read(int structure, int offset, int bytes) {
    return window.read(offset(structure, offset), bytes);
  }

  void write(int structure, int offset, int bytes, long value) {
    window.write(offset(structure, offset), bytes, value);
  }

  private long offset(int structure, int offset) {
    return MEMORY + structures[structure] + offset - VirtBoard.pciHighMemory(1 << 29).base();
  }

  @Override
  long get(int register) {
    return switch (register) {
      case 0x10 -> read(1, 0x04, 4);
      case 0x34 -> read(1, 0x18, 2);
      case 0x60 -> read(3, 0, 1);
      case 0x70 -> read(1, 0x14, 1);
      default -> throw new IllegalArgumentException("register " + register);
    };
  }

  @Override
  void set(int register, long value) {
    switch (register) {
      case 0x14 -> write(1, 0x00, 4, value);
      case 0x20 -> write(1, 0x0c, 4, value);
      case 0x24 -> write(1, 0x08, 4, value);
      case 0x30 -> write(1, 0x16, 2, value);
      case 0x38 -> write(1, 0x18, 2, value);
      case 0x44 -> write(1, 0x1c, 2, value);
      case 0x50 -> write(2, (int) (value * notifyBytes), 2, value);
      case 0x64 -> {
        // Reading has done it.
      }
      case 0x70 -> write(1, 0x14, 1, value);
      case 0x80, 0x84 -> write(1, register - 0x80 + 0x20, 4, value);
      case 0x90, 0x94 -> write(1, register - 0x90 + 0x28, 4, value);
      case 0xa0, 0xa4 -> write(1, register - 0xa0 + 0x30, 4, value);
      default -> throw new IllegalArgumentException("register " + register);
    }
  }
}
