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
  static final int SSTATUS = 0x100;
  private static final int SSCRATCH = 0x140;
  private static final int SEPC = 0x141;
  private static final int SCAUSE = 0x142;
  private static final int STVAL = 0x143;

  private static final long SIE = StateSlot.PENDING_SIE;
  private static final int SIE_SHIFT = 1;
  private static final long SPIE = 1 << 5;
  private static final int SPIE_TO_SIE = 4;
  private static final long SPP = 1 << 8;
  private static final int SPP_SHIFT = 8;
  private static final long FS = 3 << 13;
  private static final long MPRV = 1 << 17;
  private static final long SUM = 1 << 18;
  private static final long MXR = 1 << 19;
  private static final long TSR = 1 << 22;

  /** What decides, with the privilege mode, on what code means and which data it reaches. */
  private static final long CONTEXT = FS | SUM;

  /** What the supervisor can change. */
  private static final long WRITABLE = SIE | SPIE | SPP | FS | SUM | MXR;

  /** And UXL. */
  private static final long VISIBLE = WRITABLE | 3L << 32;

  /** SD: the float unit is in use. */
  private static final long DIRTY = 1L << 63;

  private SupervisorRegisters() {}

  /** Whether accesses are done here. */
  static boolean has(int csr) {
    return switch (csr) {
      case SSTATUS, SSCRATCH, SEPC, SCAUSE, STVAL -> true;
      default -> false;
    };
  }

  /**
   * Does an access; of those to the status, one that reads, or sets or clears by an immediate.
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

  /** Of the bits that an immediate can set or clear only SIE can be changed. */
  private static Flow status(Emitter e, Update update, int operand) {
    int status = e.getSlot(GET, StateSlot.STATUS);
    if (operand != IrBlock.NONE) {
      int changed = update.apply(e, status, e.emit(AND, operand, e.constant(SIE)));
      if (update == Update.SET) {
        guardInterrupts(e, e.emit(AND, changed, e.constant(SIE)));
      }
      e.setSlot(PUT, StateSlot.STATUS, changed);
    }
    return e.setRd(visible(e, status));
  }

  /** An access that may change any bit; what the hart sees may be something else behind it. */
  static Flow changeStatus(Emitter e, Update update, int operand) {
    int status = e.getSlot(GET, StateSlot.STATUS);
    int bits = e.emit(AND, operand, e.constant(WRITABLE));
    int changed =
        update == Update.WRITE
            ? e.emit(OR, e.emit(AND, status, e.constant(~WRITABLE)), bits)
            : update.apply(e, status, bits);
    int change = e.emit(XOR, changed, status);
    e.emit(GUARD, e.emit(AND, change, e.constant(MXR)));
    if (update != Update.CLEAR) {
      guardInterrupts(e, e.emit(AND, changed, e.constant(SIE)));
    }
    e.setSlot(PUT, StateSlot.STATUS, changed);
    e.setRd(visible(e, status));
    e.emit(
        EXIT_EQ, e.emit(AND, change, e.constant(CONTEXT)), e.constant(0), IrBlock.NONE, e.nextPc());
    return e.end(SWITCH, e.constant(e.nextPc()), IrBlock.NONE, 0);
  }

  private static int visible(Emitter e, int status) {
    int visible = e.emit(AND, status, e.constant(VISIBLE));
    return e.mode().hasFloats() ? e.emit(OR, visible, e.constant(DIRTY)) : visible;
  }

  /** Leaves it to the machine to enable interrupts while one may be pending. */
  private static void guardInterrupts(Emitter e, int enabled) {
    e.emit(GUARD, e.emit(AND, enabled, e.getSlot(GET, StateSlot.PENDING)));
  }

  /** {@code sret} in supervisor mode. */
  static Flow returnFromTrap(Emitter e) {
    int status = e.getSlot(GET, StateSlot.STATUS);
    e.emit(GUARD, e.emit(AND, status, e.constant(TSR)));
    int previous = e.emit(AND, e.emit(SHR, status, e.constant(SPP_SHIFT)), e.constant(1));
    int enabled = e.emit(AND, e.emit(SHR, status, e.constant(SPIE_TO_SIE)), e.constant(SIE));
    // In user mode they are enabled whatever the status says.
    int user = e.emit(SHL, e.emit(XOR, previous, e.constant(1)), e.constant(SIE_SHIFT));
    guardInterrupts(e, e.emit(OR, enabled, user));
    int kept = e.emit(AND, status, e.constant(~(SPP | SIE | MPRV)));
    e.setSlot(PUT, StateSlot.STATUS, e.emit(OR, e.emit(OR, kept, enabled), e.constant(SPIE)));
    e.setSlot(PUT, StateSlot.PRIVILEGE, previous);
    return e.end(SWITCH, e.getSlot(GET, StateSlot.SEPC), IrBlock.NONE, 0);
  }
}
