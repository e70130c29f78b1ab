package dev.isomorph.translator.lift;

import static dev.isomorph.translator.lift.Precision.DOUBLE;
import static dev.isomorph.translator.lift.Precision.SINGLE;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.TrapKind;

/**
 * Writes the meaning of guest instructions as IR: obvious code, one instruction at a time, that
 * leaves every improvement to later passes. Every instruction has a method of its own, in the class
 * named after its chapter of the ISA manual.
 *
 * <p>Not for use by several threads at once.
 */
public final class Lifter {
  private final Emitter emitter;

  /** A lifter for code of the given purpose. */
  public Lifter(LiftMode mode) {
    emitter = new Emitter(mode);
  }

  /**
   * Appends the instruction at guest address {@code pc} to the block.
   *
   * @return whether the instruction ended the block
   */
  public boolean lift(Instruction instruction, long pc, IrBlock block) {
    emitter.begin(instruction, pc, block);
    Flow flow =
        instruction.opcode().hasRoundingMode() && !emitter.mode().canRound(instruction)
            ? emitter.trap(TrapKind.EVALUATE)
            : dispatch(instruction, emitter);
    return switch (flow) {
      case NEXT -> false;
      case END -> true;
    };
  }

  /**
   * The method of each instruction, frequent ones first; the compiler sees to it that none is
   * missing. Split up, since the quick compiler takes 25 ms for all of them at once, for which
   * everything else waits, and tests one case after the other.
   */
  private static Flow dispatch(Instruction instruction, Emitter e) {
    return switch (instruction.opcode()) {
      case ADDI -> IntegerInstructions.addi(e);
      case LD -> IntegerInstructions.ld(e);
      case SD -> IntegerInstructions.sd(e);
      case ADD -> IntegerInstructions.add(e);
      case LW -> IntegerInstructions.lw(e);
      case BEQ -> ControlInstructions.beq(e);
      case BNE -> ControlInstructions.bne(e);
      case SW -> IntegerInstructions.sw(e);
      case ADDIW -> IntegerInstructions.addiw(e);
      case JAL -> ControlInstructions.jal(e);
      case JALR -> ControlInstructions.jalr(e);
      case LUI -> IntegerInstructions.lui(e);
      case LBU -> IntegerInstructions.lbu(e);
      case SLLI -> IntegerInstructions.slli(e);

      case AUIPC -> IntegerInstructions.auipc(e);
      case BLT -> ControlInstructions.blt(e);
      case BGE -> ControlInstructions.bge(e);
      case BLTU -> ControlInstructions.bltu(e);
      case BGEU -> ControlInstructions.bgeu(e);
      case LB -> IntegerInstructions.lb(e);
      case LH -> IntegerInstructions.lh(e);
      case LHU -> IntegerInstructions.lhu(e);
      case LWU -> IntegerInstructions.lwu(e);
      case SB -> IntegerInstructions.sb(e);
      case SH -> IntegerInstructions.sh(e);
      case SLTI -> IntegerInstructions.slti(e);
      case SLTIU -> IntegerInstructions.sltiu(e);
      case XORI -> IntegerInstructions.xori(e);
      case ORI -> IntegerInstructions.ori(e);
      case ANDI -> IntegerInstructions.andi(e);
      case SRLI -> IntegerInstructions.srli(e);
      case SRAI -> IntegerInstructions.srai(e);
      case SUB -> IntegerInstructions.sub(e);
      case SLL -> IntegerInstructions.sll(e);
      case SLT -> IntegerInstructions.slt(e);
      case SLTU -> IntegerInstructions.sltu(e);
      case XOR -> IntegerInstructions.xor(e);
      case SRL -> IntegerInstructions.srl(e);
      case SRA -> IntegerInstructions.sra(e);
      case OR -> IntegerInstructions.or(e);
      case AND -> IntegerInstructions.and(e);
      case SLLIW -> IntegerInstructions.slliw(e);
      case SRLIW -> IntegerInstructions.srliw(e);
      case SRAIW -> IntegerInstructions.sraiw(e);
      case ADDW -> IntegerInstructions.addw(e);
      case SUBW -> IntegerInstructions.subw(e);
      case SLLW -> IntegerInstructions.sllw(e);
      case SRLW -> IntegerInstructions.srlw(e);
      case SRAW -> IntegerInstructions.sraw(e);

      case MUL, MULH, MULHSU, MULHU, DIV, DIVU, REM, REMU, MULW, DIVW, DIVUW, REMW, REMUW ->
          multiply(instruction.opcode(), e);
      case LR_W,
          SC_W,
          AMOSWAP_W,
          AMOADD_W,
          AMOXOR_W,
          AMOAND_W,
          AMOOR_W,
          AMOMIN_W,
          AMOMAX_W,
          AMOMINU_W,
          AMOMAXU_W,
          LR_D,
          SC_D,
          AMOSWAP_D,
          AMOADD_D,
          AMOXOR_D,
          AMOAND_D,
          AMOOR_D,
          AMOMIN_D,
          AMOMAX_D,
          AMOMINU_D,
          AMOMAXU_D ->
          atomic(instruction.opcode(), e);
      case SH1ADD,
          SH2ADD,
          SH3ADD,
          ADD_UW,
          SH1ADD_UW,
          SH2ADD_UW,
          SH3ADD_UW,
          SLLI_UW,
          ANDN,
          ORN,
          XNOR,
          CLZ,
          CTZ,
          CPOP,
          CLZW,
          CTZW,
          CPOPW,
          MIN,
          MINU,
          MAX,
          MAXU,
          SEXT_B,
          SEXT_H,
          ZEXT_H,
          ROL,
          ROR,
          ROLW,
          RORW,
          RORI,
          RORIW,
          ORC_B,
          REV8,
          CLMUL,
          CLMULR,
          CLMULH,
          BCLR,
          BCLRI,
          BEXT,
          BEXTI,
          BINV,
          BINVI,
          BSET,
          BSETI,
          CZERO_EQZ,
          CZERO_NEZ ->
          bits(instruction.opcode(), e);
      case ILLEGAL,
          PREFETCH_I,
          PREFETCH_R,
          PREFETCH_W,
          PAUSE,
          FENCE,
          FENCE_I,
          ECALL,
          EBREAK,
          CSRRW,
          CSRRS,
          CSRRC,
          CSRRWI,
          CSRRSI,
          CSRRCI,
          WRS_NTO,
          WRS_STO,
          CBO_INVAL,
          CBO_CLEAN,
          CBO_FLUSH,
          CBO_ZERO,
          MRET,
          WFI,
          SRET,
          SFENCE_VMA,
          SINVAL_VMA,
          SFENCE_W_INVAL,
          SFENCE_INVAL_IR,
          MOP_R,
          MOP_RR ->
          system(instruction.opcode(), e);
      case FLW,
          FSW,
          FMADD_S,
          FMSUB_S,
          FNMSUB_S,
          FNMADD_S,
          FADD_S,
          FSUB_S,
          FMUL_S,
          FDIV_S,
          FSQRT_S,
          FSGNJ_S,
          FSGNJN_S,
          FSGNJX_S,
          FMIN_S,
          FMAX_S,
          FEQ_S,
          FLT_S,
          FLE_S,
          FCLASS_S,
          FCVT_W_S,
          FCVT_WU_S,
          FCVT_L_S,
          FCVT_LU_S,
          FCVT_S_W,
          FCVT_S_WU,
          FCVT_S_L,
          FCVT_S_LU,
          FMV_X_W,
          FMV_W_X,
          FLD,
          FSD,
          FMADD_D,
          FMSUB_D,
          FNMSUB_D,
          FNMADD_D,
          FADD_D,
          FSUB_D,
          FMUL_D,
          FDIV_D,
          FSQRT_D,
          FSGNJ_D,
          FSGNJN_D,
          FSGNJX_D,
          FMIN_D,
          FMAX_D,
          FEQ_D,
          FLT_D,
          FLE_D,
          FCLASS_D,
          FCVT_W_D,
          FCVT_WU_D,
          FCVT_L_D,
          FCVT_LU_D,
          FCVT_D_W,
          FCVT_D_WU,
          FCVT_D_L,
          FCVT_D_LU,
          FMV_X_D,
          FMV_D_X,
          FCVT_S_D,
          FCVT_D_S,
          FLH,
          FSH,
          FMV_X_H,
          FMV_H_X,
          FCVT_S_H,
          FCVT_H_S,
          FCVT_D_H,
          FCVT_H_D,
          FLI_S,
          FMINM_S,
          FMAXM_S,
          FROUND_S,
          FROUNDNX_S,
          FLEQ_S,
          FLTQ_S,
          FLI_D,
          FMINM_D,
          FMAXM_D,
          FROUND_D,
          FROUNDNX_D,
          FLEQ_D,
          FLTQ_D,
          FCVTMOD_W_D ->
          floats(instruction.opcode(), e);

      case C_ADDI4SPN,
          C_FLD,
          C_LW,
          C_LD,
          C_LBU,
          C_LHU,
          C_LH,
          C_SB,
          C_SH,
          C_FSD,
          C_SW,
          C_SD,
          C_NOP,
          C_ADDI,
          C_ADDIW,
          C_LI,
          C_ADDI16SP,
          C_MOP,
          C_LUI,
          C_SRLI,
          C_SRAI,
          C_ANDI,
          C_SUB,
          C_XOR,
          C_OR,
          C_AND,
          C_SUBW,
          C_ADDW,
          C_MUL,
          C_ZEXT_B,
          C_SEXT_B,
          C_ZEXT_H,
          C_SEXT_H,
          C_ZEXT_W,
          C_NOT,
          C_J,
          C_BEQZ,
          C_BNEZ,
          C_SLLI,
          C_FLDSP,
          C_LWSP,
          C_LDSP,
          C_JR,
          C_MV,
          C_EBREAK,
          C_JALR,
          C_ADD,
          C_FSDSP,
          C_SWSP,
          C_SDSP ->
          throw new IllegalArgumentException("not expanded: " + instruction);
    };
  }

