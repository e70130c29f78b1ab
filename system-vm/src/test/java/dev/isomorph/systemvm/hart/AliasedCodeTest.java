package dev.isomorph.systemvm.hart;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.device.ManualClock;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import org.junit.jupiter.api.Test;

/** A user's loop stores code by aliases of its pages, and runs it after {@code fence.i}. */
class AliasedCodeTest {
  private static final int PAGE = 4096;
  private static final long RAM = 0x8000_0000L;
  private static final long CODE = RAM + PAGE;

  /** The code that is made; the 15 pages behind it get aliases together with its own. */
  private static final long MADE = RAM + 16 * PAGE;

  private static final int PAGES = 15;
  private static final int WORDS = 100;

  @Test
  void codeIsSeenThatIsStoredWhereOthersHaveJustGotAliases() {
    RiscvAssembler vector = new RiscvAssembler().emit(WFI).emit(JAL, 0, 0);
    RiscvAssembler program = program();
    try (Ram ram = new Ram(RAM, 1 << 20, true)) {
      ram.write(RAM, vector.bytes(), 0, vector.offset());
      ram.write(CODE, program.bytes(), 0, program.offset());
      RamFrames frames = new RamFrames(ram);
      Engine engine =
          new Engine(frames, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS));
      SystemHart hart =
          new SystemHart(
              0, engine, new PhysicalBus(ram), frames, new ManualClock(), new UntilEnd(RAM));
      ram.onWrite((address, length) -> engine.writtenFrames().note((int) (address - RAM >>> 12)));
      hart.reset(0);
      hart.state().writeAsMachine(Csr.MTVEC.number(), RAM);
      hart.state().writeAsMachine(Csr.PMPADDR.number(), -1);
      hart.state().writeAsMachine(Csr.PMPCFG.number(), 0x1f);
      hart.state().enter(Privilege.USER, 0);
      hart.registers().pc(CODE);
      hart.run();
      assertEquals(
          TrapCause.CALL_FROM_USER.code(), hart.state().readAsMachine(Csr.MCAUSE.number()));
      assertEquals(PAGES * (PAGES + 1) / 2, hart.registers().x(S1));
      assertTrue(engine.stats().aliases() >= PAGES, engine.stats().aliases() + " aliases");
      engine.close();
      hart.close();
    }
  }

  /** Each round stores to another page for the first time, then other code, which it runs. */
  private static RiscvAssembler program() {
    RiscvAssembler a = new RiscvAssembler();
    Label main = new Label();
    a.jump(main);
    Label store = a.here();
    a.emit(SD, A5, 0, A1).emit(ADDI, A1, A1, 8).emit(ADDI, A2, A2, -1);
    a.branch(BNE, A2, ZERO, store).ret();
    a.bind(main).li(S1, 0);
    for (int round = 1; round <= PAGES; round++) {
      a.li(A1, MADE + (long) round * PAGE).li(A2, WORDS).li(A5, 0);
      call(a, CODE + a.offset(store));
      byte[] made = new RiscvAssembler().emit(ADDI, A0, ZERO, round).ret().bytes();
      long word = 0;
      for (int i = made.length - 1; i >= 0; i--) {
        word = word << 8 | made[i] & 0xff;
      }
      a.li(A1, MADE).li(A2, 1).li(A5, word);
      call(a, CODE + a.offset(store));
      a.emit(FENCE_I);
      call(a, MADE);
      a.emit(ADD, S1, S1, A0);
    }
    return a.emit(ECALL);
  }

  private static void call(RiscvAssembler a, long address) {
    a.li(T0, address).emit(JALR, RA, 0, T0);
  }
}
