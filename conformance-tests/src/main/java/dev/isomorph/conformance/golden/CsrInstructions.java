package dev.isomorph.conformance.golden;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.conformance.golden.InstructionSet.Semantics;
import dev.isomorph.decoder.Instruction;

/**
 * Control and status registers (ISA manual, chapters "Zicsr", "F", "Zicntr"). In user mode there
 * are fflags, frm and fcsr, and the counters cycle, time and instret, which cannot be written.
 */
final class CsrInstructions {
  private static final int FFLAGS = 0x001;
  private static final int FRM = 0x002;
  private static final int FCSR = 0x003;
  private static final int CYCLE = 0xc00;
  private static final int INSTRET = 0xc02;

  private CsrInstructions() {}

  private interface Operand {
    long of(GoldenHart hart, Instruction i);
  }

  private interface Update {
    long of(long old, long operand);
  }

  private static final Operand REGISTER = (hart, i) -> hart.x(i.rs1());
  private static final Operand IMMEDIATE = (hart, i) -> i.rs1();

  /**
   * An access. Those that set or clear bits do not write where the operand is x0 or the number 0.
   */
  private static Semantics access(boolean alwaysWrites, Operand operand, Update update) {
    return (hart, i) -> {
      boolean writes = alwaysWrites || i.rs1() != 0;
      int csr = (int) i.imm();
      if (csr >= CYCLE && csr <= INSTRET && !writes) {
        hart.unpredictable(i.rd());
        return;
      }
      if (csr < FFLAGS || csr > FCSR) {
        throw new Trap(new Ending.IllegalInstruction(i.bits()));
      }
      long old = read(hart, csr);
      if (writes) {
        write(hart, csr, (int) update.of(old, operand.of(hart, i)));
      }
      hart.x(i.rd(), old);
    };
  }

  private static long read(GoldenHart hart, int csr) {
    return switch (csr) {
      case FFLAGS -> hart.fcsr() & 31;
      case FRM -> hart.fcsr() >> 5;
      default -> hart.fcsr();
    };
  }

  private static void write(GoldenHart hart, int csr, int value) {
    switch (csr) {
      case FFLAGS -> hart.fcsr(hart.fcsr() & ~31 | value & 31);
      case FRM -> hart.fcsr(hart.fcsr() & 31 | value << 5);
      default -> hart.fcsr(value);
    }
  }

  static void define(InstructionSet set) {
    set.define(CSRRW, access(true, REGISTER, (old, operand) -> operand));
    set.define(CSRRS, access(false, REGISTER, (old, operand) -> old | operand));
    set.define(CSRRC, access(false, REGISTER, (old, operand) -> old & ~operand));
    set.define(CSRRWI, access(true, IMMEDIATE, (old, operand) -> operand));
    set.define(CSRRSI, access(false, IMMEDIATE, (old, operand) -> old | operand));
    set.define(CSRRCI, access(false, IMMEDIATE, (old, operand) -> old & ~operand));
  }
}