  private static Flow multiply(Opcode opcode, Emitter e) {
    return switch (opcode) {
      case MUL -> MultiplyInstructions.mul(e);
      case MULH -> MultiplyInstructions.mulh(e);
      case MULHSU -> MultiplyInstructions.mulhsu(e);
      case MULHU -> MultiplyInstructions.mulhu(e);
      case DIV -> MultiplyInstructions.div(e);
      case DIVU -> MultiplyInstructions.divu(e);
      case REM -> MultiplyInstructions.rem(e);
      case REMU -> MultiplyInstructions.remu(e);
      case MULW -> MultiplyInstructions.mulw(e);
      case DIVW -> MultiplyInstructions.divw(e);
      case DIVUW -> MultiplyInstructions.divuw(e);
      case REMW -> MultiplyInstructions.remw(e);
      case REMUW -> MultiplyInstructions.remuw(e);
      default -> throw new IllegalArgumentException(opcode.name());
    };
  }

  private static Flow atomic(Opcode opcode, Emitter e) {
    return switch (opcode) {
      case LR_W -> AtomicInstructions.lrW(e);
      case SC_W -> AtomicInstructions.scW(e);
      case AMOSWAP_W -> AtomicInstructions.amoswapW(e);
      case AMOADD_W -> AtomicInstructions.amoaddW(e);
      case AMOXOR_W -> AtomicInstructions.amoxorW(e);
      case AMOAND_W -> AtomicInstructions.amoandW(e);
      case AMOOR_W -> AtomicInstructions.amoorW(e);
      case AMOMIN_W -> AtomicInstructions.amominW(e);
      case AMOMAX_W -> AtomicInstructions.amomaxW(e);
      case AMOMINU_W -> AtomicInstructions.amominuW(e);
      case AMOMAXU_W -> AtomicInstructions.amomaxuW(e);
      case LR_D -> AtomicInstructions.lrD(e);
      case SC_D -> AtomicInstructions.scD(e);
      case AMOSWAP_D -> AtomicInstructions.amoswapD(e);
      case AMOADD_D -> AtomicInstructions.amoaddD(e);
      case AMOXOR_D -> AtomicInstructions.amoxorD(e);
      case AMOAND_D -> AtomicInstructions.amoandD(e);
      case AMOOR_D -> AtomicInstructions.amoorD(e);
      case AMOMIN_D -> AtomicInstructions.amominD(e);
      case AMOMAX_D -> AtomicInstructions.amomaxD(e);
      case AMOMINU_D -> AtomicInstructions.amominuD(e);
      case AMOMAXU_D -> AtomicInstructions.amomaxuD(e);
      default -> throw new IllegalArgumentException(opcode.name());
    };
  }

