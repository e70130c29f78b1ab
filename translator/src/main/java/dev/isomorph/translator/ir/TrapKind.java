package dev.isomorph.translator.ir;

/** Why an {@link IrOp#TRAP} stops the guest; pc is that of the instruction. */
public enum TrapKind {
  /** ecall. */
  SYSTEM_CALL,
  /** ebreak. */
  BREAKPOINT,
  /** A reserved, unknown or disabled encoding. */
  ILLEGAL_INSTRUCTION,
  /** fence.i: the engine re-validates its translations, then goes on behind the instruction. */
  FENCE_I,
  /**
   * The instruction is one to be run by the evaluator, alone: it changes how code is translated (a
   * write of frm) or has no host equivalent.
   */
  EVALUATE,
  /**
   * Only in code of a whole machine: what the instruction does depends on the privilege, a control
   * and status register or the state of the float unit. It has not been executed.
   */
  PRIVILEGED;

  private static final TrapKind[] ALL = values();

  /** The kind an operation's immediate names. */
  public static TrapKind of(long imm) {
    return ALL[(int) imm];
  }
}
