package dev.isomorph.hostbackend.asm;

/** Branches, calls, stack, atomics, fences and the odd ones. */
abstract class ControlInstructions extends BitInstructions {
  private static final int JMP_SHORT = 0xeb;
  private static final int JMP_NEAR = 0xe9;
  private static final int CALL_NEAR = 0xe8;
  private static final int JCC_SHORT = 0x70;
  private static final int JCC_NEAR = MAP_0F | 0x80;
  private static final int SHORT_LENGTH = 2;
  private static final int NEAR_JMP_LENGTH = 5;
  private static final int NEAR_JCC_LENGTH = 6;

  /** Jumps: in two bytes backwards when in range, else in five. */
  public final void jmp(Label target) {
    if (reachesShort(target)) {
      jmpShort(target);
    } else {
      jmpNear(target);
    }
  }

  /** Jumps in two bytes; that the target is in range is checked when it is known. */
  public final void jmpShort(Label target) {
    if (isFollowed()) {
      jmpNear(target);
      padAsShort(NEAR_JMP_LENGTH);
      return;
    }
    emitByte(JMP_SHORT);
    emitRel8(target);
  }

  /** Jumps in five bytes. */
  public final void jmpNear(Label target) {
    instruction();
    emitByte(JMP_NEAR);
    emitRel32(target, 0);
    branched();
  }

  /** Branches: in two bytes backwards when in range, else in six. */
  public final void jcc(Cond cond, Label target) {
    if (reachesShort(target)) {
      jccShort(cond, target);
    } else {
      jccNear(cond, target);
    }
  }

  /** Branches in two bytes; that the target is in range is checked when it is known. */
  public final void jccShort(Cond cond, Label target) {
    if (isFollowed()) {
      jccNear(cond, target);
      padAsShort(NEAR_JCC_LENGTH);
      return;
    }
    emitByte(JCC_SHORT | cond.code());
    emitRel8(target);
  }

  /** Branches in six bytes. */
  public final void jccNear(Cond cond, Label target) {
    op(4, JCC_NEAR | cond.code());
    emitRel32(target, 0);
    branched();
  }

  public final void call(Label target) {
    instruction();
    emitByte(CALL_NEAR);
    emitRel32(target, 0);
    branched();
  }

  private boolean reachesShort(Label target) {
    if (!target.isBound()) {
      return false;
    }
    int distance = target.position() - (position() + SHORT_LENGTH);
    return fitsByte(distance + insertedSince(target.position()));
  }

  /**
   * Behind a near branch that stands for a short one, since its target has moved away: pads so that
   * the code that follows is as well aligned as it would be.
   */
  private void padAsShort(int length) {
    untold(() -> nop(PATCH_LINE + SHORT_LENGTH - length));
    inserted(PATCH_LINE);
  }

  /** Jumps to an offset from the start of the code, which may lie outside of it. */
  public final void jmpTo(long offset) {
    instruction();
    emitByte(JMP_NEAR);
    emitInt((int) (offset - (position() + 4)));
    branched();
  }

  /** Branches to an offset from the start of the code, which may lie outside of it. */
  public final void jccTo(Cond cond, long offset) {
    op(4, JCC_NEAR | cond.code());
    emitInt((int) (offset - (position() + 4)));
    branched();
  }

  /** Calls an offset from the start of the code, which may lie outside of it. */
  public final void callTo(long offset) {
    instruction();
    emitByte(CALL_NEAR);
    emitInt((int) (offset - (position() + 4)));
    branched();
  }

  /** As {@link #callTo}, without telling the listener. */
  public final void callToUntold(long offset) {
    emitByte(CALL_NEAR);
    emitInt((int) (offset - (position() + 4)));
  }

  // Branches by displacement, counted from the end of the instruction. All return the offset of
  // the displacement field, for patch() and patchRel32().

  /** Jumps by a displacement. */
  public final int jmpRel32(int displacement) {
    instruction();
    emitByte(JMP_NEAR);
    return displacement(displacement);
  }

  /** Calls by a displacement. */
  public final int callRel32(int displacement) {
    instruction();
    emitByte(CALL_NEAR);
    return displacement(displacement);
  }

  /** Branches by a displacement. */
  public final int jccRel32(Cond cond, int displacement) {
    op(4, JCC_NEAR | cond.code());
    return displacement(displacement);
  }

