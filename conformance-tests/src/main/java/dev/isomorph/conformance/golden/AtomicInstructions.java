package dev.isomorph.conformance.golden;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.conformance.golden.InstructionSet.Semantics;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import java.util.function.LongBinaryOperator;

/**
 * Load-reserved, store-conditional and read-modify-write (ISA manual, chapter "A").
 *
 * <p>Where the manual leaves a choice, Isomorph's is modelled: a store-conditional succeeds if the
 * last load-reserved was at the same address and memory still holds what it read; one whose address
 * differs fails without an access, so also without a fault.
 */
final class AtomicInstructions {
  private AtomicInstructions() {}

  private static long address(GoldenHart hart, int register, int bytes) {
    long address = hart.x(register);
    if (address % bytes != 0) {
      throw new Trap(new Ending.Misaligned(address));
    }
    return address;
  }

  private static long extend(long value, int bytes) {
    return bytes == 4 ? (int) value : value;
  }

  private static Semantics loadReserved(int bytes) {
    return (hart, i) -> {
      long address = address(hart, i.rs1(), bytes);
      long value = extend(hart.load(address, bytes), bytes);
      hart.reserve(address, value);
      hart.x(i.rd(), value);
    };
  }

  private static Semantics storeConditional(int bytes) {
    return (hart, i) -> {
      long address = address(hart, i.rs1(), bytes);
      boolean success = false;
      if (hart.reservedAt(address)) {
        hart.require(address, bytes, Access.WRITE);
        success = hart.reservedValueIsIn(address, bytes);
      }
      if (success) {
        hart.store(address, bytes, hart.x(i.rs2()));
      }
      hart.endReservation();
      hart.x(i.rd(), success ? 0 : 1);
    };
  }

  private static Semantics modify(int bytes, LongBinaryOperator op) {
    return (hart, i) -> {
      long address = address(hart, i.rs1(), bytes);
      hart.require(address, bytes, Access.WRITE);
      long old = extend(hart.load(address, bytes), bytes);
      long operand = extend(hart.x(i.rs2()), bytes);
      hart.store(address, bytes, op.applyAsLong(old, operand));
      hart.x(i.rd(), old);
    };
  }

  private static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? b : a;
  }

  static void define(InstructionSet set) {
    set.define(LR_W, loadReserved(4));
    set.define(SC_W, storeConditional(4));
    set.define(AMOSWAP_W, modify(4, (old, b) -> b));
    set.define(AMOADD_W, modify(4, (old, b) -> old + b));
    set.define(AMOXOR_W, modify(4, (old, b) -> old ^ b));
    set.define(AMOAND_W, modify(4, (old, b) -> old & b));
    set.define(AMOOR_W, modify(4, (old, b) -> old | b));
    set.define(AMOMIN_W, modify(4, Math::min));
    set.define(AMOMAX_W, modify(4, Math::max));
    set.define(AMOMINU_W, modify(4, AtomicInstructions::minUnsigned));
    set.define(AMOMAXU_W, modify(4, AtomicInstructions::maxUnsigned));
    set.define(LR_D, loadReserved(8));
    set.define(SC_D, storeConditional(8));
    set.define(AMOSWAP_D, modify(8, (old, b) -> b));
    set.define(AMOADD_D, modify(8, (old, b) -> old + b));
    set.define(AMOXOR_D, modify(8, (old, b) -> old ^ b));
    set.define(AMOAND_D, modify(8, (old, b) -> old & b));
    set.define(AMOOR_D, modify(8, (old, b) -> old | b));
    set.define(AMOMIN_D, modify(8, Math::min));
    set.define(AMOMAX_D, modify(8, Math::max));
    set.define(AMOMINU_D, modify(8, AtomicInstructions::minUnsigned));
    set.define(AMOMAXU_D, modify(8, AtomicInstructions::maxUnsigned));
  }
}
