package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;

/** Host operands for the guest addresses of memory operations. */
abstract sealed class GuestOperands permits WindowOperands, PagedOperands {
  final Emission out;
  final Assembler asm;
  final RegisterAllocator regs;

  GuestOperands(Emission out) {
    this.out = out;
    asm = out.asm;
    regs = out.regs;
  }

  static GuestOperands of(Addressing addressing, Emission out) {
    return switch (addressing) {
      case WINDOW -> new WindowOperands(out);
      case PAGED -> new PagedOperands(out);
    };
  }

  /** A block starts, or a stretch of a region. */
  void begin() {}

  /**
   * The operand for the address of memory operation {@code id}, which accesses that many bytes. Its
   * registers are locked.
   */
  abstract Mem at(int id, int bytes, boolean store);

  /** As {@link #at} for a load that reserves, and the address stays in its register. */
  abstract Mem reserved(int id, int bytes);

  /**
   * The registers of the operand of {@link #at} are not needed beyond the instruction that defines
   * the result.
   */
  abstract void releaseForResult();

  /**
   * The operand for the address of atomic operation {@code id}, aligned, that may store; rax is
   * claimed, too.
   */
  abstract Mem atomic(int id, int bytes);

  /** As {@link #atomic}, and Z is set if the address is the reserved one; rax is 1. */
  abstract Mem conditional(int id, int bytes);

  /** The address of atomic operation {@code id}; a misaligned one goes to the evaluator. */
  final Gpr alignedAddress(int id, int bytes) {
    Gpr address = regs.useGpr(out.block.a(id));
    asm.test(4, address, bytes - 1);
    asm.jcc(Cond.NE, out.evaluate(id));
    return address;
  }
}
