package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.systemvm.boot.StartState;
import dev.isomorph.systemvm.device.VirtBoard;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.NetworkOptions;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A debugger at a machine whose two harts count without end, each at a place of its own. */
class DebuggerTest {
  private static final int HART_STATE = 0x48534d;
  private static final long HART = 32;
  private static final long STOP = 16;
  private static final int PC = 32;
  private static final int CSR = 65;
  private static final int SOFTWARE_INTERRUPT = 1 << 1;
  private static final int SIE = 1 << 1;
  private static final int MHARTID = CSR + 0xf14;
  private static final int PRIVILEGE = CSR + 4096;
  private static final int T0 = 5;
  private static final int T2 = 7;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;

  /** Where Linux images are loaded. */
  private static final long KERNEL = 0x8020_0000L;

  private static final int HEADER = 64;

  @TempDir Path folder;

  private Machine machine;
  private GdbClient gdb;
  private CompletableFuture<Integer> end;

  /** Addresses in the kernel: the increment of the counter, the store of it, the load behind. */
  private long increment;

  private long store;
  private long load;

  @BeforeEach
  void start() throws IOException {
    start(false);
  }

  private void start(boolean deterministic) throws IOException {
    RiscvAssembler asm = new RiscvAssembler();
    Label counting = new Label();
    Label loop = new Label();
    asm.la(A1, counting);
    asm.li(A0, 1);
    asm.li(A2, TestKernel.SCRATCH + HART);
    TestKernel.call(asm, HART_STATE, 0);
    asm.li(A1, TestKernel.SCRATCH);
    asm.bind(counting);
    asm.li(T0, 0);
    asm.bind(loop);
    increment = KERNEL + HEADER + asm.offset();
    asm.emit(Opcode.ADDI, T0, T0, 1L);
    store = KERNEL + HEADER + asm.offset();
    asm.emit(Opcode.SD, T0, 0, A1);
    load = KERNEL + HEADER + asm.offset();
    asm.emit(Opcode.LD, T2, STOP, A1);
    asm.branch(Opcode.BEQ, T2, 0, loop);
    TestKernel.powerOff(asm, 0);
    Path socket = folder.resolve("gdb");
    MachineOptions plain = TestKernel.machine(TestKernel.write(folder, asm), 2);
    MachineOptions options =
        new MachineOptions(
            plain.boot(),
            plain.harts(),
            plain.memoryBytes(),
            plain.virtio(),
            plain.serials(),
            plain.monitor(),
            plain.realTime(),
            false,
            new Diagnostics(
                false,
                null,
                deterministic,
                null,
                null,
                null,
                null,
                new NetworkOptions.SocketAddress.Unix(socket),
                true,
                null));
    machine = new Machine(options, TestKernel.ENGINE);
    end = TestKernel.start(machine);
    gdb = new GdbClient(UnixDomainSocketAddress.of(socket));
  }

  @AfterEach
  void stop() throws IOException {
    gdb.close();
    machine.powerOff();
    end.join();
    machine.close();
  }

  private static String hex(long number) {
    return Long.toHexString(number);
  }

  /** Has hart 0 run to an address, and no other run, lest it comes first. */
  private void breakAndRun(long address) throws IOException {
    assertEquals("OK", gdb.ask("Z0," + hex(address) + ",4"));
    assertEquals("T05thread:1;", gdb.ask("vCont;c:1"));
    assertEquals("OK", gdb.ask("z0," + hex(address) + ",4"));
    assertEquals(address, gdb.register(PC));
  }

  private long count(int hart) {
    return machine.ram().getLong(TestKernel.SCRATCH + hart * HART);
  }

  /** Waits until a hart has counted on. */
  private void awaitCount(int hart) {
    long from = count(hart);
    while (count(hart) == from) {
      Thread.onSpinWait();
    }
  }

  @Test
  void showsMachinesBeforeTheirFirstInstruction() throws IOException {
    assertEquals("T05thread:1;", gdb.ask("?"));
    assertEquals(KERNEL, gdb.register(PC));
    assertEquals(1, gdb.register(PRIVILEGE));
    assertEquals("m1,2", gdb.ask("qfThreadInfo"));
    assertEquals("l", gdb.ask("qsThreadInfo"));
    assertEquals("73746f70706564", gdb.ask("qThreadExtraInfo,2"));
    assertEquals(65 * 16, gdb.ask("g").length());
    gdb.ask("Hg2");
    assertEquals(1, gdb.register(MHARTID));
  }

