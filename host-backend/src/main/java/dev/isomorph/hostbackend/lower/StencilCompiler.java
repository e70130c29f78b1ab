package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;

/**
 * The first tier, for code that is perhaps executed a few times: blocks put together from the code
 * of single instructions. An instruction is compiled by {@link BlockCompiler}, as a block of its
 * own, when its encoding is met for the first time; from then on its code is copied. Guest state is
 * in its homes between any two instructions, so what is correct alone is correct in a row.
 *
 * <p>Such a block counts how often it is entered, and leaves with {@link ExitReason#OFTEN} once in
 * a while, for it is to be translated well.
 */
public final class StencilCompiler implements AutoCloseable {
  /** Counters of entries in a hart's state, each an int. Blocks may share one. */
  public static final int COUNTERS = 1 << 15;

  /**
   * Entries after which a block leaves for once. To translate it well takes as long as a few
   * thousand runs of it take longer otherwise.
   */
  public static final int OFTEN = 1 << 11;

  /** Makes a counter overflow, to zero, when it has been added {@link #OFTEN} times. */
  private static final int STEP = (int) ((1L << 32) / OFTEN);

  private static final int MAX_FOLLOWED_JUMPS = 2;
  private static final long NOTHING = -1;
  private static final Cond[] CONDITIONS = Cond.values();

  private record Often(Emission out, long pc) implements Emission.ColdPath {
    @Override
    public void emit() {
      out.stop(ExitReason.OFTEN, pc);
    }
  }

  private final BlockCompiler compiler;
  private final Emission out;
  private final Assembler asm;
  private final Stencils stencils;
  private final boolean isPrepared;
  private final StencilMaker maker;
  private final Lifter lifter = new Lifter(LiftMode.TRANSLATE);
  private final IrBlock single = new IrBlock();
  private int blocks;

  /** A compiler of code that may be used beside that of another one, for a process. */
  public StencilCompiler(BlockCompiler beside) {
    Stubs stubs = beside.emission().stubs;
    CpuFeatures cpu = beside.emission().cpu;
    compiler = new BlockCompiler(stubs, Addressing.WINDOW, cpu, null);
    out = compiler.emission();
    asm = out.asm;
    Stencils known = StencilFile.open(cpu);
    isPrepared = known != null;
    stencils = isPrepared ? known : new Stencils();
    maker = new StencilMaker(stubs, cpu, stencils);
  }

  /** Whether the code of common instructions was there before. */
  public boolean isPrepared() {
    return isPrepared;
  }

  /** What holds the code until the next call. */
  public BlockCompiler result() {
    return compiler;
  }

  /**
   * Compiles the code at guest address {@code pc} for host address {@code origin}, as {@link
   * BlockCompiler#compile} does.
   *
   * @param source an empty block, which gets the list of instructions
   * @return false if the first instruction cannot be fetched
   */
  public boolean compile(CodeSource code, long pc, long origin, IrBlock source) {
    out.start(origin, null);
    countEntry(pc);
    long next = pc;
    int followed = 0;
    int count = 0;
    while (count < BlockLifter.DEFAULT_LIMIT) {
      long fetched = encoding(code, next);
      int bits = (int) fetched;
      if (fetched == NOTHING || count > 0 && mayEndBefore(code, next)) {
        break;
      }
      int length = Instruction.lengthOf(bits);
      source.beginInstruction(next, bits, length);
      if (ThreeRegisters.isTwoSteps(bits) && copyTwoSteps(bits)) {
        next += length;
        count++;
        continue;
      }
      int stencil = maker.stencilOf(ThreeRegisters.inOrder(bits));
      Stencils.Kind kind = stencils.kind(stencil);
      if (kind == Stencils.Kind.JUMP) {
        long target = next + immediate(bits);
        if (followed == MAX_FOLLOWED_JUMPS || target <= next) {
          return ends(next, target);
        }
        followed++;
        next = target;
      } else if (kind == Stencils.Kind.BRANCH) {
        long target = next + immediate(bits);
        if (target <= next) {
          compiler.pollBefore(next);
        }
        copy(stencil);
        compiler.branch(CONDITIONS[stencils.detail(stencil)], target);
        next += length;
        if (target < next) {
          break;
        }
      } else if (kind == Stencils.Kind.CALL) {
        call(bits, next);
        out.finish();
        return true;
      } else if (kind == Stencils.Kind.CONSTANT && copyConstant(bits, next)) {
        next += length;
      } else if (!kind.isCode()) {
        if (compileHere(bits, next, count)) {
          out.finish();
          return true;
        }
        next += length;
        if (endsLoop(next)) {
          break;
        }
      } else {
        copy(stencil, kind, bits, count);
        if (kind == Stencils.Kind.RETURN) {
          out.finish();
          return true;
        }
        next += length;
      }
      count++;
    }
    if (source.instructionCount() == 0) {
      return false;
    }
    return ends(source.pc(source.instructionCount() - 1), next);
  }

