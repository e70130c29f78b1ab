package dev.isomorph.tools.boot;

import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.machine.Machine;
import dev.isomorph.systemvm.machine.MachineTree;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.FirmwareChoice;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import dev.isomorph.tools.Failures;
import dev.isomorph.translator.opt.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code isomorph boot}: a whole riscv64 computer. */
@Command(
    name = "boot",
    header = "Starts a riscv64 computer: a kernel, or firmware, on a board of devices.",
    synopsisHeading = "Usage: ",
    customSynopsis = "isomorph boot [OPTION]...",
    sortOptions = false,
    description = {
      "",
      "The board is qemu's 'virt', so the same kernels, firmware and disks start on it.",
      "Options that qemu has too mean the same, and may be written with one dash.",
      "On the console, Ctrl-A x ends the machine and Ctrl-A h tells what else there is.",
      "Exit status: 0, or what the guest gave.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph boot --kernel Image --initrd initrd.gz --append console=ttyS0",
      "  isomorph boot --kernel Image --append 'root=/dev/vda1 console=ttyS0' \\",
      "      --drive file=debian.qcow2 --netdev user,id=net,hostfwd=tcp::2222-:22",
      "  isomorph boot --bios fw_dynamic.bin --kernel u-boot.bin --smp 4 -m 2G",
      "  isomorph boot --bios none --kernel xv6/kernel --drive file=fs.img",
      "  isomorph boot --kernel Image -s -S    (gdb vmlinux -ex 'target remote :1234')"
    })
public final class BootCommand implements Callable<Integer> {
  private static final String BOARD = "virt";
  private static final String KIND = "rv64";

  private static final String GDB = "--gdb";

  /** Where qemu has debuggers come. */
  private static final String USUAL_PORT = "1234";

  /** A process has no larger one: a greater number could look like success. */
  private static final int LARGEST_STATUS = 255;

  @Option(
      names = {"--kernel", "-kernel"},
      paramLabel = "FILE",
      description = {
        "A Linux kernel (Image, also compressed) or an ELF file;",
        "where there is firmware also plain code."
      })
  private Path kernel;

  @Option(
      names = {"--initrd", "-initrd"},
      paramLabel = "FILE",
      description = "The kernel's initial RAM disk.")
  private Path initrd;

  @Option(
      names = {"--append", "-append"},
      paramLabel = "TEXT",
      description = "The kernel's command line.")
  private String append = "";

  @Option(
      names = {"--bios", "-bios"},
      paramLabel = "FILE",
      description = {
        "Firmware, such as OpenSBI's fw_dynamic.bin, in place of the built-in one;",
        "'none' to start the kernel in machine mode."
      })
  private String firmware = "default";

  @Option(
      names = {"--smp", "-smp"},
      paramLabel = "N",
      description = "Harts (default: 1).")
  private String harts = "1";

  @Option(
      names = {"--machine", "-machine", "-M"},
      paramLabel = "virt[,dumpdtb=FILE]",
      description = {
        "The only board there is, for command lines that are qemu's;",
        "dumpdtb= is as --dumpdtb."
      })
  private String board = BOARD;

  @Option(
      names = {"--cpu", "-cpu"},
      paramLabel = "rv64",
      description = "The only kind of hart there is, likewise.")
  private String kind = KIND;

  @Option(
      names = {"--memory", "-m"},
      paramLabel = "SIZE",
      description = "Memory in MiB, or with a unit (default: 512M).")
  private String memory = "512M";

  @Option(
      names = {"--drive", "-drive"},
      paramLabel = "file=FILE[,...]",
      description = {
        "A disk: format=raw|qcow2, readonly=on, snapshot=on to forget what is written,",
        "discard=unmap, id=NAME, if=none if a --device names it; may be repeated."
      })
  private List<String> drives = new ArrayList<>();

  @Option(
      names = {"--snapshot", "-snapshot"},
      description = "Forget what is written to any disk.")
  private boolean temporary;