  @Test
  void describesItsRegisters() throws IOException {
    StringBuilder xml = new StringBuilder();
    String part;
    do {
      part = gdb.ask("qXfer:features:read:target.xml:" + hex(xml.length()) + ",400");
      xml.append(part, 1, part.length());
    } while (part.startsWith("m"));
    for (String each : new String[] {"cpu", "fpu", "csr", "virtual"}) {
      assertTrue(xml.indexOf("org.gnu.gdb.riscv." + each + "\"") > 0, each);
    }
    assertTrue(xml.indexOf("name=\"satp\" bitsize=\"64\" regnum=\"" + (CSR + 0x180)) > 0);
    assertEquals("E16", gdb.ask("qXfer:features:read:other.xml:0,400"));
  }

  @Test
  void haltsBeforeInstructionsEachTime() throws IOException {
    gdb.ask("qSupported:swbreak+;hwbreak+");
    assertEquals("OK", gdb.ask("Z0," + hex(store) + ",4"));
    for (int i = 1; i <= 3; i++) {
      assertEquals("T05swbreak:;thread:1;", gdb.ask("vCont;c:1"));
      assertEquals(store, gdb.register(PC));
      assertEquals(i, gdb.register(T0));
      assertEquals(i - 1, count(0));
      assertEquals("T05thread:1;", gdb.ask("vCont;s:1"));
      assertEquals(load, gdb.register(PC));
      assertEquals(i, count(0));
    }
    assertEquals("OK", gdb.ask("z0," + hex(store) + ",4"));
    assertEquals("OK", gdb.ask("Z1," + hex(increment) + ",4"));
    assertEquals("T05hwbreak:;thread:1;", gdb.ask("vCont;c:1"));
    assertEquals(increment, gdb.register(PC));
  }

  @Test
  void stepsAreOneInstructionWhateverItIs() throws IOException {
    breakAndRun(KERNEL + HEADER);
    long pc = gdb.register(PC);
    while (pc != increment) {
      gdb.ask("vCont;s:1");
      assertEquals(pc + 4, gdb.register(PC));
      pc += 4;
    }
    // The call has started the other hart, which has to wait.
    assertEquals(0, count(1));
    gdb.register(T0, 41);
    gdb.ask("s");
    assertEquals(42, gdb.register(T0));
  }

  @Test
  void oddAddressesOfCodeAreRoundedDown() throws IOException {
    breakAndRun(increment);
    gdb.register(PC, store + 1);
    assertEquals(store, gdb.register(PC));
    gdb.register(PC, -1);
    gdb.ask("vCont;s:1");
    assertEquals(1, gdb.register(CSR + 0x142));
    gdb.ask("s" + hex(load + 1));
    assertEquals(load + 4, gdb.register(PC));
  }

  @Test
  void stepsAreIntoInterruptsOnlyIfAsked() throws IOException {
    breakAndRun(increment);
    gdb.register(CSR + 0x105, load);
    gdb.register(CSR + 0x104, SOFTWARE_INTERRUPT);
    gdb.register(CSR + 0x144, SOFTWARE_INTERRUPT);
    gdb.register(CSR + 0x100, SIE);
    assertEquals("0x7", gdb.ask("qqemu.sstep"));
    gdb.ask("vCont;s:1");
    assertEquals(store, gdb.register(PC));
    assertEquals("OK", gdb.ask("Qqemu.sstep=5"));
    gdb.ask("vCont;s:1");
    assertEquals(load, gdb.register(PC));
    assertEquals(0, count(0), "the handler, and nothing has been stored");
    assertEquals(store, gdb.register(CSR + 0x141));
    assertEquals(0, gdb.register(CSR + 0x100) & SIE);
  }

  @Test
  void othersRunOnlyIfTheyAreTo() throws IOException {
    breakAndRun(increment);
    gdb.ask("vCont;c:2;s:1");
    long before = count(1);
    gdb.ask("vCont;s:1");
    gdb.ask("Hc1");
    gdb.ask("s");
    assertEquals(before, count(1));
    do {
      assertEquals("T05thread:1;", gdb.ask("vCont;s:1;c"));
    } while (count(1) == before);
  }

  @Test
  void hartsThatTakeTurnsRunTogetherAndStepAlone() throws IOException {
    gdb.ask("?"); // The machine is on, and can be turned off.
    stop();
    start(true);
    gdb.send("vCont;c:1");
    awaitCount(0);
    awaitCount(1);
    awaitCount(0);
    gdb.interrupt();
    gdb.receive();
    long before = count(1);
    for (int i = 0; i < 20; i++) {
      assertEquals("T05thread:1;", gdb.ask("vCont;s:1;c"));
    }
    assertEquals(before, count(1));
  }

