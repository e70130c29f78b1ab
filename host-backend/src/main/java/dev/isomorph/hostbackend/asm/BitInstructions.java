package dev.isomorph.hostbackend.asm;

/** Shifts, bit tests, counts and the BMI1 and BMI2 extensions. Operand sizes are in bytes. */
abstract class BitInstructions extends IntegerInstructions {
  /** Shifts or rotates by an immediate, which the machine takes modulo 32, or 64 for size 8. */
  public final void shift(ShiftOp op, int size, Gpr operand, int count) {
    if (count == 1) {
      op(size, byteOrWider(0xd0, size), op.code(), operand);
    } else {
      op(size, byteOrWider(0xc0, size), op.code(), operand);
      emitByte(count);
    }
  }

  /** Shifts or rotates memory by an immediate. */
  public final void shift(ShiftOp op, int size, Mem operand, int count) {
    if (count == 1) {
      op(size, byteOrWider(0xd0, size), op.code(), operand, 0);
    } else {
      op(size, byteOrWider(0xc0, size), op.code(), operand, 1);
      emitByte(count);
    }
  }

  /** Shifts or rotates by cl. */
  public final void shiftCl(ShiftOp op, int size, Gpr operand) {
    op(size, byteOrWider(0xd2, size), op.code(), operand);
  }

  /** Shifts or rotates memory by cl. */
  public final void shiftCl(ShiftOp op, int size, Mem operand) {
    op(size, byteOrWider(0xd2, size), op.code(), operand, 0);
  }

  /** Reverses the bytes; size 4 or 8. */
  public final void bswap(int size, Gpr operand) {
    opPlusRegister(size, MAP_0F | 0xc8, operand);
  }

  // Bit tests of 2, 4 or 8 bytes: carry = the bit, which bts sets, btr clears and btc flips.

  public final void bt(int size, Gpr operand, Gpr bit) {
    op(size, MAP_0F | 0xa3, bit, operand);
  }

  public final void bt(int size, Gpr operand, int bit) {
    op(size, MAP_0F | 0xba, 4, operand);
    emitByte(bit);
  }

  public final void bt(int size, Mem operand, int bit) {
    op(size, MAP_0F | 0xba, 4, operand, 1);
    emitByte(bit);
  }

  public final void bts(int size, Gpr operand, Gpr bit) {
    op(size, MAP_0F | 0xab, bit, operand);
  }

  public final void bts(int size, Gpr operand, int bit) {
    op(size, MAP_0F | 0xba, 5, operand);
    emitByte(bit);
  }

  public final void bts(int size, Mem operand, int bit) {
    op(size, MAP_0F | 0xba, 5, operand, 1);
    emitByte(bit);
  }

  public final void btr(int size, Gpr operand, Gpr bit) {
    op(size, MAP_0F | 0xb3, bit, operand);
  }

  public final void btr(int size, Gpr operand, int bit) {
    op(size, MAP_0F | 0xba, 6, operand);
    emitByte(bit);
  }

  public final void btr(int size, Mem operand, int bit) {
    op(size, MAP_0F | 0xba, 6, operand, 1);
    emitByte(bit);
  }

  public final void btc(int size, Gpr operand, Gpr bit) {
    op(size, MAP_0F | 0xbb, bit, operand);
  }

  public final void btc(int size, Gpr operand, int bit) {
    op(size, MAP_0F | 0xba, 7, operand);
    emitByte(bit);
  }

  public final void btc(int size, Mem operand, int bit) {
    op(size, MAP_0F | 0xba, 7, operand, 1);
    emitByte(bit);
  }

  // Counts over 2, 4 or 8 bytes.

  public final void popcnt(int size, Gpr dst, Gpr src) {
    op(size, PF3 | MAP_0F | 0xb8, dst, src);
  }

  public final void popcnt(int size, Gpr dst, Mem src) {
    op(size, PF3 | MAP_0F | 0xb8, dst, src);
  }

  public final void tzcnt(int size, Gpr dst, Gpr src) {
    op(size, PF3 | MAP_0F | 0xbc, dst, src);
  }

  public final void tzcnt(int size, Gpr dst, Mem src) {
    op(size, PF3 | MAP_0F | 0xbc, dst, src);
  }

  public final void lzcnt(int size, Gpr dst, Gpr src) {
    op(size, PF3 | MAP_0F | 0xbd, dst, src);
  }

  public final void lzcnt(int size, Gpr dst, Mem src) {
    op(size, PF3 | MAP_0F | 0xbd, dst, src);
  }

  /** The number of the lowest bit that is set; nothing that is defined if none is. */
  public final void bsf(int size, Gpr dst, Gpr src) {
    op(size, MAP_0F | 0xbc, dst, src);
  }

  /** As {@link #bsf}, of the highest. */
  public final void bsr(int size, Gpr dst, Gpr src) {
    op(size, MAP_0F | 0xbd, dst, src);
  }

  // BMI1 and BMI2, size 4 or 8.

  /** dst = ~a &amp; b. */
  public final void andn(int size, Gpr dst, Gpr a, Gpr b) {
    vex(wide(size, MAP_0F38 | 0xf2), dst.code(), a.code(), b.code());
  }

  /** dst = ~a &amp; b. */
  public final void andn(int size, Gpr dst, Gpr a, Mem b) {
    vex(wide(size, MAP_0F38 | 0xf2), dst.code(), a.code(), b, 0);
  }

  /** dst = the bits of a selected by mask b, gathered. */
  public final void pext(int size, Gpr dst, Gpr a, Gpr b) {
    vex(wide(size, PF3 | MAP_0F38 | 0xf5), dst.code(), a.code(), b.code());
  }

