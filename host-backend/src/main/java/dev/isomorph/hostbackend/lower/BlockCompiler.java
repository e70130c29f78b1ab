package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.asm.AluOp;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.hostbackend.lower.FloatLowering.Sign;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.ValueType;
import java.util.Collection;

/** The block tier: turns one IR block into host code, in a single pass over its operations. */
public final class BlockCompiler {
  // Predicates of vcmpsd: ordered and quiet, or signalling for quiet NaNs too.
  private static final int EQ_QUIET = 0x00;
  private static final int LT_SIGNAL = 0x01;
  private static final int LE_SIGNAL = 0x02;
  private static final int LT_QUIET = 0x11;
  private static final int LE_QUIET = 0x12;

  private final Emission out;
  private final BlockAnalysis analysis = new BlockAnalysis();
  private final GuestOperands operands;
  private final PageStreamCode streams;
  private final ZoneStreamCode zones;
  private final LoadOperands loads;
  private final IntegerLowering integer;
  private final ProductLowering product;
  private final DivisionLowering division;
  private final MemoryLowering memory;
  private final AtomicLowering atomic;
  private final FloatLowering floats;
  private final MinMaxLowering minMax;
  private final ClassLowering classes;
  private final ConversionLowering conversion;
  private final ToIntegerLowering toInteger;
  private final ExitLowering exit;
  private final FloatBranchLowering floatBranches;

  /** A compiler of code that leaves through the given stubs. */
  public BlockCompiler(Stubs stubs) {
    this(stubs, Addressing.WINDOW, CpuFeatures.ALL, null, null);
  }

  /**
   * As {@link #BlockCompiler(Stubs)}.
   *
   * @param addressing how the code reaches guest memory
   * @param cpu what the code may use; all, if nothing is said
   * @param counts where the code counts its executions, or null
   */
  public BlockCompiler(
      Stubs stubs, Addressing addressing, CpuFeatures cpu, ExecutionCounts counts) {
    this(stubs, addressing, cpu, counts, null);
  }

  /**
   * As {@link #BlockCompiler(Stubs)}.
   *
   * @param codeMap is told what the code is for
   */
  public BlockCompiler(Stubs stubs, CpuFeatures cpu, CodeMap codeMap) {
    this(stubs, Addressing.WINDOW, cpu, null, codeMap);
  }

  private BlockCompiler(
      Stubs stubs,
      Addressing addressing,
      CpuFeatures cpu,
      ExecutionCounts counts,
      CodeMap codeMap) {
    StretchCounter counter = counts == null ? null : new StretchCounter(counts);
    out = new Emission(stubs, addressing, cpu, counter, codeMap);
    operands = GuestOperands.of(addressing, out);
    streams = new PageStreamCode(out);
    zones = new ZoneStreamCode(out);
    loads = new LoadOperands(out, operands);
    integer = new IntegerLowering(out, loads);
    product = new ProductLowering(out, loads);
    division = new DivisionLowering(out);
    memory = new MemoryLowering(out, integer, operands);
    atomic = new AtomicLowering(out, operands);
    floats = new FloatLowering(out, loads);
    minMax = new MinMaxLowering(out);
    classes = new ClassLowering(out);
    conversion = new ConversionLowering(out, floats);
    toInteger = new ToIntegerLowering(out);
    exit = new ExitLowering(out, integer);
    floatBranches = new FloatBranchLowering(out);
  }

  /**
   * Compiles a block for host address {@code origin}, which must be a multiple of 16. The code is
   * in {@link #code()} until the next call.
   */
  public void compile(IrBlock block, long origin) {
    out.start(origin, null);
    out.entry(block.startPc());
    lower(block);
    out.finish();
  }

  /** A jump from {@code pc}, in a process. */
  void jump(long pc, long target) {
    exit.jump(null, pc, target);
  }

  /** A call of a known function, in a process. */
  void call(long target, long returnPc) {
    exit.call(null, target, returnPc);
  }

  /** What comes before a branch back at {@code pc}. */
  void pollBefore(long pc) {
    exit.pollBefore(pc);
  }

  /** A branch by the flags. */
  void branch(Cond condition, long target) {
    exit.link(out.asm.jccRel32Whole(condition), target);
  }

  /** What a region is emitted by. */
  Emission emission() {
    return out;
  }

