package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;
import dev.isomorph.translator.opt.Optimizer;
import java.util.Arrays;

/** Makes {@link Stencils}: compiles single instructions and looks at what comes of it. */
final class StencilMaker {
  /** A branch with a displacement of 32 bits. */
  private static final int JCC_BYTES = 6;

  private static final byte[] NO_CODE = {};

  /** Immediates of one class: if code differs in nothing but them, it is so for the others. */
  private static final long[] SAMPLES_OF_A_BYTE = {0x35, -0x2b, 0x4a};

  private static final long[] SAMPLES_OF_MORE = {0x5a5, -0x333, 0x2c6};

  /** Set in the keys of classes, whose two lowest bits are no 32-bit encoding's. */
  private static final int CLASS = 1 << 31;

  private static final int OF_A_BYTE = 1;
  private static final int OF_MORE = 2;

  /** The registers of return addresses, as of the manual's calling convention. */
  private static final int RA = 1;

  private static final int ALTERNATE_LINK = 5;

  private final BlockCompiler compiler;
  private final Stencils stencils;
  private final Lifter lifter = new Lifter(LiftMode.TRANSLATE);
  private final Optimizer optimizer = new Optimizer();
  private final IrBlock single = new IrBlock();

  StencilMaker(Stubs stubs, CpuFeatures cpu, Stencils stencils) {
    compiler = new BlockCompiler(stubs, Addressing.WINDOW, cpu, null);
    this.stencils = stencils;
  }

  /** The number of the stencil of an encoding, which is made if there is none. */
  int stencilOf(int bits) {
    ImmediateForm form = ImmediateForm.of(bits);
    if (!form.isInCode()) {
      return exactly(form.ahead(bits));
    }
    int immediate = form.immediate(bits);
    // 0, 1 and -1 have code of their own.
    if (immediate + 1 >>> 1 <= 1) {
      return exactly(bits);
    }
    boolean isByte = immediate == (byte) immediate;
    int key = bits & ~form.mask & ~3 | CLASS | (isByte ? OF_A_BYTE : OF_MORE);
    int stencil = stencils.find(key);
    if (stencil == Stencils.NONE) {
      stencil = makeClass(key, bits, form, isByte ? SAMPLES_OF_A_BYTE : SAMPLES_OF_MORE);
    }
    return stencils.kind(stencil) == Stencils.Kind.NO_CLASS ? exactly(bits) : stencil;
  }

  private int exactly(int bits) {
    int stencil = stencils.find(bits);
    return stencil == Stencils.NONE ? make(bits) : stencil;
  }

  /**
   * The number of the stencil of what writes a constant to an integer register; it has a hole for
   * it unless it is {@link Stencils.Kind#NO_CLASS}.
   */
  int stencilOfConstant(int register, long value) {
    Constants constants = Constants.of(value);
    int key = CLASS | constants.ordinal() << 8 | register << 2;
    int stencil = stencils.find(key);
    if (stencil != Stencils.NONE) {
      return stencil;
    }
    byte[][] codes = new byte[constants.samples.length][];
    for (int i = 0; i < codes.length; i++) {
      single.clear();
      single.beginInstruction(0, 0, Integer.BYTES);
      int sample = single.constant(constants.samples[i]);
      single.emit(IrOp.PUT, sample, (long) StateSlot.x(register));
      compiler.emission().start(0, null);
      compiler.lower(single);
      codes[i] = compiler.emission().asm.code();
    }
    return addClass(key, Stencils.Kind.PLAIN, constants.samples, constants.width, codes);
  }

  /** Code with a hole, if there is such code for all of a class of immediates. */
  private int makeClass(int key, int bits, ImmediateForm form, long[] samples) {
    byte[][] codes = new byte[samples.length][];
    Stencils.Kind kind = Stencils.Kind.NO_CLASS;
    for (int i = 0; i < samples.length; i++) {
      kind = compile(form.with(bits, (int) samples[i]));
      if (kind != Stencils.Kind.PLAIN && kind != Stencils.Kind.MEMORY) {
        return stencils.add(key, Stencils.Kind.NO_CLASS, 0, NO_CODE, 0);
      }
      codes[i] = compiler.emission().asm.code();
    }
    int width = samples == SAMPLES_OF_A_BYTE ? 1 : Integer.BYTES;
    return addClass(key, kind, samples, width, codes);
  }

