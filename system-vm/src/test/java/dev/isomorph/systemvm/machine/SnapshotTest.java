package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.systemvm.disk.DiskFormat;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.DriveOptions;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.RealTime;
import dev.isomorph.systemvm.options.VirtioOptions;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are saved in the middle of what they do, and go on elsewhere. */
@Timeout(60)
class SnapshotTest {
  private static final int HART_STATE = 0x48534d;
  private static final int SET_FLOATS_ON = 0x1002a073;
  private static final int FLOATS_INITIAL = 1 << 13;
  private static final long SUM = 0;
  private static final long COUNT = 8;
  private static final long FLOAT = 16;
  private static final long OTHER = 64;
  private static final long GO = 128;
  private static final int ROUNDS = 20_000;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int T2 = 7;
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int FS0 = 8;
  private static final int FS1 = 9;

  @TempDir Path folder;

  /**
   * Two harts hash their own addresses round by round; hart 0 ends the machine after its last.
   *
   * @param waits whether both wait in the middle until they are told to go on
   */
  private Path kernel(boolean waits) throws IOException {
    RiscvAssembler asm = new RiscvAssembler();
    Label both = new Label();
    Label loop = new Label();
    Label wait = new Label();
    asm.la(A1, both);
    asm.li(A0, 1);
    asm.li(A2, TestKernel.SCRATCH + OTHER);
    TestKernel.call(asm, HART_STATE, 0);
    asm.li(A0, 0);
    asm.li(A1, TestKernel.SCRATCH);
    asm.bind(both);
    asm.li(T0, FLOATS_INITIAL);
    asm.raw(SET_FLOATS_ON);
    asm.li(S0, ROUNDS);
    asm.emit(Opcode.FCVT_D_L, FS0, A1, 0);
    asm.emit(Opcode.FADD_D, FS1, FS0, FS0, 7);
    asm.bind(loop);
    asm.emit(Opcode.XOR, S1, S1, A1);
    asm.emit(Opcode.SLLI, T1, S1, 13);
    asm.emit(Opcode.XOR, S1, S1, T1);
    asm.emit(Opcode.SRLI, T1, S1, 7);
    asm.emit(Opcode.XOR, S1, S1, T1);
    asm.emit(Opcode.ADD, S1, S1, S0);
    asm.emit(Opcode.FADD_D, FS1, FS1, FS0, 7);
    asm.emit(Opcode.ADDI, S0, S0, -1);
    asm.emit(Opcode.SD, S0, COUNT, A1);
    if (waits) {
      Label goesOn = new Label();
      asm.li(T2, ROUNDS / 2);
      asm.branch(Opcode.BNE, S0, T2, goesOn);
      asm.li(T1, TestKernel.SCRATCH + GO);
      Label stays = asm.here();
      asm.emit(Opcode.LD, T2, 0, T1);
      asm.branch(Opcode.BEQ, T2, 0, stays);
      asm.bind(goesOn);
    }
    asm.branch(Opcode.BNE, S0, 0, loop);
    asm.emit(Opcode.FSD, FS1, FLOAT, A1);
    asm.emit(Opcode.SD, S1, SUM, A1);
    asm.li(T1, TestKernel.SCRATCH + OTHER);
    Label forever = asm.here();
    asm.branch(Opcode.BNE, A0, 0, forever);
    asm.bind(wait);
    asm.emit(Opcode.LD, T2, SUM, T1);
    asm.branch(Opcode.BEQ, T2, 0, wait);
    TestKernel.powerOff(asm, 0);
    return TestKernel.write(folder, asm);
  }

  private static MachineOptions options(
      Path kernel, int harts, boolean deterministic, Path load, List<MachineOptions.Slot> devices) {
    return new MachineOptions(
        BootOptions.of(kernel),
        harts,
        TestKernel.MEMORY,
        devices,
        List.of(),
        new CharacterBackend.None(),
        new RealTime.Host(Duration.ZERO),
        false,
        new Diagnostics(false, null, deterministic, null, null, load, null, null, false, null));
  }

