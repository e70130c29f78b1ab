package dev.isomorph.systemvm.monitor;

import dev.isomorph.decoder.Registers;
import dev.isomorph.systemvm.device.Device;
import dev.isomorph.systemvm.hart.CsrName;
import dev.isomorph.systemvm.hart.MappedRange;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.options.DriveOptions;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.NetworkOptions;
import dev.isomorph.systemvm.options.VirtioOptions;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What {@code info} can tell. */
final class InfoTopics {
  private static final int COLUMNS = 4;
  private static final int MOST_RANGES = 10_000;
  private static final int HEX_LINE = 32;

  private final MonitoredMachine machine;
  private final HartChoice chosen;

  /** The table. */
  final List<MonitorCommand> table =
      List.of(
          MonitorCommand.plain("status", "whether the machine runs", this::status),
          MonitorCommand.plain("cpus", "the harts, the chosen one with a star", this::harts),
          new MonitorCommand(
              "registers", "[-a]", "registers of the chosen hart, or of all", this::registers),
          MonitorCommand.plain("csrs", "the chosen hart's control registers", this::csrs),
          MonitorCommand.plain("mem,tlb", "what the chosen hart's page tables map", this::pages),
          MonitorCommand.plain("mtree", "what answers at physical addresses", this::addresses),
          MonitorCommand.plain(
              "qtree,devices", "the virtio devices and their places", this::devices),
          new MonitorCommand("device", "NAME", "the saved form of a device's state", this::device),
          MonitorCommand.plain("block", "the disks", this::disks),
          MonitorCommand.plain("network", "the network cards", this::networks));

  InfoTopics(MonitoredMachine machine, HartChoice chosen) {
    this.machine = machine;
    this.chosen = chosen;
  }

  private String status() {
    return "VM status: " + (machine.isHalted() ? "paused" : "running") + "\n";
  }

  private String harts() throws IOException {
    return machine.whileStill(
        () -> {
          StringBuilder text = new StringBuilder();
          for (SystemHart hart : machine.harts()) {
            boolean isChosen = hart.number() == chosen.number();
            text.append(
                "%s hart %d: %s, %s mode, pc 0x%016x%n"
                    .formatted(
                        isChosen ? "*" : " ",
                        hart.number(),
                        machine.describe(hart.number()),
                        hart.state().privilege().name().toLowerCase(Locale.ROOT),
                        hart.registers().pc()));
          }
          return text.toString();
        });
  }

  private String registers(Arguments arguments) throws IOException {
    boolean all = !arguments.nextIf("-a", "").isEmpty();
    arguments.finish();
    return machine.whileStill(
        () -> {
          StringBuilder text = new StringBuilder();
          for (SystemHart hart : all ? machine.harts() : List.of(chosen.hart())) {
            appendRegisters(hart, text);
          }
          return text.toString();
        });
  }

