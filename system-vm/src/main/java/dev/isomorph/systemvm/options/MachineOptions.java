package dev.isomorph.systemvm.options;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A machine to be made, and what it runs.
 *
 * @param harts how many, from 1 to {@link #MOST_HARTS}
 * @param memoryBytes size of its RAM, a multiple of 4096
 * @param virtio the devices that are not always there, each with its place
 * @param serials the serial lines' other ends, the first that of the console; the board has one
 * @param monitor where commands about the machine come from
 * @param reboots whether a reboot starts the machine again; otherwise it ends it
 */
public record MachineOptions(
    BootOptions boot,
    int harts,
    long memoryBytes,
    List<Slot> virtio,
    List<CharacterBackend> serials,
    CharacterBackend monitor,
    RealTime realTime,
    boolean reboots,
    Diagnostics diagnostics) {
  /** Sets of harts are kept in 64 bits. */
  public static final int MOST_HARTS = 64;

  /** Places for virtio devices in memory. */
  public static final int SLOTS = 8;

  /** Numbers of devices on PCI; 0 is the host's bridge. */
  public static final int PCI_DEVICES = 32;

  /** Serial lines of the board. */
  public static final int SERIALS = 1;

  /** RAM if nothing is said. */
  public static final long DEFAULT_MEMORY = 512L << 20;

  private static final long PAGE = 4096;
  private static final long LEAST_MEMORY = 1L << 20;
  private static final long MOST_MEMORY = 1L << 40;

  /** What virtio devices are plugged into. */
  public enum Bus {
    /** virtio-mmio transports, from 0 at the lowest address. */
    MMIO,
    /** PCI Express; the numbers are those of devices, from 1. */
    PCI
  }

  /**
   * A virtio device and its place.
   *
   * @param index which place of the bus
   */
  public record Slot(Bus bus, int index, VirtioOptions device) {
    public Slot {
      Objects.checkIndex(index, bus == Bus.PCI ? PCI_DEVICES : SLOTS);
      Objects.requireNonNull(device);
      if (bus == Bus.PCI && index == 0) {
        throw new IllegalArgumentException("the first device on PCI is the host's bridge");
      }
    }

    /** A device in memory. */
    public Slot(int index, VirtioOptions device) {
      this(Bus.MMIO, index, device);
    }

    /** A word for the device that no other of the machine has. */
    public String name() {
      return (bus == Bus.PCI ? "pci" : "virtio") + index;
    }

    /** The place in qemu's words. */
    public String place() {
      return bus == Bus.PCI
          ? "pcie.0, addr " + Integer.toHexString(index)
          : "virtio-mmio-bus." + index;
    }
  }

  /**
   * @throws IllegalArgumentException with a line for the user, if there can be no such machine
   */
  public MachineOptions {
    Objects.requireNonNull(boot);
    Objects.requireNonNull(monitor);
    Objects.requireNonNull(realTime);
    Objects.requireNonNull(diagnostics);
    virtio = List.copyOf(virtio);
    serials = List.copyOf(serials);
    if (harts < 1 || harts > MOST_HARTS) {
      throw new IllegalArgumentException(
          "a machine has from 1 to " + MOST_HARTS + " harts, not " + harts);
    }
    if (memoryBytes < LEAST_MEMORY || memoryBytes > MOST_MEMORY) {
      throw new IllegalArgumentException(
          "a machine has from 1 MiB to 1 TiB of memory, not " + memoryBytes + " bytes");
    }
    if (memoryBytes % PAGE != 0) {
      throw new IllegalArgumentException(
          "memory comes in pages of " + PAGE + " bytes, not in " + memoryBytes + " bytes");
    }
    if (serials.size() > SERIALS) {
      throw new IllegalArgumentException("the board has only one serial line");
    }
    if (!boot.isSomething() && diagnostics.dumpDeviceTree() == null) {
      throw new IllegalArgumentException("nothing to run: name a kernel or a firmware's image");
    }
    checkDistinct(virtio);
    checkStandard(virtio, serials, monitor);
  }

  /** One hart, the usual memory, no device but the board's, the console on standard output. */
  public static MachineOptions of(BootOptions boot) {
    return new MachineOptions(
        boot,
        1,
        DEFAULT_MEMORY,
        List.of(),
        List.of(new CharacterBackend.Standard(true)),
        new CharacterBackend.None(),
        new RealTime.Host(Duration.ZERO),
        true,
        Diagnostics.NONE);
  }

  private static void checkDistinct(List<Slot> slots) {
    Set<String> taken = new HashSet<>();
    for (Slot slot : slots) {
      if (!taken.add(slot.place())) {
        throw new IllegalArgumentException("two devices at " + slot.place());
      }
    }
  }

  /** Two cannot both read what the user types. */
  private static void checkStandard(
      List<Slot> slots, List<CharacterBackend> serials, CharacterBackend monitor) {
    int users = monitor instanceof CharacterBackend.Standard ? 1 : 0;
    for (CharacterBackend each : serials) {
      users += each instanceof CharacterBackend.Standard ? 1 : 0;
    }
    for (Slot slot : slots) {
      users +=
          slot.device instanceof VirtioOptions.Console(CharacterBackend backend)
                  && backend instanceof CharacterBackend.Standard
              ? 1
              : 0;
    }
    if (users > 1) {
      throw new IllegalArgumentException("standard input can serve only one line at a time");
    }
  }
}