  private static Flow bits(Opcode opcode, Emitter e) {
    return switch (opcode) {
      case SH1ADD -> BitManipulationInstructions.sh1add(e);
      case SH2ADD -> BitManipulationInstructions.sh2add(e);
      case SH3ADD -> BitManipulationInstructions.sh3add(e);
      case ADD_UW -> BitManipulationInstructions.addUw(e);
      case SH1ADD_UW -> BitManipulationInstructions.sh1addUw(e);
      case SH2ADD_UW -> BitManipulationInstructions.sh2addUw(e);
      case SH3ADD_UW -> BitManipulationInstructions.sh3addUw(e);
      case SLLI_UW -> BitManipulationInstructions.slliUw(e);
      case ANDN -> BitManipulationInstructions.andn(e);
      case ORN -> BitManipulationInstructions.orn(e);
      case XNOR -> BitManipulationInstructions.xnor(e);
      case CLZ -> BitManipulationInstructions.clz(e);
      case CTZ -> BitManipulationInstructions.ctz(e);
      case CPOP -> BitManipulationInstructions.cpop(e);
      case CLZW -> BitManipulationInstructions.clzw(e);
      case CTZW -> BitManipulationInstructions.ctzw(e);
      case CPOPW -> BitManipulationInstructions.cpopw(e);
      case MIN -> BitManipulationInstructions.min(e);
      case MINU -> BitManipulationInstructions.minu(e);
      case MAX -> BitManipulationInstructions.max(e);
      case MAXU -> BitManipulationInstructions.maxu(e);
      case SEXT_B -> BitManipulationInstructions.sextB(e);
      case SEXT_H -> BitManipulationInstructions.sextH(e);
      case ZEXT_H -> BitManipulationInstructions.zextH(e);
      case ROL -> BitManipulationInstructions.rol(e);
      case ROR -> BitManipulationInstructions.ror(e);
      case ROLW -> BitManipulationInstructions.rolw(e);
      case RORW -> BitManipulationInstructions.rorw(e);
      case RORI -> BitManipulationInstructions.rori(e);
      case RORIW -> BitManipulationInstructions.roriw(e);
      case ORC_B -> BitManipulationInstructions.orcB(e);
      case REV8 -> BitManipulationInstructions.rev8(e);
      case CLMUL -> BitManipulationInstructions.clmul(e);
      case CLMULR -> BitManipulationInstructions.clmulr(e);
      case CLMULH -> BitManipulationInstructions.clmulh(e);
      case BCLR -> BitManipulationInstructions.bclr(e);
      case BCLRI -> BitManipulationInstructions.bclri(e);
      case BEXT -> BitManipulationInstructions.bext(e);
      case BEXTI -> BitManipulationInstructions.bexti(e);
      case BINV -> BitManipulationInstructions.binv(e);
      case BINVI -> BitManipulationInstructions.binvi(e);
      case BSET -> BitManipulationInstructions.bset(e);
      case BSETI -> BitManipulationInstructions.bseti(e);
      case CZERO_EQZ -> ConditionalInstructions.czeroEqz(e);
      case CZERO_NEZ -> ConditionalInstructions.czeroNez(e);
      default -> throw new IllegalArgumentException(opcode.name());
    };
  }

