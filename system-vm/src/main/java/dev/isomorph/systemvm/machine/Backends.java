package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharBackends;
import dev.isomorph.systemvm.device.serial.CharMux;
import dev.isomorph.systemvm.device.serial.DaemonExecutor;
import dev.isomorph.systemvm.device.serial.NullBackend;
import dev.isomorph.systemvm.disk.Disk;
import dev.isomorph.systemvm.disk.DiskImages;
import dev.isomorph.systemvm.host.Closing;
import dev.isomorph.systemvm.net.NetBackend;
import dev.isomorph.systemvm.net.NetBackends;
import dev.isomorph.systemvm.ninep.FolderServer;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.DriveOptions;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.NetworkOptions;
import dev.isomorph.systemvm.options.VirtioOptions;
import dev.isomorph.systemvm.virtio.Virtio9p;
import dev.isomorph.systemvm.virtio.VirtioBalloon;
import dev.isomorph.systemvm.virtio.VirtioBlock;
import dev.isomorph.systemvm.virtio.VirtioConsole;
import dev.isomorph.systemvm.virtio.VirtioDevice;
import dev.isomorph.systemvm.virtio.VirtioNet;
import dev.isomorph.systemvm.virtio.VirtioRng;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** What a machine's devices have on the host, opened as the user asked for it. */
final class Backends implements Closeable {
  private final List<Plugged> virtio = new ArrayList<>();

  /** What has been opened, the last first. */
  private final Deque<Closeable> opened = new ArrayDeque<>();

  private final boolean deterministic;

  /** Null unless deterministic. */
  private final InputJournal input;

  private final List<DiskFile> disks = new ArrayList<>();

  private CharBackend console;
  private final List<Line> monitors = new ArrayList<>();

  /**
   * A line for the monitor.
   *
   * @param terminal whether it is the user's terminal, which shows only what is sent to it
   */
  record Line(CharBackend backend, boolean terminal) {}

  /**
   * A virtio device for a place.
   *
   * @param workers where it does what takes long
   */
  record Plugged(MachineOptions.Slot slot, VirtioDevice device, Executor workers) {}

  private Backends(Diagnostics how, Runnable onInput) throws IOException {
    deterministic = how.deterministic();
    input = deterministic ? new InputJournal(how.recordInput(), how.replayInput(), onInput) : null;
  }

  /**
   * @param quit what the user's wish to end the machine does
   * @param onInput called, from any thread, when a deterministic machine has input
   * @throws IOException with a line for the user, if something cannot be had; then nothing is open
   */
  static Backends open(MachineOptions options, Runnable quit, Runnable onInput) throws IOException {
    Backends backends = new Backends(options.diagnostics(), onInput);
    try {
      backends.openAll(options, quit);
      return backends;
    } catch (IOException | RuntimeException e) {
      backends.close();
      throw e;
    }
  }

  /** Opens something of the host's. */
  interface Opening<T> {
    T open() throws IOException;
  }

  /**
   * Opens what the user has asked for by an option.
   *
   * @throws IOException with a line for the user that names the option, if it cannot be had
   */
  static <T> T openFor(String option, Opening<T> what) throws IOException {
    try {
      return what.open();
    } catch (IOException e) {
      throw new IOException(option + ": " + e.getMessage(), e);
    }
  }

  private void openAll(MachineOptions options, Runnable quit) throws IOException {
    for (MachineOptions.Slot slot : options.virtio()) {
      String name = slot.name();
      Executor workers = deterministic ? Runnable::run : DaemonExecutor.pool(name);
      virtio.add(new Plugged(slot, device(name, slot.device(), quit), workers));
    }
    // The terminal last: until then what goes wrong is told to one that is as usual.
    console =
        options.serials().isEmpty()
            ? new NullBackend()
            : character("--serial", "serial", options.serials().getFirst(), quit);
    if (!(options.monitor() instanceof CharacterBackend.None)) {
      CharBackend line = end("--monitor", "monitor", options.monitor(), quit);
      monitors.add(new Line(line, options.monitor() instanceof CharacterBackend.Standard));
    }
    if (deterministic) {
      input.requireSources();
    }
  }

  /** The other end of a character device; what is input there is recorded. */
  private CharBackend character(String option, String name, CharacterBackend choice, Runnable quit)
      throws IOException {
    CharBackend end = end(option, name, choice, quit);
    return deterministic ? input.line(name, end) : end;
  }

  private CharBackend end(String option, String name, CharacterBackend choice, Runnable quit)
      throws IOException {
    CharBackend backend =
        openFor(option, () -> CharBackends.open(choice, DaemonExecutor.named(name + " output")));
    opened.push(backend::close);
    if (choice instanceof CharacterBackend.Standard standard && standard.escape()) {
      CharMux mux = new CharMux(backend, DaemonExecutor.named("keyboard"), quit);
      CharBackend first = mux.port();
      monitors.add(new Line(mux.port(), true));
      return first;
    }
    return backend;
  }

  private VirtioDevice device(String name, VirtioOptions options, Runnable quit)
      throws IOException {
    return switch (options) {
      case VirtioOptions.Block(DriveOptions drive) -> disk(name, drive);
      case VirtioOptions.Rng rng -> new VirtioRng(name, random());
      case VirtioOptions.Console(CharacterBackend choice) ->
          new VirtioConsole(name, character("--chardev", name, choice, quit));
      case VirtioOptions.Balloon balloon -> new VirtioBalloon(name);
      case VirtioOptions.Folder shared -> folder(name, shared);
      case VirtioOptions.Net(NetworkOptions network, long mac) -> card(name, network, mac);
    };
  }

  private RandomGenerator random() {
    return deterministic ? new Random(0) : new SecureRandom();
  }

  private VirtioDevice card(String name, NetworkOptions network, long mac) throws IOException {
    boolean isReplay = deterministic && input.isReplay();
    NetBackend cable =
        isReplay ? null : openFor("--netdev " + network.id(), () -> NetBackends.open(network));
    if (cable != null) {
      opened.push(cable::close);
    }
    return new VirtioNet(
        name,
        mac,
        deterministic ? input.cable(name, cable, DaemonExecutor.named(name + " output")) : cable);
  }

  private VirtioDevice folder(String name, VirtioOptions.Folder shared) throws IOException {
    FolderServer server = new FolderServer(shared.folder(), shared.readOnly());
    opened.push(server::close);
    return new Virtio9p(name, shared.tag(), server);
  }

  private VirtioDevice disk(String name, DriveOptions drive) throws IOException {
    Disk disk =
        drive.snapshot()
            ? DiskImages.openTemporary(drive.file(), drive.format())
            : DiskImages.open(drive.file(), drive.format(), drive.readOnly());
    opened.push(disk);
    disks.add(new DiskFile(drive, disk));
    String serial =
        drive.id().substring(0, Math.min(drive.id().length(), VirtioBlock.SERIAL_BYTES));
    return new VirtioBlock(name, disk, serial, drive.discard(), Machine::warn);
  }

  /** What a deterministic machine hears from the host, else null. */
  InputJournal input() {
    return input;
  }

  /** Its disks, in the order of their slots. */
  List<DiskFile> disks() {
    return disks;
  }

  CharBackend console() {
    return console;
  }

  /** Where the monitor listens. */
  List<Line> monitors() {
    return monitors;
  }

  /** The virtio devices. */
  List<Plugged> virtio() {
    return virtio;
  }

  @Override
  public void close() throws IOException {
    if (input != null) {
      opened.addLast(input);
    }
    try {
      Closing.all(opened);
    } finally {
      opened.clear();
    }
  }
}
