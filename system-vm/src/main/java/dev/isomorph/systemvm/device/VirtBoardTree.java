package dev.isomorph.systemvm.device;

import dev.isomorph.systemvm.device.tree.TreeNode;
import java.util.List;

/**
 * Describes the {@code virt} board to software as qemu 11 does: the same nodes in the same order,
 * so that the same kernel finds the same devices under the same names. What the board does not have
 * is not there: fw_cfg, counters of events.
 */
public final class VirtBoardTree {
  private static final int MACHINE_SOFTWARE_INTERRUPT = 3;
  private static final int MACHINE_TIMER_INTERRUPT = 7;
  private static final int SUPERVISOR_EXTERNAL_INTERRUPT = 9;
  private static final int MACHINE_EXTERNAL_INTERRUPT = 11;
  private static final int CACHE_BLOCK_BYTES = 64;
  private static final List<String> CACHE_BLOCK_EXTENSIONS = List.of("zicbom", "zicbop", "zicboz");

  /**
   * What differs from machine to machine.
   *
   * @param extensions the harts' ISA extensions in canonical order, single letters first, with "i"
   * @param mmuType the largest page-table format, such as {@code riscv,sv57}
   * @param ramSize bytes
   * @param hasFlash whether there are the two banks of flash memory
   */
  public record Machine(
      int harts, List<String> extensions, String mmuType, long ramSize, boolean hasFlash) {
    public Machine {
      extensions = List.copyOf(extensions);
    }
  }

  private final Machine machine;
  private final TreeNode root = TreeNode.root();
  private final int plicHandle;
  private final int testHandle;

  private VirtBoardTree(Machine machine) {
    this.machine = machine;
    plicHandle = 2 * machine.harts + 1;
    testHandle = plicHandle + 1;
  }

  /** Builds the tree; {@code /chosen} tells of the console only. */
  public static TreeNode of(Machine machine) {
    VirtBoardTree tree = new VirtBoardTree(machine);
    tree.build();
    return tree.root;
  }

  /** Tells the kernel its command line. */
  public static void chooseArguments(TreeNode root, String arguments) {
    root.findOrAdd("chosen").text("bootargs", arguments);
  }

  /** Tells the kernel where its initial RAM disk is. */
  public static void chooseInitrd(TreeNode root, long start, long end) {
    root.findOrAdd("chosen")
        .doubleCells("linux,initrd-start", start)
        .doubleCells("linux,initrd-end", end);
  }

  /** Gives the kernel randomness to start with. */
  public static void chooseSeed(TreeNode root, byte[] seed) {
    root.findOrAdd("chosen").bytes("rng-seed", seed);
  }

  private void build() {
    root.cells("#address-cells", 2).cells("#size-cells", 2);
    root.text("compatible", "riscv-virtio").text("model", "riscv-virtio,qemu");
    syscon("poweroff", SifiveTest.PASS);
    syscon("reboot", SifiveTest.RESET);
    at("memory", VirtBoard.RAM)
        .text("device_type", "memory")
        .doubleCells("reg", VirtBoard.RAM, machine.ramSize);
    cpus();
    if (machine.hasFlash) {
      flash();
    }
    String console = "/soc/serial@" + Long.toHexString(VirtBoard.UART.base());
    root.child("aliases").text("serial0", console);
    root.child("chosen").text("stdout-path", console);
    soc();
  }

  private TreeNode at(String kind, long address) {
    return root.child(kind + "@" + Long.toHexString(address));
  }

  private void flash() {
    VirtBoard.Place first = VirtBoard.flash(0);
    VirtBoard.Place second = VirtBoard.flash(1);
    at("flash", first.base())
        .cells("bank-width", 4)
        .doubleCells("reg", first.base(), first.size(), second.base(), second.size())
        .text("compatible", "cfi-flash");
  }

  private void syscon(String action, int value) {
    root.child(action)
        .cells("value", value)
        .cells("offset", 0)
        .cells("regmap", testHandle)
        .text("compatible", "syscon-" + action);
  }

  // Harts get their handles from the last to the first.

  private int cpuHandle(int hart) {
    return 2 * (machine.harts - hart) - 1;
  }

  private int interruptHandle(int hart) {
    return cpuHandle(hart) + 1;
  }