  private static void appendRegisters(SystemHart hart, StringBuilder text) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      cells.add(cell(Registers.integerName(i), hart.registers().x(i)));
    }
    for (int i = 0; i < 32; i++) {
      cells.add(cell(Registers.floatName(i), hart.f(i)));
    }
    text.append("hart %d%n%s%n".formatted(hart.number(), cell("pc", hart.registers().pc())));
    appendCells(cells, text);
  }

  private static String cell(String name, long value) {
    return "%-14s %016x".formatted(name, value);
  }

  private static void appendCells(List<String> cells, StringBuilder text) {
    for (int i = 0; i < cells.size(); i += COLUMNS) {
      List<String> line = cells.subList(i, Math.min(cells.size(), i + COLUMNS));
      text.append(String.join("  ", line)).append('\n');
    }
  }

  private String csrs() throws IOException {
    return machine.whileStill(
        () -> {
          List<String> cells = new ArrayList<>();
          for (CsrName csr : CsrName.all()) {
            long value = chosen.hart().state().readAsMachine(csr.number());
            boolean rowOfZeros = value == 0 && Character.isDigit(last(csr.name()));
            if (!rowOfZeros) {
              cells.add(cell(csr.name(), value));
            }
          }
          StringBuilder text = new StringBuilder();
          appendCells(cells, text);
          return text.toString();
        });
  }

  private static char last(String text) {
    return text.charAt(text.length() - 1);
  }

  private String pages() throws IOException {
    Ram ram = machine.bus().ram();
    List<MappedRange> ranges =
        machine.whileStill(() -> MappedRange.of(chosen.hart().state().satp(), ram, MOST_RANGES));
    if (ranges.isEmpty()) {
      return "no address is translated\n";
    }
    StringBuilder text =
        new StringBuilder("virtual          physical         size             flags\n");
    for (MappedRange each : ranges) {
      text.append(
          "%016x %016x %016x %s%n"
              .formatted(each.virtual(), each.physical(), each.size(), each.attributes()));
    }
    if (ranges.size() == MOST_RANGES) {
      text.append("... and maybe more\n");
    }
    return text.toString();
  }

  private String addresses() {
    Ram ram = machine.bus().ram();
    List<PhysicalBus.Range> ranges = new ArrayList<>(machine.bus().devices());
    ranges.sort(Comparator.comparingLong(PhysicalBus.Range::base));
    StringBuilder text = new StringBuilder();
    boolean before = true;
    for (PhysicalBus.Range each : ranges) {
      if (before && each.base() > ram.base()) {
        appendRange(ram.base(), ram.size(), "ram", text);
        before = false;
      }
      appendRange(each.base(), each.size(), each.device().name(), text);
    }
    if (before) {
      appendRange(ram.base(), ram.size(), "ram", text);
    }
    return text.toString();
  }

  private static void appendRange(long base, long size, String name, StringBuilder text) {
    text.append("%016x-%016x %s%n".formatted(base, base + size - 1, name));
  }

  private String devices() {
    StringBuilder text = new StringBuilder();
    for (MachineOptions.Slot slot : machine.options().virtio()) {
      String how = slot.bus() == MachineOptions.Bus.PCI ? "pci" : "device";
      text.append("%s: %s%n".formatted(slot.place(), describe(slot.device(), how)));
    }
    return text.isEmpty() ? "no virtio device\n" : text.toString();
  }

  private static String describe(VirtioOptions device, String how) {
    return switch (device) {
      case VirtioOptions.Block(DriveOptions drive) -> "virtio-blk-" + how + ", drive=" + drive.id();
      case VirtioOptions.Net(NetworkOptions network, long mac) ->
          "virtio-net-" + how + ", netdev=" + network.id() + ", mac=" + mac(mac);
      case VirtioOptions.Rng() -> "virtio-rng-" + how;
      case VirtioOptions.Balloon() -> "virtio-balloon-" + how;
      case VirtioOptions.Console console -> "virtconsole";
      case VirtioOptions.Folder folder ->
          "virtio-9p-" + how + ", mount_tag=" + folder.tag() + ", path=" + folder.folder();
    };
  }

  private static String mac(long mac) {
    String digits = "%012x".formatted(mac);
    return String.join(":", digits.split("(?<=\\G..)"));
  }

  private String device(Arguments arguments) throws IOException {
    String name = arguments.require("a device's name; info mtree has them");
    arguments.finish();
    for (PhysicalBus.Range each : machine.bus().devices()) {
      if (each.device().name().equals(name)) {
        byte[] saved = machine.whileStill(() -> saved(each.device()));
        return "version " + each.device().version() + "\n" + hexLines(saved);
      }
    }
    throw new IllegalArgumentException("there is no device " + name + "; info mtree has them");
  }

  private static byte[] saved(Device device) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      device.save(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private static String hexLines(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i += HEX_LINE) {
      int end = Math.min(bytes.length, i + HEX_LINE);
      text.append(HexFormat.of().formatHex(bytes, i, end)).append('\n');
    }
    return text.toString();
  }

  private String disks() {
    StringBuilder text = new StringBuilder();
    for (MachineOptions.Slot slot : machine.options().virtio()) {
      if (slot.device() instanceof VirtioOptions.Block(DriveOptions drive)) {
        text.append(
            "%s: %s (%s%s%s)%n"
                .formatted(
                    drive.id(),
                    drive.file(),
                    drive.format().name().toLowerCase(Locale.ROOT),
                    drive.readOnly() ? ", read-only" : "",
                    drive.snapshot() ? ", writes are forgotten" : ""));
      }
    }
    return text.isEmpty() ? "no disk\n" : text.toString();
  }

  private String networks() {
    StringBuilder text = new StringBuilder();
    for (MachineOptions.Slot slot : machine.options().virtio()) {
      if (slot.device() instanceof VirtioOptions.Net(NetworkOptions network, long mac)) {
        String kind =
            switch (network) {
              case NetworkOptions.User user -> "user, " + user.forwards().size() + " forwards";
              case NetworkOptions.Stream stream ->
                  "stream, " + (stream.server() ? "listening at " : "to ") + stream.address();
              case NetworkOptions.Switch to -> "switch " + to.name();
            };
        text.append("%s: %s, mac=%s%n".formatted(network.id(), kind, mac(mac)));
      }
    }
    return text.isEmpty() ? "no network card\n" : text.toString();
  }
}
