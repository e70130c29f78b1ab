package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;
import dev.isomorph.translator.opt.Optimizer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept for a class of instructions is, for each of them, what it is compiled to alone. */
class StencilMakerTest {
  /** One in a host register, one in memory. */
  private static final int[] REGISTERS = {10, 28};

  private static final int BYTE_MASK = 0xff;

  private final Stubs stubs = new Stubs(0x7000_0000_0000L);
  private final Stencils stencils = new Stencils();
  private final StencilMaker maker = new StencilMaker(stubs, CpuFeatures.ALL, stencils);
  private final BlockCompiler alone = new BlockCompiler(stubs);
  private final Lifter lifter = new Lifter(LiftMode.TRANSLATE);
  private final Optimizer optimizer = new Optimizer();
  private final IrBlock single = new IrBlock();

  /** All of the major opcodes whose immediates are numbers in host code, by funct3. */
  @ParameterizedTest
  @ValueSource(ints = {0x03, 0x07, 0x13, 0x1b, 0x23, 0x27})
  void holesHoldAnyImmediate(int major) {
    int holes = 0;
    for (int funct3 = 0; funct3 < 8; funct3++) {
      for (int rd : REGISTERS) {
        for (int rs1 : REGISTERS) {
          int bits = major | rd << 7 | funct3 << 12 | rs1 << 15 | rd << 20;
          if (ImmediateForm.of(bits).isInCode()) {
            holes += compareAll(bits);
          }
        }
      }
    }
    assertTrue(holes > 0);
  }

  private int compareAll(int bits) {
    ImmediateForm form = ImmediateForm.of(bits);
    int holes = 0;
    for (int immediate = -2048; immediate < 2048; immediate++) {
      int encoding = form.with(bits, immediate);
      assertEquals(immediate, form.immediate(encoding));
      int stencil = maker.stencilOf(encoding);
      Stencils.Kind kind = stencils.kind(stencil);
      if (kind == Stencils.Kind.UNIQUE) {
        continue;
      }
      byte[] kept = filled(stencil, immediate);
      holes += stencils.detail(stencil) == Stencils.NO_HOLE ? 0 : 1;
      // zext.b has shorter code of its own.
      boolean isShorter =
          Decoder.decode(encoding).opcode() == Opcode.ANDI && immediate == BYTE_MASK;
      if (!isShorter) {
        assertArrayEquals(compiled(encoding), kept, Integer.toHexString(encoding));
      }
    }
    return holes;
  }

  private byte[] filled(int stencil, int immediate) {
    int start = stencils.start(stencil);
    byte[] code = Arrays.copyOfRange(stencils.code(), start, start + stencils.length(stencil));
    int hole = stencils.detail(stencil);
    for (int i = 0; hole != Stencils.NO_HOLE && i < Stencils.width(hole); i++) {
      code[Stencils.offset(hole) + i] = (byte) (immediate >> 8 * i);
    }
    return code;
  }

  private byte[] compiled(int encoding) {
    single.clear();
    lifter.lift(Decoder.decode(encoding), 0, single);
    alone.emission().start(0, null);
    alone.lower(optimizer.optimise(single));
    return Arrays.copyOf(alone.code(), alone.codeLength());
  }

  @Test
  void immediatesOfOtherFormsAreOfNoAccountAsLongAsTheyAreAhead() {
    for (int encoding = 0; encoding < 1 << 16; encoding++) {
      Instruction instruction = Decoder.decode(encoding);
      if (instruction.length() != 2) {
        continue;
      }
      Stencils.Kind kind = stencils.kind(maker.stencilOf(encoding));
      switch (instruction.encodedAs()) {
        case C_J, C_BEQZ, C_BNEZ -> {
          boolean isJump = instruction.encodedAs() == Opcode.C_J;
          Stencils.Kind ahead = isJump ? Stencils.Kind.JUMP : Stencils.Kind.BRANCH;
          assertEquals(instruction.imm() > 0 ? ahead : Stencils.Kind.UNIQUE, kind);
        }
        default -> {
          assertNotEquals(Stencils.Kind.BRANCH, kind);
          assertNotEquals(Stencils.Kind.JUMP, kind);
        }
      }
    }
  }

  @Test
  void whatDependsOnItsPlaceIsUnique() {
    for (int encoding :
        new int[] {
          0x0000_0517, // auipc a0, 0
          0x0000_00ef, // jal ra, 0
          0x0080_00ef, // jal ra, 8
          0x0000_006f, // j 0
          0x0000_8067, // ret
          0x0000_0073, // ecall
          0x0005_0063, // beqz a0, 0
          0xfe05_0ee3, // beqz a0, -4
          0x0000_0063, // beq zero, zero, 0
          0x0000_0463, // beq zero, zero, 8
        }) {
      assertEquals(
          Stencils.Kind.UNIQUE,
          stencils.kind(maker.stencilOf(encoding)),
          Integer.toHexString(encoding));
    }
    assertEquals(Stencils.Kind.BRANCH, stencils.kind(maker.stencilOf(0x0005_0463)));
    assertEquals(Stencils.Kind.JUMP, stencils.kind(maker.stencilOf(0x0080_006f)));
  }

  /** More encodings than there is room for: the first come back as they were. */
  @Test
  void forgetsWhenFull() {
    int add = 0x0073_0333; // add t1, t1, t2
    byte[] before = filled(maker.stencilOf(add), 0);
    for (int i = 1; i <= 1 << 17; i++) {
      // Different keys, 32 of each register, by lui's immediate.
      maker.stencilOf(i << 12 | 0x537);
    }
    assertArrayEquals(before, filled(maker.stencilOf(add), 0));
  }
}
