package dev.isomorph.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.machine.Machine;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.FirmwareChoice;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.RealTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a machine's commit log shows, for a few instructions in machine and user mode. */
@Timeout(60)
class MachineTraceTest {
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int FT0 = 0;
  private static final int FT1 = 1;
  private static final int WRITE_MTVEC_FROM_T0 = 0x30529073;
  private static final int WRITE_MEPC_FROM_T0 = 0x34129073;
  private static final int READ_MEPC_TO_T1 = 0x34102373;
  private static final int SET_MSTATUS_FROM_T0 = 0x3002a073;
  private static final int MRET = 0x30200073;
  private static final int ECALL = 0x73;

  @TempDir Path folder;

  private final RiscvAssembler asm = new RiscvAssembler();

  private List<String> log() throws IOException {
    Path kernel = Files.write(folder.resolve("code"), asm.bytes());
    MachineOptions options =
        new MachineOptions(
            new BootOptions(new FirmwareChoice.None(), kernel, null, "", null),
            1,
            16 << 20,
            List.of(),
            List.of(),
            new CharacterBackend.None(),
            new RealTime.Host(Duration.ZERO),
            false,
            Diagnostics.NONE);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MachineTrace trace = new MachineTrace(new CommitLogWriter(out));
    EngineOptions engine =
        EngineOptions.DEFAULT
            .withCodeCache(1 << 20)
            .withBlockLimit(MachineTrace.BLOCK_LIMIT)
            .withExact(true)
            .withObserver(trace);
    try (Machine machine = new Machine(options, engine)) {
      machine.observe(trace);
      assertEquals(0, machine.run());
    }
    trace.close();
    return out.toString(StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> line.contains(": 3 0x00000000800") || line.contains(": 0 "))
        .toList();
  }

  @Test
  void showsRegistersMemoryAndPrivilege() throws IOException {
    Label handler = new Label();
    Label user = new Label();
    asm.la(T0, handler);
    asm.raw(WRITE_MTVEC_FROM_T0);
    asm.li(T0, 1 << 13);
    asm.raw(SET_MSTATUS_FROM_T0);
    asm.emit(Opcode.FCVT_D_L, FT0, T0, 0);
    asm.emit(Opcode.FADD_D, FT1, FT0, FT0, 7);
    asm.la(T0, user);
    asm.emit(Opcode.AMOADD_W, T1, T0, T0);
    asm.raw(WRITE_MEPC_FROM_T0);
    asm.raw(MRET);
    asm.align(4);
    asm.bind(user);
    asm.raw(ECALL);
    asm.align(4);
    asm.bind(handler);
    asm.raw(READ_MEPC_TO_T1);
    asm.li(T0, 0x100000);
    asm.li(T1, 0x5555);
    asm.emit(Opcode.SW, T1, 0, T0);
    assertEquals(
        """
        core   0: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000
        core   0: 3 0x0000000080000004 (0x03428293) x5  0x0000000080000034
        core   0: 3 0x0000000080000008 (0x30529073) c773_mtvec 0x0000000080000034
        core   0: 3 0x000000008000000c (0x000022b7) x5  0x0000000000002000
        core   0: 3 0x0000000080000010 (0x3002a073) c768_mstatus 0x0000000a00002000
        core   0: 3 0x0000000080000014 (0xd2228053) f0  0x40c0000000000000 c768_mstatus 0x8000000a00006000
        core   0: 3 0x0000000080000018 (0x020070d3) f1  0x40d0000000000000
        core   0: 3 0x000000008000001c (0x00000297) x5  0x000000008000001c
        core   0: 3 0x0000000080000020 (0x01428293) x5  0x0000000080000030
        core   0: 3 0x0000000080000024 (0x0052a32f) x6  0x0000000000000073 mem 0x0000000080000030 mem 0x0000000080000030 0x800000a3
        """
            .strip(),
        String.join("\n", log().subList(0, 10)));
  }

  @Test
  void trapsHaveNoLine() throws IOException {
    Label handler = new Label();
    Label user = new Label();
    asm.la(T0, handler);
    asm.raw(WRITE_MTVEC_FROM_T0);
    asm.la(T0, user);
    asm.raw(WRITE_MEPC_FROM_T0);
    asm.raw(MRET);
    asm.align(4);
    asm.bind(user);
    asm.raw(ECALL);
    asm.bind(handler);
    asm.raw(READ_MEPC_TO_T1);
    asm.li(T0, 0x100000);
    asm.li(T1, 0x5555);
    asm.emit(Opcode.SW, T1, 0, T0);
    List<String> log = log();
    assertEquals(
        """
        core   0: 3 0x0000000080000014 (0x34129073) c833_mepc 0x000000008000001c
        core   0: 3 0x0000000080000018 (0x30200073) c768_mstatus 0x0000000a00000080
        core   0: 3 0x0000000080000020 (0x34102373) x6  0x000000008000001c
        core   0: 3 0x0000000080000024 (0x001002b7) x5  0x0000000000100000
        core   0: 3 0x0000000080000028 (0x00005337) x6  0x0000000000005000
        core   0: 3 0x000000008000002c (0x5553031b) x6  0x0000000000005555
        core   0: 3 0x0000000080000030 (0x0062a023) mem 0x0000000000100000 0x00005555
        """
            .strip(),
        String.join("\n", log.subList(log.size() - 7, log.size())));
  }
}
