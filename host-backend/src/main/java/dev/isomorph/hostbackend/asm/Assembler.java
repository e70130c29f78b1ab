package dev.isomorph.hostbackend.asm;

/**
 * Writes x86-64 machine code: one method per mnemonic, or per family with the member as first
 * argument. Operand order is Intel's, destination first. Operand sizes are in bytes. One assembler
 * serves many pieces of code, with {@link #reset} between them; it is not thread-safe.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 */
public final class Assembler extends ControlInstructions {
  private static final int VMOVSS_LOAD = PF3 | MAP_0F | 0x10;
  private static final int VMOVSS_STORE = PF3 | MAP_0F | 0x11;
  private static final int VMOVSD_LOAD = PF2 | MAP_0F | 0x10;
  private static final int VMOVSD_STORE = PF2 | MAP_0F | 0x11;
  private static final int VMOVQ_LOAD = PF3 | MAP_0F | 0x7e;
  private static final int VMOVQ_STORE = P66 | MAP_0F | 0xd6;
  private static final int VMOVD_FROM_GPR = P66 | MAP_0F | 0x6e;
  private static final int VMOVD_TO_GPR = P66 | MAP_0F | 0x7e;
  private static final int VPINSRD = P66 | MAP_0F3A | 0x22;
  private static final int VPEXTRD = P66 | MAP_0F3A | 0x16;
  private static final int VCVTPS2PH = P66 | MAP_0F3A | 0x1d;

  public void avx(Avx.Binary op, Xmm dst, Xmm a, Xmm b) {
    vex(op.word, dst.code(), a.code(), b.code());
  }

  public void avx(Avx.Binary op, Xmm dst, Xmm a, Mem b) {
    vex(op.word, dst.code(), a.code(), b, 0);
  }

  public void avx(Avx.BinaryImm op, Xmm dst, Xmm a, Xmm b, int imm) {
    vex(op.word, dst.code(), a.code(), b.code());
    emitByte(imm);
  }

  public void avx(Avx.BinaryImm op, Xmm dst, Xmm a, Mem b, int imm) {
    vex(op.word, dst.code(), a.code(), b, 1);
    emitByte(imm);
  }

  public void avx(Avx.Blend op, Xmm dst, Xmm a, Xmm b, Xmm mask) {
    vex(op.word, dst.code(), a.code(), b.code());
    emitByte(mask.code() << 4);
  }

  public void avx(Avx.Blend op, Xmm dst, Xmm a, Mem b, Xmm mask) {
    vex(op.word, dst.code(), a.code(), b, 1);
    emitByte(mask.code() << 4);
  }

  public void avx(Avx.Unary op, Xmm dst, Xmm src) {
    vex(op.word, dst.code(), NO_VVVV, src.code());
  }

  public void avx(Avx.Unary op, Xmm dst, Mem src) {
    vex(op.word, dst.code(), NO_VVVV, src, 0);
  }

  public void avx(Avx.UnaryImm op, Xmm dst, Xmm src, int imm) {
    vex(op.word, dst.code(), NO_VVVV, src.code());
    emitByte(imm);
  }

  public void avx(Avx.UnaryImm op, Xmm dst, Mem src, int imm) {
    vex(op.word, dst.code(), NO_VVVV, src, 1);
    emitByte(imm);
  }

  public void avx(Avx.ShiftImm op, Xmm dst, Xmm src, int count) {
    vex(op.word, op.extension, dst.code(), src.code());
    emitByte(count);
  }

  public void avx(Avx.Move op, Xmm dst, Xmm src) {
    moveWhole(op.load, op.store, dst, src);
  }

  public void avx(Avx.Move op, Xmm dst, Mem src) {
    vex(op.load, dst.code(), NO_VVVV, src, 0);
  }

  public void avx(Avx.Move op, Mem dst, Xmm src) {
    vex(op.store, src.code(), NO_VVVV, dst, 0);
  }

  /** Converts {@code size} bytes of src; the upper part of dst comes from {@code upper}. */
  public void avx(Avx.FromInteger op, int size, Xmm dst, Xmm upper, Gpr src) {
    vex(wide(size, op.word), dst.code(), upper.code(), src.code());
  }

  /** Converts {@code size} bytes of memory; the upper part of dst comes from {@code upper}. */
  public void avx(Avx.FromInteger op, int size, Xmm dst, Xmm upper, Mem src) {
    vex(wide(size, op.word), dst.code(), upper.code(), src, 0);
  }

  /** Converts to an integer of {@code size} bytes. */
  public void avx(Avx.ToInteger op, int size, Gpr dst, Xmm src) {
    vex(wide(size, op.word), dst.code(), NO_VVVV, src.code());
  }

  /** Converts to an integer of {@code size} bytes. */
  public void avx(Avx.ToInteger op, int size, Gpr dst, Mem src) {
    vex(wide(size, op.word), dst.code(), NO_VVVV, src, 0);
  }

  // Scalar moves. Loads and moves from general registers clear the rest of the vector register.

  /** Low 4 bytes of dst from low, the rest of its 16 from upper. */
  public void vmovss(Xmm dst, Xmm upper, Xmm low) {
    mergeLow(VMOVSS_LOAD, VMOVSS_STORE, dst, upper, low);
  }

  public void vmovss(Xmm dst, Mem src) {
    vex(VMOVSS_LOAD, dst.code(), NO_VVVV, src, 0);
  }

