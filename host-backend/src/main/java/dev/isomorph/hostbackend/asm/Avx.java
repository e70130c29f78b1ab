package dev.isomorph.hostbackend.asm;

import static dev.isomorph.hostbackend.asm.Encoder.MAP_0F;
import static dev.isomorph.hostbackend.asm.Encoder.MAP_0F38;
import static dev.isomorph.hostbackend.asm.Encoder.MAP_0F3A;
import static dev.isomorph.hostbackend.asm.Encoder.P66;
import static dev.isomorph.hostbackend.asm.Encoder.PF2;
import static dev.isomorph.hostbackend.asm.Encoder.PF3;
import static dev.isomorph.hostbackend.asm.Encoder.W1;

/**
 * The AVX, FMA, F16C and CLMUL instructions (Intel SDM vol. 2), one row each, grouped by the shape
 * of their operands; {@link Assembler} has one {@code avx} method per shape. All work on 128 bits
 * and clear the rest of the vector register.
 */
public final class Avx {
  private Avx() {}

  /** dst, a, b or memory. Scalar ones take the upper part of dst from a. */
  public enum Binary {
    VADDSS(PF3 | MAP_0F | 0x58),
    VADDSD(PF2 | MAP_0F | 0x58),
    VADDPS(MAP_0F | 0x58),
    VADDPD(P66 | MAP_0F | 0x58),
    VMULSS(PF3 | MAP_0F | 0x59),
    VMULSD(PF2 | MAP_0F | 0x59),
    VMULPS(MAP_0F | 0x59),
    VMULPD(P66 | MAP_0F | 0x59),
    VSUBSS(PF3 | MAP_0F | 0x5c),
    VSUBSD(PF2 | MAP_0F | 0x5c),
    VSUBPS(MAP_0F | 0x5c),
    VSUBPD(P66 | MAP_0F | 0x5c),
    VMINSS(PF3 | MAP_0F | 0x5d),
    VMINSD(PF2 | MAP_0F | 0x5d),
    VMINPS(MAP_0F | 0x5d),
    VMINPD(P66 | MAP_0F | 0x5d),
    VDIVSS(PF3 | MAP_0F | 0x5e),
    VDIVSD(PF2 | MAP_0F | 0x5e),
    VDIVPS(MAP_0F | 0x5e),
    VDIVPD(P66 | MAP_0F | 0x5e),
    VMAXSS(PF3 | MAP_0F | 0x5f),
    VMAXSD(PF2 | MAP_0F | 0x5f),
    VMAXPS(MAP_0F | 0x5f),
    VMAXPD(P66 | MAP_0F | 0x5f),
    VSQRTSS(PF3 | MAP_0F | 0x51),
    VSQRTSD(PF2 | MAP_0F | 0x51),
    VCVTSS2SD(PF3 | MAP_0F | 0x5a),
    VCVTSD2SS(PF2 | MAP_0F | 0x5a),

    VFMADD132SS(P66 | MAP_0F38 | 0x99),
    VFMADD132SD(P66 | MAP_0F38 | 0x99 | W1),
    VFMADD213SS(P66 | MAP_0F38 | 0xa9),
    VFMADD213SD(P66 | MAP_0F38 | 0xa9 | W1),
    VFMADD231SS(P66 | MAP_0F38 | 0xb9),
    VFMADD231SD(P66 | MAP_0F38 | 0xb9 | W1),
    VFMSUB132SS(P66 | MAP_0F38 | 0x9b),
    VFMSUB132SD(P66 | MAP_0F38 | 0x9b | W1),
    VFMSUB213SS(P66 | MAP_0F38 | 0xab),
    VFMSUB213SD(P66 | MAP_0F38 | 0xab | W1),
    VFMSUB231SS(P66 | MAP_0F38 | 0xbb),
    VFMSUB231SD(P66 | MAP_0F38 | 0xbb | W1),
    VFNMADD132SS(P66 | MAP_0F38 | 0x9d),
    VFNMADD132SD(P66 | MAP_0F38 | 0x9d | W1),
    VFNMADD213SS(P66 | MAP_0F38 | 0xad),
    VFNMADD213SD(P66 | MAP_0F38 | 0xad | W1),
    VFNMADD231SS(P66 | MAP_0F38 | 0xbd),
    VFNMADD231SD(P66 | MAP_0F38 | 0xbd | W1),
    VFNMSUB132SS(P66 | MAP_0F38 | 0x9f),
    VFNMSUB132SD(P66 | MAP_0F38 | 0x9f | W1),
    VFNMSUB213SS(P66 | MAP_0F38 | 0xaf),
    VFNMSUB213SD(P66 | MAP_0F38 | 0xaf | W1),
    VFNMSUB231SS(P66 | MAP_0F38 | 0xbf),
    VFNMSUB231SD(P66 | MAP_0F38 | 0xbf | W1),

