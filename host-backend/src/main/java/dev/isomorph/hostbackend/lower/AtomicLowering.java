package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.guest;
import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.asm.AluOp;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.translator.ir.AmoKind;

/**
 * Lowers the A extension. A store-conditional is a compare-and-swap against the value the
 * load-reserved saw. Misaligned addresses go to the evaluator, which reports them.
 *
 * <p>Results are formed in rax and moved last, since a fault must find rd unchanged.
 */
final class AtomicLowering {
  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;

  AtomicLowering(Emission out) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
  }

  private Gpr alignedAddress(int id, int size) {
    Gpr address = regs.useGpr(out.block.a(id));
    asm.test(4, address, size - 1);
    asm.jcc(Cond.NE, out.evaluate(id));
    return address;
  }

  void loadReserved(int id, int size) {
    Gpr address = alignedAddress(id, size);
    Gpr value = regs.scratchGpr();
    if (size == 4) {
      asm.movsxd(value, guest(address, 0));
    } else {
      asm.mov(8, value, guest(address, 0));
    }
    asm.mov(8, state(RegisterFile.RESERVATION_ADDRESS), address);
    asm.mov(8, state(RegisterFile.RESERVATION_VALUE), value);
    regs.defineIn(id, value);
  }

  void storeConditional(int id, int size) {
    regs.take(Gpr.RAX);
    Gpr address = alignedAddress(id, size);
    Gpr value = regs.useGpr(out.block.b(id));
    Label done = new Label();
    asm.movImm(Gpr.RAX, 1);
    asm.cmp(8, state(RegisterFile.RESERVATION_ADDRESS), address);
    asm.jcc(Cond.NE, done);
    asm.mov(8, Gpr.RAX, state(RegisterFile.RESERVATION_VALUE));
    asm.lock();
    asm.cmpxchg(size, guest(address, 0), value);
    asm.setcc(Cond.NE, Gpr.RAX);
    asm.movzx(1, Gpr.RAX, Gpr.RAX);
    asm.bind(done);
    asm.mov(8, state(RegisterFile.RESERVATION_ADDRESS), -1);
    regs.defineIn(id, Gpr.RAX);
  }

  void modify(int id, int size) {
    AmoKind kind = AmoKind.of(out.block.imm(id));
    regs.take(Gpr.RAX);
    if (kind == AmoKind.SWAP || kind == AmoKind.ADD) {
      Gpr address = alignedAddress(id, size);
      regs.load(Gpr.RAX, out.block.b(id));
      if (kind == AmoKind.SWAP) {
        asm.xchg(size, guest(address, 0), Gpr.RAX);
      } else {
        asm.lock();
        asm.xadd(size, guest(address, 0), Gpr.RAX);
      }
    } else {
      compareAndSwapLoop(id, size, kind);
    }
    if (size == 4) {
      asm.movsxd(Gpr.RAX, Gpr.RAX);
    }
    regs.defineIn(id, Gpr.RAX);
  }

  private void compareAndSwapLoop(int id, int size, AmoKind kind) {
    // The operand waits in memory: with the address, the old and the new value, registers are out.
    asm.mov(8, state(RegisterFile.TEMP), regs.useGpr(out.block.b(id)));
    regs.unlock();
    regs.take(Gpr.RAX);
    Gpr address = alignedAddress(id, size);
    Gpr update = regs.scratchGpr();
    Mem memory = guest(address, 0);
    Label again = new Label();
    asm.mov(size, Gpr.RAX, memory);
    asm.bind(again);
    combine(kind, size, update);
    asm.lock();
    asm.cmpxchg(size, memory, update);
    asm.jcc(Cond.NE, again);
  }

  private void combine(AmoKind kind, int size, Gpr update) {
    Mem operand = state(RegisterFile.TEMP);
    switch (kind) {
      case AND -> logic(AluOp.AND, size, update, operand);
      case OR -> logic(AluOp.OR, size, update, operand);
      case XOR -> logic(AluOp.XOR, size, update, operand);
      case MIN -> choose(Cond.L, size, update, operand);
      case MAX -> choose(Cond.G, size, update, operand);
      case MINU -> choose(Cond.B, size, update, operand);
      case MAXU -> choose(Cond.A, size, update, operand);
      case SWAP, ADD -> throw new IllegalArgumentException(kind.toString());
    }
  }

  private void logic(AluOp op, int size, Gpr update, Mem operand) {
    asm.mov(size, update, Gpr.RAX);
    asm.alu(op, size, update, operand);
  }

  /** The old value where it stands in relation {@code cond} to the operand, else the operand. */
  private void choose(Cond cond, int size, Gpr update, Mem operand) {
    asm.mov(size, update, operand);
    asm.cmp(size, Gpr.RAX, update);
    asm.cmovcc(cond, size, update, Gpr.RAX);
  }
}