  private static Flow system(Opcode opcode, Emitter e) {
    return switch (opcode) {
      case ILLEGAL -> ControlInstructions.illegal(e);
      case PREFETCH_I -> CacheBlockInstructions.prefetchI(e);
      case PREFETCH_R -> CacheBlockInstructions.prefetchR(e);
      case PREFETCH_W -> CacheBlockInstructions.prefetchW(e);
      case PAUSE -> FenceInstructions.pause(e);
      case FENCE -> FenceInstructions.fence(e);
      case FENCE_I -> FenceInstructions.fenceI(e);
      case ECALL -> ControlInstructions.ecall(e);
      case EBREAK -> ControlInstructions.ebreak(e);
      case CSRRW -> CsrInstructions.csrrw(e);
      case CSRRS -> CsrInstructions.csrrs(e);
      case CSRRC -> CsrInstructions.csrrc(e);
      case CSRRWI -> CsrInstructions.csrrwi(e);
      case CSRRSI -> CsrInstructions.csrrsi(e);
      case CSRRCI -> CsrInstructions.csrrci(e);
      case WRS_NTO -> FenceInstructions.wrsNto(e);
      case WRS_STO -> FenceInstructions.wrsSto(e);
      case CBO_INVAL -> CacheBlockInstructions.cboInval(e);
      case CBO_CLEAN -> CacheBlockInstructions.cboClean(e);
      case CBO_FLUSH -> CacheBlockInstructions.cboFlush(e);
      case CBO_ZERO -> CacheBlockInstructions.cboZero(e);
      case SRET -> ControlInstructions.sret(e);
      case MRET, WFI, SFENCE_VMA, SINVAL_VMA, SFENCE_W_INVAL, SFENCE_INVAL_IR ->
          ControlInstructions.privileged(e);
      case MOP_R -> MayBeInstructions.mopR(e);
      case MOP_RR -> MayBeInstructions.mopRr(e);
      default -> throw new IllegalArgumentException(opcode.name());
    };
  }

