package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;

/**
 * Guest memory is found through the {@link Tlb} at r15. An access whose first and last byte are not
 * both in the page that the table has leaves to Java, which enters the page and comes back, or has
 * the evaluator run the instruction.
 */
final class PagedOperands extends GuestOperands {
  PagedOperands(Emission out) {
    super(out);
  }

  @Override
  Mem at(int id, int bytes, boolean store) {
    Gpr address = regs.useGpr(out.block.a(id));
    int displacement = (int) out.block.imm(id);
    Gpr page = regs.scratchGpr();
    Gpr addend = regs.scratchGpr();
    probe(id, address, displacement, bytes, store, page, addend);
    regs.unlock(page);
    return Mem.of(addend, address, 1, displacement);
  }

  /**
   * They stay locked: to find a place for the result may mean to move what is in its home, and the
   * register that is not a value's would be taken for a free one.
   */
  @Override
  void releaseForResult() {}

  /** Finds what turns the address into a host address. */
  private void probe(
      int id, Gpr address, int displacement, int bytes, boolean store, Gpr page, Gpr addend) {
    Label again = new Label();
    int instruction = out.block.instructionOf(id);
    Miss miss = new Miss(out, address, displacement, bytes, store, page, again, instruction);
    asm.bind(again);
    sum(page, address, displacement + bytes - 1);
    sum(addend, address, displacement);
    asm.shift(ShiftOp.SHR, 8, addend, Tlb.OFFSET_SHIFT);
    asm.and(4, addend, Tlb.OFFSET_MASK);
    asm.and(8, page, -Tlb.PAGE_SIZE);
    int tag = store ? Tlb.STORED : Tlb.LOADED;
    asm.cmp(8, page, Mem.of(RegisterMap.MEMORY, addend, 1, tag));
    asm.jcc(Cond.NE, out.cold(miss));
    asm.mov(8, addend, Mem.of(RegisterMap.MEMORY, addend, 1, Tlb.ADDEND));
  }

  private void sum(Gpr to, Gpr address, int displacement) {
    if (displacement == 0) {
      asm.mov(8, to, address);
    } else {
      asm.lea(8, to, Mem.of(address, displacement));
    }
  }

  /** The host address in rdx, nothing else being locked: atomics need the other registers. */
  private Gpr atomicAddress(int id, int bytes, boolean compares) {
    regs.take(Gpr.RCX);
    regs.take(Gpr.RDX);
    Gpr address = alignedAddress(id, bytes);
    probe(id, address, 0, bytes, true, Gpr.RCX, Gpr.RDX);
    asm.add(8, Gpr.RDX, address);
    if (compares) {
      asm.mov(8, Gpr.RCX, state(RegisterFile.RESERVATION_ADDRESS));
      asm.xor(8, Gpr.RCX, address);
      asm.mov(8, state(RegisterFile.TEMP), Gpr.RCX);
    }
    regs.unlock();
    regs.lock(Gpr.RDX);
    regs.take(Gpr.RAX);
    return Gpr.RDX;
  }

  @Override
  Mem atomic(int id, int bytes) {
    return Mem.of(atomicAddress(id, bytes, false));
  }

  @Override
  Mem conditional(int id, int bytes) {
    Gpr address = atomicAddress(id, bytes, true);
    regs.useGpr(out.block.b(id));
    asm.movImm(Gpr.RAX, 1);
    asm.cmp(8, state(RegisterFile.TEMP), 0);
    return Mem.of(address);
  }

  /** Asks Java for the page; once it is there the access is tried again. */
  private record Miss(
      Emission out,
      Gpr address,
      int displacement,
      int bytes,
      boolean store,
      Gpr scratch,
      Label again,
      int instruction)
      implements Emission.ColdPath {
    @Override
    public void emit() {
      Assembler asm = out.asm;
      out.faultPoint(instruction);
      asm.lea(8, scratch, Mem.of(address, displacement));
      asm.mov(8, state(RegisterFile.MISSED_ADDRESS), scratch);
      asm.mov(4, state(RegisterFile.MISSED_BYTES), store ? -bytes : bytes);
      out.callLeavingStub(out.stubs.miss());
      asm.jmp(again);
    }
  }
}