  /**
   * A jump to the next instruction whose displacement lies within a patch line, so that it can be
   * stored atomically while it runs; nops before it pad where that is needed.
   */
  public final int jmpRel32Whole() {
    keepWhole(1);
    return jmpRel32(0);
  }

  /** A call like {@link #jmpRel32Whole}. */
  public final int callRel32Whole() {
    keepWhole(1);
    return callRel32(0);
  }

  /** A branch like {@link #jmpRel32Whole}. */
  public final int jccRel32Whole(Cond cond) {
    keepWhole(2);
    return jccRel32(cond, 0);
  }

  private int displacement(int displacement) {
    int offset = position();
    emitInt(displacement);
    branched();
    return offset;
  }

  // Indirect branches and the stack, always with 8-byte operands.

  public final void call(Gpr target) {
    op(4, 0xff, 2, target);
    branched();
  }

  public final void call(Mem target) {
    op(4, 0xff, 2, target, 0);
    branched();
  }

  public final void jmp(Gpr target) {
    op(4, 0xff, 4, target);
    branched();
  }

  public final void jmp(Mem target) {
    op(4, 0xff, 4, target, 0);
    branched();
  }

  public final void ret() {
    instruction();
    emitByte(0xc3);
    branched();
  }

  /** Returns and pops that many more bytes, 0 to 65535. */
  public final void ret(int bytes) {
    instruction();
    emitByte(0xc2);
    emitShort(bytes);
    branched();
  }

  public final void push(Gpr src) {
    opPlusRegister(4, 0x50, src);
  }

  public final void push(Mem src) {
    op(4, 0xff, 6, src, 0);
  }

  /** Pushes the immediate sign-extended to 8 bytes. */
  public final void push(int imm) {
    instruction();
    if (fitsByte(imm)) {
      emitByte(0x6a);
      emitByte(imm);
    } else {
      emitByte(0x68);
      emitInt(imm);
    }
  }

  public final void pop(Gpr dst) {
    opPlusRegister(4, 0x58, dst);
  }

  public final void pop(Mem dst) {
    op(4, 0x8f, 0, dst, 0);
  }

  // Atomics and fences.

  /** Makes the next instruction, one that reads and writes memory, atomic. */
  public final void lock() {
    emitPrefix(0xf0);
  }

  /** memory += src, and src = the old memory. */
  public final void xadd(int size, Mem dst, Gpr src) {
    op(size, byteOrWider(MAP_0F | 0xc0, size), src, dst);
  }

  /** If memory == rax then memory = src, else rax = memory; the zero flag tells which. */
  public final void cmpxchg(int size, Mem dst, Gpr src) {
    op(size, byteOrWider(MAP_0F | 0xb0, size), src, dst);
  }

  /** cmpxchg of 8 bytes: compares with edx:eax, stores ecx:ebx. */
  public final void cmpxchg8b(Mem dst) {
    op(4, MAP_0F | 0xc7, 1, dst, 0);
  }

  /** cmpxchg of 16 aligned bytes: compares with rdx:rax, stores rcx:rbx. */
  public final void cmpxchg16b(Mem dst) {
    op(8, MAP_0F | 0xc7, 1, dst, 0);
  }

  public final void lfence() {
    op(4, MAP_0F | 0xae);
    emitByte(0xe8);
  }

  public final void mfence() {
    op(4, MAP_0F | 0xae);
    emitByte(0xf0);
  }

  public final void sfence() {
    op(4, MAP_0F | 0xae);
    emitByte(0xf8);
  }

  // The rest.

  public final void pause() {
    op(4, PF3 | 0x90);
  }

  public final void nop() {
    nop(1);
  }

  public final void int3() {
    instruction();
    emitByte(0xcc);
  }

  public final void ud2() {
    op(4, MAP_0F | 0x0b);
  }

  public final void syscall() {
    op(4, MAP_0F | 0x05);
  }

  public final void cpuid() {
    op(4, MAP_0F | 0xa2);
  }

  public final void rdtsc() {
    op(4, MAP_0F | 0x31);
  }

  public final void ldmxcsr(Mem src) {
    op(4, MAP_0F | 0xae, 2, src, 0);
  }

  public final void stmxcsr(Mem dst) {
    op(4, MAP_0F | 0xae, 3, dst, 0);
  }
}
