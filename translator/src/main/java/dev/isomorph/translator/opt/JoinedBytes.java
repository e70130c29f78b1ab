package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Arrays;

/**
 * A value that is put together of loaded bytes.
 *
 * @param loads by place in the value, the lowest byte first, the load that it comes from; {@link
 *     IrBlock#NONE} where it is zero
 * @param isSigned whether its low word is sign-extended
 */
record JoinedBytes(int[] loads, boolean isSigned) {
  static final int MOST = Long.BYTES;

  private static final int WORD = Integer.BYTES;
  private static final int NONE = IrBlock.NONE;

  /** What an operation makes of values of which some are such; null if that is none. */
  static JoinedBytes of(IrBlock code, int id, JoinedBytes[] known) {
    IrOp op = code.op(id);
    JoinedBytes a = op.operands() > 0 && op != IrOp.LD8U ? known[code.a(id)] : null;
    return switch (op) {
      case LD8U -> one(id);
      case SHL -> a == null || a.isSigned ? null : a.shifted(code, code.b(id), MOST);
      case SHL32 -> a == null ? null : a.shifted(code, code.b(id), WORD);
      case SEXT32 -> a == null || !a.isWithin(WORD) ? null : a.extended(a.has(WORD - 1));
      case ZEXT32 -> a == null || !a.isWithin(WORD) ? null : a.extended(false);
      case OR, XOR, ADD -> a == null ? null : a.with(known[code.b(id)]);
      case ADD32 -> a == null ? null : a.wordWith(known[code.b(id)]);
      default -> null;
    };
  }

  private static JoinedBytes one(int load) {
    int[] loads = new int[MOST];
    Arrays.fill(loads, NONE);
    loads[0] = load;
    return new JoinedBytes(loads, false);
  }

  private JoinedBytes extended(boolean signed) {
    return signed == isSigned ? this : new JoinedBytes(loads, signed);
  }

  /** Shifted to the left by whole bytes; null if that is not so, or moves a byte out. */
  private JoinedBytes shifted(IrBlock code, int count, int width) {
    if (!code.isConstant(count)) {
      return null;
    }
    int bits = (int) code.imm(count) & Byte.SIZE * width - 1;
    int by = bits / Byte.SIZE;
    if (bits % Byte.SIZE != 0 || !isWithin(width - by)) {
      return null;
    }
    int[] shifted = new int[MOST];
    Arrays.fill(shifted, NONE);
    System.arraycopy(loads, 0, shifted, by, width - by);
    return new JoinedBytes(shifted, false);
  }

  /** The sum of words, as far as it is one of bytes that do not meet. */
  private JoinedBytes wordWith(JoinedBytes other) {
    JoinedBytes sum = with(other);
    return sum == null || !sum.isWithin(WORD) ? null : sum.extended(false);
  }

  /** Together with other bytes; null if they meet, signs included. */
  private JoinedBytes with(JoinedBytes other) {
    if (other == null || isSigned && !other.isWithin(WORD) || other.isSigned && !isWithin(WORD)) {
      return null;
    }
    int[] all = loads.clone();
    for (int i = 0; i < MOST; i++) {
      if (other.has(i)) {
        if (has(i)) {
          return null;
        }
        all[i] = other.loads[i];
      }
    }
    return new JoinedBytes(all, isSigned || other.isSigned);
  }

  boolean has(int place) {
    return loads[place] != NONE;
  }

  /** Whether all bytes from {@code width} on are zero, but for signs. */
  private boolean isWithin(int width) {
    for (int i = width; i < MOST; i++) {
      if (has(i)) {
        return false;
      }
    }
    return true;
  }

  /** How many bytes there are from the lowest one on without a gap, if that is all; else 0. */
  int count() {
    int count = 0;
    while (count < MOST && has(count)) {
      count++;
    }
    return isWithin(count) ? count : 0;
  }
}