  private static Machine machine(MachineOptions options) throws IOException {
    return new Machine(options, TestKernel.ENGINE);
  }

  private static List<Long> results(Machine machine) {
    return List.of(
        machine.ram().getLong(TestKernel.SCRATCH + SUM),
        machine.ram().getLong(TestKernel.SCRATCH + FLOAT),
        machine.ram().getLong(TestKernel.SCRATCH + OTHER + SUM),
        machine.ram().getLong(TestKernel.SCRATCH + OTHER + FLOAT));
  }

  private List<Long> undisturbed(Path kernel) throws IOException {
    try (Machine machine = machine(options(kernel, 2, false, null, List.of()))) {
      assertEquals(0, machine.run());
      return results(machine);
    }
  }

  /** Goes on with a saved machine to its end. */
  private static void finish(Machine machine) throws Exception {
    machine.pause();
    CompletableFuture<Integer> end = TestKernel.start(machine);
    while (!machine.isOn() && !end.isDone()) {
      Thread.onSpinWait();
    }
    machine.ram().putLong(TestKernel.SCRATCH + GO, 1);
    machine.resume();
    assertEquals(0, end.get());
  }

  /** Saves a machine when it has computed for a while. */
  private Path saved(Path kernel, List<MachineOptions.Slot> devices) throws Exception {
    Path file = folder.resolve("saved");
    try (Machine machine = machine(options(kernel, 2, false, null, devices))) {
      CompletableFuture<Integer> end = TestKernel.start(machine);
      while (!end.isDone()
          && (machine.ram().getLong(TestKernel.SCRATCH + COUNT) == 0
              || machine.ram().getLong(TestKernel.SCRATCH + OTHER + COUNT) == 0)) {
        Thread.onSpinWait();
      }
      machine.pause();
      machine.save(file);
      machine.powerOff();
      end.get();
    }
    return file;
  }

  @Test
  void computationsGoOnWhereTheyWere() throws Exception {
    List<Long> expected = undisturbed(kernel(false));
    Path kernel = kernel(true);
    Path file = saved(kernel, List.of());
    try (Machine machine = machine(options(kernel, 2, false, file, List.of()))) {
      finish(machine);
      assertEquals(expected, results(machine));
    }
  }

  @Test
  void deterministicMachinesGoOnToTheSameStep() throws Exception {
    Path kernel = kernel(false);
    Path file = folder.resolve("at");
    long steps;
    List<Long> expected;
    long at = 100_000;
    try (Machine machine = machine(options(kernel, 2, true, null, List.of()))) {
      machine.saveAt(at, file);
      assertEquals(0, machine.run());
      steps = machine.steps();
      expected = results(machine);
    }
    try (Machine machine = machine(options(kernel, 2, true, file, List.of()))) {
      assertEquals(0, machine.run());
      assertEquals(expected, results(machine));
      // Turns of 20,000 steps, by two harts.
      long before = steps - machine.steps();
      assertTrue(before >= at && before <= at + 40_000, () -> "saved after " + before);
    }
  }