  @Option(
      names = {"--netdev", "-netdev"},
      paramLabel = "KIND,id=NAME[,...]",
      description = {
        "A network: user (with hostfwd=tcp::HOSTPORT-:GUESTPORT), stream",
        "(addr.type=inet|unix, server=on), socket (listen= or connect=), or switch",
        "(name=). It has a card unless a --device names it; may be repeated."
      })
  private List<String> networks = new ArrayList<>();

  @Option(
      names = {"--virtfs", "-virtfs"},
      paramLabel = "local,path=DIR,mount_tag=TAG",
      description = "A folder of the host's for the guest to mount by 9p; readonly=on.")
  private List<String> folders = new ArrayList<>();

  @Option(
      names = {"--device", "-device"},
      paramLabel = "DEVICE[,...]",
      description = {
        "virtio-blk-device,drive=, virtio-net-device,netdev=[,mac=],",
        "virtconsole,chardev=, virtio-rng-device or virtio-balloon-device;",
        "bus=virtio-mmio-bus.N says where. On PCI: virtio-blk-pci and so on,",
        "addr= says where; may be repeated."
      })
  private List<String> devices = new ArrayList<>();

  @Option(
      names = {"--chardev", "-chardev"},
      paramLabel = "KIND,id=NAME[,...]",
      description = "For a --device: stdio, pty, null, file (path=) or socket.")
  private List<String> backends = new ArrayList<>();

  @Option(
      names = {"--serial", "-serial"},
      paramLabel = "WHERE",
      description = {
        "The console: mon:stdio (the default), stdio, pty, none, file:FILE,",
        "unix:PATH or tcp:HOST:PORT, both with ,server=on and ,wait=off."
      })
  private String serial;

  @Option(
      names = {"--monitor", "-monitor"},
      paramLabel = "WHERE",
      description =
          "Where commands about the machine are typed, as --serial; 'help' tells which."
              + " On the console's terminal, Ctrl-A c is there and back.")
  private String monitor = "none";

  @Option(
      names = {"--nographic", "-nographic"},
      description = "As it is anyway: there is no display.")
  private boolean noGraphics;

  @Option(
      names = {"--display", "-display"},
      paramLabel = "none",
      description = "The same.")
  private String display = "none";

  @Option(
      names = {"--accel", "-accel"},
      paramLabel = "tcg",
      description = "As it is anyway: guest code is translated.")
  private String accelerator = "tcg";

  @Option(
      names = {"--rtc", "-rtc"},
      paramLabel = "base=TIME",
      description = "What the clock starts with: utc, localtime, 2024-02-29T12:00:00.")
  private String realTime = "base=utc";

  @Option(
      names = {"--no-reboot", "-no-reboot"},
      description = "A reboot ends the machine.")
  private boolean noReboot;

  @Option(
      names = {"--dtb", "-dtb"},
      paramLabel = "FILE",
      description = "A device tree in place of the board's.")
  private Path tree;

  @Option(
      names = "--dumpdtb",
      paramLabel = "FILE",
      description = "Write the device tree to FILE, and start nothing.")
  private Path dumpTree;

  @Option(
      names = "--snapshot-save",
      paramLabel = "FILE",
      description = "Where the monitor's snapshot-save saves the machine.")
  private Path save;

  @Option(
      names = "--snapshot-at",
      paramLabel = "STEPS",
      description = "With --deterministic: save it when so many steps have passed.")
  private Long saveAt;

  @Option(
      names = "--snapshot-load",
      paramLabel = "FILE",
      description = {
        "Go on with a machine that was saved. The other options are to be those",
        "it was started with, and its disks as they were."
      })
  private Path load;

  @Option(
      names = "--no-aliases",
      description = {
        "Keep the guest's memory out of the host's page tables but for one place:",
        "loops of programs are slower, the host has fewer mappings."
      })
  private boolean noAliases;

  @Option(
      names = "--deterministic",
      description = "Run the same at each start: time is the number of instructions.")
  private boolean deterministic;

