package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;

/**
 * What the lowest byte of a value is: a byte of another value.
 *
 * @param place of the byte, 0 for the lowest one
 */
record NumberByte(int number, int place) {
  private static final int WORD = Integer.BYTES;

  /** The lowest byte of a value, looked for as far back as it is moved and kept only. */
  static NumberByte of(IrBlock code, int value) {
    int number = value;
    int place = 0;
    while (true) {
      int before = before(code, number, place);
      if (before < 0) {
        return new NumberByte(number, place);
      }
      number = code.a(number);
      place = before;
    }
  }

  /** Which byte of its first operand a byte of a value is; negative if it is not. */
  private static int before(IrBlock code, int value, int place) {
    return switch (code.op(value)) {
      case SEXT8, ZEXT8 -> place < 1 ? place : -1;
      case SEXT16, ZEXT16 -> place < 2 ? place : -1;
      case SEXT32, ZEXT32 -> place < WORD ? place : -1;
      case AND -> isKept(code, code.b(value), place) ? place : -1;
      case SHR, SAR -> moved(code, code.b(value), place, Long.BYTES);
      case SHR32, SAR32 -> moved(code, code.b(value), place, WORD);
      default -> -1;
    };
  }

  private static boolean isKept(IrBlock code, int mask, int place) {
    return code.isConstant(mask) && (code.imm(mask) >>> Byte.SIZE * place & 0xff) == 0xff;
  }

  /** Shifted to the right within {@code width} bytes. */
  private static int moved(IrBlock code, int count, int place, int width) {
    if (!code.isConstant(count) || place >= width) {
      return -1;
    }
    int bits = (int) code.imm(count) & Byte.SIZE * width - 1;
    int before = place + bits / Byte.SIZE;
    return bits % Byte.SIZE == 0 && before < width ? before : -1;
  }
}