  private void cpus() {
    TreeNode cpus = root.child("cpus");
    cpus.cells("#address-cells", 1).cells("#size-cells", 0);
    cpus.cells("timebase-frequency", (int) MachineClock.FREQUENCY);
    for (int hart = 0; hart < machine.harts; hart++) {
      cpu(cpus.child("cpu@" + Integer.toHexString(hart)), hart);
    }
    TreeNode cluster = cpus.child("cpu-map").child("cluster0");
    for (int hart = 0; hart < machine.harts; hart++) {
      cluster.child("core" + hart).cells("cpu", cpuHandle(hart));
    }
  }

  private void cpu(TreeNode cpu, int hart) {
    cpu.cells("phandle", cpuHandle(hart)).text("device_type", "cpu").cells("reg", hart);
    cpu.text("status", "okay").text("compatible", "riscv");
    for (String extension : CACHE_BLOCK_EXTENSIONS) {
      if (machine.extensions.contains(extension)) {
        cpu.cells("riscv," + extension.substring(2) + "-block-size", CACHE_BLOCK_BYTES);
      }
    }
    cpu.text("riscv,isa-extensions", machine.extensions.toArray(new String[0]));
    cpu.text("riscv,isa-base", "rv64i").text("riscv,isa", isa());
    cpu.text("mmu-type", machine.mmuType);
    cpu.child("interrupt-controller")
        .cells("#interrupt-cells", 1)
        .flag("interrupt-controller")
        .text("compatible", "riscv,cpu-intc")
        .cells("phandle", interruptHandle(hart));
  }

  private String isa() {
    StringBuilder isa = new StringBuilder("rv64");
    for (String extension : machine.extensions) {
      isa.append(extension.length() == 1 ? "" : "_").append(extension);
    }
    return isa.toString();
  }

  private void soc() {
    TreeNode soc = root.child("soc");
    soc.cells("#address-cells", 2).cells("#size-cells", 2);
    soc.text("compatible", "simple-bus").flag("ranges");
    device(soc, "rtc", VirtBoard.RTC, "google,goldfish-rtc");
    device(soc, "serial", VirtBoard.UART, "ns16550a")
        .cells("clock-frequency", Uart16550.CLOCK_FREQUENCY);
    device(soc, "test", VirtBoard.TEST, "sifive,test1", "sifive,test0", "syscon")
        .cells("phandle", testHandle);
    for (int slot = VirtBoard.VIRTIO_SLOTS - 1; slot >= 0; slot--) {
      device(soc, "virtio_mmio", VirtBoard.virtio(slot), "virtio,mmio");
    }
    device(soc, "interrupt-controller", VirtBoard.PLIC, "sifive,plic-1.0.0", "riscv,plic0")
        .cells("phandle", plicHandle)
        .cells("riscv,ndev", Plic.SOURCES - 1)
        .cells(
            "interrupts-extended",
            hartInterrupts(MACHINE_EXTERNAL_INTERRUPT, SUPERVISOR_EXTERNAL_INTERRUPT))
        .flag("interrupt-controller")
        .cells("#address-cells", 0)
        .cells("#interrupt-cells", 1);
    device(soc, "clint", VirtBoard.CLINT, "sifive,clint0", "riscv,clint0")
        .cells(
            "interrupts-extended",
            hartInterrupts(MACHINE_SOFTWARE_INTERRUPT, MACHINE_TIMER_INTERRUPT));
    VirtPciTree.describe(soc, plicHandle, VirtBoard.pciHighMemory(machine.ramSize));
  }

  private TreeNode device(TreeNode soc, String kind, VirtBoard.Place place, String... compatible) {
    TreeNode device = soc.child(kind + "@" + Long.toHexString(place.base()));
    if (place.interrupt() != 0) {
      device.cells("interrupts", place.interrupt()).cells("interrupt-parent", plicHandle);
    }
    return device.doubleCells("reg", place.base(), place.size()).text("compatible", compatible);
  }

  private int[] hartInterrupts(int first, int second) {
    int[] cells = new int[4 * machine.harts];
    for (int hart = 0; hart < machine.harts; hart++) {
      cells[4 * hart] = interruptHandle(hart);
      cells[4 * hart + 1] = first;
      cells[4 * hart + 2] = interruptHandle(hart);
      cells[4 * hart + 3] = second;
    }
    return cells;
  }
}
