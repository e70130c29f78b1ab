package dev.isomorph.hostbackend.asm;

/**
 * Moves, arithmetic and logic on general-purpose registers. Operand sizes are in bytes: 1, 2, 4 or
 * 8. As on the machine, writing 4 bytes of a register clears its upper half, writing 1 or 2 bytes
 * keeps the rest.
 */
abstract class IntegerInstructions extends Encoder {
  /** dst = src. */
  public final void mov(int size, Gpr dst, Gpr src) {
    op(size, byteOrWider(0x88, size), src, dst);
  }

  /** Load. */
  public final void mov(int size, Gpr dst, Mem src) {
    op(size, byteOrWider(0x8a, size), dst, src);
  }

  /** Store. */
  public final void mov(int size, Mem dst, Gpr src) {
    op(size, byteOrWider(0x88, size), src, dst);
  }

  /** Stores an immediate, sign-extended from 32 bits when the size is 8. */
  public final void mov(int size, Mem dst, int imm) {
    int value = immediateOf(size, imm);
    op(size, byteOrWider(0xc6, size), 0, dst, immediateSize(size));
    immediate(size, value);
  }

  /** All 64 bits of dst = value, in the shortest encoding that leaves the flags alone. */
  public final void movImm(Gpr dst, long value) {
    if (value >>> 32 == 0) {
      opPlusRegister(4, 0xb8, dst);
      emitInt((int) value);
    } else if (value == (int) value) {
      op(8, 0xc7, 0, dst);
      emitInt((int) value);
    } else {
      opPlusRegister(8, 0xb8, dst);
      emitLong(value);
    }
  }

  /** All 64 bits of dst = src zero-extended from fromSize, which is 1, 2 or 4. */
  public final void movzx(int fromSize, Gpr dst, Gpr src) {
    if (fromSize == 4) {
      mov(4, dst, src);
    } else {
      opExtend(4, fromSize, zeroExtension(fromSize), dst, src);
    }
  }

  /** All 64 bits of dst = memory zero-extended from fromSize, which is 1, 2 or 4. */
  public final void movzx(int fromSize, Gpr dst, Mem src) {
    if (fromSize == 4) {
      mov(4, dst, src);
    } else {
      op(4, zeroExtension(fromSize), dst, src);
    }
  }

  /** size bytes of dst = src sign-extended from fromSize, which is smaller: 1, 2 or 4. */
  public final void movsx(int size, int fromSize, Gpr dst, Gpr src) {
    opExtend(size, fromSize, signExtension(size, fromSize), dst, src);
  }

  /** size bytes of dst = memory sign-extended from fromSize, which is smaller: 1, 2 or 4. */
  public final void movsx(int size, int fromSize, Gpr dst, Mem src) {
    op(size, signExtension(size, fromSize), dst, src);
  }

  /** All 64 bits of dst = the low half of src, sign-extended. */
  public final void movsxd(Gpr dst, Gpr src) {
    movsx(8, 4, dst, src);
  }

  /** All 64 bits of dst = 32 bits of memory, sign-extended. */
  public final void movsxd(Gpr dst, Mem src) {
    movsx(8, 4, dst, src);
  }

  private static int zeroExtension(int fromSize) {
    return switch (fromSize) {
      case 1 -> MAP_0F | 0xb6;
      case 2 -> MAP_0F | 0xb7;
      default -> throw new IllegalArgumentException("zero extension from " + fromSize);
    };
  }

  private static int signExtension(int size, int fromSize) {
    if (fromSize >= size) {
      throw new IllegalArgumentException("sign extension from " + fromSize + " to " + size);
    }
    return switch (fromSize) {
      case 1 -> MAP_0F | 0xbe;
      case 2 -> MAP_0F | 0xbf;
      default -> 0x63;
    };
  }

  /** Byte-swapping load of 2, 4 or 8 bytes. */
  public final void movbe(int size, Gpr dst, Mem src) {
    op(size, MAP_0F38 | 0xf0, dst, src);
  }