  private int addClass(int key, Stencils.Kind kind, long[] samples, int width, byte[][] codes) {
    int hole = Arrays.mismatch(codes[0], codes[1]);
    for (int i = 0; i < samples.length; i++) {
      if (!isHole(codes[i], hole, width, samples[i], codes[0])) {
        return stencils.add(key, Stencils.Kind.NO_CLASS, 0, NO_CODE, 0);
      }
    }
    return stencils.add(key, kind, Stencils.hole(hole, width), codes[0], codes[0].length);
  }

  /** Whether code has the number at an offset, and otherwise is like another one. */
  private static boolean isHole(byte[] code, int at, int width, long number, byte[] like) {
    if (at < 0 || at + width > code.length || code.length != like.length) {
      return false;
    }
    for (int i = 0; i < width; i++) {
      if (code[at + i] != (byte) (number >> 8 * i)) {
        return false;
      }
    }
    return Arrays.equals(code, 0, at, like, 0, at)
        && Arrays.equals(code, at + width, code.length, like, at + width, like.length);
  }

  private int make(int key) {
    Stencils.Kind kind = compile(key);
    int length = compiler.codeLength();
    if (kind == Stencils.Kind.BRANCH) {
      byte[] code = compiler.code();
      int body = length - JCC_BYTES;
      return stencils.add(key, kind, code[body + 1] & 0xf, code, body);
    }
    return kind.isCode()
        ? stencils.add(key, kind, Stencils.NO_HOLE, compiler.code(), length)
        : stencils.add(key, kind, 0, NO_CODE, 0);
  }

  /** Compiles an instruction alone, and tells what its code is good for. */
  private Stencils.Kind compile(int bits) {
    Instruction instruction = Decoder.decode(bits);
    Stencils.Kind direct = direct(instruction);
    if (direct != null) {
      return direct;
    }
    single.clear();
    boolean isReturn = lifter.lift(instruction, 0, single);
    // One that writes a register writes where it is.
    if (isReturn && (single.op(single.size() - 1) != IrOp.RETURN || instruction.rd() != 0)) {
      return Stencils.Kind.UNIQUE;
    }
    IrBlock block = optimizer.optimise(single);
    int last = block.size() - 1;
    boolean isBranch = last >= 0 && block.op(last).isSideExit();
    // A branch that is never or always taken is not worth the trouble.
    if (last >= 0 && !isBranch && !isReturn && block.op(last).effect() == IrOp.Effect.EXIT) {
      return Stencils.Kind.UNIQUE;
    }
    Emission made = compiler.emission();
    made.start(0, null);
    compiler.lower(block);
    if (made.refersToStubs() || made.coldPaths() != (isBranch ? 1 : 0)) {
      return Stencils.Kind.UNIQUE;
    }
    if (isBranch) {
      return Stencils.Kind.BRANCH;
    }
    if (isReturn) {
      return Stencils.Kind.RETURN;
    }
    return accessesMemory(block) ? Stencils.Kind.MEMORY : Stencils.Kind.PLAIN;
  }

  /**
   * What an instruction is whose code depends on where it is in a known way, or has parts out of
   * line; null for others. To compile it to see that takes as long as ten others take.
   */
  private static Stencils.Kind direct(Instruction instruction) {
    if (ImmediateForm.of(instruction.bits()) == ImmediateForm.LI
        || instruction.opcode() == Opcode.AUIPC
        || instruction.opcode() == Opcode.LUI) {
      return instruction.rd() == 0 ? null : Stencils.Kind.CONSTANT;
    }
    if (instruction.opcode().extension() == Extension.A || isDivision(instruction.bits())) {
      return Stencils.Kind.UNIQUE;
    }
    if (instruction.opcode() == Opcode.JAL) {
      return switch (instruction.rd()) {
        case 0 -> Stencils.Kind.JUMP;
        case RA, ALTERNATE_LINK -> Stencils.Kind.CALL;
        default -> null;
      };
    }
    return null;
  }

  /** DIV to REMU and DIVW to REMUW (ISA manual, "M" Extension, RV64M). */
  private static boolean isDivision(int bits) {
    return (bits & 0xfe00_4077) == 0x0200_4033;
  }

  private static boolean accessesMemory(IrBlock block) {
    for (int id = 0; id < block.size(); id++) {
      if (block.op(id).accessesMemory()) {
        return true;
      }
    }
    return false;
  }
}
