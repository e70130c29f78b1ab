package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.boot.StartState;
import dev.isomorph.systemvm.device.Snapshotable;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.options.FirmwareChoice;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.VirtioOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/**
 * All of a machine that stands still, as it is saved: first what it is made of, which must be the
 * same where it is restored; then its parts, each with a name, a version and a length; then memory.
 */
final class MachineSnapshot {
  /** No part of a machine is larger: two banks of flash memory are the largest. */
  private static final int LARGEST_PART = 80 << 20;

  private final MachineOptions options;
  private final List<DiskFile> disks;
  private final List<HartSlot> harts;
  private final List<? extends Snapshotable> parts;
  private final Ram ram;

  /** Where a test program tells its end, as of {@link StartState}; 0 for nowhere. */
  private long toHost;

  private long fromHost;

  /**
   * @param parts in the order in which they are to be restored
   */
  MachineSnapshot(
      MachineOptions options,
      List<DiskFile> disks,
      List<HartSlot> harts,
      List<? extends Snapshotable> parts,
      Ram ram) {
    this.options = options;
    this.disks = disks;
    this.harts = harts;
    this.parts = parts;
    this.ram = ram;
  }

  void watch(long newToHost, long newFromHost) {
    toHost = newToHost;
    fromHost = newFromHost;
  }

  long toHost() {
    return toHost;
  }

  long fromHost() {
    return fromHost;
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(options.harts());
    out.writeLong(options.memoryBytes());
    out.writeUTF(firmware());
    out.writeBoolean(options.diagnostics().deterministic());
    for (int i = 0; i < MachineOptions.SLOTS; i++) {
      out.writeUTF(device(i));
    }
    out.writeInt(disks.size());
    for (DiskFile disk : disks) {
      disk.save(out);
    }
    out.writeLong(toHost);
    out.writeLong(fromHost);
    for (HartSlot slot : harts) {
      out.writeBoolean(slot.isToRun());
    }
    out.writeInt(parts.size());
    for (Snapshotable part : parts) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      part.save(new DataOutputStream(bytes));
      out.writeUTF(part.name());
      out.writeInt(part.version());
      out.writeInt(bytes.size());
      out.write(bytes.toByteArray());
    }
    new RamImage(ram).save(out);
  }

  /**
   * Reads what was saved, for a machine that has been reset.
   *
   * @throws IOException with what is wrong; the machine then cannot be started
   */
  void restore(DataInput in) throws IOException {
    compare("harts", in.readInt(), options.harts());
    compare("bytes of memory", in.readLong(), options.memoryBytes());
    compare("firmware", in.readUTF(), firmware());
    if (in.readBoolean() != options.diagnostics().deterministic()) {
      throw new IOException(
          "saved with --deterministic and loaded without, or the other way round");
    }
    for (int i = 0; i < MachineOptions.SLOTS; i++) {
      compare("at virtio-mmio-bus." + i, in.readUTF(), device(i));
    }
    compare("disks", in.readInt(), disks.size());
    for (DiskFile disk : disks) {
      disk.compare(in);
    }
    watch(in.readLong(), in.readLong());
    if (isOutside(toHost) || isOutside(fromHost)) {
      throw new IOException("the snapshot tells its end outside of memory");
    }
    for (HartSlot slot : harts) {
      if (in.readBoolean()) {
        slot.goOn();
      }
    }
    compare("parts", in.readInt(), parts.size());
    for (Snapshotable part : parts) {
      restore(in, part);
    }
    new RamImage(ram).restore(in);
  }

  private boolean isOutside(long address) {
    return address != 0 && !ram.contains(address, Long.BYTES);
  }

  private static void restore(DataInput in, Snapshotable part) throws IOException {
    compare("part", in.readUTF(), part.name());
    int version = in.readInt();
    int length = in.readInt();
    if (version < 1 || version > part.version()) {
      throw new IOException(
          "%s was saved in version %d, this Isomorph knows version %d"
              .formatted(part.name(), version, part.version()));
    }
    if (length < 0 || length > LARGEST_PART) {
      throw new IOException(part.name() + " of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    DataInputStream content = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      part.restore(content, version);
    } catch (EOFException | RuntimeException e) {
      throw new IOException("what is saved of " + part.name() + " is not whole", e);
    }
    if (content.available() > 0) {
      throw new IOException("there is more saved of " + part.name() + " than it has");
    }
  }

  private static void compare(String what, Object saved, Object here) throws IOException {
    if (!saved.equals(here)) {
      throw new IOException(
          "the snapshot is of another machine: " + what + ": " + saved + ", here " + here);
    }
  }

  private String firmware() {
    return switch (options.boot().firmware()) {
      case FirmwareChoice.BuiltIn builtIn -> "built-in";
      case FirmwareChoice.None none -> "none";
      case FirmwareChoice.Image image -> "image";
    };
  }

  /** What is at a place for virtio devices, in a word. */
  private String device(int slot) {
    for (MachineOptions.Slot each : options.virtio()) {
      if (each.bus() == MachineOptions.Bus.MMIO && each.index() == slot) {
        return switch (each.device()) {
          case VirtioOptions.Block block -> "block";
          case VirtioOptions.Net net -> "net";
          case VirtioOptions.Rng rng -> "rng";
          case VirtioOptions.Balloon balloon -> "balloon";
          case VirtioOptions.Console console -> "console";
          case VirtioOptions.Folder folder -> "9p";
        };
      }
    }
    return "empty";
  }
}
