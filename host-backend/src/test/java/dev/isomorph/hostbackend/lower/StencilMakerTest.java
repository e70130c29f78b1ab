package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;
import dev.isomorph.translator.opt.Optimizer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  private byte[] filled(int stencil, long immediate) {
    byte[] code = new byte[stencils.length(stencil)];
    HostMemory.copyOut(stencils.code(stencil), code, 0, code.length);
    int hole = stencils.detail(stencil);
    for (int i = 0; hole != Stencils.NO_HOLE && i < Stencils.width(hole); i++) {
      code[Stencils.offset(hole) + i] = (byte) (immediate >> 8 * i);
    }
    return code;
  }

  private byte[] compiled(int encoding) {
    return compiled(encoding, 0);
  }

  private byte[] compiled(int encoding, long pc) {
    single.clear();
    lifter.lift(Decoder.decode(encoding), pc, single);
    alone.emission().start(0, null);
    alone.lower(optimizer.optimise(single));
    return Arrays.copyOf(alone.code(), alone.codeLength());
  }

  /** Of any encodings, and all of the major opcode of indirect jumps' registers. */
  @Test
  void whatIsCopiedDependsOnNoAddress() {
    int copied = 0;
    for (int i = 0; i < 60_000; i++) {
      int encoding = i < 4096 ? 0x67 | (i & 31) << 7 | i >> 5 << 15 : i * 0x9e37_79b9 | 3;
      if (stencils.kind(maker.stencilOf(encoding)).isCode()) {
        copied++;
        assertArrayEquals(
            compiled(encoding), compiled(encoding, 0x1234_5678), Integer.toHexString(encoding));
      }
    }
    assertTrue(copied > 1000);
  }

  @Test
  void immediatesOfOtherFormsAreOfNoAccount() {
    for (int encoding = 0; encoding < 1 << 16; encoding++) {
      Instruction instruction = Decoder.decode(encoding);
      if (instruction.length() != 2) {
        continue;
      }
      Stencils.Kind kind = stencils.kind(maker.stencilOf(encoding));
      switch (instruction.encodedAs()) {
        case C_J -> assertEquals(Stencils.Kind.JUMP, kind);
        case C_BEQZ, C_BNEZ -> assertEquals(Stencils.Kind.BRANCH, kind);
        default -> {
          assertNotEquals(Stencils.Kind.BRANCH, kind);
          assertNotEquals(Stencils.Kind.JUMP, kind);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00000517, CONSTANT", // auipc a0, 0
    "fffff537, CONSTANT", // lui a0, 0xfffff
    "000000ef, CALL", // jal ra, 0
    "008002ef, CALL", // jal t0, 8
    "008001ef, UNIQUE", // jal gp, 8
    "0000006f, JUMP", // j 0
    "0080006f, JUMP", // j 8
    "00008067, RETURN", // ret
    "00050067, UNIQUE", // jr a0
    "00028567, UNIQUE", // jalr a0, t0
    "000500e7, UNIQUE", // jalr a0
    "00000073, UNIQUE", // ecall
    "00050063, BRANCH", // beqz a0, 0
    "fe050ee3, BRANCH", // beqz a0, -4
    "00050463, BRANCH", // beqz a0, 8
    "00000063, UNIQUE", // beq zero, zero, 0
    "00000463, UNIQUE", // beq zero, zero, 8
    "02a5c533, UNIQUE", // div a0, a1, a0
    "02a5f53b, UNIQUE", // remuw a0, a1, a0
    "02a5a533, PLAIN", // mulhsu a0, a1, a0
    "02a58533, PLAIN", // mul a0, a1, a0
    "1005252f, UNIQUE", // lr.w a0, (a0)
    "00b5352f, UNIQUE", // amoadd.d a0, a1, (a0)
    "03f00513, CONSTANT", // li a0, 63
    "fd50051b, CONSTANT", // addiw a0, zero, -43
    "00100513, PLAIN", // li a0, 1
    "fff00513, PLAIN", // li a0, -1
    "00000013, PLAIN", // nop
    "03f00013, PLAIN", // the same
    "03f50513, PLAIN", // addi a0, a0, 63
    "03f07513, PLAIN", // andi a0, zero, 63
  })
  void whatDependsOnItsPlaceIsMadeThere(String encoding, Stencils.Kind kind) {
    assertEquals(kind, stencils.kind(maker.stencilOf(Integer.parseUnsignedInt(encoding, 16))));
  }

  /** Numbers around those at which other code is shorter. */
  @Test
  void holesHoldAnyConstant() {
    for (int register : REGISTERS) {
      for (int shift = 0; shift < Long.SIZE; shift++) {
        for (int near = -3; near <= 3; near++) {
          for (long value : new long[] {(1L << shift) + near, -(1L << shift) + near}) {
            int stencil = maker.stencilOfConstant(register, value);
            boolean isKept = stencils.detail(stencil) != Stencils.NO_HOLE;
            assertTrue(isKept || value >= -1 && value <= 2);
            if (isKept) {
              // What auipc gives at such an address.
              assertArrayEquals(compiled(register << 7 | 0x17, value), filled(stencil, value));
            }
          }
        }
      }
    }
  }

  /** More encodings than there is room for: the first come back as they were. */
  @Test
  void forgetsWhenFull() {
    int add = 0x0073_0333; // add t1, t1, t2
    byte[] before = filled(maker.stencilOf(add), 0);
    for (int i = 1; i <= Stencils.MOST; i++) {
      // Different keys, by the immediate of csrrw.
      maker.stencilOf(i << 12 | 0x7b);
    }
    assertArrayEquals(before, filled(maker.stencilOf(add), 0));
  }
}
