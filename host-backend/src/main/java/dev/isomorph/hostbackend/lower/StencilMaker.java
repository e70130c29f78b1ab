package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
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
  private static final int[] SAMPLES_OF_A_BYTE = {0x35, -0x2b, 0x4a};

  private static final int[] SAMPLES_OF_MORE = {0x5a5, -0x333, 0x2c6};

  /** Set in the keys of classes, whose two lowest bits are no 32-bit encoding's. */
  private static final int CLASS = 1 << 31;

  /** The key of what jumps to itself: it has to poll. */
  private static final int TO_ITSELF = CLASS;

  private static final int OF_A_BYTE = 1;
  private static final int OF_MORE = 2;

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
    if (form.isToItself(bits)) {
      return exactly(TO_ITSELF, bits);
    }
    if (!form.isInCode()) {
      return exactly(bits & ~form.mask, bits);
    }
    int immediate = form.immediate(bits);
    // 0, 1 and -1 have code of their own.
    if (immediate + 1 >>> 1 <= 1) {
      return exactly(bits, bits);
    }
    boolean isByte = immediate == (byte) immediate;
    int key = bits & ~form.mask & ~3 | CLASS | (isByte ? OF_A_BYTE : OF_MORE);
    int stencil = stencils.find(key);
    if (stencil == Stencils.NONE) {
      stencil = makeClass(key, bits, form, isByte ? SAMPLES_OF_A_BYTE : SAMPLES_OF_MORE);
    }
    return stencils.kind(stencil) == Stencils.Kind.NO_CLASS ? exactly(bits, bits) : stencil;
  }

  private int exactly(int key, int bits) {
    int stencil = stencils.find(key);
    return stencil == Stencils.NONE ? make(key, bits) : stencil;
  }

  /** Code with a hole, if there is such code for all of a class of immediates. */
  private int makeClass(int key, int bits, ImmediateForm form, int[] samples) {
    byte[][] codes = new byte[samples.length][];
    Stencils.Kind kind = Stencils.Kind.NO_CLASS;
    for (int i = 0; i < samples.length; i++) {
      kind = compile(form.with(bits, samples[i]));
      if (kind != Stencils.Kind.PLAIN && kind != Stencils.Kind.MEMORY) {
        return stencils.add(key, Stencils.Kind.NO_CLASS, 0, NO_CODE, 0);
      }
      codes[i] = compiler.emission().asm.code();
    }
    int width = samples == SAMPLES_OF_A_BYTE ? 1 : Integer.BYTES;
    int hole = Arrays.mismatch(codes[0], codes[1]);
    for (int i = 0; i < samples.length; i++) {
      if (!isHole(codes[i], hole, width, samples[i], codes[0])) {
        return stencils.add(key, Stencils.Kind.NO_CLASS, 0, NO_CODE, 0);
      }
    }
    return stencils.add(key, kind, Stencils.hole(hole, width), codes[0], codes[0].length);
  }

  /** Whether code has the number at an offset, and otherwise is like another one. */
  private static boolean isHole(byte[] code, int at, int width, int number, byte[] like) {
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

  private int make(int key, int bits) {
    Stencils.Kind kind = compile(bits);
    int length = compiler.codeLength();
    if (kind == Stencils.Kind.BRANCH) {
      byte[] code = compiler.code();
      int body = length - JCC_BYTES;
      return stencils.add(key, kind, code[body + 1] & 0xf, code, body);
    }
    return kind == Stencils.Kind.PLAIN || kind == Stencils.Kind.MEMORY
        ? stencils.add(key, kind, Stencils.NO_HOLE, compiler.code(), length)
        : stencils.add(key, kind, 0, NO_CODE, 0);
  }

  /** Compiles an instruction alone, and tells what its code is good for. */
  private Stencils.Kind compile(int bits) {
    Instruction instruction = Decoder.decode(bits);
    if (instruction.opcode() == Opcode.JAL && instruction.rd() == 0 && instruction.imm() > 0) {
      return Stencils.Kind.JUMP;
    }
    single.clear();
    if (instruction.opcode() == Opcode.AUIPC || lifter.lift(instruction, 0, single)) {
      return Stencils.Kind.UNIQUE;
    }
    IrBlock block = optimizer.optimise(single);
    int last = block.size() - 1;
    boolean isBranch = last >= 0 && block.op(last).isSideExit();
    // Branches back poll; one that is never or always taken is not worth the trouble.
    if (isBranch && block.imm(last) <= 0
        || last >= 0 && !isBranch && block.op(last).effect() == IrOp.Effect.EXIT) {
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
    return accessesMemory(block) ? Stencils.Kind.MEMORY : Stencils.Kind.PLAIN;
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
