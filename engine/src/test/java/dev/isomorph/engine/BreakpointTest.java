package dev.isomorph.engine;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.engine.TestMachine.Rights;
import dev.isomorph.engine.TestMachine.View;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code that stops before instructions, however it is run. */
class BreakpointTest {
  private static final long CODE = 0x4000_0000L;
  private static final int ROUNDS = 5;

  /** How code is run. */
  private enum Way {
    EVALUATED(EngineOptions.DEFAULT.withTranslation(false)),
    IN_BLOCKS(EngineOptions.DEFAULT),
    IN_REGIONS(EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS));

    final EngineOptions options;

    Way(EngineOptions options) {
      this.options = options;
    }
  }

  /**
   * Has a program that jumps to a loop with a call run to each breakpoint of each instruction: no
   * matter where blocks would begin, and whether they were translated before.
   */
  @ParameterizedTest
  @EnumSource
  void codeStopsBeforeEachInstructionAsOftenAsItIsMet(Way way) {
    try (TestMachine machine = new TestMachine(way.options);
        View view = machine.newHart()) {
      RiscvAssembler a = new RiscvAssembler();
      Label start = new Label();
      Label function = new Label();
      a.jump(start);
      a.bind(start);
      a.li(A0, 0).li(A1, ROUNDS);
      Label loop = a.here();
      long body = CODE + a.offset();
      a.call(function);
      long back = CODE + a.offset();
      a.emit(ADDI, A1, A1, -1).branch(BNE, A1, ZERO, loop);
      long end = CODE + a.offset();
      a.emit(ECALL);
      a.bind(function);
      long inside = CODE + a.offset();
      a.emit(ADDI, A0, A0, 1).ret();
      machine.write(3, 0, a.bytes());
      view.map(CODE, 3, Rights.CODE);

      for (int round = 0; round < 3; round++) {
        assertInstanceOf(Stop.SystemCall.class, view.run(CODE));
        assertEquals(ROUNDS, view.hart.x(A0));
        for (long at = CODE; at < CODE + a.offset(); at += 4) {
          int times = at >= body && at < end || at >= inside ? ROUNDS : 1;
          machine.engine().breakAt(Set.of(at));
          view.hart.pc(CODE);
          for (int i = 0; i < times; i++) {
            assertInstanceOf(Stop.AtBreakpoint.class, view.hart.run());
            assertEquals(at, view.hart.pc());
            assertInstanceOf(Stop.AtBreakpoint.class, view.hart.run());
            if (at != end) {
              assertNull(view.hart.step());
            }
          }
          machine.engine().breakAt(Set.of());
          assertInstanceOf(Stop.SystemCall.class, view.hart.run());
          assertEquals(end, view.hart.pc());
          assertEquals(ROUNDS, view.hart.x(A0));
        }
      }
      machine.engine().breakAt(List.of(back, inside));
      view.hart.pc(CODE);
      for (int i = 0; i < 2 * ROUNDS; i++) {
        assertInstanceOf(Stop.AtBreakpoint.class, view.hart.run());
        assertEquals(i % 2 == 0 ? inside : back, view.hart.pc());
        assertNull(view.hart.step());
      }
    }
  }
}
