package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.TrapKind;

/** Jumps, branches and environment calls (ISA manual, "RV32I Base Integer Instruction Set"). */
final class ControlInstructions {
  private ControlInstructions() {}

  static Flow jal(Emitter e) {
    Instruction i = e.instruction();
    long target = e.address(i.imm());
    int link = link(e);
    return isLink(i.rd())
        ? e.end(CALL, link, IrBlock.NONE, target)
        : e.end(JUMP, IrBlock.NONE, IrBlock.NONE, target);
  }

  /**
   * Calls and returns are told by the registers, as the manual's table of return-address stack
   * hints has it. A jump that both pops and pushes (a coroutine switch) counts as a call.
   */
  static Flow jalr(Emitter e) {
    Instruction i = e.instruction();
    int target = e.emit(ADD, e.rs1(), e.imm());
    int link = link(e);
    if (isLink(i.rd())) {
      return e.end(CALL_INDIRECT, target, link, 0);
    }
    return e.end(isLink(i.rs1()) ? RETURN : JUMP_INDIRECT, target, IrBlock.NONE, 0);
  }

  /** Writes the return address, if it goes anywhere, and gives it. */
  private static int link(Emitter e) {
    if (e.instruction().rd() == 0) {
      return IrBlock.NONE;
    }
    int link = e.constant(e.nextPc());
    e.setRd(link);
    return link;
  }

  /** Whether the calling convention's link registers, ra and t0, include the one given. */
  private static boolean isLink(int register) {
    return register == 1 || register == 5;
  }

  static Flow beq(Emitter e) {
    return e.branch(EXIT_EQ);
  }

  static Flow bne(Emitter e) {
    return e.branch(EXIT_NE);
  }

  static Flow blt(Emitter e) {
    return e.branch(EXIT_LT);
  }

  static Flow bge(Emitter e) {
    return e.branch(EXIT_GE);
  }

  static Flow bltu(Emitter e) {
    return e.branch(EXIT_LTU);
  }

  static Flow bgeu(Emitter e) {
    return e.branch(EXIT_GEU);
  }

  static Flow ecall(Emitter e) {
    return e.trap(TrapKind.SYSTEM_CALL);
  }

  static Flow ebreak(Emitter e) {
    return e.trap(TrapKind.BREAKPOINT);
  }

  static Flow sret(Emitter e) {
    return e.mode().isSupervisor() ? SupervisorRegisters.returnFromTrap(e) : privileged(e);
  }

  /** What there is on a whole machine only. */
  static Flow privileged(Emitter e) {
    return e.trap(e.mode().isMachine() ? TrapKind.PRIVILEGED : TrapKind.ILLEGAL_INSTRUCTION);
  }

  static Flow illegal(Emitter e) {
    return e.trap(TrapKind.ILLEGAL_INSTRUCTION);
  }
}
