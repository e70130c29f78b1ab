package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Finds operations of a block by what they compute: of equal ones, the one noted last. A hash table
 * of their numbers, with linear probing.
 */
final class ValueTable {
  private static final int MIN_ROOM = 256;
  private static final int HASH = 0x9e3779b9;

  private final IrBlock code;

  /** Numbers plus one, 0 where there is none. */
  private int[] table = new int[MIN_ROOM];

  private int count;

  /**
   * @param code operations are added to it and never changed
   */
  ValueTable(IrBlock code) {
    this.code = code;
  }

  /** The operation noted last that computes this, or {@link IrBlock#NONE}. */
  int find(IrOp op, int a, int b, int c, long imm) {
    return table[slot(op, a, b, c, imm)] - 1;
  }

  /** Notes an operation in place of an equal one. */
  void note(int id) {
    int slot = slotOf(id);
    if (table[slot] == 0 && 2 * ++count > table.length) {
      grow();
      slot = slotOf(id);
    }
    table[slot] = id + 1;
  }

  private int slotOf(int id) {
    return slot(code.op(id), code.a(id), code.b(id), code.c(id), code.imm(id));
  }

  /** Where such an operation is, or would be. */
  private int slot(IrOp op, int a, int b, int c, long imm) {
    int mask = table.length - 1;
    int hash = (((op.ordinal() * 31 + a) * 31 + b) * 31 + c) * 31 + (int) (imm ^ imm >>> 32);
    int slot = hash * HASH >>> 16 & mask;
    while (table[slot] != 0 && !computes(table[slot] - 1, op, a, b, c, imm)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean computes(int id, IrOp op, int a, int b, int c, long imm) {
    return code.op(id) == op
        && code.a(id) == a
        && code.b(id) == b
        && code.c(id) == c
        && code.imm(id) == imm;
  }

  private void grow() {
    int[] old = table;
    table = new int[2 * old.length];
    for (int entry : old) {
      if (entry != 0) {
        table[slotOf(entry - 1)] = entry;
      }
    }
  }
}
