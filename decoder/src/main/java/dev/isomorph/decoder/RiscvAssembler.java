package dev.isomorph.decoder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A small assembler for guest code in tests: instructions by table row, labels, and the most useful
 * pseudo-instructions. The code is position-independent, for all references between its parts are
 * relative to the program counter.
 */
public final class RiscvAssembler {
  /** A place in the code, bound once, before or after its uses. */
  public static final class Label {
    private int offset = -1;
  }

  /** A use of a label; {@link #complete} encodes it once the distance is known. */
  private interface Use {
    void complete(long distance);
  }

  private record Pending(int offset, Label label, Use use) {}

  private final List<Pending> pending = new ArrayList<>();
  private byte[] code = new byte[64];
  private int size;

  /**
   * Appends an instruction, with its operands in the order of assembly text (see {@link Encoder}).
   */
  public RiscvAssembler emit(Opcode row, long... operands) {
    return word(Encoder.encode(row, operands), row.length());
  }

  /** Appends an instruction in raw bits: 16 of them unless the two lowest are both set. */
  public RiscvAssembler raw(int bits) {
    return word(bits, Instruction.lengthOf(bits));
  }

  /** Appends a conditional branch that compares two registers. */
  public RiscvAssembler branch(Opcode row, int rs1, int rs2, Label target) {
    return emitTo(row, target, rs1, rs2);
  }

  /** Appends a jump that links in {@code rd}. */
  public RiscvAssembler jal(int rd, Label target) {
    return emitTo(Opcode.JAL, target, rd);
  }

  /** Appends a jump. */
  public RiscvAssembler jump(Label target) {
    return jal(Registers.ZERO, target);
  }

  /** Appends a call: a jump that links in ra. */
  public RiscvAssembler call(Label target) {
    return jal(Registers.RA, target);
  }

  /** Appends a return to the address in ra. */
  public RiscvAssembler ret() {
    return emit(Opcode.JALR, Registers.ZERO, 0, Registers.RA);
  }

  /**
   * Appends an instruction whose last operand is a code address, with the other operands before.
   */
  public RiscvAssembler emitTo(Opcode row, Label target, long... others) {
    long[] operands = Arrays.copyOf(others, others.length + 1);
    int at = size;
    word(0, row.length());
    use(
        at,
        target,
        distance -> {
          operands[others.length] = distance;
          put(at, Encoder.encode(row, operands), row.length());
        });
    return this;
  }

  /** Appends auipc and addi, which load the address of a label. */
  public RiscvAssembler la(int rd, Label target) {
    int at = size;
    word(0, 4);
    word(0, 4);
    use(
        at,
        target,
        distance -> {
          put(at, Encoder.encode(Opcode.AUIPC, rd, upper(distance)), 4);
          put(at + 4, Encoder.encode(Opcode.ADDI, rd, rd, low12(distance)), 4);
        });
    return this;
  }

  /** Appends instructions that load a constant, one to eight of them. */
  public RiscvAssembler li(int rd, long value) {
    if (value == low12(value)) {
      return emit(Opcode.ADDI, rd, Registers.ZERO, value);
    }
    if (value == (int) value) {
      emit(Opcode.LUI, rd, upper(value));
      return low12(value) == 0 ? this : emit(Opcode.ADDIW, rd, rd, low12(value));
    }
    long low = low12(value);
    long high = value - low;
    int shift = Long.numberOfTrailingZeros(high);
    li(rd, high >> shift);
    emit(Opcode.SLLI, rd, rd, shift);
    return low == 0 ? this : emit(Opcode.ADDI, rd, rd, low);
  }

  /** The value of the 20-bit field that, after a low part is added, gives the value. */
  private static long upper(long value) {
    return (int) (value - low12(value)) >> 12;
  }

  private static long low12(long value) {
    return value << 52 >> 52;
  }

  /** Makes the label stand for the present place. */
  public RiscvAssembler bind(Label label) {
    if (label.offset >= 0) {
      throw new IllegalStateException("label bound twice");
    }
    label.offset = size;
    return this;
  }

  /** Makes a label and binds it to the present place. */
  public Label here() {
    Label label = new Label();
    bind(label);
    return label;
  }

  /** Appends zero bytes up to a multiple of {@code alignment}. */
  public RiscvAssembler align(int alignment) {
    while (size % alignment != 0) {
      data((byte) 0);
    }
    return this;
  }

  /** Appends bytes. */
  public RiscvAssembler data(byte... bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, code, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** Appends text in UTF-8, without a zero at the end. */
  public RiscvAssembler data(String text) {
    return data(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Appends 64-bit values. */
  public RiscvAssembler doublewords(long... values) {
    for (long value : values) {
      word((int) value, 4);
      word((int) (value >>> 32), 4);
    }
    return this;
  }

  /** The number of bytes so far, which is the offset of what comes next. */
  public int offset() {
    return size;
  }

  /** The offset of a label that has been bound. */
  public int offset(Label label) {
    if (label.offset < 0) {
      throw new IllegalStateException("label not bound");
    }
    return label.offset;
  }

  /**
   * The code so far.
   *
   * @throws IllegalStateException if a label that is used has not been bound
   * @throws IllegalArgumentException if a label is out of reach of its use
   */
  public byte[] bytes() {
    for (Pending use : pending) {
      use.use.complete(offset(use.label) - use.offset);
    }
    pending.clear();
    return Arrays.copyOf(code, size);
  }

  private void use(int at, Label label, Use use) {
    pending.add(new Pending(at, label, use));
  }

  private RiscvAssembler word(int bits, int length) {
    reserve(length);
    put(size, bits, length);
    size += length;
    return this;
  }

  private void put(int at, int bits, int length) {
    for (int i = 0; i < length; i++) {
      code[at + i] = (byte) (bits >>> 8 * i);
    }
  }

  private void reserve(int more) {
    if (size + more > code.length) {
      code = Arrays.copyOf(code, Math.max(2 * code.length, size + more));
    }
  }
}
