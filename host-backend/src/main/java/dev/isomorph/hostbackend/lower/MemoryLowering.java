package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.Xmm;

/** Lowers plain loads and stores. */
final class MemoryLowering {
  private static final int CACHE_BLOCK = 64;

  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;
  private final IntegerLowering integers;
  private final GuestOperands operands;

  MemoryLowering(Emission out, IntegerLowering integers, GuestOperands operands) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
    this.integers = integers;
    this.operands = operands;
  }

  void load(int id, int bytes, boolean signed) {
    Mem from = operands.at(id, bytes, false);
    operands.releaseForResult();
    Gpr d = regs.defineGpr(id);
    if (bytes == 8) {
      asm.mov(8, d, from);
    } else {
      integers.extendFrom(from, d, bytes, signed);
    }
  }

  void store(int id, int bytes) {
    int value = out.block.b(id);
    Mem to = operands.at(id, bytes, true);
    if (regs.isConstant(value) && immediateFits(regs.constant(value), bytes)) {
      asm.mov(bytes, to, immediate(regs.constant(value), bytes));
    } else {
      asm.mov(bytes, to, regs.useGpr(value));
    }
  }

  private static boolean immediateFits(long value, int bytes) {
    return bytes < 8 || value == (int) value;
  }

  /** What of {@code value} a store of {@code bytes} writes, as the assembler takes it. */
  private static int immediate(long value, int bytes) {
    return switch (bytes) {
      case 1 -> (byte) value;
      case 2 -> (short) value;
      default -> (int) value;
    };
  }

  void loadFloat(int id, int bytes) {
    Mem from = operands.at(id, bytes, false);
    Xmm d = regs.defineXmm(id);
    if (bytes == 8) {
      asm.vmovsd(d, from);
    } else {
      asm.vmovss(d, from);
    }
  }

  void storeFloat(int id, int bytes) {
    Mem to = operands.at(id, bytes, true);
    Xmm value = regs.useXmm(out.block.b(id));
    if (bytes == 8) {
      asm.vmovsd(to, value);
    } else {
      asm.vmovss(to, value);
    }
  }

  /** Loads the byte, since what may be stored to may be loaded. */
  void probe(int id) {
    Mem from = operands.at(id, 1, false);
    asm.movzx(1, regs.scratchGpr(), from);
  }

  /** A fence that orders writes before later reads is the only one x86-TSO needs code for. */
  void fence(int id) {
    if (out.block.imm(id) != 0) {
      asm.lock();
      asm.or(4, Mem.of(Gpr.RSP, -CACHE_BLOCK), 0);
    }
  }

  void zeroBlock(int id) {
    Mem first = operands.at(id, 1, true);
    // First the byte whose address a fault is to report; it is in the block wherever it starts.
    asm.mov(1, first, 0);
    Gpr aligned = regs.scratchGpr();
    asm.lea(8, aligned, first);
    asm.and(8, aligned, -CACHE_BLOCK);
    Xmm zero = regs.scratchXmm();
    asm.avx(Avx.Binary.VPXOR, zero, zero, zero);
    for (int offset = 0; offset < CACHE_BLOCK; offset += 16) {
      asm.avx(Avx.Move.VMOVUPS, Mem.of(aligned, offset), zero);
    }
  }
}
