package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.PROBE;
import static dev.isomorph.translator.ir.IrOp.ZERO_BLOCK;

import dev.isomorph.translator.ir.TrapKind;

/**
 * Cache-block operations (ISA manual, chapter "CMO"). All memory is coherent, so management of a
 * block does nothing but check the right to access it, and prefetch nothing at all; zeroing is a
 * store. On a whole machine all but prefetching may be forbidden.
 */
final class CacheBlockInstructions {
  private CacheBlockInstructions() {}

  static Flow cboZero(Emitter e) {
    if (e.mode().isMachine()) {
      return e.trap(TrapKind.PRIVILEGED);
    }
    e.emit(ZERO_BLOCK, e.rs1());
    return Flow.NEXT;
  }

  static Flow cboClean(Emitter e) {
    return manage(e);
  }

  static Flow cboFlush(Emitter e) {
    return manage(e);
  }

  static Flow cboInval(Emitter e) {
    return manage(e);
  }

  private static Flow manage(Emitter e) {
    if (e.mode().isMachine()) {
      return e.trap(TrapKind.PRIVILEGED);
    }
    e.emit(PROBE, e.rs1());
    return Flow.NEXT;
  }

  static Flow prefetchI(Emitter e) {
    return Flow.NEXT;
  }

  static Flow prefetchR(Emitter e) {
    return Flow.NEXT;
  }

  static Flow prefetchW(Emitter e) {
    return Flow.NEXT;
  }
}