  private static Flow floats(Opcode opcode, Emitter e) {
    if (!e.mode().hasFloats()) {
      return e.trap(TrapKind.PRIVILEGED);
    }
    return switch (opcode) {
      case FLW -> SingleFloatInstructions.flw(e);
      case FSW -> SingleFloatInstructions.fsw(e);
      case FMADD_S -> FloatInstructions.fmadd(e, SINGLE);
      case FMSUB_S -> FloatInstructions.fmsub(e, SINGLE);
      case FNMSUB_S -> FloatInstructions.fnmsub(e, SINGLE);
      case FNMADD_S -> FloatInstructions.fnmadd(e, SINGLE);
      case FADD_S -> FloatInstructions.fadd(e, SINGLE);
      case FSUB_S -> FloatInstructions.fsub(e, SINGLE);
      case FMUL_S -> FloatInstructions.fmul(e, SINGLE);
      case FDIV_S -> FloatInstructions.fdiv(e, SINGLE);
      case FSQRT_S -> FloatInstructions.fsqrt(e, SINGLE);
      case FSGNJ_S -> FloatInstructions.fsgnj(e, SINGLE);
      case FSGNJN_S -> FloatInstructions.fsgnjn(e, SINGLE);
      case FSGNJX_S -> FloatInstructions.fsgnjx(e, SINGLE);
      case FMIN_S -> FloatInstructions.fmin(e, SINGLE);
      case FMAX_S -> FloatInstructions.fmax(e, SINGLE);
      case FEQ_S -> FloatInstructions.feq(e, SINGLE);
      case FLT_S -> FloatInstructions.flt(e, SINGLE);
      case FLE_S -> FloatInstructions.fle(e, SINGLE);
      case FCLASS_S -> FloatInstructions.fclass(e, SINGLE);
      case FCVT_W_S -> FloatInstructions.fcvtW(e, SINGLE);
      case FCVT_WU_S -> FloatInstructions.fcvtWu(e, SINGLE);
      case FCVT_L_S -> FloatInstructions.fcvtL(e, SINGLE);
      case FCVT_LU_S -> FloatInstructions.fcvtLu(e, SINGLE);
      case FCVT_S_W -> FloatInstructions.fcvtFromW(e, SINGLE);
      case FCVT_S_WU -> FloatInstructions.fcvtFromWu(e, SINGLE);
      case FCVT_S_L -> FloatInstructions.fcvtFromL(e, SINGLE);
      case FCVT_S_LU -> FloatInstructions.fcvtFromLu(e, SINGLE);
      case FMV_X_W -> SingleFloatInstructions.fmvXW(e);
      case FMV_W_X -> SingleFloatInstructions.fmvWX(e);
      case FLD -> DoubleFloatInstructions.fld(e);
      case FSD -> DoubleFloatInstructions.fsd(e);
      case FMADD_D -> FloatInstructions.fmadd(e, DOUBLE);
      case FMSUB_D -> FloatInstructions.fmsub(e, DOUBLE);
      case FNMSUB_D -> FloatInstructions.fnmsub(e, DOUBLE);
      case FNMADD_D -> FloatInstructions.fnmadd(e, DOUBLE);
      case FADD_D -> FloatInstructions.fadd(e, DOUBLE);
      case FSUB_D -> FloatInstructions.fsub(e, DOUBLE);
      case FMUL_D -> FloatInstructions.fmul(e, DOUBLE);
      case FDIV_D -> FloatInstructions.fdiv(e, DOUBLE);
      case FSQRT_D -> FloatInstructions.fsqrt(e, DOUBLE);
      case FSGNJ_D -> FloatInstructions.fsgnj(e, DOUBLE);
      case FSGNJN_D -> FloatInstructions.fsgnjn(e, DOUBLE);
      case FSGNJX_D -> FloatInstructions.fsgnjx(e, DOUBLE);
      case FMIN_D -> FloatInstructions.fmin(e, DOUBLE);
      case FMAX_D -> FloatInstructions.fmax(e, DOUBLE);
      case FEQ_D -> FloatInstructions.feq(e, DOUBLE);
      case FLT_D -> FloatInstructions.flt(e, DOUBLE);
      case FLE_D -> FloatInstructions.fle(e, DOUBLE);
      case FCLASS_D -> FloatInstructions.fclass(e, DOUBLE);
      case FCVT_W_D -> FloatInstructions.fcvtW(e, DOUBLE);
      case FCVT_WU_D -> FloatInstructions.fcvtWu(e, DOUBLE);
      case FCVT_L_D -> FloatInstructions.fcvtL(e, DOUBLE);
      case FCVT_LU_D -> FloatInstructions.fcvtLu(e, DOUBLE);
      case FCVT_D_W -> FloatInstructions.fcvtFromW(e, DOUBLE);
      case FCVT_D_WU -> FloatInstructions.fcvtFromWu(e, DOUBLE);
      case FCVT_D_L -> FloatInstructions.fcvtFromL(e, DOUBLE);
      case FCVT_D_LU -> FloatInstructions.fcvtFromLu(e, DOUBLE);
      case FMV_X_D -> DoubleFloatInstructions.fmvXD(e);
      case FMV_D_X -> DoubleFloatInstructions.fmvDX(e);
      case FCVT_S_D -> DoubleFloatInstructions.fcvtSD(e);
      case FCVT_D_S -> DoubleFloatInstructions.fcvtDS(e);
      case FLH -> HalfFloatInstructions.flh(e);
      case FSH -> HalfFloatInstructions.fsh(e);
      case FMV_X_H -> HalfFloatInstructions.fmvXH(e);
      case FMV_H_X -> HalfFloatInstructions.fmvHX(e);
      case FCVT_S_H -> HalfFloatInstructions.fcvtSH(e);
      case FCVT_H_S -> HalfFloatInstructions.fcvtHS(e);
      case FCVT_D_H -> HalfFloatInstructions.fcvtDH(e);
      case FCVT_H_D -> HalfFloatInstructions.fcvtHD(e);
      case FLI_S -> FloatAdditionalInstructions.fliS(e);
      case FMINM_S -> FloatAdditionalInstructions.fminm(e, SINGLE);
      case FMAXM_S -> FloatAdditionalInstructions.fmaxm(e, SINGLE);
      case FROUND_S -> FloatAdditionalInstructions.fround(e, SINGLE);
      case FROUNDNX_S -> FloatAdditionalInstructions.froundnx(e, SINGLE);
      case FLEQ_S -> FloatAdditionalInstructions.fleq(e, SINGLE);
      case FLTQ_S -> FloatAdditionalInstructions.fltq(e, SINGLE);
      case FLI_D -> FloatAdditionalInstructions.fliD(e);
      case FMINM_D -> FloatAdditionalInstructions.fminm(e, DOUBLE);
      case FMAXM_D -> FloatAdditionalInstructions.fmaxm(e, DOUBLE);
      case FROUND_D -> FloatAdditionalInstructions.fround(e, DOUBLE);
      case FROUNDNX_D -> FloatAdditionalInstructions.froundnx(e, DOUBLE);
      case FLEQ_D -> FloatAdditionalInstructions.fleq(e, DOUBLE);
      case FLTQ_D -> FloatAdditionalInstructions.fltq(e, DOUBLE);
      case FCVTMOD_W_D -> FloatAdditionalInstructions.fcvtmodWD(e);
      default -> throw new IllegalArgumentException(opcode.name());
    };
  }
}
