package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;

/**
 * What the lifted code is for. The dynamic rounding mode, frm, is known when code is translated
 * only as far as the mode says; code that would change it leaves the translation by {@code TRAP
 * EVALUATE}.
 *
 * <p>The code of a process has the instructions of user mode. The code of a whole machine leaves
 * the translation by {@code TRAP PRIVILEGED} for every instruction that the machine's state decides
 * on: privileged instructions, accesses to control and status registers other than those of the
 * float unit, waits, and the management of cache blocks. Where the float unit is off ({@code
 * mstatus.FS} is not Dirty) float instructions are such instructions, too.
 */
public enum LiftMode {
  /** Translation for an frm of 0 to 3, the modes that hosts have. */
  TRANSLATE(Rounding.HOST, false, true),
  /**
   * Translation for an frm of 4 (round to nearest, ties to max magnitude) or a reserved one (5 to
   * 7): every instruction that uses frm is left to the evaluator.
   */
  TRANSLATE_UNUSUAL_ROUNDING(Rounding.STATIC, false, true),
  /**
   * For the evaluator: any rounding mode and any write of frm. Whether a dynamic rounding mode is
   * valid is known when the operation runs.
   */
  EVALUATE(Rounding.ANY, false, true),
  /** As {@link #TRANSLATE}, for a machine whose float unit is on. */
  TRANSLATE_MACHINE(Rounding.HOST, true, true),
  /** As {@link #TRANSLATE_UNUSUAL_ROUNDING}, for a machine whose float unit is on. */
  TRANSLATE_MACHINE_UNUSUAL_ROUNDING(Rounding.STATIC, true, true),
  /** Translation for a machine whose float unit is off. */
  TRANSLATE_MACHINE_WITHOUT_FLOATS(Rounding.ANY, true, false),
  /** As {@link #TRANSLATE_MACHINE}, for code that is only run in supervisor mode. */
  TRANSLATE_SUPERVISOR(Rounding.HOST, true, true),
  /** As {@link #TRANSLATE_MACHINE_UNUSUAL_ROUNDING}, for code of supervisor mode. */
  TRANSLATE_SUPERVISOR_UNUSUAL_ROUNDING(Rounding.STATIC, true, true),
  /** As {@link #TRANSLATE_MACHINE_WITHOUT_FLOATS}, for code of supervisor mode. */
  TRANSLATE_SUPERVISOR_WITHOUT_FLOATS(Rounding.ANY, true, false),
  /** As {@link #EVALUATE}, for a machine whose float unit is on. */
  EVALUATE_MACHINE(Rounding.ANY, true, true),
  /** For the evaluator, for a machine whose float unit is off. */
  EVALUATE_MACHINE_WITHOUT_FLOATS(Rounding.ANY, true, false);

  private static final int NEAREST_MAX_MAGNITUDE = 4;
  private static final int DYNAMIC = 7;

  /** The rounding modes of code that may be lifted inline. */
  private enum Rounding {
    /** Those of hosts, and the dynamic one. */
    HOST,
    /** Those of hosts, named by the instruction. */
    STATIC,
    ANY
  }

  private final Rounding rounding;
  private final boolean machine;
  private final boolean floats;

  LiftMode(Rounding rounding, boolean machine, boolean floats) {
    this.rounding = rounding;
    this.machine = machine;
    this.floats = floats;
  }

  /** Whether code for an instruction that rounds may be lifted inline. */
  boolean canRound(Instruction instruction) {
    int rm = instruction.rm();
    return switch (rounding) {
      case HOST -> rm != NEAREST_MAX_MAGNITUDE || takesAllModes(instruction.opcode());
      case STATIC ->
          rm != DYNAMIC && (rm != NEAREST_MAX_MAGNITUDE || takesAllModes(instruction.opcode()));
      case ANY -> true;
    };
  }

  /** Instructions that are lifted inline for all static rounding modes. */
  private static boolean takesAllModes(Opcode opcode) {
    return switch (opcode) {
      case FCVT_W_S, FCVT_WU_S, FCVT_L_S, FCVT_LU_S -> true;
      case FCVT_W_D, FCVT_WU_D, FCVT_L_D, FCVT_LU_D -> true;
      case FCVT_S_W, FCVT_S_WU, FCVT_S_L, FCVT_S_LU -> true;
      case FCVT_D_W, FCVT_D_WU, FCVT_D_L, FCVT_D_LU -> true;
      case FROUND_S, FROUND_D, FROUNDNX_S, FROUNDNX_D -> true;
      default -> false;
    };
  }

  /** Whether code that writes frm may be lifted inline. */
  boolean canWriteRoundingMode() {
    return rounding == Rounding.ANY;
  }

  /** Whether the code is that of a whole machine, not of a process. */
  public boolean isMachine() {
    return machine;
  }

  /** Whether the machine's time may be read by {@code COUNTER}. */
  boolean readsTime() {
    return machine && this != EVALUATE_MACHINE && this != EVALUATE_MACHINE_WITHOUT_FLOATS;
  }

  /** Whether the code is run in supervisor mode only. */
  public boolean isSupervisor() {
    return switch (this) {
      case TRANSLATE_SUPERVISOR,
          TRANSLATE_SUPERVISOR_UNUSUAL_ROUNDING,
          TRANSLATE_SUPERVISOR_WITHOUT_FLOATS ->
          true;
      default -> false;
    };
  }

  /** Whether float instructions and the float unit's registers can be used. */
  boolean hasFloats() {
    return floats;
  }
}