  /** Ends the block by a jump. */
  private boolean ends(long pc, long target) {
    compiler.jump(pc, target);
    out.finish();
    return true;
  }

  private static boolean mayEndBefore(CodeSource code, long pc) {
    return code.isBoundary(pc) || code.isTranslated(pc);
  }

  private void countEntry(long pc) {
    int counter = RegisterFile.counter(0) + Integer.BYTES * (blocks++ & COUNTERS - 1);
    asm.add(4, Emission.state(counter), STEP);
    asm.jcc(Cond.B, out.cold(new Often(out, pc)));
  }

  /** The encoding at an address, zero-extended, or {@link #NOTHING}: all ones is one as well. */
  private static long encoding(CodeSource code, long pc) {
    int lower = code.parcel(pc);
    if (lower < 0 || Instruction.lengthOf(lower) == 2) {
      return lower;
    }
    int upper = code.parcel(pc + 2);
    return upper < 0 ? NOTHING : (long) upper << 16 | lower;
  }

  private static long immediate(int bits) {
    return Decoder.decode(bits).imm();
  }

  private void copy(int stencil, Stencils.Kind kind, int bits, int number) {
    if (kind == Stencils.Kind.MEMORY) {
      out.firstInstruction(number);
      out.faultPoint(0);
    }
    int start = asm.position();
    copy(stencil);
    int hole = stencils.detail(stencil);
    if (hole != Stencils.NO_HOLE) {
      fill(start, hole, ImmediateForm.of(bits).immediate(bits));
    }
  }

  private void copy(int stencil) {
    asm.emit(stencils.code(stencil), stencils.length(stencil));
  }

  /** Copies the code of a move and of the rest, if there is any. */
  private boolean copyTwoSteps(int bits) {
    int second = ThreeRegisters.onItself(bits);
    if (stencils.kind(maker.stencilOf(second)) != Stencils.Kind.PLAIN) {
      return false;
    }
    copy(maker.stencilOf(ThreeRegisters.move(bits)));
    // To find the first may have made all others be forgotten.
    copy(maker.stencilOf(second));
    return true;
  }

  private void fill(int start, int hole, long number) {
    asm.patch(start + Stencils.offset(hole), number, Stencils.width(hole));
  }

  /** The code of a lui or auipc, if there is a stencil for its number. */
  private boolean copyConstant(int bits, long pc) {
    Instruction instruction = Decoder.decode(bits);
    long base = instruction.opcode() == Opcode.AUIPC ? pc : 0;
    return copyNumber(instruction.rd(), base + instruction.imm());
  }

  private boolean copyNumber(int register, long value) {
    int stencil = maker.stencilOfConstant(register, value);
    int hole = stencils.detail(stencil);
    if (hole == Stencils.NO_HOLE) {
      return false;
    }
    int start = asm.position();
    copy(stencil);
    fill(start, hole, value);
    return true;
  }

  private void call(int bits, long pc) {
    Instruction instruction = Decoder.decode(bits);
    long returnPc = pc + instruction.length();
    if (!copyNumber(instruction.rd(), returnPc)) {
      compileHere(bits, pc, 0);
      return;
    }
    compiler.call(pc + instruction.imm(), returnPc);
  }

  /** Compiles an instruction where it is; returns whether it ended the block. */
  private boolean compileHere(int bits, long pc, int number) {
    single.clear();
    boolean ended = lifter.lift(Decoder.decode(bits), pc, single);
    out.firstInstruction(number);
    compiler.lower(single);
    return ended;
  }

  /** Whether the instruction compiled last may jump back. */
  private boolean endsLoop(long next) {
    int last = single.size() - 1;
    return last >= 0 && single.op(last).isSideExit() && single.imm(last) < next;
  }

  @Override
  public void close() {
    stencils.close();
  }
}
