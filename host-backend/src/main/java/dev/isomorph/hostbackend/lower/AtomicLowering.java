package dev.isomorph.hostbackend.lower;

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
  private final GuestOperands operands;

  AtomicLowering(Emission out, GuestOperands operands) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
    this.operands = operands;
  }

  void loadReserved(int id, int size) {
    Gpr address = operands.alignedAddress(id, size);
    Mem memory = operands.reserved(id, size);
    Gpr value = regs.scratchGpr();
    if (size == 4) {
      asm.movsxd(value, memory);
    } else {
      asm.mov(8, value, memory);
    }
    asm.mov(8, state(RegisterFile.RESERVATION_ADDRESS), address);
    asm.mov(8, state(RegisterFile.RESERVATION_VALUE), value);
    regs.defineIn(id, value);
  }

  void storeConditional(int id, int size) {
    Label done = new Label();
    Mem memory = operands.conditional(id, size);
    asm.jcc(Cond.NE, done);
    asm.mov(8, Gpr.RAX, state(RegisterFile.RESERVATION_VALUE));
    asm.lock();
    asm.cmpxchg(size, memory, regs.useGpr(out.block.b(id)));
    asm.setcc(Cond.NE, Gpr.RAX);
    asm.movzx(1, Gpr.RAX, Gpr.RAX);
    asm.bind(done);
    asm.mov(8, state(RegisterFile.RESERVATION_ADDRESS), -1);
    regs.defineIn(id, Gpr.RAX);
  }

  void modify(int id, int size) {
    AmoKind kind = AmoKind.of(out.block.imm(id));
    if (kind == AmoKind.SWAP || kind == AmoKind.ADD) {
      Mem memory = operands.atomic(id, size);
      regs.load(Gpr.RAX, out.block.b(id));
      if (kind == AmoKind.SWAP) {
        asm.xchg(size, memory, Gpr.RAX);
      } else {
        asm.lock();
        asm.xadd(size, memory, Gpr.RAX);
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
    Mem memory = operands.atomic(id, size);
    Gpr update = regs.scratchGpr();
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
