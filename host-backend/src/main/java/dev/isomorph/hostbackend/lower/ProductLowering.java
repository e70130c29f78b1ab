package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.CpuFeatures.Feature;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;

/** Lowers products of integers. */
final class ProductLowering {
  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;
  private final LoadOperands loads;

  ProductLowering(Emission out, LoadOperands loads) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
    this.loads = loads;
  }

  void low(int id, int size) {
    int a = out.block.a(id);
    int b = out.block.b(id);
    if (regs.isConstant(a)) {
      a = out.block.b(id);
      b = out.block.a(id);
    }
    if (regs.isImmediate(b)) {
      Gpr from = regs.useGpr(a);
      asm.imul(size, regs.defineGpr(id), from, (int) regs.constant(b));
    } else {
      if (regs.targets(id, b)) {
        int swap = a;
        a = b;
        b = swap;
      }
      Mem memory = loads.isLeft(b) ? loads.find(b) : null;
      Gpr second = memory == null ? regs.useGpr(b) : null;
      out.lockIfInRegister(a);
      if (memory == null) {
        asm.imul(size, regs.defineGprFrom(id, a, b), second);
      } else {
        asm.imul(size, regs.defineGprFrom(id, a, -1), memory);
      }
    }
  }

  void highUnsigned(int id) {
    int fixed = loadedFactor(id);
    int other = fixed == out.block.a(id) ? out.block.b(id) : out.block.a(id);
    if (!out.cpu.has(Feature.BMI2)) {
      regs.take(Gpr.RAX);
      regs.take(Gpr.RDX);
      regs.load(Gpr.RAX, fixed);
      asm.mul(8, regs.useGpr(other));
      regs.defineIn(id, Gpr.RDX);
      return;
    }
    regs.take(Gpr.RDX);
    regs.load(Gpr.RDX, fixed);
    Gpr factor = regs.useGpr(other);
    Gpr d = regs.defineGpr(id);
    asm.mulx(8, d, d, factor);
  }

  void highSigned(int id) {
    int fixed = loadedFactor(id);
    int other = fixed == out.block.a(id) ? out.block.b(id) : out.block.a(id);
    regs.take(Gpr.RAX);
    regs.take(Gpr.RDX);
    regs.load(Gpr.RAX, fixed);
    asm.imul(8, regs.useGpr(other));
    regs.defineIn(id, Gpr.RDX);
  }

  /** The factor that the host wants in a certain register: a constant has to be loaded anyway. */
  private int loadedFactor(int id) {
    return regs.isConstant(out.block.b(id)) ? out.block.b(id) : out.block.a(id);
  }

  /** mulhsu(a, b) = mulhu(a, b) - (a < 0 ? b : 0). */
  void highSignedUnsigned(int id) {
    regs.take(Gpr.RAX);
    regs.take(Gpr.RDX);
    regs.load(Gpr.RAX, out.block.a(id));
    Gpr b = regs.useGpr(out.block.b(id));
    asm.mov(8, Gpr.RDX, Gpr.RAX);
    if (!out.cpu.has(Feature.BMI2)) {
      Mem correction = Emission.state(RegisterFile.TEMP);
      asm.shift(ShiftOp.SAR, 8, Gpr.RDX, 63);
      asm.and(8, Gpr.RDX, b);
      asm.mov(8, correction, Gpr.RDX);
      asm.mul(8, b);
      asm.sub(8, Gpr.RDX, correction);
      regs.defineIn(id, Gpr.RDX);
      return;
    }
    asm.mulx(8, Gpr.RDX, Gpr.RDX, b);
    asm.shift(ShiftOp.SAR, 8, Gpr.RAX, 63);
    asm.and(8, Gpr.RAX, b);
    asm.sub(8, Gpr.RDX, Gpr.RAX);
    regs.defineIn(id, Gpr.RDX);
  }
}
