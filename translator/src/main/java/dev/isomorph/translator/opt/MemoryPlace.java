package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * A stretch of memory that is loaded or stored.
 *
 * @param root the value to which {@code offset} is added for the address
 */
record MemoryPlace(int root, long offset, int size) {
  /** Displacements that are added up as long as they stay well away from wrapping around. */
  private static final long FAR = 1L << 32;

  /** The one that an operation of a block accesses. */
  static MemoryPlace of(IrBlock code, int access) {
    return of(code, code.op(access), code.a(access), code.imm(access));
  }

  /** The one that an operation would access. */
  static MemoryPlace of(IrBlock code, IrOp access, int base, long displacement) {
    int root = base;
    long offset = displacement;
    while (isSum(code, root, offset)) {
      offset += code.imm(code.b(root));
      root = code.a(root);
    }
    return new MemoryPlace(root, offset, access.accessedBytes());
  }

  private static boolean isSum(IrBlock code, int value, long before) {
    return code.op(value) == IrOp.ADD
        && code.isConstant(code.b(value))
        && Math.abs(code.imm(code.b(value))) < FAR
        && Math.abs(before) < FAR;
  }

  long end() {
    return offset + size;
  }

  /** That of a record is made at run time, which takes as long as a region. */
  boolean isSame(MemoryPlace other) {
    return root == other.root && offset == other.offset && size == other.size;
  }

  /** Whether it certainly has no byte of another one. */
  boolean isApartFrom(MemoryPlace other) {
    return root == other.root && (end() <= other.offset || other.end() <= offset);
  }
}
