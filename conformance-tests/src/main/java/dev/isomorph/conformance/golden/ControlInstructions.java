package dev.isomorph.conformance.golden;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.conformance.golden.InstructionSet.Semantics;

/**
 * Jumps, branches, environment calls, and what a single hart sees of fences and waits: nothing (ISA
 * manual, chapters "RV32I", "Zifencei", "Zawrs", "Zihintpause").
 */
final class ControlInstructions {
  private static final Semantics NOTHING = (hart, i) -> {};

  private static final Semantics NOT_IN_USER_MODE =
      (hart, i) -> {
        throw new Trap(new Ending.IllegalInstruction(i.bits()));
      };

  private ControlInstructions() {}

  private interface Condition {
    boolean holds(long a, long b);
  }

  private static Semantics branch(Condition condition) {
    return (hart, i) -> {
      if (condition.holds(hart.x(i.rs1()), hart.x(i.rs2()))) {
        hart.jump(hart.pc() + i.imm());
      }
    };
  }

  static void define(InstructionSet set) {
    set.define(ILLEGAL, NOT_IN_USER_MODE);
    set.define(MRET, NOT_IN_USER_MODE);
    set.define(WFI, NOT_IN_USER_MODE);
    set.define(SRET, NOT_IN_USER_MODE);
    set.define(SFENCE_VMA, NOT_IN_USER_MODE);
    set.define(SINVAL_VMA, NOT_IN_USER_MODE);
    set.define(SFENCE_W_INVAL, NOT_IN_USER_MODE);
    set.define(SFENCE_INVAL_IR, NOT_IN_USER_MODE);
    set.define(
        JAL,
        (hart, i) -> {
          hart.x(i.rd(), hart.nextPc());
          hart.jump(hart.pc() + i.imm());
        });
    set.define(
        JALR,
        (hart, i) -> {
          long target = hart.x(i.rs1()) + i.imm() & ~1;
          hart.x(i.rd(), hart.nextPc());
          hart.jump(target);
        });
    set.define(BEQ, branch((a, b) -> a == b));
    set.define(BNE, branch((a, b) -> a != b));
    set.define(BLT, branch((a, b) -> a < b));
    set.define(BGE, branch((a, b) -> a >= b));
    set.define(BLTU, branch((a, b) -> Long.compareUnsigned(a, b) < 0));
    set.define(BGEU, branch((a, b) -> Long.compareUnsigned(a, b) >= 0));
    set.define(
        ECALL,
        (hart, i) -> {
          throw new Trap(new Ending.SystemCall());
        });
    set.define(
        EBREAK,
        (hart, i) -> {
          throw new Trap(new Ending.Breakpoint());
        });
    set.define(FENCE, NOTHING);
    set.define(FENCE_I, NOTHING);
    set.define(PAUSE, NOTHING);
    set.define(WRS_NTO, NOTHING);
    set.define(WRS_STO, NOTHING);
  }
}