    VANDPS(MAP_0F | 0x54),
    VANDPD(P66 | MAP_0F | 0x54),
    VANDNPS(MAP_0F | 0x55),
    VANDNPD(P66 | MAP_0F | 0x55),
    VORPS(MAP_0F | 0x56),
    VORPD(P66 | MAP_0F | 0x56),
    VXORPS(MAP_0F | 0x57),
    VXORPD(P66 | MAP_0F | 0x57),
    VUNPCKLPS(MAP_0F | 0x14),
    VUNPCKLPD(P66 | MAP_0F | 0x14),

    VPAND(P66 | MAP_0F | 0xdb),
    VPANDN(P66 | MAP_0F | 0xdf),
    VPOR(P66 | MAP_0F | 0xeb),
    VPXOR(P66 | MAP_0F | 0xef),
    VPADDD(P66 | MAP_0F | 0xfe),
    VPADDQ(P66 | MAP_0F | 0xd4),
    VPSUBD(P66 | MAP_0F | 0xfa),
    VPSUBQ(P66 | MAP_0F | 0xfb),
    VPCMPEQB(P66 | MAP_0F | 0x74),
    VPCMPEQD(P66 | MAP_0F | 0x76),
    VPCMPEQQ(P66 | MAP_0F38 | 0x29),
    VPCMPGTD(P66 | MAP_0F | 0x66),
    VPCMPGTQ(P66 | MAP_0F38 | 0x37),
    VPSHUFB(P66 | MAP_0F38 | 0x00),
    VPUNPCKLDQ(P66 | MAP_0F | 0x62),
    VPUNPCKLQDQ(P66 | MAP_0F | 0x6c),
    VPUNPCKHQDQ(P66 | MAP_0F | 0x6d);

    final int word;

    Binary(int word) {
      this.word = word;
    }
  }

  /** dst, a, b or memory, immediate. */
  public enum BinaryImm {
    VROUNDSS(P66 | MAP_0F3A | 0x0a),
    VROUNDSD(P66 | MAP_0F3A | 0x0b),
    VBLENDPS(P66 | MAP_0F3A | 0x0c),
    VBLENDPD(P66 | MAP_0F3A | 0x0d),
    VPBLENDW(P66 | MAP_0F3A | 0x0e),
    VPALIGNR(P66 | MAP_0F3A | 0x0f),
    VINSERTPS(P66 | MAP_0F3A | 0x21),
    VPCLMULQDQ(P66 | MAP_0F3A | 0x44),
    VCMPSS(PF3 | MAP_0F | 0xc2),
    VCMPSD(PF2 | MAP_0F | 0xc2),
    VCMPPS(MAP_0F | 0xc2),
    VCMPPD(P66 | MAP_0F | 0xc2),
    VSHUFPS(MAP_0F | 0xc6),
    VSHUFPD(P66 | MAP_0F | 0xc6);

    final int word;

    BinaryImm(int word) {
      this.word = word;
    }
  }