  /** dst = the bits of a selected by mask b, gathered. */
  public final void pext(int size, Gpr dst, Gpr a, Mem b) {
    vex(wide(size, PF3 | MAP_0F38 | 0xf5), dst.code(), a.code(), b, 0);
  }

  /** dst = the low bits of a, scattered to mask b. */
  public final void pdep(int size, Gpr dst, Gpr a, Gpr b) {
    vex(wide(size, PF2 | MAP_0F38 | 0xf5), dst.code(), a.code(), b.code());
  }

  /** dst = the low bits of a, scattered to mask b. */
  public final void pdep(int size, Gpr dst, Gpr a, Mem b) {
    vex(wide(size, PF2 | MAP_0F38 | 0xf5), dst.code(), a.code(), b, 0);
  }

  /** high:low = rdx * b, unsigned, without touching flags. */
  public final void mulx(int size, Gpr high, Gpr low, Gpr b) {
    vex(wide(size, PF2 | MAP_0F38 | 0xf6), high.code(), low.code(), b.code());
  }

  /** high:low = rdx * b, unsigned, without touching flags. */
  public final void mulx(int size, Gpr high, Gpr low, Mem b) {
    vex(wide(size, PF2 | MAP_0F38 | 0xf6), high.code(), low.code(), b, 0);
  }

  /** Left shift without touching flags. */
  public final void shlx(int size, Gpr dst, Gpr src, Gpr count) {
    vex(wide(size, P66 | MAP_0F38 | 0xf7), dst.code(), count.code(), src.code());
  }

  /** Left shift without touching flags. */
  public final void shlx(int size, Gpr dst, Mem src, Gpr count) {
    vex(wide(size, P66 | MAP_0F38 | 0xf7), dst.code(), count.code(), src, 0);
  }

  /** Logical right shift without touching flags. */
  public final void shrx(int size, Gpr dst, Gpr src, Gpr count) {
    vex(wide(size, PF2 | MAP_0F38 | 0xf7), dst.code(), count.code(), src.code());
  }

  /** Logical right shift without touching flags. */
  public final void shrx(int size, Gpr dst, Mem src, Gpr count) {
    vex(wide(size, PF2 | MAP_0F38 | 0xf7), dst.code(), count.code(), src, 0);
  }

  /** Arithmetic right shift without touching flags. */
  public final void sarx(int size, Gpr dst, Gpr src, Gpr count) {
    vex(wide(size, PF3 | MAP_0F38 | 0xf7), dst.code(), count.code(), src.code());
  }

  /** Arithmetic right shift without touching flags. */
  public final void sarx(int size, Gpr dst, Mem src, Gpr count) {
    vex(wide(size, PF3 | MAP_0F38 | 0xf7), dst.code(), count.code(), src, 0);
  }

  /** dst = src with the bits from position from upwards cleared. */
  public final void bzhi(int size, Gpr dst, Gpr src, Gpr from) {
    vex(wide(size, MAP_0F38 | 0xf5), dst.code(), from.code(), src.code());
  }

  /** dst = src with the bits from position from upwards cleared. */
  public final void bzhi(int size, Gpr dst, Mem src, Gpr from) {
    vex(wide(size, MAP_0F38 | 0xf5), dst.code(), from.code(), src, 0);
  }

  /** dst = a field of src; control holds start in byte 0 and length in byte 1. */
  public final void bextr(int size, Gpr dst, Gpr src, Gpr control) {
    vex(wide(size, MAP_0F38 | 0xf7), dst.code(), control.code(), src.code());
  }

  /** dst = a field of src; control holds start in byte 0 and length in byte 1. */
  public final void bextr(int size, Gpr dst, Mem src, Gpr control) {
    vex(wide(size, MAP_0F38 | 0xf7), dst.code(), control.code(), src, 0);
  }

  /** Right rotation without touching flags. */
  public final void rorx(int size, Gpr dst, Gpr src, int count) {
    vex(wide(size, PF2 | MAP_0F3A | 0xf0), dst.code(), NO_VVVV, src.code());
    emitByte(count);
  }

  /** Right rotation without touching flags. */
  public final void rorx(int size, Gpr dst, Mem src, int count) {
    vex(wide(size, PF2 | MAP_0F3A | 0xf0), dst.code(), NO_VVVV, src, 1);
    emitByte(count);
  }

  /** dst = src with its lowest set bit cleared. */
  public final void blsr(int size, Gpr dst, Gpr src) {
    vex(wide(size, MAP_0F38 | 0xf3), 1, dst.code(), src.code());
  }

  /** dst = src with its lowest set bit cleared. */
  public final void blsr(int size, Gpr dst, Mem src) {
    vex(wide(size, MAP_0F38 | 0xf3), 1, dst.code(), src, 0);
  }

  /** dst = ones up to and including the lowest set bit of src. */
  public final void blsmsk(int size, Gpr dst, Gpr src) {
    vex(wide(size, MAP_0F38 | 0xf3), 2, dst.code(), src.code());
  }

  /** dst = ones up to and including the lowest set bit of src. */
  public final void blsmsk(int size, Gpr dst, Mem src) {
    vex(wide(size, MAP_0F38 | 0xf3), 2, dst.code(), src, 0);
  }

  /** dst = only the lowest set bit of src. */
  public final void blsi(int size, Gpr dst, Gpr src) {
    vex(wide(size, MAP_0F38 | 0xf3), 3, dst.code(), src.code());
  }

  /** dst = only the lowest set bit of src. */
  public final void blsi(int size, Gpr dst, Mem src) {
    vex(wide(size, MAP_0F38 | 0xf3), 3, dst.code(), src, 0);
  }

  static int wide(int size, int word) {
    return size == 8 ? word | W1 : word;
  }
}
