package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.TrapKind;

/**
 * Lowers what leaves a block.
 *
 * <p>Direct jumps first lead to a link stub behind the block; once the target is translated the
 * code cache patches them to go there. Indirect jumps look their target up in the jump cache. Guest
 * calls are calls, guest returns are returns, so that the host predicts them; behind the call it is
 * compared where the guest returns to. The return stack is the host stack between HOST_RSP and
 * RETURN_STACK_LIMIT; it may be emptied at any moment (leaving to Java does), since an entry is
 * only a prediction.
 */
final class ExitLowering {
  static final int ECALL_LENGTH = 4;

  private static final int CSR_TIME = 0xc01;

  /** The host address in the entry of the jump cache that has been found. */
  private static final Mem JUMP_CACHE_CODE = Mem.of(Gpr.RDX, Gpr.RCX, 8, JumpCache.CODE);

  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;
  private final IntegerLowering integers;

  ExitLowering(Emission out, IntegerLowering integers) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
    this.integers = integers;
  }

  void sideExit(int id) {
    IrBlock block = out.block;
    long target = block.imm(id);
    if (!out.isInside() && target <= block.pcOf(id)) {
      pollBefore(block.pcOf(id));
      integers.forgetFlags();
    }
    Choice choice = out.isInside() ? Choice.around(block, id) : null;
    if (choice != null) {
      if (choice.exits()[0] == id) {
        choose(choice, id);
      }
      return;
    }
    Cond cond = integers.compare(IntegerLowering.condition(block.op(id)), block.a(id), block.b(id));
    if (out.isInside()) {
      asm.jcc(cond, out.region().label((int) target));
    } else if (isFar(block, target)) {
      asm.jcc(cond, out.cold(new FarJump(out, target)));
    } else {
      link(asm.jccRel32Whole(cond), target);
    }
  }

  /** Goes where the table says for the value; on if it has another one. */
  private void choose(Choice choice, int id) {
    regs.take(Gpr.RCX);
    regs.take(Gpr.RDX);
    Gpr value = regs.useGpr(out.block.a(id));
    Label miss = new Label();
    Label table = out.region().table(out.block);
    if (table == null) {
      table = new Label();
      out.region().table(out.block, table);
      out.cold(new ChoiceTable(out, out.block, choice, table));
    }
    // Times 8 it is an offset in the table.
    asm.mov(4, Gpr.RCX, value);
    if (choice.shift() > 1) {
      asm.shift(ShiftOp.SHR, 4, Gpr.RCX, choice.shift() - 1);
    }
    asm.and(4, Gpr.RCX, choice.entries() - 1 << 1);
    asm.lea(8, Gpr.RDX, Mem.rip(table));
    asm.cmp(8, Mem.of(Gpr.RDX, Gpr.RCX, 8, ChoiceTable.VALUE), value);
    asm.jcc(Cond.NE, miss);
    asm.jmp(Mem.of(Gpr.RDX, Gpr.RCX, 8, ChoiceTable.CODE));
    asm.bind(miss);
  }

  void jump(int id) {
    long target = out.block.imm(id);
    if (out.isInside()) {
      if (!out.region().isNext((int) target)) {
        asm.jmp(out.region().label((int) target));
      }
      return;
    }
    jump(out.block, out.block.pcOf(id), target);
  }

  /** Jumps from {@code pc} to a known address. */
  void jump(IrBlock block, long pc, long target) {
    if (target <= pc) {
      poll(target);
    }
    jump(block, target);
  }

  private void jump(IrBlock block, long target) {
    if (isFar(block, target)) {
      farJump(target);
    } else {
      link(asm.jmpRel32Whole(), target);
    }
  }

  /**
   * Whether a direct jump may lead elsewhere than it did when it was linked: to another page, or to
   * an instruction that ends in another page.
   */
  private boolean isFar(IrBlock block, long target) {
    return out.addressing == Addressing.PAGED
        && ((block.startPc() ^ target) >>> JumpCache.PAGE_SHIFT != 0
            || (target & JumpCache.PAGE_OFFSET) == JumpCache.PAGE_OFFSET - 1);
  }

  /** Goes to what is right for a pc in another page. */
  void farJump(long target) {
    asm.jmp(farEntry(target, out.cold(new SlowJump(out, Gpr.RAX, out.stubs.jump()))));
  }

  /**
   * The operand with the host code of a known pc, which is in rax, in its first entry of the jump
   * cache; uses rdx.
   */
  private Mem farEntry(long pc, Label slow) {
    int entry = JumpCache.firstEntry(pc);
    asm.movImm(Gpr.RAX, pc);
    asm.mov(8, Gpr.RDX, state(RegisterFile.JUMP_CACHE));
    asm.cmp(8, Mem.of(Gpr.RDX, entry + JumpCache.PC), Gpr.RAX);
    asm.jcc(Cond.NE, slow);
    return Mem.of(Gpr.RDX, entry + JumpCache.CODE);
  }

  void call(int id) {
    call(out.block, out.block.imm(id), regs.constant(out.block.a(id)));
  }

  /** Calls a function at a known address. */
  void call(IrBlock block, long target, long returnPc) {
    Label room = new Label();
    compareWithLimit(out.cold(new NoRoom(out, target, room)));
    asm.bind(room);
    if (isFar(block, target)) {
      Label found = new Label();
      asm.mov(8, Gpr.RAX, farEntry(target, out.cold(new SlowFarCall(out, found))));
      asm.bind(found);
      asm.call(Gpr.RAX);
    } else {
      link(asm.callRel32Whole(), target);
    }
    returnsTo(block, returnPc);
  }

  void callIndirect(int id) {
    IrBlock block = out.block;
    long returnPc = regs.constant(block.b(id));
    regs.take(Gpr.RCX);
    regs.take(Gpr.RDX);
    Gpr target = regs.useGpr(block.a(id));
    Label found = new Label();
    Label slow = new Label();
    compareWithLimit(out.cold(new SlowCall(out, target, slow, found)));
    jumpCacheEntry(target, slow);
    asm.bind(found);
    asm.call(JUMP_CACHE_CODE);
    returnsTo(block, returnPc);
  }

  void jumpIndirect(int id) {
    regs.take(Gpr.RCX);
    regs.take(Gpr.RDX);
    Gpr target = regs.useGpr(out.block.a(id));
    Label slow = out.cold(new SlowJump(out, target, out.stubs.jump()));
    out.comparePoll();
    asm.jcc(Cond.NE, slow);
    jumpCacheEntry(target, slow);
    asm.jmp(JUMP_CACHE_CODE);
  }

  void switchContext(int id) {
    regs.take(Gpr.RCX);
    regs.take(Gpr.RDX);
    out.lookUp(regs.useGpr(out.block.a(id)));
    out.jumpToStub(out.stubs.switchContext());
  }

  void ret(int id) {
    int target = out.block.a(id);
    if (regs.registerOf(target) != Stubs.RETURN_PC.ordinal()) {
      regs.take(Stubs.RETURN_PC);
      regs.load(Stubs.RETURN_PC, target);
    }
    asm.ret();
  }

  void guard(int id) {
    Gpr value = regs.useGpr(out.block.a(id));
    asm.test(8, value, value);
    asm.jcc(Cond.NE, out.stopLater(ExitReason.PRIVILEGED, out.block.instructionOf(id)));
  }

  /** A machine's time is behind a guard; other counters are the evaluator's. */
  void counter(int id) {
    if (out.addressing != Addressing.PAGED || out.isInside() || out.block.imm(id) != CSR_TIME) {
      out.evaluateInstead(id);
      return;
    }
    out.callStub(out.stubs.time());
    asm.mov(8, regs.defineGpr(id), state(RegisterFile.TEMP));
  }

  void trap(int id) {
    TrapKind kind = TrapKind.of(out.block.imm(id));
    if (kind == TrapKind.SYSTEM_CALL
        && out.region() == null
        && out.addressing == Addressing.WINDOW) {
      long pc = out.block.pcOf(id);
      out.callForSystem(pc);
      link(asm.jmpRel32Whole(), pc + ECALL_LENGTH);
      return;
    }
    if (kind == TrapKind.SYSTEM_CALL && !out.isInside() && out.addressing == Addressing.PAGED) {
      out.callSupervisor(out.block.pcOf(id));
      return;
    }
    ExitReason reason =
        switch (kind) {
          case SYSTEM_CALL -> ExitReason.SYSTEM_CALL;
          case BREAKPOINT -> ExitReason.BREAKPOINT;
          case ILLEGAL_INSTRUCTION -> ExitReason.ILLEGAL_INSTRUCTION;
          case FENCE_I -> ExitReason.FENCE_I;
          case EVALUATE -> ExitReason.EVALUATE;
          case PRIVILEGED -> ExitReason.PRIVILEGED;
        };
    out.stop(reason, out.block.pcOf(id));
  }

  /** As {@link #poll}, before the guest instruction at {@code pc} is executed. */
  void pollBefore(long pc) {
    out.comparePoll();
    asm.jcc(Cond.NE, out.cold(new Poll(out, pc, false)));
  }

  /** Stops here when the poll flag is set; {@code pc} is where the guest goes on. */
  private void poll(long pc) {
    out.comparePoll();
    asm.jcc(Cond.NE, out.cold(new Poll(out, pc, true)));
  }

  /**
   * Finds the jump cache's first entry for a guest pc, in rdx and rcx; goes to {@code slow} if it
   * is another one's.
   */
  private void jumpCacheEntry(Gpr pc, Label slow) {
    asm.mov(4, Gpr.RCX, pc);
    asm.and(4, Gpr.RCX, JumpCache.PC_MASK);
    asm.mov(8, Gpr.RDX, state(RegisterFile.JUMP_CACHE));
    asm.cmp(8, Mem.of(Gpr.RDX, Gpr.RCX, 8, JumpCache.PC), pc);
    asm.jcc(Cond.NE, slow);
  }

  /** Goes elsewhere when the return stack is full, or the poll flag is set. */
  private void compareWithLimit(Label elsewhere) {
    asm.cmp(8, Gpr.RSP, state(RegisterFile.RETURN_STACK_LIMIT));
    asm.jcc(Cond.B, elsewhere);
  }

  /** Where a call's callee comes back, if the guest returns there; uses rcx. */
  private void returnsTo(IrBlock block, long returnPc) {
    if (returnPc == (int) returnPc) {
      asm.cmp(8, Stubs.RETURN_PC, (int) returnPc);
    } else {
      asm.movImm(Gpr.RCX, returnPc);
      asm.cmp(8, Stubs.RETURN_PC, Gpr.RCX);
    }
    out.branchToStub(Cond.NE, out.stubs.unpairedReturn());
    int inside = out.region() == null ? -1 : out.region().comesBack();
    if (inside < 0) {
      jump(block, returnPc);
    } else if (!out.region().isNext(inside)) {
      asm.jmp(out.region().label(inside));
    }
  }

  /**
   * Makes the branch whose rel32 is at offset {@code site} one that can be linked: until then it
   * goes to a stub behind the block, a call followed by the target pc and the site's distance.
   */
  void link(int site, long target) {
    Label stub = out.cold(new LinkStub(out, site, target));
    assert !stub.isBound();
  }

  // No lambdas: code of the quick compiler calls the JVM to make one.

  private record LinkStub(Emission out, int site, long target) implements Emission.ColdPath {
    @Override
    public void emit() {
      Assembler asm = out.asm;
      asm.patchRel32(site, asm.position());
      out.part(CodeMap.Kind.LINK_STUB);
      out.callLinkStub();
      out.part(CodeMap.Kind.DATA);
      int data = asm.position();
      asm.emitLong(target);
      asm.emitInt(data - site);
    }
  }

  private record Poll(Emission out, long pc, boolean executed) implements Emission.ColdPath {
    @Override
    public void emit() {
      if (!executed) {
        out.notExecuted();
      }
      out.stop(ExitReason.POLL, pc);
    }
  }

  /** A stub empties the return stack, or leaves at the function that would be called. */
  private record NoRoom(Emission out, long target, Label room) implements Emission.ColdPath {
    @Override
    public void emit() {
      out.asm.movImm(Gpr.RAX, target);
      out.callStub(out.stubs.noRoom());
      out.asm.jmp(room);
    }
  }

  /**
   * For each entry the value it is for and the host address to go to; an empty one has a value that
   * selects another one.
   */
  private record ChoiceTable(Emission out, IrBlock block, Choice choice, Label table)
      implements Emission.ColdPath {
    static final int VALUE = 0;
    static final int CODE = 8;
    private static final int ENTRY = 16;
    private static final int INT3 = 0xcc;

    @Override
    public void emit() {
      Assembler asm = out.asm;
      out.part(CodeMap.Kind.DATA);
      while (asm.position() % ENTRY != 0) {
        asm.emitByte(INT3);
      }
      asm.bind(table);
      int[] exits = choice.byEntry(block);
      for (int entry = 0; entry < exits.length; entry++) {
        int exit = exits[entry];
        if (exit < 0) {
          asm.emitLong(entry == 0 ? 1L << choice.shift() : 0);
          asm.emitLong(0);
        } else {
          asm.emitLong(block.imm(block.b(exit)));
          out.address(out.region().label((int) block.imm(exit)));
        }
      }
    }
  }

  /** Has a stub look further, and jump. */
  private record SlowJump(Emission out, Gpr target, long stub) implements Emission.ColdPath {
    @Override
    public void emit() {
      out.lookUp(target);
      out.jumpToStub(stub);
    }
  }

  /** A jump out of the page for which a condition holds. */
  private record FarJump(Emission out, long target) implements Emission.ColdPath {
    @Override
    public void emit() {
      out.asm.movImm(Gpr.RAX, target);
      out.asm.mov(8, state(RegisterFile.PC), Gpr.RAX);
      out.jumpToStub(out.stubs.jump());
    }
  }

  /** As {@link SlowCall}, for a target in rax. */
  private record SlowFarCall(Emission out, Label found) implements Emission.ColdPath {
    @Override
    public void emit() {
      out.asm.mov(8, state(RegisterFile.PC), Gpr.RAX);
      out.callStub(out.stubs.find());
      out.asm.mov(8, Gpr.RAX, JUMP_CACHE_CODE);
      out.asm.jmp(found);
    }
  }

  /**
   * Empties the return stack, as there may be no room, and from {@code slow} on has a stub look at
   * the poll flag and for the target; what is found is called in line, where its return is
   * expected.
   */
  private record SlowCall(Emission out, Gpr target, Label slow, Label found)
      implements Emission.ColdPath {
    @Override
    public void emit() {
      out.asm.mov(8, Gpr.RSP, state(RegisterFile.HOST_RSP));
      out.asm.bind(slow);
      out.lookUp(target);
      out.callStub(out.stubs.find());
      out.asm.jmp(found);
    }
  }
}
