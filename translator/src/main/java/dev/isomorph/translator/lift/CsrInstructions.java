package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;

/**
 * Accesses to the control and status registers of user mode (ISA manual, chapters "Zicsr", "F" and
 * "Zicntr"). On a whole machine only those of the float unit are translated.
 */
final class CsrInstructions {
  private static final int FFLAGS = 0x001;
  private static final int FRM = 0x002;
  private static final int FCSR = 0x003;
  private static final int CYCLE = 0xc00;
  private static final int TIME = 0xc01;
  private static final int INSTRET = 0xc02;

  private static final int FRM_MASK = 7;
  private static final int FRM_SHIFT = 5;

  /** What becomes of the register's old value. */
  enum Update {
    WRITE,
    SET,
    CLEAR;

    /** The new value, from the old one and the instruction's operand. */
    int apply(Emitter e, int old, int operand) {
      return switch (this) {
        case WRITE -> operand;
        case SET -> e.emit(OR, old, operand);
        case CLEAR -> e.emit(AND, old, e.not(operand));
      };
    }
  }

  private CsrInstructions() {}

  static Flow csrrw(Emitter e) {
    return access(e, Update.WRITE, false);
  }

  static Flow csrrs(Emitter e) {
    return access(e, Update.SET, false);
  }

  static Flow csrrc(Emitter e) {
    return access(e, Update.CLEAR, false);
  }

  static Flow csrrwi(Emitter e) {
    return access(e, Update.WRITE, true);
  }

  static Flow csrrsi(Emitter e) {
    return access(e, Update.SET, true);
  }

  static Flow csrrci(Emitter e) {
    return access(e, Update.CLEAR, true);
  }

  private static Flow access(Emitter e, Update update, boolean immediate) {
    Instruction i = e.instruction();
    int csr = (int) i.imm();
    boolean reads = update != Update.WRITE || i.rd() != 0;
    boolean writes = update == Update.WRITE || i.rs1() != 0;
    if (e.mode().isSupervisor() && SupervisorRegisters.has(csr)) {
      int operand = writes ? operand(e, immediate) : IrBlock.NONE;
      boolean anyBit = writes && (update == Update.WRITE || !immediate);
      return csr == SupervisorRegisters.SSTATUS && anyBit
          ? SupervisorRegisters.changeStatus(e, update, operand)
          : SupervisorRegisters.access(e, csr, update, reads, operand);
    }
    if (csr == TIME && !writes && e.mode().readsTime()) {
      return readTime(e);
    }
    TrapKind trap = trap(e.mode(), csr, writes);
    if (trap != null) {
      return e.trap(trap);
    }
    int old = reads ? read(e, csr) : IrBlock.NONE;
    if (writes) {
      write(e, csr, update.apply(e, old, operand(e, immediate)));
    }
    return reads ? e.setRd(old) : Flow.NEXT;
  }

  private static Flow readTime(Emitter e) {
    int right = e.constant(e.mode().isSupervisor() ? 2 : 1);
    int rights = e.getSlot(GET, StateSlot.TIME_RIGHTS);
    e.emit(GUARD, e.emit(XOR, e.emit(AND, rights, right), right));
    return e.setRd(read(e, TIME));
  }

  private static int operand(Emitter e, boolean immediate) {
    return immediate ? e.constant(e.instruction().rs1()) : e.rs1();
  }

  /** Why the access cannot be done inline, or null. */
  private static TrapKind trap(LiftMode mode, int csr, boolean writes) {
    boolean floats = csr == FFLAGS || csr == FRM || csr == FCSR;
    if (mode.isMachine() && !(floats && mode.hasFloats())) {
      return TrapKind.PRIVILEGED;
    }
    return switch (csr) {
      case FFLAGS -> null;
      case FRM, FCSR -> writes && !mode.canWriteRoundingMode() ? TrapKind.EVALUATE : null;
      case CYCLE, TIME, INSTRET -> writes ? TrapKind.ILLEGAL_INSTRUCTION : null;
      default -> TrapKind.ILLEGAL_INSTRUCTION;
    };
  }

  private static int read(Emitter e, int csr) {
    return switch (csr) {
      case FFLAGS -> e.emit(GET_FFLAGS);
      case FRM -> readFrm(e);
      case FCSR -> e.emit(OR, e.emit(SHL, readFrm(e), e.constant(FRM_SHIFT)), e.emit(GET_FFLAGS));
      default -> e.emit(COUNTER, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, csr);
    };
  }

  private static int readFrm(Emitter e) {
    return e.getSlot(GET, StateSlot.FRM);
  }

  private static void write(Emitter e, int csr, int value) {
    switch (csr) {
      case FFLAGS -> e.emit(SET_FFLAGS, value);
      case FRM -> writeFrm(e, value);
      default -> {
        e.emit(SET_FFLAGS, value);
        writeFrm(e, e.emit(SHR, value, e.constant(FRM_SHIFT)));
      }
    }
  }

  private static void writeFrm(Emitter e, int value) {
    e.setSlot(PUT, StateSlot.FRM, e.emit(AND, value, e.constant(FRM_MASK)));
  }
}
