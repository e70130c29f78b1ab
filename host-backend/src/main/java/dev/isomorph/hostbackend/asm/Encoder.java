package dev.isomorph.hostbackend.asm;

/**
 * Prefixes, opcode, ModRM, SIB and displacement of an instruction (Intel SDM vol. 2, chapter 2).
 *
 * <p>An <em>encoding word</em> describes an opcode the same way for legacy and VEX encodings: the
 * opcode byte in bits 0–7, the opcode map in bits 8–9, the mandatory prefix in bits 16–17 and VEX.W
 * in bit 20. In legacy encodings REX.W follows from the operand size instead.
 */
abstract class Encoder extends CodeBuffer {
  static final int MAP_0F = 0x100;
  static final int MAP_0F38 = 0x200;
  static final int MAP_0F3A = 0x300;
  static final int P66 = 0x10000;
  static final int PF3 = 0x20000;
  static final int PF2 = 0x30000;
  static final int W1 = 0x100000;

  /** The vvvv operand of a VEX instruction that has none; the field is stored inverted. */
  static final int NO_VVVV = 0;

  private static final int RSP = 4;
  private static final int RBP = 5;
  private static final int LOW3 = 7;

  /** {@code opcode} for bytes, the next one for wider operands, as in most one-byte opcodes. */
  static int byteOrWider(int opcode, int size) {
    return size == 1 ? opcode : opcode + 1;
  }

  /** Bytes of the immediate that goes with operands of {@code size} bytes. */
  static int immediateSize(int size) {
    return Math.min(size, 4);
  }

  static boolean fitsByte(long value) {
    return value == (byte) value;
  }

  private static int mapOf(int word) {
    return word >> 8 & 3;
  }

  private static int prefixOf(int word) {
    return word >> 16 & 3;
  }

  /** Bit 3 of a register number, 0 for an absent register. */
  private static int high(int register) {
    return register < 0 ? 0 : register >> 3;
  }

  // Legacy encodings: operand size 1, 2, 4 or 8 bytes; extension = operation field in ModRM.reg.

  /** Two registers of {@code size} bytes. */
  final void op(int size, int word, Gpr reg, Gpr rm) {
    boolean rex = size == 1 && (reg.lowByteNeedsRex() || rm.lowByteNeedsRex());
    opRegister(size, word, reg.code(), rm, rex);
  }

  /** One register of {@code size} bytes. */
  final void op(int size, int word, int extension, Gpr rm) {
    opRegister(size, word, extension, rm, size == 1 && rm.lowByteNeedsRex());
  }

  /** A register destination of {@code size} bytes and a source register of {@code fromSize}. */
  final void opExtend(int size, int fromSize, int word, Gpr reg, Gpr rm) {
    opRegister(size, word, reg.code(), rm, fromSize == 1 && rm.lowByteNeedsRex());
  }

  /** A register and a memory operand, without an immediate. */
  final void op(int size, int word, Gpr reg, Mem mem) {
    op(size, word, reg, mem, 0);
  }

  /** A register and a memory operand, to be followed by {@code trailing} immediate bytes. */
  final void op(int size, int word, Gpr reg, Mem mem, int trailing) {
    opMemory(size, word, reg.code(), mem, size == 1 && reg.lowByteNeedsRex(), trailing);
  }

  /** A memory operand, to be followed by {@code trailing} immediate bytes. */
  final void op(int size, int word, int extension, Mem mem, int trailing) {
    opMemory(size, word, extension, mem, false, trailing);
  }

  /** No explicit operand. */
  final void op(int size, int word) {
    prefixes(size, word, 0, 0, 0, false);
    emitByte(word);
  }

  /** A register in the low three bits of the opcode. */
  final void opPlusRegister(int size, int word, Gpr register) {
    prefixes(size, word, 0, 0, register.code(), size == 1 && register.lowByteNeedsRex());
    emitByte(word + (register.code() & LOW3));
  }

  private void opRegister(int size, int word, int reg, Gpr rm, boolean byteRex) {
    prefixes(size, word, reg, 0, rm.code(), byteRex);
    emitByte(word);
    modrmRegister(reg, rm.code());
  }