  /**
   * Emits what direct jumps come to that lead to code in several pages: they come from the first
   * one, but only the jump cache knows whether the others are still what they were.
   */
  void gate(long pc) {
    exit.farJump(pc);
  }

  /** Lowers a block, or a node of a region. */
  void lower(IrBlock block) {
    analysis.analyse(block, out.map());
    out.begin(block, analysis);
    operands.begin();
    loads.begin();
    integer.forgetFlags();
    int faultingInstruction = -1;
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      if (isUnused(op, id)) {
        continue;
      }
      out.executed(block.instructionOf(id) + 1);
      out.partOf(block.instructionOf(id));
      if (op.accessesMemory() && block.instructionOf(id) != faultingInstruction) {
        faultingInstruction = block.instructionOf(id);
        out.faultPoint(faultingInstruction);
      }
      out.regs.begin(id);
      if (op.effect() == IrOp.Effect.MEMORY_READ && loads.leave(id, analysis)) {
        continue;
      }
      int missed = loads.missedBy(id);
      if (missed != IrBlock.NONE) {
        lower(block, missed, block.op(missed));
        out.regs.unlock();
      }
      lower(block, id, op);
    }
  }

  /** The code's buffer, {@link #codeLength()} bytes of it. */
  public byte[] code() {
    return out.asm.buffer();
  }

  /** Where in the code it is entered, but by direct jumps: these go to its start. */
  public int entry() {
    return out.entry();
  }

  /** Length of the code in bytes. */
  public int codeLength() {
    return out.asm.position();
  }

  /**
   * Pairs (code offset, number of guest instruction), ascending: which guest instruction a host pc
   * at a fault belongs to.
   */
  public int[] faultMap() {
    return out.faultMap();
  }

  /**
   * Offsets of the rel32 of jumps and calls to the stubs. Nothing else in the code of a block
   * depends on where it lies.
   */
  public int[] stubReferences() {
    return out.stubReferences();
  }

  /** Offsets of the data of jumps that can be linked, which begins with the guest pc they go to. */
  public int[] links() {
    return out.links();
  }

  private boolean isUnused(IrOp op, int id) {
    return op.type() != ValueType.NONE
        && op.effect() == IrOp.Effect.PURE
        && (analysis.lastUse(id) < 0 || analysis.isFused(id) || analysis.isJoined(id));
  }

  private void lower(IrBlock block, int id, IrOp op) {
    switch (op) {
      // The quick compiler tests the cases one after the other: frequent ones first.
      case CONST -> {}
      case GET, GETF -> out.regs.read(id, (int) block.imm(id));
      case PUT, PUTF -> put((int) block.imm(id), block.a(id));
      case LD64 -> memory.load(id, 8, false);
      case ST64 -> memory.store(id, 8);
      case ADD -> add(block, id);
      case EXIT_EQ, EXIT_NE, EXIT_LT, EXIT_GE, EXIT_LTU, EXIT_GEU -> sideExit(block, id);
      case SEXT32 -> integer.extend(id, 4, true);
      case LD32S -> memory.load(id, 4, true);
      case ST32 -> memory.store(id, 4);
      case ADD32 -> integer.add(id, 4);
      case JUMP -> exit.jump(id);
      case CALL -> exit.call(id);
      case RETURN -> exit.ret(id);
      case SUB -> integer.sub(id, 8);
      case SUB32 -> integer.sub(id, 4);
      case AND -> integer.commutative(AluOp.AND, id);
      case OR -> integer.commutative(AluOp.OR, id);
      case XOR -> integer.commutative(AluOp.XOR, id);
      case SHL -> integer.shift(ShiftOp.SHL, id, 8);
      case SHR -> integer.shift(ShiftOp.SHR, id, 8);
      case SAR -> integer.shift(ShiftOp.SAR, id, 8);
      case SHL32 -> integer.shift(ShiftOp.SHL, id, 4);
      case SHR32 -> integer.shift(ShiftOp.SHR, id, 4);
      case SAR32 -> integer.shift(ShiftOp.SAR, id, 4);
      case ROL -> integer.rotate(ShiftOp.ROL, id, 8);
      case ROR -> integer.rotate(ShiftOp.ROR, id, 8);
      case ROL32 -> integer.rotate(ShiftOp.ROL, id, 4);
      case ROR32 -> integer.rotate(ShiftOp.ROR, id, 4);
      case MUL -> product.low(id, 8);
      case MUL32 -> product.low(id, 4);
      case MULH -> product.highSigned(id);
      case MULHU -> product.highUnsigned(id);
      case MULHSU -> product.highSignedUnsigned(id);
      case DIV -> division.divide(id, 8, true, false);
      case DIVU -> division.divide(id, 8, false, false);
      case REM -> division.divide(id, 8, true, true);
      case REMU -> division.divide(id, 8, false, true);
      case DIV32 -> division.divide(id, 4, true, false);
      case DIVU32 -> division.divide(id, 4, false, false);
      case REM32 -> division.divide(id, 4, true, true);
      case REMU32 -> division.divide(id, 4, false, true);
      case SEXT8 -> integer.extend(id, 1, true);
      case SEXT16 -> integer.extend(id, 2, true);
      case ZEXT8 -> integer.extend(id, 1, false);
      case ZEXT16 -> integer.extend(id, 2, false);
      case ZEXT32 -> integer.extend(id, 4, false);
      case RESIGN32 -> integer.resign(id);
      case CLZ, CLZ32, CTZ, CTZ32, CPOP, CPOP32 -> integer.count(op, id);
      case BSWAP -> integer.byteSwap(id);
      case ORCB -> integer.orCombine(id);
      case CLMUL, CLMULH, CLMULR -> integer.carrylessMultiply(op, id);
      case CMPEQ, CMPNE, CMPLT, CMPGE, CMPLTU, CMPGEU ->
          integer.compareToBit(id, IntegerLowering.condition(op));
      case SELECT -> integer.select(id, analysis.isFused(block.a(id)));
      case LD8S -> memory.load(id, 1, true);
      case LD8U -> memory.load(id, 1, false);
      case LD16S -> memory.load(id, 2, true);
      case LD16U -> memory.load(id, 2, false);
      case LD32U -> memory.load(id, 4, false);
      case ST8 -> memory.store(id, 1);
      case ST16 -> memory.store(id, 2);
      case LDF_S -> memory.loadFloat(id, 4);
      case LDF_D -> memory.loadFloat(id, 8);
      case STF_S -> memory.storeFloat(id, 4);
      case STF_D -> memory.storeFloat(id, 8);
      case PROBE -> memory.probe(id);
      case LR32 -> atomic.loadReserved(id, 4);
      case LR64 -> atomic.loadReserved(id, 8);
      case SC32 -> atomic.storeConditional(id, 4);
      case SC64 -> atomic.storeConditional(id, 8);
      case AMO32 -> atomic.modify(id, 4);
      case AMO64 -> atomic.modify(id, 8);
      case FENCE -> memory.fence(id);
      case GUARD -> exit.guard(id);
      case COUNTER -> exit.counter(id);
      case ZERO_BLOCK -> memory.zeroBlock(id);
      case JUMP_INDIRECT -> exit.jumpIndirect(id);
      case SWITCH -> exit.switchContext(id);
      case CALL_INDIRECT -> exit.callIndirect(id);
      case TRAP -> exit.trap(id);
      default -> lowerFloat(id, op);
    }
  }

  /** A region is entered that has these streams; rax is free. */
  void claim(Collection<PageStream> found) {
    streams.claim(found);
  }

  private void put(int slot, int value) {
    if (RegionSlots.isStart(slot)) {
      int stream = RegionSlots.started(slot);
      if (PageStream.way(stream) == PageStream.Way.STEADY) {
        zones.start(stream, value);
      } else {
        streams.start(stream, value);
      }
    } else {
      out.regs.write(slot, value);
    }
  }

  private void sideExit(IrBlock block, int id) {
    if (block.op(block.a(id)).comparesFloats() && analysis.isFused(block.a(id))) {
      floatBranches.branch(id, out.region().label((int) block.imm(id)));
      integer.forgetFlags();
    } else {
      exit.sideExit(id);
    }
  }

  private void add(IrBlock block, int id) {
    if (analysis.isFused(block.a(id))) {
      integer.addScaled(id, block.a(id), block.b(id));
    } else if (analysis.isFused(block.b(id))) {
      integer.addScaled(id, block.b(id), block.a(id));
    } else {
      integer.add(id, 8);
    }
  }

  private void lowerFloat(int id, IrOp op) {
    if (analysis.isFused(id)) {
      return;
    }
    switch (op) {
      case FADD_S -> floats.arithmetic(Avx.Binary.VADDSS, id);
      case FADD_D -> floats.arithmetic(Avx.Binary.VADDSD, id);
      case FSUB_S -> floats.arithmetic(Avx.Binary.VSUBSS, id);
      case FSUB_D -> floats.arithmetic(Avx.Binary.VSUBSD, id);
      case FMUL_S -> floats.arithmetic(Avx.Binary.VMULSS, id);
      case FMUL_D -> floats.arithmetic(Avx.Binary.VMULSD, id);
      case FDIV_S -> floats.arithmetic(Avx.Binary.VDIVSS, id);
      case FDIV_D -> floats.arithmetic(Avx.Binary.VDIVSD, id);
      case FSQRT_S -> floats.squareRoot(Avx.Binary.VSQRTSS, id);
      case FSQRT_D -> floats.squareRoot(Avx.Binary.VSQRTSD, id);
      case FMADD_S -> floats.multiplyAdd(id, Precision.SINGLE, Avx.Binary.VFMADD231SS);
      case FMADD_D -> floats.multiplyAdd(id, Precision.DOUBLE, Avx.Binary.VFMADD231SD);
      case FMSUB_S -> floats.multiplyAdd(id, Precision.SINGLE, Avx.Binary.VFMSUB231SS);
      case FMSUB_D -> floats.multiplyAdd(id, Precision.DOUBLE, Avx.Binary.VFMSUB231SD);
      case FNMSUB_S -> floats.multiplyAdd(id, Precision.SINGLE, Avx.Binary.VFNMADD231SS);
      case FNMSUB_D -> floats.multiplyAdd(id, Precision.DOUBLE, Avx.Binary.VFNMADD231SD);
      case FNMADD_S -> floats.multiplyAdd(id, Precision.SINGLE, Avx.Binary.VFNMSUB231SS);
      case FNMADD_D -> floats.multiplyAdd(id, Precision.DOUBLE, Avx.Binary.VFNMSUB231SD);
      case FMIN_S -> minMax.minMaxNumber(id, Precision.SINGLE, Avx.Binary.VMINSS, Avx.Binary.VORPS);
      case FMINM_S -> minMax.minMax(id, Precision.SINGLE, Avx.Binary.VMINSS, Avx.Binary.VORPS);
      case FMIN_D -> minMax.minMaxNumber(id, Precision.DOUBLE, Avx.Binary.VMINSD, Avx.Binary.VORPD);
      case FMINM_D -> minMax.minMax(id, Precision.DOUBLE, Avx.Binary.VMINSD, Avx.Binary.VORPD);
      case FMAX_S ->
          minMax.minMaxNumber(id, Precision.SINGLE, Avx.Binary.VMAXSS, Avx.Binary.VANDPS);
      case FMAXM_S -> minMax.minMax(id, Precision.SINGLE, Avx.Binary.VMAXSS, Avx.Binary.VANDPS);
      case FMAX_D ->
          minMax.minMaxNumber(id, Precision.DOUBLE, Avx.Binary.VMAXSD, Avx.Binary.VANDPD);
      case FMAXM_D -> minMax.minMax(id, Precision.DOUBLE, Avx.Binary.VMAXSD, Avx.Binary.VANDPD);
      case FROUND_S -> toInteger.toIntegral(id, Precision.SINGLE, false);
      case FROUND_D -> toInteger.toIntegral(id, Precision.DOUBLE, false);
      case FROUNDNX_S -> toInteger.toIntegral(id, Precision.SINGLE, true);
      case FROUNDNX_D -> toInteger.toIntegral(id, Precision.DOUBLE, true);
      case CANON_S -> floats.canonicalize(id, Precision.SINGLE);
      case CANON_D -> floats.canonicalize(id, Precision.DOUBLE);
      case UNBOX_S -> floats.unbox(id);
      case BOX_S -> floats.box(id);
      case FSGNJ_S -> floats.injectSign(id, Sign.COPY, FloatConstants.SIGN_S, FloatConstants.ABS_S);
      case FSGNJ_D -> floats.injectSign(id, Sign.COPY, FloatConstants.SIGN_D, FloatConstants.ABS_D);
      case FSGNJN_S ->
          floats.injectSign(id, Sign.NEGATE, FloatConstants.SIGN_S, FloatConstants.ABS_S);
      case FSGNJN_D ->
          floats.injectSign(id, Sign.NEGATE, FloatConstants.SIGN_D, FloatConstants.ABS_D);
      case FSGNJX_S -> floats.injectSign(id, Sign.XOR, FloatConstants.SIGN_S, FloatConstants.ABS_S);
      case FSGNJX_D -> floats.injectSign(id, Sign.XOR, FloatConstants.SIGN_D, FloatConstants.ABS_D);
      case FEQ_S -> floats.compare(id, Avx.BinaryImm.VCMPSS, EQ_QUIET);
      case FEQ_D -> floats.compare(id, Avx.BinaryImm.VCMPSD, EQ_QUIET);
      case FLT_S -> floats.compare(id, Avx.BinaryImm.VCMPSS, LT_SIGNAL);
      case FLT_D -> floats.compare(id, Avx.BinaryImm.VCMPSD, LT_SIGNAL);
      case FLE_S -> floats.compare(id, Avx.BinaryImm.VCMPSS, LE_SIGNAL);
      case FLE_D -> floats.compare(id, Avx.BinaryImm.VCMPSD, LE_SIGNAL);
      case FLTQ_S -> floats.compare(id, Avx.BinaryImm.VCMPSS, LT_QUIET);
      case FLTQ_D -> floats.compare(id, Avx.BinaryImm.VCMPSD, LT_QUIET);
      case FLEQ_S -> floats.compare(id, Avx.BinaryImm.VCMPSS, LE_QUIET);
      case FLEQ_D -> floats.compare(id, Avx.BinaryImm.VCMPSD, LE_QUIET);
      case FCVT_W_S -> toInteger.toSigned(id, Precision.SINGLE, 4);
      case FCVT_W_D -> toInteger.toSigned(id, Precision.DOUBLE, 4);
      case FCVT_L_S -> toInteger.toSigned(id, Precision.SINGLE, 8);
      case FCVT_L_D -> toInteger.toSigned(id, Precision.DOUBLE, 8);
      case FCVT_WU_S -> toInteger.toUnsigned(id, Precision.SINGLE, 4);
      case FCVT_WU_D -> toInteger.toUnsigned(id, Precision.DOUBLE, 4);
      case FCVT_LU_S -> toInteger.toUnsigned(id, Precision.SINGLE, 8);
      case FCVT_LU_D -> toInteger.toUnsigned(id, Precision.DOUBLE, 8);
      case FCVTMOD_W_D -> toInteger.toSignedModular(id);
      case FCVT_S_W -> conversion.fromSigned(id, Precision.SINGLE, 4);
      case FCVT_D_W -> conversion.fromSigned(id, Precision.DOUBLE, 4);
      case FCVT_S_L -> conversion.fromSigned(id, Precision.SINGLE, 8);
      case FCVT_D_L -> conversion.fromSigned(id, Precision.DOUBLE, 8);
      case FCVT_S_WU -> conversion.fromUnsignedWord(id, Precision.SINGLE);
      case FCVT_D_WU -> conversion.fromUnsignedWord(id, Precision.DOUBLE);
      case FCVT_S_LU -> conversion.fromUnsignedLong(id, Precision.SINGLE);
      case FCVT_D_LU -> conversion.fromUnsignedLong(id, Precision.DOUBLE);
      case FCVT_S_D -> conversion.betweenFormats(Avx.Binary.VCVTSD2SS, id);
      case FCVT_D_S -> conversion.betweenFormats(Avx.Binary.VCVTSS2SD, id);
      case FCLASS_S -> classes.classify(id, Precision.SINGLE);
      case FCLASS_D -> classes.classify(id, Precision.DOUBLE);
      case FLOAT_TO_BITS -> floats.toBits(id);
      case BITS_TO_FLOAT -> floats.fromBits(id);
      case GET_FFLAGS -> floats.readFlags(id);
      case SET_FFLAGS -> floats.writeFlags(id);
      // Rare enough that the evaluator runs them: the code that follows is never reached.
      default -> out.evaluateInstead(id);
    }
  }
}