  /** dst, a, b or memory, mask: where the sign bit of a mask element is set b is taken, else a. */
  public enum Blend {
    VBLENDVPS(P66 | MAP_0F3A | 0x4a),
    VBLENDVPD(P66 | MAP_0F3A | 0x4b),
    VPBLENDVB(P66 | MAP_0F3A | 0x4c);

    final int word;

    Blend(int word) {
      this.word = word;
    }
  }

  /** dst, source or memory; the comparing ones set the flags from both and change neither. */
  public enum Unary {
    VUCOMISS(MAP_0F | 0x2e),
    VUCOMISD(P66 | MAP_0F | 0x2e),
    VCOMISS(MAP_0F | 0x2f),
    VCOMISD(P66 | MAP_0F | 0x2f),
    VPTEST(P66 | MAP_0F38 | 0x17),
    VSQRTPS(MAP_0F | 0x51),
    VSQRTPD(P66 | MAP_0F | 0x51),
    VCVTPH2PS(P66 | MAP_0F38 | 0x13),
    VMOVDDUP(PF2 | MAP_0F | 0x12);

    final int word;

    Unary(int word) {
      this.word = word;
    }
  }

  /** dst, source or memory, immediate. */
  public enum UnaryImm {
    VPSHUFD(P66 | MAP_0F | 0x70),
    VROUNDPS(P66 | MAP_0F3A | 0x08),
    VROUNDPD(P66 | MAP_0F3A | 0x09);

    final int word;

    UnaryImm(int word) {
      this.word = word;
    }
  }

  /** dst, source register, count: bits per element, or bytes of the whole (…DQ). */
  public enum ShiftImm {
    VPSRLD(P66 | MAP_0F | 0x72, 2),
    VPSRAD(P66 | MAP_0F | 0x72, 4),
    VPSLLD(P66 | MAP_0F | 0x72, 6),
    VPSRLQ(P66 | MAP_0F | 0x73, 2),
    VPSRLDQ(P66 | MAP_0F | 0x73, 3),
    VPSLLQ(P66 | MAP_0F | 0x73, 6),
    VPSLLDQ(P66 | MAP_0F | 0x73, 7);

    final int word;

    /** The operation field in ModRM.reg. */
    final int extension;

    ShiftImm(int word, int extension) {
      this.word = word;
      this.extension = extension;
    }
  }

  /** Moves of a whole register: between registers, load, store. The A ones fault when unaligned. */
  public enum Move {
    VMOVUPS(MAP_0F | 0x10, MAP_0F | 0x11),
    VMOVUPD(P66 | MAP_0F | 0x10, P66 | MAP_0F | 0x11),
    VMOVAPS(MAP_0F | 0x28, MAP_0F | 0x29),
    VMOVAPD(P66 | MAP_0F | 0x28, P66 | MAP_0F | 0x29),
    VMOVDQA(P66 | MAP_0F | 0x6f, P66 | MAP_0F | 0x7f),
    VMOVDQU(PF3 | MAP_0F | 0x6f, PF3 | MAP_0F | 0x7f);

    final int load;
    final int store;

    Move(int load, int store) {
      this.load = load;
      this.store = store;
    }
  }

  /** Integer to scalar float: dst, upper part, source of 4 or 8 bytes. */
  public enum FromInteger {
    VCVTSI2SS(PF3 | MAP_0F | 0x2a),
    VCVTSI2SD(PF2 | MAP_0F | 0x2a);

    final int word;

    FromInteger(int word) {
      this.word = word;
    }
  }

  /** Scalar float to integer of 4 or 8 bytes, rounding as MXCSR says or (VCVTT…) towards zero. */
  public enum ToInteger {
    VCVTTSS2SI(PF3 | MAP_0F | 0x2c),
    VCVTTSD2SI(PF2 | MAP_0F | 0x2c),
    VCVTSS2SI(PF3 | MAP_0F | 0x2d),
    VCVTSD2SI(PF2 | MAP_0F | 0x2d);

    final int word;

    ToInteger(int word) {
      this.word = word;
    }
  }
}
