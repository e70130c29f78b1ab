package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterMap.MEMORY;
import static dev.isomorph.hostbackend.lower.RegisterMap.STATE;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.translator.ir.StateSlot;

/**
 * The stubs by which a machine's emitted code goes from one {@link Context} to another. Guest
 * registers are in their homes, the guest pc is in the register file.
 */
final class ContextCode {
  /** Fields of the status. */
  private static final int SIE = 1 << 1;

  private static final int SPIE = 1 << 5;
  private static final int SIE_TO_SPIE = 4;
  private static final int SPP = 1 << 8;

  /** The cause of an ecall in user mode. */
  private static final int USER_CALL = 8;

  private static final int ENTRY_SHIFT = 4;

  private final Assembler asm;
  private final int exit;
  private final int jump;
  private final int callSupervisor;
  private final int switchContext;

  /**
   * Emits the stubs.
   *
   * @param exit where the stub is that leaves to Java
   * @param jump where the stub is that goes on at the guest pc
   */
  ContextCode(Assembler asm, int exit, int jump) {
    this.asm = asm;
    this.exit = exit;
    this.jump = jump;
    callSupervisor = asm.position();
    Label java = new Label();
    emitCall(java);
    switchContext = asm.position();
    emitSwitch();
    asm.bind(java);
    leave(ExitReason.SYSTEM_CALL);
  }

  /** As {@link Stubs#callSupervisor}. */
  int callSupervisor() {
    return callSupervisor;
  }

  /** As {@link Stubs#switchContext}. */
  int switchContext() {
    return switchContext;
  }

  /** The trap of an ecall (ISA manual volume II, "Supervisor Status Register"). */
  private void emitCall(Label java) {
    asm.mov(8, Gpr.RDX, state(RegisterFile.CALL_VECTOR));
    asm.test(8, Gpr.RDX, Gpr.RDX);
    asm.jcc(Cond.E, java);
    asm.cmp(8, slot(StateSlot.PRIVILEGE), 0);
    asm.jcc(Cond.NE, java);
    asm.mov(8, Gpr.RAX, state(RegisterFile.PC));
    asm.mov(8, slot(StateSlot.SEPC), Gpr.RAX);
    asm.mov(8, slot(StateSlot.SCAUSE), USER_CALL);
    asm.mov(8, slot(StateSlot.STVAL), 0);
    asm.mov(8, slot(StateSlot.PRIVILEGE), 1);
    asm.mov(8, state(RegisterFile.PC), Gpr.RDX);
    // SPIE becomes SIE, SIE and SPP become 0.
    asm.mov(8, Gpr.RAX, slot(StateSlot.STATUS));
    asm.mov(4, Gpr.RCX, Gpr.RAX);
    asm.and(4, Gpr.RCX, SIE);
    asm.shift(ShiftOp.SHL, 4, Gpr.RCX, SIE_TO_SPIE);
    asm.and(8, Gpr.RAX, ~(SIE | SPIE | SPP));
    asm.or(8, Gpr.RAX, Gpr.RCX);
    asm.mov(8, slot(StateSlot.STATUS), Gpr.RAX);
  }

  private void emitSwitch() {
    Label ask = new Label();
    Label sameCode = new Label();
    asm.mov(4, Gpr.RCX, slot(StateSlot.STATUS));
    asm.mov(4, Gpr.RAX, Gpr.RCX);
    asm.shift(ShiftOp.SHR, 4, Gpr.RAX, Context.USER_ACCESS_SHIFT);
    asm.and(4, Gpr.RAX, 1);
    asm.and(4, Gpr.RCX, Context.FLOATS_DIRTY);
    asm.cmp(4, Gpr.RCX, Context.FLOATS_DIRTY);
    asm.setcc(Cond.E, Gpr.RCX);
    asm.movzx(1, Gpr.RCX, Gpr.RCX);
    asm.lea(8, Gpr.RAX, Mem.of(Gpr.RAX, Gpr.RCX, 1 << Context.FLOATS_SHIFT, 0));
    asm.mov(4, Gpr.RCX, slot(StateSlot.PRIVILEGE));
    asm.and(4, Gpr.RCX, 1);
    asm.lea(8, Gpr.RCX, Mem.of(Gpr.RAX, Gpr.RCX, 1 << Context.SUPERVISOR_SHIFT, 0));
    asm.shift(ShiftOp.SHL, 4, Gpr.RCX, ENTRY_SHIFT);
    asm.mov(8, Gpr.RAX, Mem.of(STATE, Gpr.RCX, 1, Context.tlb(0)));
    asm.test(8, Gpr.RAX, Gpr.RAX);
    asm.jcc(Cond.E, ask);
    asm.mov(8, MEMORY, Gpr.RAX);
    asm.mov(8, state(RegisterFile.MEMORY_BASE), Gpr.RAX);
    PageStreamCode.disown(asm);
    asm.mov(8, Gpr.RDX, Mem.of(STATE, Gpr.RCX, 1, Context.jumpCache(0)));
    asm.cmp(8, Gpr.RDX, state(RegisterFile.JUMP_CACHE));
    asm.jccShort(Cond.E, sameCode);
    asm.mov(8, state(RegisterFile.JUMP_CACHE), Gpr.RDX);
    // Returns predicted in one context are none in another: there a pc may mean other code.
    asm.mov(8, Gpr.RSP, state(RegisterFile.HOST_RSP));
    asm.bind(sameCode);
    asm.jmpTo(jump);
    asm.bind(ask);
    Label poll = new Label();
    asm.cmp(1, state(RegisterFile.POLL), 0);
    asm.jccShort(Cond.NE, poll);
    leave(ExitReason.LOOKUP);
    asm.bind(poll);
    leave(ExitReason.POLL);
  }

  private void leave(ExitReason reason) {
    asm.movImm(Gpr.RAX, reason.ordinal());
    asm.jmpTo(exit);
  }

  private static Mem slot(int slot) {
    return state(RegisterFile.slot(slot));
  }
}
