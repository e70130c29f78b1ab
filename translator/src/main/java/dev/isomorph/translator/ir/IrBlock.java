package dev.isomorph.translator.ir;

import dev.isomorph.decoder.Instruction;
import java.util.Arrays;

/**
 * A straight line of operations with one entry, side exits and an end, made from the guest
 * instructions it lists. Values are numbered by the operation that makes them.
 *
 * <p>Kept as parallel arrays, since blocks are built while the guest waits.
 */
public final class IrBlock {
  /** The operand of an operation that has none. */
  public static final int NONE = -1;

  private IrOp[] ops = new IrOp[64];
  private int[] a = new int[64];
  private int[] b = new int[64];
  private int[] c = new int[64];
  private long[] imm = new long[64];
  private int[] owner = new int[64];
  private int size;

  private long[] pcs = new long[16];
  private int[] encodings = new int[16];
  private int instructions;
  private long endPc;

  /** Empties the block for reuse. */
  public void clear() {
    size = 0;
    instructions = 0;
    endPc = 0;
  }

  /** Starts a guest instruction: the operations that follow belong to it. */
  public void beginInstruction(long pc, int encoding, int length) {
    if (instructions == pcs.length) {
      pcs = Arrays.copyOf(pcs, 2 * instructions);
      encodings = Arrays.copyOf(encodings, 2 * instructions);
    }
    pcs[instructions] = pc;
    encodings[instructions] = encoding;
    instructions++;
    endPc = pc + length;
  }

  /** Appends an operation to the current guest instruction and returns its number. */
  public int emit(IrOp op, int a, int b, int c, long imm) {
    return emitFor(instructions - 1, op, a, b, c, imm);
  }

  /** Appends an operation that belongs to guest instruction {@code instruction}. */
  public int emitFor(int instruction, IrOp op, int a, int b, int c, long imm) {
    if (size == ops.length) {
      grow();
    }
    int id = size++;
    ops[id] = op;
    this.a[id] = a;
    this.b[id] = b;
    this.c[id] = c;
    this.imm[id] = imm;
    owner[id] = instruction;
    return id;
  }

  public int emit(IrOp op, int a, int b, long imm) {
    return emit(op, a, b, NONE, imm);
  }

  public int emit(IrOp op, int a, int b) {
    return emit(op, a, b, NONE, 0);
  }

  public int emit(IrOp op, int a, long imm) {
    return emit(op, a, NONE, NONE, imm);
  }

  public int emit(IrOp op, int a) {
    return emit(op, a, NONE, NONE, 0);
  }

  public int emit(IrOp op) {
    return emit(op, NONE, NONE, NONE, 0);
  }

  /** A constant. */
  public int constant(long value) {
    return emit(IrOp.CONST, NONE, NONE, NONE, value);
  }

  private void grow() {
    int n = 2 * size;
    ops = Arrays.copyOf(ops, n);
    a = Arrays.copyOf(a, n);
    b = Arrays.copyOf(b, n);
    c = Arrays.copyOf(c, n);
    imm = Arrays.copyOf(imm, n);
    owner = Arrays.copyOf(owner, n);
  }

  /** Number of operations. */
  public int size() {
    return size;
  }

  public IrOp op(int id) {
    return ops[id];
  }

  public int a(int id) {
    return a[id];
  }

  public int b(int id) {
    return b[id];
  }

  public int c(int id) {
    return c[id];
  }

  /** Operand {@code index} of an operation, 0 to 2: its {@code a}, {@code b} or {@code c}. */
  public int operand(int id, int index) {
    return switch (index) {
      case 0 -> a[id];
      case 1 -> b[id];
      case 2 -> c[id];
      default -> throw new IllegalArgumentException("operand " + index);
    };
  }

  public long imm(int id) {
    return imm[id];
  }

  /**
   * Whether emitted code may leave the block at an operation, so that guest state must be exact: an
   * exit, a fault, or a float corner case that is handed to the evaluator. That is so of what has
   * been lifted for a translation: for the evaluator there is no rounding mode that is sure to be.
   */
  public boolean mayLeave(int id) {
    return ops[id].mayLeave(imm[id]);
  }

  /** Number of the guest instruction that operation {@code id} belongs to. */
  public int instructionOf(int id) {
    return owner[id];
  }

  /** Whether value {@code id} is the constant {@code value}. */
  public boolean isConstant(int id, long value) {
    return ops[id] == IrOp.CONST && imm[id] == value;
  }

  /** Whether value {@code id} is a constant. */
  public boolean isConstant(int id) {
    return ops[id] == IrOp.CONST;
  }

  /** The last conditional exit, {@link #NONE} if there is none. */
  public int lastSideExit() {
    return sideExitBefore(size);
  }

  /** The last conditional exit before an operation, {@link #NONE} if there is none. */
  public int sideExitBefore(int end) {
    int id = end - 1;
    while (id >= 0 && !ops[id].isSideExit()) {
      id--;
    }
    return id;
  }

  /** Number of guest instructions. */
  public int instructionCount() {
    return instructions;
  }

  /** The address of guest instruction {@code index}. */
  public long pc(int index) {
    return pcs[index];
  }

  /** The encoding of guest instruction {@code index}. */
  public int encoding(int index) {
    return encodings[index];
  }

  /** A copy of the addresses of all guest instructions. */
  public long[] pcs() {
    return Arrays.copyOf(pcs, instructions);
  }

  /** A copy of the encodings of all guest instructions. */
  public int[] encodings() {
    return Arrays.copyOf(encodings, instructions);
  }

  /** The address the block was translated from. */
  public long startPc() {
    return pcs[0];
  }

  /** The address behind the last guest instruction. */
  public long endPc() {
    return endPc;
  }

  /** The guest pc operation {@code id} belongs to. */
  public long pcOf(int id) {
    return pcs[owner[id]];
  }

  /**
   * Appends a copy of an operation of {@code other}, for a pass that rebuilds.
   *
   * @param instruction that it belongs to
   * @param renamed by operation of {@code other}, what it has become here
   */
  public int emitCopy(IrBlock other, int id, int instruction, int[] renamed) {
    int operands = other.ops[id].operands();
    return emitFor(
        instruction,
        other.ops[id],
        operands > 0 ? renamed[other.a[id]] : NONE,
        operands > 1 ? renamed[other.b[id]] : NONE,
        operands > 2 ? renamed[other.c[id]] : NONE,
        other.imm[id]);
  }

  /** Becomes a copy of {@code other}. */
  public void copy(IrBlock other) {
    clear();
    copyInstructions(other);
    for (int id = 0; id < other.size; id++) {
      emitFor(other.owner[id], other.ops[id], other.a[id], other.b[id], other.c[id], other.imm[id]);
    }
  }

  /** Takes over the list of guest instructions of {@code other}, for a pass that rebuilds. */
  public void copyInstructions(IrBlock other) {
    instructions = other.instructions;
    if (pcs.length < instructions) {
      pcs = new long[other.pcs.length];
      encodings = new int[other.pcs.length];
    }
    System.arraycopy(other.pcs, 0, pcs, 0, instructions);
    System.arraycopy(other.encodings, 0, encodings, 0, instructions);
    endPc = other.endPc;
  }

  /** Adds the guest instructions of {@code other} behind those that there are. */
  public void addInstructions(IrBlock other) {
    for (int i = 0; i < other.instructions; i++) {
      beginInstruction(other.pcs[i], other.encodings[i], Instruction.lengthOf(other.encodings[i]));
    }
  }

  /** One line per operation, for people. */
  @Override
  public String toString() {
    return IrPrinter.print(this);
  }
}
