package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Forms the units of translation. A block goes on behind conditional branches, which become side
 * exits, and at the target of a few unconditional jumps; so its instructions need not be adjacent,
 * but none occurs twice.
 *
 * <p>Not for use by several threads at once.
 */
public final class BlockLifter {
  /** The usual limit of guest instructions in a block. */
  public static final int DEFAULT_LIMIT = 32;

  private static final int MAX_FOLLOWED_JUMPS = 2;

  private final int limit;
  private final boolean throughBranches;

  public BlockLifter() {
    this(DEFAULT_LIMIT);
  }

  /**
   * @param limit the number of guest instructions, at least 1, after which a block ends with a jump
   *     to the next
   */
  public BlockLifter(int limit) {
    this(limit, true);
  }

  /**
   * @param limit as above
   * @param throughBranches whether blocks go on behind conditional branches; if not, who comes to a
   *     block's end has executed all of it
   */
  public BlockLifter(int limit, boolean throughBranches) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    this.limit = limit;
    this.throughBranches = throughBranches;
  }

  /**
   * Fills the empty {@code block} with the code from guest address {@code pc} on. Where code cannot
   * be fetched the block ends with a jump, so that the fault happens there.
   *
   * @return false, the block being still empty, if the very first instruction cannot be fetched
   */
  public boolean lift(CodeSource code, long pc, LiftMode mode, IrBlock block) {
    Lifter lifter = new Lifter(mode);
    int followed = 0;
    while (block.instructionCount() < limit) {
      Instruction instruction = code.instruction(pc);
      if (instruction == null || mayEndBefore(code, pc, instruction, block)) {
        break;
      }
      long target = pc + instruction.imm();
      if (isPlainJump(instruction) && followed < MAX_FOLLOWED_JUMPS && target > pc) {
        // Jumps back are kept: every cycle needs one, and that is where emitted code polls. So no
        // instruction occurs twice.
        block.beginInstruction(pc, instruction.bits(), instruction.length());
        followed++;
        pc = target;
      } else if (lifter.lift(instruction, pc, block)) {
        return true;
      } else {
        pc += instruction.length();
      }
    }
    if (block.instructionCount() == 0) {
      return false;
    }
    block.emit(IrOp.JUMP, IrBlock.NONE, pc);
    return true;
  }

  /**
   * Whether the block ends before {@code pc}: because it must, or better does, since what is there
   * has been translated, or a loop ends here, after which little is gained by going on, or no
   * branch is gone through. A branch back has been translated by itself mostly since somebody has
   * had the guest stop there; the loop would need a jump to it each time round.
   */
  private boolean mayEndBefore(CodeSource code, long pc, Instruction next, IrBlock block) {
    if (block.instructionCount() > 0 && code.isBoundary(pc)) {
      return true;
    }
    int last = block.size() - 1;
    if (last < 0) {
      return false;
    }
    boolean ends = block.op(last).isSideExit() && (!throughBranches || block.imm(last) < pc);
    boolean isBranchBack = Jumps.isBranch(next) && next.imm() < 0;
    return ends || code.isTranslated(pc) && !isBranchBack;
  }

  private static boolean isPlainJump(Instruction instruction) {
    return instruction.opcode() == Opcode.JAL && instruction.rd() == 0;
  }
}