  @Option(
      names = "--trace-hash",
      description = {
        "With --deterministic: at the end, print a hash of all that was executed,",
        "the same for two runs that are the same."
      })
  private boolean hashes;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "With --deterministic: write down what is typed and what networks send.")
  private Path record;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "With --deterministic: what was written down comes again; there is no network.")
  private Path replay;

  @Option(
      names = {"--gdb", "-gdb"},
      paramLabel = "PORT|PATH",
      description =
          "Let GDB in: at a port on the loopback, at tcp:HOST:PORT, or at a socket"
              + " in the file system. 'target remote :PORT' or 'target remote PATH' is how.")
  private String debugger;

  @Option(names = "-s", description = "The same as --gdb 1234.")
  private boolean debuggerAtUsualPort;

  @Option(
      names = {"--stopped", "-S"},
      description = "Wait at the first instruction for GDB, or for the monitor.")
  private boolean stopped;

  @Option(
      names = "--stats",
      description = "At the end, tell on standard error how the machine ran.")
  private boolean statistics;

  @Option(names = "--json", description = "The same, as JSON.")
  private boolean json;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Log each instruction, as 'isomorph trace' does.")
  private Path trace;

  @Option(
      names = "--machines",
      paramLabel = "FILE",
      description =
          "Several machines at once: after a line [NAME] for each, its options as lines"
              + " 'option = value'; those before the first name hold for all. They reach each"
              + " other by 'netdev = switch,id=net'. Without 'serial', what they print comes"
              + " line by line after the name. The status is the first that is not 0.")
  private Path group;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  @Spec private CommandSpec spec;

  /** Which of several machines it is. */
  private int groupNumber;

  private CharacterBackend usualConsole = new CharacterBackend.Standard(true);

  /** Made by the command line. */
  public BootCommand() {}

  @Override
  public Integer call() {
    MachineOptions machine;
    try {
      if (group != null) {
        return runGroup();
      }
      machine = machine();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    try {
      if (machine.diagnostics().dumpDeviceTree() != null) {
        MachineTree.write(machine, machine.diagnostics().dumpDeviceTree());
        return ExitCode.OK;
      }
      return run(machine);
    } catch (IOException e) {
      tell(Failures.reason(e));
      return ExitCode.SOFTWARE;
    }
  }

  private int runGroup() {
    if (spec.commandLine().getParseResult().matchedOptions().size() > 1) {
      throw new IllegalArgumentException("with --machines, other options are for the file");
    }
    try {
      return Math.min(MachineGroup.read(group).run(), LARGEST_STATUS);
    } catch (IOException e) {
      tell(Failures.reason(e));
      return ExitCode.SOFTWARE;
    }
  }

  private int run(MachineOptions options) throws IOException {
    try (Watchers watchers = new Watchers(options.diagnostics().trace(), hashes);
        Machine machine = new Machine(options, watchers.engine(usualEngine()))) {
      watchers.watch(machine);
      if (saveAt != null) {
        machine.saveAt(saveAt, save);
      }
      long start = System.nanoTime();
      int status = machine.run();
      watchers.report(machine);
      if (statistics || json) {
        long nanoseconds = System.nanoTime() - start;
        System.err.print(
            json
                ? BootStatistics.json(machine, nanoseconds)
                : BootStatistics.text(machine, nanoseconds));
      }
      return Math.min(status, LARGEST_STATUS);
    }
  }

  private EngineOptions usualEngine() {
    return noAliases ? Machine.FAST.without(Pass.ALIASES) : Machine.FAST;
  }

  private static void tell(String problem) {
    System.err.println("isomorph boot: " + problem);
  }

  /**
   * One of several machines.
   *
   * @param number which one, from 0
   * @throws IllegalArgumentException as {@link #machine}
   */
  MachineOptions machineOfGroup(String name, int number) {
    if (statistics || json || noAliases || deterministic || dumpTree != null) {
      throw new IllegalArgumentException(
          "--stats, --json, --no-aliases, --deterministic and --dumpdtb are for a machine alone");
    }
    if (group != null) {
      throw new IllegalArgumentException("--machines inside of a description");
    }
    groupNumber = number;
    usualConsole = new CharacterBackend.Lines(name);
    return machine();
  }

  /**
   * The machine that was asked for.
   *
   * @throws IllegalArgumentException with a line for the user, if there can be no such machine
   */
  MachineOptions machine() {
    if (!deterministic && (hashes || record != null || replay != null)) {
      throw new IllegalArgumentException(
          "--trace-hash, --record and --replay need --deterministic");
    }
    if (record != null && replay != null) {
      throw new IllegalArgumentException("with --replay nothing comes that --record could note");
    }
    if (saveAt != null && saveAt < 0) {
      throw new IllegalArgumentException("--snapshot-at: steps are counted from 0");
    }
    if (saveAt != null && (!deterministic || save == null)) {
      throw new IllegalArgumentException("--snapshot-at needs --deterministic and --snapshot-save");
    }
    readBoard();
    only("--cpu", KIND, kind);
    only("--display", "none", display);
    only("--accel", "tcg", accelerator);
    for (Path file : Arrays.asList(kernel, initrd, tree, load, replay)) {
      if (file != null && Files.isDirectory(file)) {
        throw new IllegalArgumentException(file + " is a folder");
      }
    }
    CharacterBackend commands = CharacterText.parse("--monitor", monitor);
    return new MachineOptions(
        new BootOptions(firmware(), kernel, initrd, append, tree),
        harts(),
        Sizes.memory(sized(memory)),
        slots(),
        List.of(console(commands)),
        commands,
        RealTimeText.parse(realTime),
        !noReboot,
        new Diagnostics(
            statistics,
            trace,
            deterministic,
            record,
            replay,
            load,
            save,
            debugger(),
            stopped,
            dumpTree));
  }

  private FirmwareChoice firmware() {
    return switch (firmware) {
      case "default" -> new FirmwareChoice.BuiltIn();
      case "none" -> new FirmwareChoice.None();
      default -> new FirmwareChoice.Image(Path.of(firmware));
    };
  }

  private void readBoard() {
    KeyValues values = KeyValues.parse("--machine", board, true);
    only("--machine", BOARD, values.kind().isEmpty() ? values.get("type", BOARD) : values.kind());
    String file = values.get("dumpdtb", "");
    values.finish();
    if (!file.isEmpty()) {
      dumpTree = Path.of(file);
    }
  }

  private static void only(String option, String possible, String wanted) {
    if (!wanted.equals(possible)) {
      throw new IllegalArgumentException(option + " can only be " + possible + ", not " + wanted);
    }
  }

  private int harts() {
    String number = harts.startsWith("cpus=") ? harts.substring("cpus=".length()) : harts;
    return Sizes.number("--smp", number);
  }

  private static String sized(String memory) {
    return memory.startsWith("size=") ? memory.substring("size=".length()) : memory;
  }

  /** The user's terminal, unless something else has it. */
  private CharacterBackend console(CharacterBackend commands) {
    if (serial != null) {
      return CharacterText.parse("--serial", serial);
    }
    boolean taken =
        commands instanceof CharacterBackend.Standard
            || backends.stream().anyMatch(each -> each.startsWith("stdio"));
    return taken ? new CharacterBackend.None() : usualConsole;
  }

  private List<MachineOptions.Slot> slots() {
    DeviceList list = new DeviceList(groupNumber);
    for (int i = 0; i < drives.size(); i++) {
      list.addDrive(DriveText.parse(drives.get(i), i, temporary));
    }
    networks.forEach(each -> list.addNetwork(NetworkText.parse(each)));
    backends.forEach(each -> list.addBackend(CharacterText.named(each)));
    devices.forEach(list::addDevice);
    folders.forEach(each -> list.addFolder(FolderText.parse(each)));
    return list.slots();
  }

  private SocketAddress debugger() {
    if (debugger == null) {
      return debuggerAtUsualPort ? SocketText.inet(GDB, "", USUAL_PORT) : null;
    }
    if (debuggerAtUsualPort) {
      throw new IllegalArgumentException("-s is a --gdb: there can be only one of them");
    }
    return SocketText.parse(GDB, debugger);
  }
}
