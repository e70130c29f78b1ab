package dev.isomorph.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.trace.Effects.Access;
import dev.isomorph.translator.ir.StateSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EffectsTest {
  /** Encodings as the assembler of binutils gives them. */
  @ParameterizedTest
  @CsvSource({
    "0x00a28293, 5, NONE, 0", // addi x5, x5, 10
    "0x00000013, -1, NONE, 0", // nop
    "0x8082, -1, NONE, 0", // ret
    "0x9082, 1, NONE, 0", // c.jalr ra
    "0x6582, 11, LOAD, 8", // c.ldsp a1, 0(sp)
    "0x00054503, 10, LOAD, 1", // lbu a0, 0(a0)
    "0xeca6, -1, STORE, 8", // c.sdsp s1, 88(sp)
    "0x00c50023, -1, STORE, 1", // sb a2, 0(a0)
    "0x00052507, 42, LOAD, 4", // flw fa0, 0(a0)
    "0x1005252f, 10, LOAD, 4", // lr.w a0, (a0)
    "0x18c5352f, 10, STORE_CONDITIONAL, 8", // sc.d a0, a2, (a0)
    "0x00c5a52f, 10, READ_MODIFY_WRITE, 4", // amoadd.w a0, a2, (a1)
    "0x0045200f, -1, ZERO_BLOCK, 64" // cbo.zero (a0)
  })
  void registersAndMemoryAreSeen(String encoding, int destination, Access access, int bytes) {
    Effects effects = Effects.of(Integer.decode(encoding), 0x10000);
    assertEquals(destination, effects.destination());
    assertEquals(access, effects.access());
    assertEquals(bytes, effects.bytes());
  }

  @Test
  void flagsAndRoundingAreSeen() {
    Effects divide = Effects.of(0x1ac5f553, 0); // fdiv.d fa0, fa1, fa2
    assertEquals(StateSlot.f(10), divide.destination());
    assertTrue(divide.accruesFlags() && !divide.writesFlags());
    Effects fscsr = Effects.of(0x00359573, 0); // fscsr a0, a1
    assertTrue(fscsr.writesFlags() && fscsr.writesRounding() && !fscsr.accruesFlags());
    assertEquals(10, fscsr.destination());
    Effects frflags = Effects.of(0x00102573, 0); // frflags a0
    assertTrue(!frflags.writesFlags() && !frflags.accruesFlags());
    assertTrue(Effects.of(0xc0102573, 0).readsCounter()); // rdtime a0
    assertTrue(Effects.of(0x00000073, 0).isSystemCall());
  }

  @Test
  void addressesAreThoseTheInstructionAccesses() {
    assertEquals(0x1058, Effects.of(0xeca6, 0).address(0x1000));
    assertEquals(0x1000, Effects.of(0x18c5352f, 0).address(0x1000));
    assertEquals(0x1040, Effects.of(0x0045200f, 0).address(0x107f));
  }
}