  @Test
  void haltsBehindAccessesToData() throws IOException {
    breakAndRun(increment);
    String place = hex(TestKernel.SCRATCH);
    assertEquals("OK", gdb.ask("Z2," + place + ",8"));
    for (int i = 1; i < 4; i++) {
      assertEquals("T05watch:" + place + ";thread:1;", gdb.ask("vCont;c"));
      assertEquals(load, gdb.register(PC));
      assertEquals(i, count(0));
    }
    assertEquals("OK", gdb.ask("z2," + place + ",8"));
    place = hex(TestKernel.SCRATCH + STOP + 3);
    assertEquals("OK", gdb.ask("Z3," + place + ",1"));
    assertEquals("T05rwatch:" + place + ";thread:1;", gdb.ask("vCont;c"));
    assertEquals(load + 4, gdb.register(PC));
    assertEquals("OK", gdb.ask("z3," + place + ",1"));
    assertEquals("OK", gdb.ask("Z4," + place + ",1"));
    assertEquals("T05awatch:" + place + ";thread:1;", gdb.ask("vCont;c"));
  }

  @Test
  void runsTheCodeThatWasWritten() throws IOException {
    for (int step = 2; step < 5; step++) {
      awaitCountWhileRunning();
      byte[] code = new RiscvAssembler().emit(Opcode.ADDI, T0, T0, step).bytes();
      String write = "M" + hex(increment) + ",4:" + HexFormat.of().formatHex(code);
      assertEquals("OK", gdb.ask(write));
      breakAndRun(increment);
      long before = gdb.register(T0);
      gdb.ask("s");
      assertEquals(before + step, gdb.register(T0));
    }
    gdb.ask("X" + hex(TestKernel.SCRATCH + STOP) + ",1:\u0001");
    assertEquals("W00", gdb.ask("c"));
  }

  private void awaitCountWhileRunning() throws IOException {
    gdb.send("vCont;c");
    awaitCount(0);
    awaitCount(1);
    gdb.interrupt();
    assertTrue(gdb.receive().startsWith("T02thread:"));
  }

  @Test
  void readsDevicesAndRom() throws IOException {
    assertEquals("E0e", gdb.ask("m0,4"));
    assertEquals("OK", gdb.ask("Qqemu.PhyMemMode:1"));
    assertEquals("1", gdb.ask("qqemu.PhyMemMode"));
    assertEquals("76697274", gdb.ask("m" + hex(VirtBoard.virtio(0).base()) + ",4"));
    assertEquals(8, gdb.ask("m" + hex(StartState.ROM) + ",4").length());
    long end = TestKernel.MEMORY + machine.ram().base();
    assertEquals(16, gdb.ask("m" + hex(end - 8) + ",10").length());
    assertEquals("E0e", gdb.ask("M" + hex(end) + ",1:00"));
  }

  @Test
  void detachesAndComesBack() throws IOException {
    breakAndRun(increment);
    gdb.ask("Z0," + hex(increment) + ",4");
    assertEquals("OK", gdb.ask("D"));
    awaitCount(0);
    awaitCount(1);
    gdb.close();
    gdb = new GdbClient(UnixDomainSocketAddress.of(folder.resolve("gdb")));
    assertEquals("T05thread:1;", gdb.ask("?"));
    long before = count(0);
    assertEquals(before, count(0));
    gdb.raw("GET / HTTP/1.0\r\n\r\n$$$#");
    gdb.close();
    awaitCount(0);
    gdb = new GdbClient(UnixDomainSocketAddress.of(folder.resolve("gdb")));
    gdb.send("k");
    assertEquals(0, end.join());
  }

  @Test
  void asksForDamagedPacketsAgain() throws IOException {
    gdb.raw("$?#00");
    gdb.raw("-");
    assertEquals("OK", gdb.ask("QStartNoAckMode"));
    assertEquals("T05thread:1;", gdb.ask("?"));
  }

  @Test
  void answersEveryPacket() throws IOException {
    breakAndRun(increment);
    Random random = new Random(5);
    String[] commands =
        ("? g G p P m M X Z z H T c s vCont? vCont vCont; vCont;s: vCont;c: qSupported"
                + " qXfer:features:read:target.xml: qThreadExtraInfo qC qRcmd qqemu. Qqemu.sstep"
                + " Qqemu.PhyMemMode y")
            .split(" ");
    String[] parts =
        (", : ; = 1 2 -1 0 80100000 ffffffffffffffff 10000000000000000 4 8 40 zz é g c 00000000")
            .split(" ");
    for (int i = 0; i < 3000; i++) {
      StringBuilder packet = new StringBuilder(commands[random.nextInt(commands.length)]);
      for (int j = random.nextInt(6); j > 0; j--) {
        packet.append(parts[random.nextInt(parts.length)]);
      }
      gdb.send(packet.toString());
      gdb.interrupt();
      while (gdb.receive().matches("O\\p{XDigit}+")) {
        // The monitor says something before the answer.
      }
    }
    assertEquals("OK", gdb.ask("Hg1"));
    assertFalse(gdb.ask("g").startsWith("E"));
  }
}