  private void opMemory(int size, int word, int reg, Mem mem, boolean byteRex, int trailing) {
    prefixes(size, word, reg, mem.index, mem.base, byteRex);
    emitByte(word);
    modrmMemory(reg, mem, trailing);
  }

  private void prefixes(int size, int word, int reg, int index, int base, boolean byteRex) {
    assert size >= 1 && size <= 8 && Integer.bitCount(size) == 1 : size;
    instruction();
    if (size == 2) {
      emitByte(0x66);
    }
    int prefix = prefixOf(word);
    if (prefix != 0) {
      emitByte(prefix == 1 ? 0x66 : prefix == 2 ? 0xf3 : 0xf2);
    }
    int rex = (size == 8 ? 8 : 0) | high(reg) << 2 | high(index) << 1 | high(base);
    if (rex != 0 || byteRex) {
      emitByte(0x40 | rex);
    }
    int map = mapOf(word);
    if (map != 0) {
      emitByte(0x0f);
    }
    if (map > 1) {
      emitByte(map == 2 ? 0x38 : 0x3a);
    }
  }

  // VEX encodings, always with a vector length of 128 bits.

  final void vex(int word, int reg, int vvvv, int rm) {
    vexPrefix(word, reg, 0, rm, vvvv);
    emitByte(word);
    modrmRegister(reg, rm);
  }

  /** With a memory operand, to be followed by {@code trailing} immediate bytes. */
  final void vex(int word, int reg, int vvvv, Mem mem, int trailing) {
    vexPrefix(word, reg, mem.index, mem.base, vvvv);
    emitByte(word);
    modrmMemory(reg, mem, trailing);
  }

  private void vexPrefix(int word, int reg, int index, int base, int vvvv) {
    instruction();
    int notR = (high(reg) ^ 1) << 7;
    int last = (~vvvv & 15) << 3 | prefixOf(word);
    boolean wide = (word & W1) != 0;
    if (mapOf(word) == 1 && !wide && high(index) == 0 && high(base) == 0) {
      emitByte(0xc5);
      emitByte(notR | last);
    } else {
      emitByte(0xc4);
      emitByte(notR | (high(index) ^ 1) << 6 | (high(base) ^ 1) << 5 | mapOf(word));
      emitByte((wide ? 0x80 : 0) | last);
    }
  }

  // ModRM, SIB, displacement.

  private void modrm(int mod, int reg, int rm) {
    emitByte(mod << 6 | (reg & LOW3) << 3 | rm & LOW3);
  }

  private void modrmRegister(int reg, int rm) {
    modrm(3, reg, rm);
  }

  private void modrmMemory(int reg, Mem mem, int trailing) {
    if (mem.label != null) {
      modrm(0, reg, RBP);
      emitRel32(mem.label, trailing);
      return;
    }
    if (mem.base < 0) {
      modrm(0, reg, RSP);
      sib(mem.scaleBits, mem.index, RBP);
      emitInt(mem.disp);
      return;
    }
    // A base of rbp or r13 with mod 0 means something else, so these always carry a displacement.
    boolean bare = mem.disp == 0 && (mem.base & LOW3) != RBP;
    int mod = bare ? 0 : fitsByte(mem.disp) ? 1 : 2;
    if (mem.index >= 0 || (mem.base & LOW3) == RSP) {
      modrm(mod, reg, RSP);
      sib(mem.scaleBits, mem.index >= 0 ? mem.index : RSP, mem.base);
    } else {
      modrm(mod, reg, mem.base);
    }
    if (mod == 1) {
      emitByte(mem.disp);
    } else if (mod == 2) {
      emitInt(mem.disp);
    }
  }

  private void sib(int scaleBits, int index, int base) {
    emitByte(scaleBits << 6 | (index & LOW3) << 3 | base & LOW3);
  }

  /** Emits an immediate for operands of {@code size} bytes: 1, 2 or 4 bytes. */
  final void immediate(int size, int value) {
    switch (size) {
      case 1 -> emitByte(value);
      case 2 -> emitShort(value);
      default -> emitInt(value);
    }
  }
}
