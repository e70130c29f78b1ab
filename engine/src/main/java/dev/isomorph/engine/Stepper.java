package dev.isomorph.engine;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.Jumps;

/** Runs single instructions by the evaluator: what emitted code cannot, and what faulted. */
final class Stepper {
  private static final int FENCE_LENGTH = 4;

  private final GuestSpace space;
  private final BlockLifter lifter = new BlockLifter(1);
  private final Evaluator evaluator = new Evaluator();
  private final IrBlock block = new IrBlock();
  private boolean fenced;

  Stepper(GuestSpace space) {
    this.space = space;
  }

  /** Runs the instruction at pc; null if the guest can go on. */
  Stop step(Hart hart) {
    block.clear();
    fenced = false;
    if (!lifter.lift(space.codeFor(hart), hart.pc(), space.evaluation(hart), block)) {
      return fetchFault(hart);
    }
    Outcome outcome = evaluator.run(block, hart.evaluatorView(), space.dataFor(hart));
    return switch (outcome.kind()) {
      case EXIT -> {
        hart.pc(outcome.nextPc());
        yield null;
      }
      case MEMORY_FAULT ->
          new Stop.MemoryFault(
              outcome.address(),
              outcome.write() ? Stop.Access.STORE : Stop.Access.LOAD,
              space.faultSignal());
      case MISALIGNED -> new Stop.Misaligned(outcome.address(), outcome.write());
      case TRAP -> trap(hart, outcome.trap());
    };
  }

  /** Whether the last instruction was a fence.i, which is yet to have its effect. */
  boolean hasFenced() {
    return fenced;
  }

  /**
   * Whether the instruction at pc is not the one that is at fault, though emitted code has faulted
   * for it at an address: that one will fault in its turn. A byte is loaded or stored at another
   * address if the access has been joined with others; a branch, which accesses nothing, if what
   * both its ways access has become one.
   */
  boolean accessesElsewhere(Hart hart, long address) {
    Instruction instruction = space.codeFor(hart).instruction(hart.pc());
    if (instruction == null) {
      return false;
    }
    boolean isByte = instruction.opcode() == Opcode.LBU || instruction.opcode() == Opcode.SB;
    return Jumps.isBranch(instruction)
        || isByte && hart.x(instruction.rs1()) + instruction.imm() != address;
  }

  /**
   * The stop for an instruction not all of which can be fetched: the address is that of the lack.
   */
  Stop fetchFault(Hart hart) {
    long pc = hart.pc();
    CodeSource code = space.codeFor(hart);
    long missing = pc;
    if (code.parcel(pc) >= 0) {
      missing = pc + 2;
      code.parcel(missing); // A machine's memory remembers why the last one was missing.
    }
    return new Stop.MemoryFault(missing, Stop.Access.EXECUTE, GuestSpace.SIGSEGV);
  }

  private Stop trap(Hart hart, TrapKind kind) {
    return switch (kind) {
      case SYSTEM_CALL -> new Stop.SystemCall();
      case BREAKPOINT -> new Stop.Breakpoint();
      case ILLEGAL_INSTRUCTION -> illegal(hart);
      case PRIVILEGED -> privileged(hart);
      case FENCE_I -> {
        fenced = true;
        hart.pc(hart.pc() + FENCE_LENGTH);
        yield null;
      }
      case EVALUATE -> throw new IllegalStateException("evaluated code asks to be evaluated");
    };
  }

  /** The stop for an illegal instruction at the hart's pc. */
  Stop illegal(Hart hart) {
    return new Stop.IllegalInstruction(encoding(hart));
  }

  /** The stop for an instruction at the hart's pc that the machine is to execute. */
  Stop privileged(Hart hart) {
    return new Stop.Privileged(encoding(hart));
  }

  private int encoding(Hart hart) {
    CodeSource code = space.codeFor(hart);
    long pc = hart.pc();
    int low = code.parcel(pc);
    return Instruction.lengthOf(low) == 2 ? low : code.parcel(pc + 2) << 16 | low;
  }
}