  public void vmovss(Mem dst, Xmm src) {
    vex(VMOVSS_STORE, src.code(), NO_VVVV, dst, 0);
  }

  /** Low 8 bytes of dst from low, the rest of its 16 from upper. */
  public void vmovsd(Xmm dst, Xmm upper, Xmm low) {
    mergeLow(VMOVSD_LOAD, VMOVSD_STORE, dst, upper, low);
  }

  public void vmovsd(Xmm dst, Mem src) {
    vex(VMOVSD_LOAD, dst.code(), NO_VVVV, src, 0);
  }

  public void vmovsd(Mem dst, Xmm src) {
    vex(VMOVSD_STORE, src.code(), NO_VVVV, dst, 0);
  }

  public void vmovd(Xmm dst, Gpr src) {
    vex(VMOVD_FROM_GPR, dst.code(), NO_VVVV, src.code());
  }

  public void vmovd(Gpr dst, Xmm src) {
    vex(VMOVD_TO_GPR, src.code(), NO_VVVV, dst.code());
  }

  public void vmovd(Xmm dst, Mem src) {
    vex(VMOVD_FROM_GPR, dst.code(), NO_VVVV, src, 0);
  }

  public void vmovd(Mem dst, Xmm src) {
    vex(VMOVD_TO_GPR, src.code(), NO_VVVV, dst, 0);
  }

  public void vmovq(Xmm dst, Gpr src) {
    vex(VMOVD_FROM_GPR | W1, dst.code(), NO_VVVV, src.code());
  }

  public void vmovq(Gpr dst, Xmm src) {
    vex(VMOVD_TO_GPR | W1, src.code(), NO_VVVV, dst.code());
  }

  /** Low 8 bytes of dst from src, the rest cleared. */
  public void vmovq(Xmm dst, Xmm src) {
    moveWhole(VMOVQ_LOAD, VMOVQ_STORE, dst, src);
  }

  public void vmovq(Xmm dst, Mem src) {
    vex(VMOVQ_LOAD, dst.code(), NO_VVVV, src, 0);
  }

  public void vmovq(Mem dst, Xmm src) {
    vex(VMOVQ_STORE, src.code(), NO_VVVV, dst, 0);
  }

  // Elements.

  /** dst = a with its 4-byte element {@code lane} replaced. */
  public void vpinsrd(Xmm dst, Xmm a, Gpr src, int lane) {
    vex(VPINSRD, dst.code(), a.code(), src.code());
    emitByte(lane);
  }

  public void vpinsrd(Xmm dst, Xmm a, Mem src, int lane) {
    vex(VPINSRD, dst.code(), a.code(), src, 1);
    emitByte(lane);
  }

  /** dst = a with its 8-byte element {@code lane} replaced. */
  public void vpinsrq(Xmm dst, Xmm a, Gpr src, int lane) {
    vex(VPINSRD | W1, dst.code(), a.code(), src.code());
    emitByte(lane);
  }

  public void vpinsrq(Xmm dst, Xmm a, Mem src, int lane) {
    vex(VPINSRD | W1, dst.code(), a.code(), src, 1);
    emitByte(lane);
  }

  public void vpextrd(Gpr dst, Xmm src, int lane) {
    vex(VPEXTRD, src.code(), NO_VVVV, dst.code());
    emitByte(lane);
  }

  public void vpextrd(Mem dst, Xmm src, int lane) {
    vex(VPEXTRD, src.code(), NO_VVVV, dst, 1);
    emitByte(lane);
  }

  public void vpextrq(Gpr dst, Xmm src, int lane) {
    vex(VPEXTRD | W1, src.code(), NO_VVVV, dst.code());
    emitByte(lane);
  }

  public void vpextrq(Mem dst, Xmm src, int lane) {
    vex(VPEXTRD | W1, src.code(), NO_VVVV, dst, 1);
    emitByte(lane);
  }

  /** Four floats to halves; bit 2 of {@code rounding} takes MXCSR's mode, else bits 0–1 are it. */
  public void vcvtps2ph(Xmm dst, Xmm src, int rounding) {
    vex(VCVTPS2PH, src.code(), NO_VVVV, dst.code());
    emitByte(rounding);
  }

  public void vcvtps2ph(Mem dst, Xmm src, int rounding) {
    vex(VCVTPS2PH, src.code(), NO_VVVV, dst, 1);
    emitByte(rounding);
  }

  // State.

  public void vldmxcsr(Mem src) {
    vex(MAP_0F | 0xae, 2, NO_VVVV, src, 0);
  }

  public void vstmxcsr(Mem dst) {
    vex(MAP_0F | 0xae, 3, NO_VVVV, dst, 0);
  }

  /** Clears the upper halves of all vector registers, ending the penalty for mixing in old SSE. */
  public void vzeroupper() {
    instruction();
    emitByte(0xc5);
    emitByte(0xf8);
    emitByte(0x77);
  }

  /** Uses the store opcode where that moves the high register to ModRM.reg, a byte shorter. */
  private void moveWhole(int load, int store, Xmm dst, Xmm src) {
    mergeLow(load, store, dst, Xmm.of(NO_VVVV), src);
  }

  private void mergeLow(int load, int store, Xmm dst, Xmm upper, Xmm low) {
    if (low.code() >= 8 && dst.code() < 8) {
      vex(store, low.code(), upper.code(), dst.code());
    } else {
      vex(load, dst.code(), upper.code(), low.code());
    }
  }
}
