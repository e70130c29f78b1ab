package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.CsrInstructions.Update;

/**
 * The supervisor's registers that an operating system accesses all the time: where no more comes of
 * an access than its value, translated code does it itself (ISA manual volume II, chapter
 * "Supervisor-Level ISA").
 */
final class SupervisorRegisters {
  private static final int SSTATUS = 0x100;
  private static final int SSCRATCH = 0x140;
  private static final int SEPC = 0x141;
  private static final int SCAUSE = 0x142;
  private static final int STVAL = 0x143;

  private static final long SIE = StateSlot.PENDING_SIE;

  /** SIE, SPIE, SPP, FS, SUM and MXR: what the supervisor can change. */
  private static final long WRITABLE = 0xc_6122L;

  /** And UXL. */
  private static final long VISIBLE = WRITABLE | 3L << 32;

  /** SD: the float unit is in use. */
  private static final long DIRTY = 1L << 63;

  private SupervisorRegisters() {}

  /** Whether such an access is done here. */
  static boolean has(int csr, Update update, boolean writes) {
    return switch (csr) {
      case SSTATUS -> !writes || update != Update.WRITE;
      case SSCRATCH, SEPC, SCAUSE, STVAL -> true;
      default -> false;
    };
  }

  /**
   * Does an access.
   *
   * @param operand of the instruction, {@link IrBlock#NONE} if nothing is written
   */
  static Flow access(Emitter e, int csr, Update update, boolean reads, int operand) {
    return switch (csr) {
      case SSTATUS -> status(e, update, operand);
      case SSCRATCH -> plain(e, StateSlot.SSCRATCH, -1, update, reads, operand);
      // Instructions begin at even addresses.
      case SEPC -> plain(e, StateSlot.SEPC, ~1, update, reads, operand);
      case SCAUSE -> plain(e, StateSlot.SCAUSE, -1, update, reads, operand);
      case STVAL -> plain(e, StateSlot.STVAL, -1, update, reads, operand);
      default -> throw new IllegalArgumentException("register " + csr);
    };
  }

  private static Flow plain(
      Emitter e, int slot, long writable, Update update, boolean reads, int operand) {
    int old = reads || update != Update.WRITE ? e.getSlot(GET, slot) : IrBlock.NONE;
    if (operand != IrBlock.NONE) {
      int value = update.apply(e, old, operand);
      e.setSlot(PUT, slot, writable == -1 ? value : e.emit(AND, value, e.constant(writable)));
    }
    return reads ? e.setRd(old) : Flow.NEXT;
  }

  /** Changes of SIE are done here, unless an interrupt may come of it; others are not. */
  private static Flow status(Emitter e, Update update, int operand) {
    int status = e.getSlot(GET, StateSlot.STATUS);
    int old = e.emit(AND, status, e.constant(VISIBLE));
    if (e.mode().hasFloats()) {
      old = e.emit(OR, old, e.constant(DIRTY));
    }
    if (operand != IrBlock.NONE) {
      int others = e.emit(AND, operand, e.constant(WRITABLE & ~SIE));
      int change = update == Update.SET ? e.not(status) : status;
      e.emit(GUARD, e.emit(AND, others, change));
      int enable = e.emit(AND, operand, e.constant(SIE));
      if (update == Update.SET) {
        e.emit(GUARD, e.emit(AND, enable, e.getSlot(GET, StateSlot.PENDING)));
      }
      e.setSlot(PUT, StateSlot.STATUS, update.apply(e, status, enable));
    }
    return e.setRd(old);
  }
}