  /** Byte-swapping store of 2, 4 or 8 bytes. */
  public final void movbe(int size, Mem dst, Gpr src) {
    op(size, MAP_0F38 | 0xf1, src, dst);
  }

  /** dst = the address itself, cut to size. */
  public final void lea(int size, Gpr dst, Mem address) {
    op(size, 0x8d, dst, address);
  }

  /** Exchanges two registers. */
  public final void xchg(int size, Gpr a, Gpr b) {
    op(size, byteOrWider(0x86, size), b, a);
  }

  /** Exchanges memory and register atomically; needs no lock prefix. */
  public final void xchg(int size, Mem a, Gpr b) {
    op(size, byteOrWider(0x86, size), b, a);
  }

  // Two-operand arithmetic and logic.

  /** dst = dst op src. */
  public final void alu(AluOp op, int size, Gpr dst, Gpr src) {
    op(size, byteOrWider(op.code() << 3, size), src, dst);
  }

  /** dst = dst op memory. */
  public final void alu(AluOp op, int size, Gpr dst, Mem src) {
    op(size, byteOrWider(op.code() << 3 | 2, size), dst, src);
  }

  /** memory = memory op src. */
  public final void alu(AluOp op, int size, Mem dst, Gpr src) {
    op(size, byteOrWider(op.code() << 3, size), src, dst);
  }

  /** dst = dst op immediate, sign-extended from 32 bits when the size is 8. */
  public final void alu(AluOp op, int size, Gpr dst, int imm) {
    int value = immediateOf(size, imm);
    if (size != 1 && fitsByte(value)) {
      op(size, 0x83, op.code(), dst);
      emitByte(value);
    } else if (dst == Gpr.RAX) {
      op(size, byteOrWider(op.code() << 3 | 4, size));
      immediate(size, value);
    } else {
      op(size, byteOrWider(0x80, size), op.code(), dst);
      immediate(size, value);
    }
  }

  /** memory = memory op immediate, sign-extended from 32 bits when the size is 8. */
  public final void alu(AluOp op, int size, Mem dst, int imm) {
    int value = immediateOf(size, imm);
    if (size != 1 && fitsByte(value)) {
      op(size, 0x83, op.code(), dst, 1);
      emitByte(value);
    } else {
      op(size, byteOrWider(0x80, size), op.code(), dst, immediateSize(size));
      immediate(size, value);
    }
  }

  public final void add(int size, Gpr dst, Gpr src) {
    alu(AluOp.ADD, size, dst, src);
  }

  public final void add(int size, Gpr dst, Mem src) {
    alu(AluOp.ADD, size, dst, src);
  }

  public final void add(int size, Mem dst, Gpr src) {
    alu(AluOp.ADD, size, dst, src);
  }

  public final void add(int size, Gpr dst, int imm) {
    alu(AluOp.ADD, size, dst, imm);
  }

  public final void add(int size, Mem dst, int imm) {
    alu(AluOp.ADD, size, dst, imm);
  }

  public final void sub(int size, Gpr dst, Gpr src) {
    alu(AluOp.SUB, size, dst, src);
  }

  public final void sub(int size, Gpr dst, Mem src) {
    alu(AluOp.SUB, size, dst, src);
  }

  public final void sub(int size, Mem dst, Gpr src) {
    alu(AluOp.SUB, size, dst, src);
  }

  public final void sub(int size, Gpr dst, int imm) {
    alu(AluOp.SUB, size, dst, imm);
  }

  public final void sub(int size, Mem dst, int imm) {
    alu(AluOp.SUB, size, dst, imm);
  }

  public final void cmp(int size, Gpr dst, Gpr src) {
    alu(AluOp.CMP, size, dst, src);
  }

  public final void cmp(int size, Gpr dst, Mem src) {
    alu(AluOp.CMP, size, dst, src);
  }

  public final void cmp(int size, Mem dst, Gpr src) {
    alu(AluOp.CMP, size, dst, src);
  }