  @Test
  void machinesThatEndBeforeTheyAreSavedSaySo() throws Exception {
    Path file = folder.resolve("never");
    try (Machine machine = machine(options(kernel(false), 2, true, null, List.of()))) {
      machine.saveAt(Long.MAX_VALUE - 1, file);
      assertTrue(assertThrows(IOException.class, machine::run).getMessage().contains("before"));
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void disksMustBeAsTheyWere() throws Exception {
    Path kernel = kernel(true);
    Path disk = Files.write(folder.resolve("disk"), new byte[4096]);
    List<MachineOptions.Slot> devices =
        List.of(
            new MachineOptions.Slot(
                0,
                new VirtioOptions.Block(
                    new DriveOptions("d", disk, DiskFormat.RAW, false, false, false))));
    Path file = saved(kernel, devices);
    try (Machine machine = machine(options(kernel, 2, false, file, devices))) {
      finish(machine);
    }
    Files.write(disk, new byte[8192]);
    refused(options(kernel, 2, false, file, devices), "has been written since");
  }

  @Test
  void otherMachinesAreRefused() throws Exception {
    Path kernel = kernel(true);
    Path file = saved(kernel, List.of());
    refused(options(kernel, 1, false, file, List.of()), "harts: 2, here 1");
    refused(options(kernel, 2, true, file, List.of()), "--deterministic");
    MachineOptions.Slot rng = new MachineOptions.Slot(3, new VirtioOptions.Rng());
    refused(options(kernel, 2, false, file, List.of(rng)), "virtio-mmio-bus.3: empty, here rng");
    refused(options(kernel, 2, false, kernel, List.of()), "this is no snapshot");
    MachineOptions.Slot onPci =
        new MachineOptions.Slot(MachineOptions.Bus.PCI, 3, new VirtioOptions.Rng());
    refused(options(kernel, 2, false, file, List.of(onPci)), "other devices on PCI");
    file = saved(kernel, List.of(onPci));
    refused(options(kernel, 2, false, file, List.of()), "other devices on PCI");
    try (Machine machine = machine(options(kernel, 2, false, file, List.of(onPci)))) {
      finish(machine);
    }
  }

  private static void refused(MachineOptions options, String why) throws IOException {
    try (Machine machine = machine(options)) {
      String told = assertThrows(IOException.class, machine::run).getMessage();
      assertTrue(told.contains(why), told);
      assertEquals(-1, told.indexOf('\n'), told);
    }
  }

  @Test
  void damagedFilesAreRefused() throws Exception {
    Path kernel = kernel(true);
    byte[] good = Files.readAllBytes(saved(kernel, List.of()));
    Path bad = folder.resolve("bad");
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      byte[] bytes = good.clone();
      int at = i < 24 ? i : random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(bad, bytes);
      refused(options(kernel, 2, false, bad, List.of()), "bad: ");
      Files.write(bad, Arrays.copyOf(good, random.nextInt(good.length)));
      refused(options(kernel, 2, false, bad, List.of()), "bad: ");
    }
  }

  /** Files that are whole, with content that nobody has saved. */
  @Test
  void nonsenseIsRefusedOrHarmless() throws Exception {
    Path kernel = kernel(true);
    Path good = saved(kernel, List.of());
    byte[][] content = new byte[1][];
    SnapshotFile.read(
        good,
        in -> {
          byte[] all = new byte[1 << 24];
          int length = 0;
          try {
            while (true) {
              all[length] = in.readByte();
              length++;
            }
          } catch (EOFException e) {
            content[0] = Arrays.copyOf(all, length);
          }
        });
    Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    Thread.UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> broken.add(thrown));
    try {
      tryNonsense(kernel, content[0]);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(usual);
    }
    assertEquals(List.of(), List.copyOf(broken));
  }

  /** Long enough, mostly, for its harts to execute something. */
  private static void goOnForAWhile(Machine machine) {
    machine.resume();
    for (int i = 0; i < 5; i++) {
      Thread.yield();
    }
  }

  private void tryNonsense(Path kernel, byte[] content) throws Exception {
    Path bad = folder.resolve("bad");
    Random random = new Random(2);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = content.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(Math.min(bytes.length, 6000))] = (byte) random.nextInt();
      }
      SnapshotFile.write(bad, out -> out.write(bytes));
      try (Machine machine = machine(options(kernel, 2, false, bad, List.of()))) {
        machine.pause();
        CompletableFuture<String> told =
            TestKernel.start(machine)
                .handle((status, failed) -> failed == null ? null : failed.getCause().getMessage());
        while (!told.isDone() && !machine.isOn()) {
          Thread.onSpinWait();
        }
        if (!told.isDone()) {
          goOnForAWhile(machine);
        }
        machine.powerOff();
        String message = told.get();
        if (message != null) {
          assertTrue(message.contains("bad: ") && message.indexOf('\n') < 0, message);
        }
      }
    }
  }
}
