package dev.isomorph.conformance.golden;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.conformance.golden.InstructionSet.Semantics;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import java.util.function.LongUnaryOperator;

/**
 * Loads, stores and cache-block operations (ISA manual, chapters "RV32I", "RV64I", "F", "D",
 * "Zfhmin", "CMO"). Misaligned loads and stores are allowed, as Linux has it for user programs.
 */
final class MemoryInstructions {
  private static final int CACHE_BLOCK = 64;

  private MemoryInstructions() {}

  private static Semantics load(int bytes, LongUnaryOperator extend) {
    return (hart, i) ->
        hart.x(i.rd(), extend.applyAsLong(hart.load(hart.x(i.rs1()) + i.imm(), bytes)));
  }

  private static Semantics store(int bytes) {
    return (hart, i) -> hart.store(hart.x(i.rs1()) + i.imm(), bytes, hart.x(i.rs2()));
  }

  /** Values narrower than the register are boxed: the upper bits are ones. */
  private static Semantics loadFloat(int bytes) {
    long box = bytes == 8 ? 0 : -1L << 8 * bytes;
    return (hart, i) -> hart.f(i.rd(), box | hart.load(hart.x(i.rs1()) + i.imm(), bytes));
  }

  /** Stores take the low bits as they are, boxed or not. */
  private static Semantics storeFloat(int bytes) {
    return (hart, i) -> hart.store(hart.x(i.rs1()) + i.imm(), bytes, hart.f(i.rs2()));
  }

  private static void zeroBlock(GoldenHart hart, long address) {
    // A fault is reported for the address in rs1, wherever in the block it is.
    hart.require(address, 1, Access.WRITE);
    long block = address & -CACHE_BLOCK;
    for (int offset = 0; offset < CACHE_BLOCK; offset += 8) {
      hart.store(block + offset, 8, 0);
    }
  }

  /** Needs the right to load or to store; with neither, the exception is a store's. */
  private static void manageBlock(GoldenHart hart, long address) {
    if (!hart.allows(address, Access.READ)) {
      hart.require(address, 1, Access.WRITE);
    }
  }

  static void define(InstructionSet set) {
    set.define(LB, load(1, value -> (byte) value));
    set.define(LH, load(2, value -> (short) value));
    set.define(LW, load(4, value -> (int) value));
    set.define(LD, load(8, value -> value));
    set.define(LBU, load(1, value -> value));
    set.define(LHU, load(2, value -> value));
    set.define(LWU, load(4, value -> value));
    set.define(SB, store(1));
    set.define(SH, store(2));
    set.define(SW, store(4));
    set.define(SD, store(8));
    set.define(FLH, loadFloat(2));
    set.define(FLW, loadFloat(4));
    set.define(FLD, loadFloat(8));
    set.define(FSH, storeFloat(2));
    set.define(FSW, storeFloat(4));
    set.define(FSD, storeFloat(8));
    set.define(CBO_ZERO, (hart, i) -> zeroBlock(hart, hart.x(i.rs1())));
    set.define(CBO_CLEAN, (hart, i) -> manageBlock(hart, hart.x(i.rs1())));
    set.define(CBO_FLUSH, (hart, i) -> manageBlock(hart, hart.x(i.rs1())));
    set.define(CBO_INVAL, (hart, i) -> manageBlock(hart, hart.x(i.rs1())));
    set.define(PREFETCH_I, (hart, i) -> {});
    set.define(PREFETCH_R, (hart, i) -> {});
    set.define(PREFETCH_W, (hart, i) -> {});
  }
}
