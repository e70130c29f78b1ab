package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/** Identities of pure float operations. */
final class FloatRules {
  private FloatRules() {}

  /** A value equal to {@code op(a, b)}, or {@link IrBlock#NONE}. */
  static int sameAs(IrBlock block, IrOp op, int a, int b) {
    return switch (op) {
      case UNBOX_S -> block.op(a) == IrOp.BOX_S ? block.a(a) : IrBlock.NONE;
      case CANON_S, CANON_D -> block.op(a).isFusedMultiplyAdd() ? a : IrBlock.NONE;
      case FSGNJ_S, FSGNJ_D -> a == b ? a : IrBlock.NONE;
      case FLOAT_TO_BITS -> block.op(a) == IrOp.BITS_TO_FLOAT ? block.a(a) : IrBlock.NONE;
      case BITS_TO_FLOAT -> block.op(a) == IrOp.FLOAT_TO_BITS ? block.a(a) : IrBlock.NONE;
      default -> IrBlock.NONE;
    };
  }
}
