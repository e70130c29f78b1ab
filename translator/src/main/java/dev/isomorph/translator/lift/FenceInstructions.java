package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.FENCE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.TrapKind;

/** Memory ordering, instruction fetch and waiting (ISA manual, FENCE, "Zifencei", "Zawrs"). */
final class FenceInstructions {
  // The bits of FENCE's predecessor and successor sets; device output and input order like
  // writes and reads.
  private static final int OUTPUT_OR_WRITE = 0b0101;
  private static final int INPUT_OR_READ = 0b1010;
  private static final int ALL_READS_AND_WRITES = 0b0011_0011;
  private static final int MODE_TSO = 0b1000;

  private FenceInstructions() {}

  static Flow fence(Emitter e) {
    int bits = (int) e.instruction().imm();
    boolean predecessorWrites = (bits >>> 4 & OUTPUT_OR_WRITE) != 0;
    boolean successorReads = (bits & INPUT_OR_READ) != 0;
    boolean tso = (bits >>> 8 & 15) == MODE_TSO && (bits & 255) == ALL_READS_AND_WRITES;
    return fence(e, predecessorWrites && successorReads && !tso);
  }

  private static Flow fence(Emitter e, boolean writesBeforeReads) {
    e.emit(FENCE, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, writesBeforeReads ? 1 : 0);
    return Flow.NEXT;
  }

  static Flow fenceI(Emitter e) {
    return e.trap(TrapKind.FENCE_I);
  }

  static Flow wrsNto(Emitter e) {
    return wait(e);
  }

  static Flow wrsSto(Emitter e) {
    return wait(e);
  }

  /** A wait may end at any time, so it need not begin. A machine may forbid it. */
  private static Flow wait(Emitter e) {
    return e.mode().isMachine() ? e.trap(TrapKind.PRIVILEGED) : Flow.NEXT;
  }

  static Flow pause(Emitter e) {
    return Flow.NEXT;
  }
}
