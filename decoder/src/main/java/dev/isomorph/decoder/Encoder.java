package dev.isomorph.decoder;

import java.util.List;

/** Makes encodings from the instruction table. */
public final class Encoder {
  /** The acquire bit of atomic instructions, to be combined with an encoding. */
  public static final int AQ = 1 << 26;

  /** The release bit of atomic instructions, to be combined with an encoding. */
  public static final int RL = 1 << 25;

  private Encoder() {}

  /**
   * Encodes an instruction from its operands, given in the order of assembly text: {@code addi rd,
   * rs1, imm}; {@code ld rd, imm, rs1}; {@code sd rs2, imm, rs1}; {@code amoadd.w rd, rs2, rs1};
   * {@code csrrw rd, csr, rs1}; {@code beq rs1, rs2, byte offset}; {@code lui rd, upper 20 bits};
   * {@code fence pred, succ}; {@code mop.r n, rd, rs1}. A trailing rounding mode may be left out.
   *
   * @throws IllegalArgumentException if an operand is missing, does not fit its field, or makes the
   *     encoding one of another instruction or a reserved one
   */
  public static int encode(Opcode row, long... operands) {
    Syntax syntax = Syntax.of(row);
    List<Operand> kinds = syntax.operands();
    Fields fields = new Fields(row.encoding());
    for (int i = 0; i < kinds.size(); i++) {
      if (i < operands.length) {
        fields.set(kinds.get(i), operands[i]);
      } else if (kinds.get(i) == Operand.RM) {
        fields.set(Operand.RM, syntax.defaultRoundingMode());
      } else {
        throw new IllegalArgumentException(row.mnemonic() + " lacks " + kinds.get(i));
      }
    }
    if (operands.length > kinds.size()) {
      throw new IllegalArgumentException(row.mnemonic() + " has too many operands");
    }
    return checked(row, fields.bits);
  }

  /**
   * Encodes a decoded instruction in the form it had. Bits that decoding ignores become zeros.
   *
   * @throws IllegalArgumentException if an operand does not fit its field, or for {@link
   *     Opcode#ILLEGAL}
   */
  public static int encode(Instruction instruction) {
    Opcode row = instruction.encodedAs();
    Encoding layout = row.encoding();
    if (layout == null) {
      throw new IllegalArgumentException("an illegal instruction has no encoding");
    }
    int bits =
        layout.match
            | register(layout.rd, instruction.rd())
            | register(layout.rs1, instruction.rs1())
            | register(layout.rs2, instruction.rs2())
            | register(layout.rs3, instruction.rs3())
            | immediate(layout.immediate, instruction.imm())
            | instruction.bits() & layout.modifierMask;
    return checked(row, bits);
  }

  private static int checked(Opcode row, int bits) {
    if (Decoder.decode(bits).encodedAs() != row) {
      throw new IllegalArgumentException(
          row.mnemonic() + " cannot have these operands: " + Integer.toHexString(bits));
    }
    return bits;
  }

  private static int register(Field field, int register) {
    if (!field.accepts(register)) {
      throw new IllegalArgumentException("register " + register + " does not fit");
    }
    return field.insert(register);
  }

  private static int immediate(Immediate layout, long value) {
    if (!layout.accepts(value)) {
      throw new IllegalArgumentException("immediate " + value + " does not fit");
    }
    return layout.insert(value);
  }

  /** Bits of an instruction as operands are put in. */
  private static final class Fields {
    private final Encoding layout;
    int bits;

    Fields(Encoding layout) {
      this.layout = layout;
      bits = layout.match;
    }

    void set(Operand kind, long value) {
      bits |=
          switch (kind) {
            case RD, FD -> register(layout.rd, Math.toIntExact(value));
            case RS1, FS1, ZIMM, CONSTANT -> register(layout.rs1, Math.toIntExact(value));
            case RS2, FS2 -> register(layout.rs2, Math.toIntExact(value));
            case RS3, FS3 -> register(layout.rs3, Math.toIntExact(value));
            case IMM, TARGET, SHAMT, CSR, N -> immediate(layout.immediate, value);
            case UPPER -> immediate(layout.immediate, upper(value));
            case PRED -> immediate(layout.immediate, accessSet(value) << 4);
            case SUCC -> immediate(layout.immediate, accessSet(value));
            case RM -> roundingMode(value);
          };
    }

    private static long upper(long value) {
      if (value < -0x80000 || value > 0xfffff) {
        throw new IllegalArgumentException("not 20 bits: " + value);
      }
      return (int) (value << 12);
    }

    private static long accessSet(long value) {
      if ((value & ~15) != 0) {
        throw new IllegalArgumentException("not a set of accesses: " + value);
      }
      return value;
    }

    private static int roundingMode(long value) {
      if ((value & ~7) != 0) {
        throw new IllegalArgumentException("not a rounding mode: " + value);
      }
      return (int) value << 12;
    }
  }
}