  public final void cmp(int size, Gpr dst, int imm) {
    alu(AluOp.CMP, size, dst, imm);
  }

  public final void cmp(int size, Mem dst, int imm) {
    alu(AluOp.CMP, size, dst, imm);
  }

  public final void and(int size, Gpr dst, Gpr src) {
    alu(AluOp.AND, size, dst, src);
  }

  public final void and(int size, Gpr dst, Mem src) {
    alu(AluOp.AND, size, dst, src);
  }

  public final void and(int size, Mem dst, Gpr src) {
    alu(AluOp.AND, size, dst, src);
  }

  public final void and(int size, Gpr dst, int imm) {
    alu(AluOp.AND, size, dst, imm);
  }

  public final void and(int size, Mem dst, int imm) {
    alu(AluOp.AND, size, dst, imm);
  }

  public final void or(int size, Gpr dst, Gpr src) {
    alu(AluOp.OR, size, dst, src);
  }

  public final void or(int size, Gpr dst, Mem src) {
    alu(AluOp.OR, size, dst, src);
  }

  public final void or(int size, Mem dst, Gpr src) {
    alu(AluOp.OR, size, dst, src);
  }

  public final void or(int size, Gpr dst, int imm) {
    alu(AluOp.OR, size, dst, imm);
  }

  public final void or(int size, Mem dst, int imm) {
    alu(AluOp.OR, size, dst, imm);
  }

  public final void xor(int size, Gpr dst, Gpr src) {
    alu(AluOp.XOR, size, dst, src);
  }

  public final void xor(int size, Gpr dst, Mem src) {
    alu(AluOp.XOR, size, dst, src);
  }

  public final void xor(int size, Mem dst, Gpr src) {
    alu(AluOp.XOR, size, dst, src);
  }

  public final void xor(int size, Gpr dst, int imm) {
    alu(AluOp.XOR, size, dst, imm);
  }

  public final void xor(int size, Mem dst, int imm) {
    alu(AluOp.XOR, size, dst, imm);
  }

  /** Flags of a &amp; b. */
  public final void test(int size, Gpr a, Gpr b) {
    op(size, byteOrWider(0x84, size), b, a);
  }

  /** Flags of memory &amp; b. */
  public final void test(int size, Mem a, Gpr b) {
    op(size, byteOrWider(0x84, size), b, a);
  }

  /** Flags of a &amp; immediate, sign-extended from 32 bits when the size is 8. */
  public final void test(int size, Gpr a, int imm) {
    int value = immediateOf(size, imm);
    if (a == Gpr.RAX) {
      op(size, byteOrWider(0xa8, size));
    } else {
      op(size, byteOrWider(0xf6, size), 0, a);
    }
    immediate(size, value);
  }

  /** Flags of memory &amp; immediate, sign-extended from 32 bits when the size is 8. */
  public final void test(int size, Mem a, int imm) {
    int value = immediateOf(size, imm);
    op(size, byteOrWider(0xf6, size), 0, a, immediateSize(size));
    immediate(size, value);
  }

  // One operand; mul to idiv work on ax or rdx:rax of the operand size.

  public final void not(int size, Gpr operand) {
    op(size, byteOrWider(0xf6, size), 2, operand);
  }

  public final void not(int size, Mem operand) {
    op(size, byteOrWider(0xf6, size), 2, operand, 0);
  }

  public final void neg(int size, Gpr operand) {
    op(size, byteOrWider(0xf6, size), 3, operand);
  }

  public final void neg(int size, Mem operand) {
    op(size, byteOrWider(0xf6, size), 3, operand, 0);
  }

  public final void mul(int size, Gpr operand) {
    op(size, byteOrWider(0xf6, size), 4, operand);
  }

  public final void mul(int size, Mem operand) {
    op(size, byteOrWider(0xf6, size), 4, operand, 0);
  }

  public final void imul(int size, Gpr operand) {
    op(size, byteOrWider(0xf6, size), 5, operand);
  }

