package dev.isomorph.tools.trace;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;

/**
 * What an instruction may change, read off its IR so that it is said nowhere twice.
 *
 * @param instruction the instruction
 * @param destination the {@link StateSlot} it writes, or {@link #NONE}
 * @param access how it accesses memory
 * @param bytes how many bytes it accesses
 * @param accruesFlags whether it may raise floating-point exception flags
 * @param writesFlags whether it writes fflags as a register
 * @param writesRounding whether it writes frm
 * @param readsCounter whether its result is a counter's, which no two runs share
 */
public record Effects(
    Instruction instruction,
    int destination,
    Access access,
    int bytes,
    boolean accruesFlags,
    boolean writesFlags,
    boolean writesRounding,
    boolean readsCounter) {
  /** No register. */
  public static final int NONE = -1;

  private static final int ZERO_BLOCK_BYTES = 64;

  /** The ways to access memory. */
  public enum Access {
    NONE,
    LOAD,
    STORE,
    STORE_CONDITIONAL,
    READ_MODIFY_WRITE,
    ZERO_BLOCK;

    /** Whether what is in memory gets into a register. */
    public boolean loads() {
      return this == LOAD || this == READ_MODIFY_WRITE;
    }

    /** Whether memory may be changed. */
    public boolean stores() {
      return this != NONE && this != LOAD;
    }
  }

  /** The effects of an instruction at an address. */
  public static Effects of(int encoding, long pc) {
    Instruction instruction = Decoder.decode(encoding);
    IrBlock block = new IrBlock();
    new Lifter(LiftMode.EVALUATE).lift(instruction, pc, block);
    int destination = NONE;
    Access access = Access.NONE;
    int bytes = 0;
    boolean accrues = false;
    boolean flags = false;
    boolean rounding = false;
    boolean counter = false;
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      if (op.effect() == IrOp.Effect.STATE) {
        int slot = (int) block.imm(id);
        rounding |= slot == StateSlot.FRM;
        destination = slot == StateSlot.FRM ? destination : slot;
      } else if (op.effect() == IrOp.Effect.FLAGS) {
        switch (op) {
          case GET_FFLAGS -> {}
          case SET_FFLAGS -> flags = true;
          case COUNTER -> counter = true;
          default -> accrues = true;
        }
      } else if (accessOf(op) != Access.NONE) {
        access = accessOf(op);
        bytes = bytesOf(op);
      }
    }
    return new Effects(instruction, destination, access, bytes, accrues, flags, rounding, counter);
  }

  /** The register that memory is addressed by. */
  public int base() {
    return instruction.rs1();
  }

  /** The address it accesses when its base register has a value. */
  public long address(long base) {
    return access == Access.ZERO_BLOCK ? base & -ZERO_BLOCK_BYTES : base + instruction.imm();
  }

  /** Whether it is a system call. */
  public boolean isSystemCall() {
    return instruction.opcode() == Opcode.ECALL;
  }

  private static Access accessOf(IrOp op) {
    return switch (op) {
      case LD8S, LD8U, LD16S, LD16U, LD32S, LD32U, LD64, LDF_S, LDF_D, LR32, LR64 -> Access.LOAD;
      case ST8, ST16, ST32, ST64, STF_S, STF_D -> Access.STORE;
      case SC32, SC64 -> Access.STORE_CONDITIONAL;
      case AMO32, AMO64 -> Access.READ_MODIFY_WRITE;
      case ZERO_BLOCK -> Access.ZERO_BLOCK;
      default -> Access.NONE;
    };
  }

  private static int bytesOf(IrOp op) {
    return switch (op) {
      case LD8S, LD8U, ST8 -> 1;
      case LD16S, LD16U, ST16 -> 2;
      case LD32S, LD32U, LDF_S, ST32, STF_S, LR32, SC32, AMO32 -> 4;
      case ZERO_BLOCK -> ZERO_BLOCK_BYTES;
      default -> 8;
    };
  }
}
