package dev.isomorph.systemvm.boot;

import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.FirmwareChoice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Puts into memory what a machine starts with, where qemu's virt board has it: firmware first, the
 * kernel at the next 2 MiB, the initial RAM disk half of memory later, the device tree at the end.
 */
public final class BootLoader {
  private static final long MEBIBYTE = 1 << 20;
  private static final long KERNEL_ALIGNMENT = 2 * MEBIBYTE;
  private static final long TREE_ALIGNMENT = 2 * MEBIBYTE;
  private static final long PAGE = 4096;
  private static final long MOST_BEFORE_INITRD = 512 * MEBIBYTE;

  /** Kernels may not see a device tree above, before they know all memory. */
  private static final long TREE_LIMIT = 3072 * MEBIBYTE;

  private static final int BUFFER = 1 << 20;

  /** Where a device tree comes from. */
  public interface TreeSource {
    /** A flattened device tree that tells the kernel this. */
    byte[] tree(Chosen chosen) throws IOException;
  }

  private final BootOptions options;
  private final Ram ram;
  private final MemoryPlan plan;

  private BootLoader(BootOptions options, Ram ram) {
    this.options = options;
    this.ram = ram;
    plan = new MemoryPlan(ram.base(), ram.size());
  }

  /**
   * Loads a machine.
   *
   * @param warnings gets a line for the user if what is loaded will hardly run
   * @throws BootException with a line for the user, if a file is not what it should be or memory is
   *     too small
   * @throws IOException if a file cannot be read
   */
  public static StartState load(
      BootOptions options, Ram ram, TreeSource trees, Consumer<String> warnings)
      throws IOException {
    return new BootLoader(options, ram).load(trees, warnings);
  }

  private StartState load(TreeSource trees, Consumer<String> warnings) throws IOException {
    Program firmware = null;
    if (options.firmware() instanceof FirmwareChoice.Image(Path file)) {
      firmware = put("the firmware", file, true, ram.base());
    }
    Program kernel = null;
    if (options.kernel() != null) {
      boolean raw = !(options.firmware() instanceof FirmwareChoice.BuiltIn);
      kernel = put("the kernel", options.kernel(), raw, kernelBase(firmware));
    }
    Chosen chosen = putInitrd(kernel);
    long tree = putTree(trees.tree(chosen));
    if (kernel != null && isTight(kernel)) {
      warnings.accept(
          "little memory: of %d MiB only %d are free; a kernel this large may stop before it can say so"
              .formatted(ram.size() / MEBIBYTE, plan.left() / MEBIBYTE));
    }
    return start(firmware, kernel, tree);
  }

  /**
   * What a kernel allocates before it has a console grows with what it is built for, as does its
   * size: a Debian's of 30 MiB starts with 47 MiB free and does not with 39.
   */
  private boolean isTight(Program kernel) {
    long size = kernel.end() - kernel.start();
    return plan.left() < size + size / 4;
  }

  private StartState start(Program firmware, Program kernel, long tree) {
    long entry = kernel == null ? 0 : kernel.entry();
    boolean supervisor = options.firmware() instanceof FirmwareChoice.BuiltIn;
    byte[] rom = ResetRom.content(firmware == null ? entry : firmware.entry(), tree, entry);
    return new StartState(
        supervisor ? entry : ResetRom.ADDRESS,
        supervisor,
        tree,
        rom,
        kernel == null ? 0 : kernel.symbols().getOrDefault(ProgramFormat.TO_HOST, 0L),
        kernel == null ? 0 : kernel.symbols().getOrDefault(ProgramFormat.FROM_HOST, 0L));
  }

  /** Without firmware the kernel is in its place; the built-in one takes none, but kernels care. */
  private long kernelBase(Program firmware) {
    return switch (options.firmware()) {
      case FirmwareChoice.None _ -> ram.base();
      case FirmwareChoice.BuiltIn _ -> ram.base() + KERNEL_ALIGNMENT;
      case FirmwareChoice.Image _ -> up(firmware.end(), KERNEL_ALIGNMENT);
    };
  }

  private Program put(String what, Path file, boolean raw, long base) throws IOException {
    if (Files.size(file) > ram.size()) {
      throw new BootException(
          "too little memory: " + file + " alone has more than " + ram.size() / MEBIBYTE + " MiB");
    }
    byte[] content = Files.readAllBytes(file);
    Program program = ProgramFormat.read(file.toString(), content, raw, ram.size()).at(base);
    plan.take(what, program.start(), program.end());
    for (Segment each : program.segments()) {
      ram.write(each.address(), each.from(), each.offset(), each.length());
      ram.clear(each.address() + each.length(), each.size() - each.length());
    }
    return program;
  }

  private Chosen putInitrd(Program kernel) throws IOException {
    if (options.initrd() == null) {
      return new Chosen(options.append(), 0, 0);
    }
    long size = Files.size(options.initrd());
    if (size == 0) {
      throw new BootException(options.initrd() + ": empty");
    }
    long start = kernel.start() + Math.min(ram.size() / 2, MOST_BEFORE_INITRD);
    start = up(Math.max(start, kernel.end()), PAGE);
    plan.take("the initial RAM disk", start, start + size);
    try (InputStream in = Files.newInputStream(options.initrd())) {
      byte[] buffer = new byte[(int) Math.min(size, BUFFER)];
      long done = 0;
      while (done < size) {
        int read = in.readNBytes(buffer, 0, (int) Math.min(size - done, buffer.length));
        if (read == 0) {
          throw new BootException(options.initrd() + ": became shorter while it was read");
        }
        ram.write(start + done, buffer, 0, read);
        done += read;
      }
    }
    return new Chosen(options.append(), start, start + size);
  }

  private long putTree(byte[] tree) throws BootException {
    long limit = ram.base() < TREE_LIMIT ? Math.min(plan.end(), TREE_LIMIT) : plan.end();
    long start = limit - tree.length & -TREE_ALIGNMENT;
    plan.take("the device tree", start, start + tree.length);
    ram.write(start, tree, 0, tree.length);
    return start;
  }

  private static long up(long address, long alignment) {
    return address + alignment - 1 & -alignment;
  }
}