  public final void imul(int size, Mem operand) {
    op(size, byteOrWider(0xf6, size), 5, operand, 0);
  }

  public final void div(int size, Gpr operand) {
    op(size, byteOrWider(0xf6, size), 6, operand);
  }

  public final void div(int size, Mem operand) {
    op(size, byteOrWider(0xf6, size), 6, operand, 0);
  }

  public final void idiv(int size, Gpr operand) {
    op(size, byteOrWider(0xf6, size), 7, operand);
  }

  public final void idiv(int size, Mem operand) {
    op(size, byteOrWider(0xf6, size), 7, operand, 0);
  }

  public final void inc(int size, Gpr operand) {
    op(size, byteOrWider(0xfe, size), 0, operand);
  }

  public final void inc(int size, Mem operand) {
    op(size, byteOrWider(0xfe, size), 0, operand, 0);
  }

  public final void dec(int size, Gpr operand) {
    op(size, byteOrWider(0xfe, size), 1, operand);
  }

  public final void dec(int size, Mem operand) {
    op(size, byteOrWider(0xfe, size), 1, operand, 0);
  }

  // Multiplication of 2, 4 or 8 bytes keeping the low half.

  /** dst = dst * src. */
  public final void imul(int size, Gpr dst, Gpr src) {
    op(size, MAP_0F | 0xaf, dst, src);
  }

  /** dst = dst * memory. */
  public final void imul(int size, Gpr dst, Mem src) {
    op(size, MAP_0F | 0xaf, dst, src);
  }

  /** dst = src * immediate. */
  public final void imul(int size, Gpr dst, Gpr src, int imm) {
    int value = immediateOf(size, imm);
    if (fitsByte(value)) {
      op(size, 0x6b, dst, src);
      emitByte(value);
    } else {
      op(size, 0x69, dst, src);
      immediate(size, value);
    }
  }

  /** dst = memory * immediate. */
  public final void imul(int size, Gpr dst, Mem src, int imm) {
    int value = immediateOf(size, imm);
    if (fitsByte(value)) {
      op(size, 0x6b, dst, src, 1);
      emitByte(value);
    } else {
      op(size, 0x69, dst, src, immediateSize(size));
      immediate(size, value);
    }
  }

  /** edx = the sign of eax in every bit. */
  public final void cdq() {
    op(4, 0x99);
  }

  /** rdx = the sign of rax in every bit. */
  public final void cqo() {
    op(8, 0x99);
  }

  // Conditions.

  /** Low byte of dst = 1 or 0. */
  public final void setcc(Cond cond, Gpr dst) {
    op(1, MAP_0F | 0x90 | cond.code(), 0, dst);
  }

  /** A byte of memory = 1 or 0. */
  public final void setcc(Cond cond, Mem dst) {
    op(1, MAP_0F | 0x90 | cond.code(), 0, dst, 0);
  }

  /** dst = src if cond; of 4 bytes it clears the upper half either way. Size 2, 4 or 8. */
  public final void cmovcc(Cond cond, int size, Gpr dst, Gpr src) {
    op(size, MAP_0F | 0x40 | cond.code(), dst, src);
  }

  /** dst = memory if cond; the memory is read either way. Size 2, 4 or 8. */
  public final void cmovcc(Cond cond, int size, Gpr dst, Mem src) {
    op(size, MAP_0F | 0x40 | cond.code(), dst, src);
  }

  /**
   * The immediate as the sign-extended value of operands of {@code size} bytes.
   *
   * @throws IllegalArgumentException when it fits neither signed nor unsigned
   */
  private static int immediateOf(int size, int imm) {
    if (size >= 4) {
      return imm;
    }
    int bits = 8 * size;
    if (imm >> bits != 0 && imm >> bits - 1 != -1) {
      throw new IllegalArgumentException("immediate " + imm + " for " + size + " bytes");
    }
    return imm << 32 - bits >> 32 - bits;
  }
}
