package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.Registers;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.Entrance;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Pass;
import org.junit.jupiter.api.Test;

class CompiledRegionTest {
  private static final long PC = 0x1000;

  /** A sum of doubles, which is to be no boxed single at first. */
  private static RegionOutline sum() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.emit(Opcode.FADD_D, 1, 1, 2, 0).emit(Opcode.ADDI, Registers.A0, Registers.A0, -1);
    byte[] bytes = a.branch(Opcode.BNE, Registers.A0, Registers.ZERO, head).ret().bytes();
    CodeSource code =
        pc -> {
          int at = (int) (pc - PC);
          boolean isInside = at >= 0 && at + 1 < bytes.length;
          return isInside ? bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 : -1;
        };
    return RegionFinder.loopsAround(code, PC, true).getFirst();
  }

  private static void assertChecksValues(boolean expected, RegionOutline outline) {
    LoopOutcome outcome = CompiledRegion.of(outline, LiftMode.TRANSLATE, Pass.ALL);
    assertEquals(expected, assertInstanceOf(CompiledRegion.class, outcome).checksValues());
  }

  @Test
  void floatsFromOutsideAreChecked() {
    assertChecksValues(true, sum());
  }

  @Test
  void whatTakesAnyValueChecksNone() {
    assertChecksValues(false, sum().entered(Entrance.OPEN));
  }
}
