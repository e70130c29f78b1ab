package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Instruction;
import java.util.Arrays;

/**
 * Which bits of an encoding are an immediate that is no more than a number in its instruction's
 * host code, or not in there at all (RISC-V ISA manual, "Base Instruction Formats" and "Compressed
 * Instruction Formats").
 */
enum ImmediateForm {
  /** No immediate, or one that code depends on. */
  NONE(0, 0),
  /** Loads, and arithmetic but shifts. */
  I(0xfff0_0000, 0),
  /** Stores. */
  S(0xfe00_0f80, 0),
  /** Numbers of twelve bits alone, but those that have code of their own: {@code li}. */
  LI(0xfff0_0000, 3 << 20),
  /** Numbers added to the pc or alone. */
  U(0xffff_f000, 0),
  /** Branches. */
  B(0xfe00_0f80, 1 << 8),
  /** Jumps. */
  J(0xffff_f000, 1 << 21),
  /** Compressed branches. */
  CB(0x1c7c, 1 << 3),
  /** Compressed jumps. */
  CJ(0x1ffc, 1 << 3);

  private static final int COMPRESSED = 32;

  /** addi and addiw with x0 as rs1. */
  private static final int LI_MASK = 31 << 15 | 0x7077;

  private static final int LI_MATCH = 0x13;

  /** By major opcode, then, for those of 16 bits, by funct3 and quadrant. */
  private static final ImmediateForm[] FORMS = forms();

  /** The bits that do not count. */
  final int mask;

  /** An immediate that is like all others: of jumps, a small distance ahead. */
  private final int ahead;

  ImmediateForm(int mask, int ahead) {
    this.mask = mask;
    this.ahead = ahead;
  }

  private static ImmediateForm[] forms() {
    ImmediateForm[] forms = new ImmediateForm[2 * COMPRESSED];
    Arrays.fill(forms, NONE);
    forms[0x03 >> 2] = I;
    forms[0x07 >> 2] = I;
    forms[0x13 >> 2] = I;
    forms[0x1b >> 2] = I;
    forms[0x17 >> 2] = U;
    forms[0x37 >> 2] = U;
    forms[0x23 >> 2] = S;
    forms[0x27 >> 2] = S;
    forms[0x63 >> 2] = B;
    forms[0x6f >> 2] = J;
    forms[COMPRESSED + compressed(0xa001)] = CJ;
    forms[COMPRESSED + compressed(0xc001)] = CB;
    forms[COMPRESSED + compressed(0xe001)] = CB;
    return forms;
  }

  private static int compressed(int bits) {
    return bits >>> 11 & 0x1c | bits & 3;
  }

  static ImmediateForm of(int bits) {
    if (Instruction.lengthOf(bits) == 2) {
      return FORMS[COMPRESSED + compressed(bits)];
    }
    if ((bits & LI_MASK) == LI_MATCH) {
      return Constants.of(bits >> 20) == Constants.SPECIAL ? NONE : LI;
    }
    ImmediateForm form = FORMS[bits >>> 2 & 31];
    boolean isShift = (bits & 0x3077) == 0x1013; // OP-IMM and OP-IMM-32, funct3 1 and 5.
    return isShift ? NONE : form;
  }

  /** The encoding, if its immediate is not part of the host code, with the one that is like all. */
  int ahead(int bits) {
    return bits & ~mask | ahead;
  }

  /** Whether the immediate is part of the host code. */
  boolean isInCode() {
    return this == I || this == S;
  }

  /** The immediate, if it is part of the host code. */
  int immediate(int bits) {
    return this == I ? bits >> 20 : bits >> 25 << 5 | bits >>> 7 & 31;
  }

  /** The encoding with another immediate of twelve bits. */
  int with(int bits, int immediate) {
    int rest = bits & ~mask;
    return this == I ? rest | immediate << 20 : rest | immediate >> 5 << 25 | (immediate & 31) << 7;
  }
}
