package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.List;

/**
 * A loop of guest code, inner loops included.
 *
 * @param head where it is entered and jumps back to
 * @param nodes its parts in ascending order
 */
public record Loop(long head, List<Node> nodes) {
  /**
   * A stretch of a loop that is entered at its start only.
   *
   * @param pc guest address of its first instruction
   * @param code its instructions; each follows the one before
   * @param depth how many loops, of this one and those within, it is part of
   * @param isHead whether one of these is entered there
   */
  public record Node(long pc, List<Instruction> code, int depth, boolean isHead) {
    /** Fills the empty block with the node's meaning. */
    public void lift(LiftMode mode, IrBlock block) {
      Lifter lifter = new Lifter(mode);
      long at = pc;
      for (Instruction instruction : code) {
        if (lifter.lift(instruction, at, block)) {
          return;
        }
        at += instruction.length();
      }
      block.emit(IrOp.JUMP, IrBlock.NONE, at);
    }
  }

  /** Number of guest instructions in it. */
  public int instructionCount() {
    int count = 0;
    for (Node node : nodes) {
      count += node.code().size();
    }
    return count;
  }
}
