package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.translator.ir.IrBlock;

/** Guest memory is [r15 + address + displacement]. */
final class WindowOperands extends GuestOperands {
  WindowOperands(Emission out) {
    super(out);
  }

  @Override
  Mem at(int id, int bytes, boolean store) {
    IrBlock block = out.block;
    int a = block.a(id);
    long imm = block.imm(id);
    if (regs.isConstant(a)) {
      long address = regs.constant(a) + imm;
      if (address >= 0 && address <= Integer.MAX_VALUE) {
        return Mem.of(RegisterMap.MEMORY, (int) address);
      }
    }
    return window(regs.useGpr(a), (int) imm);
  }

  @Override
  Mem reserved(int id, int bytes) {
    return at(id, bytes, false);
  }

  @Override
  void releaseForResult() {
    regs.unlock();
  }

  @Override
  Mem atomic(int id, int bytes) {
    regs.take(Gpr.RAX);
    return window(alignedAddress(id, bytes), 0);
  }

  @Override
  Mem conditional(int id, int bytes) {
    regs.take(Gpr.RAX);
    Gpr address = alignedAddress(id, bytes);
    regs.useGpr(out.block.b(id));
    asm.movImm(Gpr.RAX, 1);
    asm.cmp(8, state(RegisterFile.RESERVATION_ADDRESS), address);
    return window(address, 0);
  }

  private static Mem window(Gpr address, int displacement) {
    return Mem.of(RegisterMap.MEMORY, address, 1, displacement);
  }
}
