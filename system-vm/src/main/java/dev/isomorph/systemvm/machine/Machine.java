package dev.isomorph.systemvm.machine;

import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.boot.BootLoader;
import dev.isomorph.systemvm.boot.StartState;
import dev.isomorph.systemvm.device.HostClock;
import dev.isomorph.systemvm.device.InstructionClock;
import dev.isomorph.systemvm.device.Snapshotable;
import dev.isomorph.systemvm.device.StoppableClock;
import dev.isomorph.systemvm.device.VirtBoard;
import dev.isomorph.systemvm.device.serial.DaemonExecutor;
import dev.isomorph.systemvm.gdb.GdbServer;
import dev.isomorph.systemvm.hart.HartObserver;
import dev.isomorph.systemvm.hart.PrivilegedState;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.host.Closing;
import dev.isomorph.systemvm.host.HostRam;
import dev.isomorph.systemvm.host.HostSockets;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.memory.Rom;
import dev.isomorph.systemvm.memory.StoreWatch;
import dev.isomorph.systemvm.monitor.Monitor;
import dev.isomorph.systemvm.monitor.MonitorCommands;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.FirmwareChoice;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.RealTime;
import dev.isomorph.translator.opt.Pass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A whole computer: harts, memory, a board of devices, and perhaps firmware of its own. */
public final class Machine implements AutoCloseable {
  /**
   * How machines run best that need not do the same at each start: hot loops as regions, and room
   * for the code of many programs.
   */
  public static final EngineOptions FAST =
      EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.HOT).withCodeCache(256 << 20);

  /** Held by who runs the harts or closes the machine. */
  private final Lock running = new ReentrantLock();

  private final MachineOptions options;
  private final Backends backends;
  private final Ram ram;
  private final Rom rom;
  private final StoppableClock clock;
  private final Engine engine;
  private final List<HartSlot> harts = new ArrayList<>();
  private final Power power = new Power(this::powerChanged);
  private final Supervision supervision = new Supervision(power, harts);
  private final PhysicalBus bus;
  private final Board board;
  private final Standstill standstill;
  private final RunControl control;

  /** Null if no debugger is to come. */
  private GdbServer debugger;

  /** Null unless one thread runs all harts. */
  private final Turns turns;

  private final HartThreads threads;
  private final MachineSnapshot snapshot;
  private final Saving saving;

  /** A saved machine to go on with when it is turned on, null to start. */
  private Path saved;

  /**
   * A machine that is off.
   *
   * @throws IOException with a line for the user, if a disk, a socket or the like cannot be had, or
   *     so much memory
   */
  public Machine(MachineOptions options, EngineOptions engineOptions) throws IOException {
    HostRam.check(options.memoryBytes());
    this.options = options;
    boolean deterministic = options.diagnostics().deterministic();
    backends = Backends.open(options, this::powerOff, this::wake);
    boolean exact = deterministic || engineOptions.exact();
    boolean shared = !exact && engineOptions.passes().contains(Pass.ALIASES);
    ram = new Ram(VirtBoard.RAM, options.memoryBytes(), shared);
    rom = new Rom(StartState.ROM);
    MachineFrames frames = new MachineFrames(ram, rom);
    engine = new Engine(frames, engineOptions.withExact(exact));
    ram.onWrite(new WriteNotes(ram, engine.writtenFrames()));
    bus = new PhysicalBus(ram);
    InstructionClock instructions =
        new InstructionClock(this::steps, options.realTime().fixed(), this::timerSet);
    clock = deterministic ? instructions : new HostClock();
    for (int i = 0; i < options.harts(); i++) {
      SystemHart hart = new SystemHart(i, engine, bus, frames, clock, supervision);
      harts.add(new HartSlot(hart, deterministic));
    }
    turns = deterministic ? new Turns(harts, instructions, backends.input(), power) : null;
    threads = new HartThreads(harts, turns, power);
    board = new Board(bus, rom, states(), clock, ahead(), power, backends.console());
    standstill = new Standstill(harts, clock, board, power);
    control = new RunControl(standstill, harts, bus, engine, power);
    supervision.tell(control);
    board.plug(backends.virtio());
    if (options.boot().firmware() instanceof FirmwareChoice.BuiltIn) {
      supervision.answerWith(
          new Firmware(harts, ram, power, new UartConsole(board.uart(), power::isOn)));
    }
    snapshot = new MachineSnapshot(options, backends.disks(), harts, parts(instructions), ram);
    saving = new Saving(snapshot, harts, standstill, power);
    saved = options.diagnostics().snapshotLoad();
    try {
      openToUsers(options.diagnostics());
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** What is saved apart from memory, in the order in which it is to be restored. */
  private List<Snapshotable> parts(InstructionClock instructions) {
    List<Snapshotable> parts = new ArrayList<>();
    harts.forEach(slot -> parts.add(slot.hart()));
    bus.devices().forEach(range -> parts.add(range.device()));
    if (supervision.firmware() != null) {
      parts.add(supervision.firmware());
    }
    if (clock == instructions) {
      parts.add(instructions);
      parts.add(backends.input());
    }
    return parts;
  }

  private void openToUsers(Diagnostics wanted) throws IOException {
    if (wanted.stopped()) {
      control.halt();
    }
    MonitorAccess access = new MonitorAccess(options, control, standstill, power, saving);
    control.commands(new MonitorCommands(access)::run);
    for (Backends.Line each : backends.monitors()) {
      new Monitor(
          new MonitorCommands(access),
          each.backend(),
          DaemonExecutor.named("monitor"),
          each.terminal());
    }
    if (wanted.debugger() != null) {
      debugger =
          Backends.openFor(
              "--gdb",
              () -> GdbServer.open(HostSockets.resolve(wanted.debugger()), control, Machine::warn));
    }
  }

  /**
   * What all harts have done: instructions, traps, calls answered. Only while they stand still or
   * have stopped, and if instructions are counted.
   */
  public long steps() {
    long sum = 0;
    for (HartSlot slot : harts) {
      sum += slot.hart().steps();
    }
    return sum;
  }

  /** Interrupts that harts have taken. */
  public long interrupts() {
    return harts.stream().mapToLong(slot -> slot.hart().traps().interrupts()).sum();
  }

  /** Exceptions that harts have taken, calls included but for those the machine has answered. */
  public long exceptions() {
    return harts.stream().mapToLong(slot -> slot.hart().traps().exceptions()).sum();
  }

  /** Calls of the supervisor's that built-in firmware has answered. */
  public long firmwareCalls() {
    return harts.stream().mapToLong(slot -> slot.hart().calls()).sum();
  }

  /** Its devices, in the order they were attached. */
  public List<PhysicalBus.Range> devices() {
    return bus.devices();
  }

  private void timerSet() {
    if (turns != null) {
      turns.timerSet();
    }
  }

  /** The thread that runs all harts, if there is one, looks around. */
  private void wake() {
    if (turns != null) {
      turns.wake();
    }
  }

  private void powerChanged() {
    harts.forEach(HartSlot::powerChanged);
    if (turns != null) {
      backends.input().powerIs(power.isOn());
    }
    wake();
  }

  private List<PrivilegedState> states() {
    return harts.stream().map(slot -> slot.hart().state()).toList();
  }

  /** What the real-time clock is ahead of the machine's, in nanoseconds. */
  private long ahead() {
    if (options.diagnostics().deterministic()) {
      return 0;
    }
    return switch (options.realTime()) {
      case RealTime.Host(Duration ahead) -> ahead.toNanos();
      case RealTime.From(Instant start) -> Duration.between(Instant.now(), start).toNanos();
    };
  }

  /** Has somebody told what harts do outside of translated code; before {@link #run}. */
  public void observe(HartObserver observer) {
    harts.forEach(slot -> slot.hart().observe(observer));
  }

  /** Its memory. */
  public Ram ram() {
    return ram;
  }

  /** What runs its code. */
  public Engine engine() {
    return engine;
  }

  /**
   * Turns the machine on, and returns when it is off.
   *
   * @return the exit status that the guest has given
   * @throws IOException with a line for the user, if what it is to start with cannot be loaded, who
   *     observes it or records its input cannot write, or it has ended before it was saved
   */
  public int run() throws IOException {
    running.lock();
    try {
      return runUntilOver();
    } finally {
      running.unlock();
    }
  }

  private int runUntilOver() throws IOException {
    do {
      synchronized (standstill) {
        if (saved == null) {
          start(reset());
        } else {
          restore();
        }
      }
      try {
        threads.run();
      } finally {
        standstill.turnedOff();
      }
    } while (power.ending() == Power.Ending.RESET && options.reboots());
    if (debugger != null) {
      debugger.close(power.status());
    }
    if (turns != null && turns.isToCall()) {
      throw new IOException("the machine has ended before the step at which it was to be saved");
    }
    return power.status();
  }

  /** As after power-on, with what it starts with in memory. */
  private StartState reset() throws IOException {
    board.reset();
    StartState state =
        BootLoader.load(
            options.boot(), ram, chosen -> MachineTree.of(options, chosen), Machine::warn);
    rom.content(state.rom());
    watch(state.toHost(), state.fromHost());
    return state;
  }

  private void watch(long toHost, long fromHost) {
    snapshot.watch(toHost, fromHost);
    bus.watch(
        toHost == 0
            ? null
            : new StoreWatch(
                toHost, new HostTargetInterface(ram, toHost, fromHost, power, backends.console())));
  }

  /** As it was saved. */
  private void restore() throws IOException {
    board.reset();
    board.pause();
    SnapshotFile.read(saved, snapshot::restore);
    saved = null;
    watch(snapshot.toHost(), snapshot.fromHost());
    standstill.turnOn();
  }

  private void start(StartState state) {
    standstill.turnOn();
    if (state.supervisor()) {
      SystemHart first = harts.getFirst().hart();
      harts
          .getFirst()
          .start(() -> first.startSupervisor(state.pc(), first.number(), state.deviceTree()));
    } else {
      for (HartSlot slot : harts) {
        slot.start(() -> slot.hart().reset(state.pc()));
      }
    }
  }

  /**
   * Has the machine stand still between two instructions, and returns when it does: no hart is in
   * translated code, all registers are current, time stands, and no device does anything. It goes
   * on when {@link #resume} has been called as often as this. A machine that is off stands still
   * when it is turned on, before its first instruction. Not for threads of harts or devices.
   *
   * @throws IOException if a device could not be waited for; then the machine goes on
   */
  public void pause() throws IOException {
    standstill.begin();
  }

  /** Lets the machine go on after {@link #pause}; time has not passed for it. */
  public void resume() {
    standstill.end();
  }

  /** Whether it stands still, or will soon. */
  public boolean isPaused() {
    return standstill.isWanted();
  }

  /**
   * Saves it to a file as it is between two instructions; then it goes on. Not for threads of harts
   * or devices.
   *
   * @throws IOException with a line for the user
   */
  public void save(Path file) throws IOException {
    saving.save(file);
  }

  /**
   * Has a deterministic machine save itself as soon as so many steps, those of waiting included,
   * have passed; before {@link #run}. If it cannot be saved, that is told and the machine ends.
   */
  public void saveAt(long steps, Path file) {
    turns.callAt(
        steps,
        () -> {
          try {
            saving.write(file);
          } catch (IOException e) {
            warn(e.getMessage());
            power.powerOff(1);
          }
        });
  }

  /** A line for the user about something that does not end the machine. */
  static void warn(String line) {
    System.err.println("isomorph boot: " + line);
  }

  /** Whether the power is on. */
  public boolean isOn() {
    return power.isOn();
  }

  /** Turns it off for good, be it on already or not; any thread. */
  public void powerOff() {
    power.quit();
  }

  /** Turns the machine off if it runs, and waits until no hart does: their code goes, too. */
  @Override
  public void close() throws IOException {
    power.quit();
    running.lock();
    try {
      closeAll();
    } finally {
      running.unlock();
    }
  }

  private void closeAll() throws IOException {
    if (debugger != null) {
      debugger.close(power.status());
    }
    // Then nobody may reach memory any more: neither what the guest has asked devices for, nor
    // what comes from the host.
    board.reset();
    Closing.all(
        backends,
        board,
        clock::close,
        () -> harts.forEach(slot -> slot.hart().close()),
        engine::close,
        rom::close,
        ram::close);
  }
}
