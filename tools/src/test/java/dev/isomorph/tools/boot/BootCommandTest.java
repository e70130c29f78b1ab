package dev.isomorph.tools.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.systemvm.disk.DiskFormat;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.DriveOptions;
import dev.isomorph.systemvm.options.FirmwareChoice;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.MachineOptions.Bus;
import dev.isomorph.systemvm.options.MachineOptions.Slot;
import dev.isomorph.systemvm.options.NetworkOptions;
import dev.isomorph.systemvm.options.NetworkOptions.PortForward;
import dev.isomorph.systemvm.options.NetworkOptions.Protocol;
import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import dev.isomorph.systemvm.options.RealTime;
import dev.isomorph.systemvm.options.VirtioOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BootCommandTest {
  private static final NetworkOptions USER = new NetworkOptions.User("n", List.of());

  private static MachineOptions machine(String... words) {
    List<String> all = new ArrayList<>(List.of("--kernel", "Image"));
    all.addAll(List.of(words));
    return CommandLine.populateCommand(new BootCommand(), all.toArray(String[]::new)).machine();
  }

  private static String refusal(String... words) {
    return assertThrows(IllegalArgumentException.class, () -> machine(words)).getMessage();
  }

  private static DriveOptions drive(String id, String file) {
    return new DriveOptions(id, Path.of(file), DiskFormat.RAW, false, false, false);
  }

  @Test
  void aKernelIsEnough() {
    assertEquals(MachineOptions.of(BootOptions.of(Path.of("Image"))), machine());
  }

  @Test
  void qemusWordsMeanTheSame() {
    MachineOptions options =
        machine(
            "-initrd",
            "i",
            "-append",
            "a b",
            "-bios",
            "fw.bin",
            "-smp",
            "4",
            "-m",
            "2G",
            "-M",
            "virt",
            "-cpu",
            "rv64",
            "-nographic",
            "-no-reboot",
            "-dtb",
            "d",
            "-gdb",
            "tcp::1234",
            "-S");
    assertEquals(Path.of("i"), options.boot().initrd());
    assertEquals("a b", options.boot().append());
    assertEquals(new FirmwareChoice.Image(Path.of("fw.bin")), options.boot().firmware());
    assertEquals(4, options.harts());
    assertEquals(2L << 30, options.memoryBytes());
    assertEquals(Path.of("d"), options.boot().deviceTree());
    assertEquals(false, options.reboots());
    assertEquals(new SocketAddress.Inet("127.0.0.1", 1234), options.diagnostics().debugger());
    assertEquals(true, options.diagnostics().stopped());
    assertEquals(new FirmwareChoice.None(), machine("-bios", "none").boot().firmware());
  }

  @Test
  void aDeviceTreeNeedsNoKernel() {
    for (String[] words :
        new String[][] {
          {"--dumpdtb", "tree"}, {"-M", "virt,dumpdtb=tree"}, {"-machine", "type=virt,dumpdtb=tree"}
        }) {
      MachineOptions options = CommandLine.populateCommand(new BootCommand(), words).machine();
      assertEquals(Path.of("tree"), options.diagnostics().dumpDeviceTree());
    }
    assertEquals("--machine does not know 'frob'", refusal("-M", "virt,frob=1"));
  }

  @Test
  void otherBoardsAndFoldersAreNamed() {
    assertEquals("--machine can only be virt, not spike", refusal("-M", "spike"));
    assertEquals("--cpu can only be rv64, not max", refusal("-cpu", "max"));
    assertEquals("--display can only be none, not gtk", refusal("-display", "gtk"));
    assertEquals("--accel can only be tcg, not kvm", refusal("-accel", "kvm"));
    assertEquals("/ is a folder", refusal("-initrd", "/"));
  }

  @ParameterizedTest
  @CsvSource({
    "64,67108864",
    "64M,67108864",
    "1g,1073741824",
    "2048K,2097152",
    "1T,1099511627776",
    "'size=1G',1073741824",
    "16MB,16777216"
  })
  void memoryHasUnits(String text, long bytes) {
    assertEquals(bytes, machine("-m", text).memoryBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "1X", "-1", "1.5G", "99999999999999999999", "9000000T"})
  void memoryIsANumber(String text) {
    assertEquals(
        "--memory takes a size such as 512M or 2G, not '" + text + "'", refusal("-m", text));
  }

  @Test
  void drivesAreDisksFromTheLastPlaceDown() {
    MachineOptions options = machine("--drive", "file=a,format=raw", "--drive", "file=b,,c,id=x");
    assertEquals(
        List.of(
            new Slot(6, new VirtioOptions.Block(drive("x", "b,c"))),
            new Slot(7, new VirtioOptions.Block(drive("virtio0", "a")))),
        options.virtio());
  }

  @Test
  void drivesHaveProperties() {
    String text = "file=a.qcow2,readonly=on,snapshot=on,discard=unmap";
    DriveOptions expected =
        new DriveOptions("virtio0", Path.of("a.qcow2"), DiskFormat.QCOW2, true, true, true);
    assertEquals(
        List.of(new Slot(7, new VirtioOptions.Block(expected))), machine("--drive", text).virtio());
    assertEquals(
        machine("--drive", "file=a,snapshot=on").virtio(),
        machine("--drive", "file=a", "-snapshot").virtio());
  }

  @Test
  void contentDoesNotMakeADiskQcow2(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("disk"), new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0});
    assertEquals(
        "--drive " + file + " looks like a qcow2 image: say format=qcow2 or format=raw",
        refusal("--drive", "file=" + file));
    assertEquals(1, machine("--drive", "format=raw,file=" + file).virtio().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "format=raw;--drive needs file=",
        "file=a,format=vmdk;--drive takes format=raw or qcow2, not 'vmdk'",
        "file=a,if=scsi;--drive takes if=virtio|none, not 'scsi'",
        "file=a,readonly=yes;--drive takes readonly=on or off, not 'yes'",
        "file=a,cache=none;--drive does not know 'cache'",
        "file=a,file=b;--drive has file twice",
        "a;--drive needs key=value, not 'a'",
        "file=a,if=none;no --device uses the drive virtio0"
      })
  void drivesAreChecked(String text, String message) {
    assertEquals(message, refusal("--drive", text));
  }

  @Test
  void devicesNameWhatTheyUse() {
    MachineOptions options =
        machine(
            "--device", "virtio-blk-device,drive=d,bus=virtio-mmio-bus.0",
            "--drive", "file=a,if=none,id=d",
            "--device", "virtio-rng-device",
            "--device", "virtio-net-device,netdev=n,mac=52:54:00:00:00:0A,id=card",
            "--netdev", "user,id=n",
            "--device", "virtio-balloon-device,bus=virtio-mmio-bus.7",
            "--device", "virtconsole,chardev=c",
            "--chardev", "file,id=c,path=log");
    assertEquals(
        List.of(
            new Slot(0, new VirtioOptions.Block(drive("d", "a"))),
            new Slot(4, new VirtioOptions.Console(new CharacterBackend.ToFile(Path.of("log")))),
            new Slot(5, new VirtioOptions.Net(USER, 0x52540000000aL)),
            new Slot(6, new VirtioOptions.Rng()),
            new Slot(7, new VirtioOptions.Balloon())),
        options.virtio());
  }

  @Test
  void devicesMayBeOnPci() {
    List<Slot> slots =
        machine(
                "-drive",
                "file=a,id=a,if=none",
                "-netdev",
                "user,id=n",
                "-device",
                "virtio-rng-pci",
                "-device",
                "virtio-blk-pci,drive=a,addr=0x1f.0,bus=pcie.0",
                "-device",
                "virtio-net-pci,netdev=n,addr=1")
            .virtio();
    assertEquals(
        List.of(
            new Slot(Bus.PCI, 1, new VirtioOptions.Net(USER, 0x52_54_00_12_34_56L)),
            new Slot(Bus.PCI, 2, new VirtioOptions.Rng()),
            new Slot(Bus.PCI, 31, new VirtioOptions.Block(drive("a", "a")))),
        slots);
    assertEquals("pcie.0, addr 1f", slots.getLast().place());
    assertEquals(
        "--device takes addr=1 to 1f, not '20'", refusal("-device", "virtio-rng-pci,addr=20"));
    assertEquals(
        "--device takes addr=1 to 1f, not '0'", refusal("-device", "virtio-rng-pci,addr=0"));
    assertEquals("--device takes bus=pcie.0, not 'x'", refusal("-device", "virtio-rng-pci,bus=x"));
    assertEquals(
        "two devices at pcie.0, addr 3",
        refusal("-device", "virtio-rng-pci,addr=3", "-device", "virtio-balloon-pci,addr=03"));
  }

  @Test
  void networksHaveCards() {
    assertEquals(
        List.of(new Slot(7, new VirtioOptions.Net(USER, 0x525400123456L))),
        machine("--netdev", "user,id=n").virtio());
    assertEquals(
        machine("--netdev", "user,id=n").virtio(),
        machine("--netdev", "user,id=n", "--device", "virtio-net-device,netdev=n").virtio());
  }

  private static NetworkOptions network(String text) {
    return ((VirtioOptions.Net) machine("--netdev", text).virtio().getFirst().device()).network();
  }

  @Test
  void networksAreOfManyKinds() {
    assertEquals(
        new NetworkOptions.User(
            "n",
            List.of(
                new PortForward(Protocol.TCP, "", 2222, 22),
                new PortForward(Protocol.UDP, "127.0.0.1", 53, 5353),
                new PortForward(Protocol.TCP, "", 80, 8080))),
        network(
            "user,id=n,hostfwd=tcp::2222-:22,hostfwd=udp:127.0.0.1:53-10.0.2.15:5353,"
                + "hostfwd=:80-:8080"));
    assertEquals(
        new NetworkOptions.Stream("n", new SocketAddress.Inet("127.0.0.1", 99), true),
        network("stream,id=n,addr.type=inet,addr.host=127.0.0.1,addr.port=99,server=on"));
    assertEquals(
        new NetworkOptions.Stream("n", new SocketAddress.Unix(Path.of("/s")), false),
        network("stream,id=n,addr.type=unix,addr.path=/s"));
    assertEquals(
        new NetworkOptions.Stream("n", new SocketAddress.Inet("127.0.0.1", 99), true),
        network("socket,id=n,listen=:99"));
    assertEquals(
        new NetworkOptions.Stream("n", new SocketAddress.Inet("host", 99), false),
        network("socket,id=n,connect=host:99"));
    assertEquals(new NetworkOptions.Switch("n", "lan"), network("switch,id=n,name=lan"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tap,id=n;--netdev takes user, stream, socket or switch, not 'tap'",
        "user;--netdev needs id=",
        "user,id=n,net=10.0.0.0/8;--netdev does not know 'net'",
        "user,id=n,hostfwd=22;--netdev hostfwd= takes tcp::HOSTPORT-:GUESTPORT, not '22'",
        "user,id=n,hostfwd=tcp::0-:22;0 is no port number",
        "socket,id=n,connect=host;--netdev needs HOST:PORT, not 'host'",
        "socket,id=n,connect=host:70000;--netdev: 70000 is no port number"
      })
  void networksAreChecked(String text, String message) {
    assertEquals(message, refusal("--netdev", text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "virtio-gpu-pci;--device takes virtconsole, virtio-balloon-device, virtio-blk-device,"
            + " virtio-net-device, virtio-rng-device or one that ends with -pci, not"
            + " 'virtio-gpu-pci'",
        "virtio-blk-pci,drive=d;--device names drive=d: there is none",
        "virtio-blk-device,drive=d;--device names drive=d: there is none",
        "virtio-blk-device;--device needs drive=",
        "virtio-rng-device,x=1;--device does not know 'x'",
        "virtio-rng-device,bus=pci.0;--device takes bus=virtio-mmio-bus.0 to 7, not 'pci.0'"
      })
  void devicesAreChecked(String text, String message) {
    assertEquals(message, refusal("--device", text));
  }

  @Test
  void placesAreLimited() {
    String[] words = new String[18];
    for (int i = 0; i < words.length; i += 2) {
      words[i] = "--device";
      words[i + 1] = "virtio-rng-device";
    }
    assertEquals("the board has places for 8 devices", refusal(words));
    String there = "virtio-rng-device,bus=virtio-mmio-bus.3";
    assertEquals("two devices at virtio-mmio-bus.3", refusal("--device", there, "--device", there));
  }

  @Test
  void nothingIsUsedTwice() {
    String disk = "virtio-blk-device,drive=d";
    assertEquals(
        "two devices use d",
        refusal("--drive", "file=a,if=none,id=d", "--device", disk, "--device", disk));
    assertEquals(
        "--drive has id=d twice", refusal("--drive", "file=a,id=d", "--drive", "file=b,id=d"));
  }

  @Test
  void serialLinesGoManyWays() {
    assertEquals(
        List.of(new CharacterBackend.Standard(false)), machine("--serial", "stdio").serials());
    assertEquals(List.of(new CharacterBackend.None()), machine("--serial", "none").serials());
    assertEquals(
        List.of(new CharacterBackend.ToFile(Path.of("a:b"))),
        machine("--serial", "file:a:b").serials());
    assertEquals(
        List.of(new CharacterBackend.Socket(new SocketAddress.Unix(Path.of("/s")), true, false)),
        machine("--serial", "unix:/s,server=on,wait=off").serials());
    assertEquals(
        List.of(new CharacterBackend.Socket(new SocketAddress.Inet("127.0.0.1", 7), false, false)),
        machine("--serial", "tcp::7").serials());
    assertEquals(
        "--serial takes stdio, mon:stdio, pty, none, file:, unix: or tcp:, not 'vc'",
        refusal("--serial", "vc"));
    assertEquals(List.of(new CharacterBackend.Pty()), machine("--serial", "pty").serials());
    assertEquals(
        "--serial takes stdio, mon:stdio, pty, none, file:, unix: or tcp:, not 'file:'",
        refusal("--serial", "file:"));
  }

  @Test
  void theMonitorMayHaveTheTerminal() {
    MachineOptions options = machine("--monitor", "stdio");
    assertEquals(new CharacterBackend.Standard(false), options.monitor());
    assertEquals(List.of(new CharacterBackend.None()), options.serials());
    assertEquals(
        "standard input can serve only one line at a time",
        refusal("--monitor", "stdio", "--serial", "stdio"));
  }

  @Test
  void foldersAreShared() {
    String text = "local,path=/a,mount_tag=t,security_model=none,readonly=on";
    assertEquals(
        List.of(new Slot(7, new VirtioOptions.Folder(Path.of("/a"), "t", true))),
        machine("--virtfs", text).virtio());
    assertEquals("--virtfs takes local, not 'proxy'", refusal("--virtfs", "proxy,path=/a"));
  }

  @Test
  void theClockStartsAnywhere() {
    assertEquals(
        new RealTime.From(Instant.parse("2024-02-29T12:00:00Z")),
        machine("--rtc", "base=2024-02-29T12:00:00").realTime());
    assertEquals(
        new RealTime.From(Instant.parse("2024-02-29T00:00:00Z")),
        machine("--rtc", "base=2024-02-29,clock=vm").realTime());
    assertEquals(
        new RealTime.Host(Duration.ZERO), machine("--rtc", "base=utc,clock=host").realTime());
    assertEquals(
        "--rtc takes base=utc, localtime or a date such as 2024-02-29T12:00:00, not 'now'",
        refusal("--rtc", "base=now"));
  }

  @Test
  void hartsAreANumber() {
    assertEquals(3, machine("--smp", "cpus=3").harts());
    assertEquals("--smp takes a number, not 'many'", refusal("--smp", "many"));
    assertEquals("a machine has from 1 to 64 harts, not 65", refusal("--smp", "65"));
  }

  @Test
  void stepsBeforeTheFirstAreRefused() {
    assertEquals(
        "--snapshot-at: steps are counted from 0",
        refusal("--deterministic", "--snapshot-save", "file", "--snapshot-at=-1"));
  }

  @Test
  void whatIsReplayedIsNotRecorded() {
    assertEquals(
        "with --replay nothing comes that --record could note",
        refusal("--deterministic", "--record", "typed", "--replay", "typed"));
  }
}
