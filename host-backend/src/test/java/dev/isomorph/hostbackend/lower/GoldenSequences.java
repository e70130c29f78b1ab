package dev.isomorph.hostbackend.lower;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Guest code as compilers write it, whose translation is worth looking at. */
final class GoldenSequences {
  private static final int RTZ = 1;
  private static final int RDN = 2;
  private static final int DYN = 7;
  private static final int FFLAGS = 1;

  private static final Map<String, Consumer<RiscvAssembler>> ALL = new LinkedHashMap<>();

  static {
    loops();
    functions();
    integers();
    addresses();
    floats();
    atomics();
  }

  private GoldenSequences() {}

  /** Sequences by name. */
  static Map<String, Consumer<RiscvAssembler>> all() {
    return ALL;
  }

  private static void add(String name, Consumer<RiscvAssembler> code) {
    ALL.put(name, code);
  }

  private static void loops() {
    add(
        "memcpy-loop",
        a -> {
          Label loop = a.here();
          a.emit(LD, A5, 0, A1).emit(SD, A5, 0, A0);
          a.emit(ADDI, A1, A1, 8).emit(ADDI, A0, A0, 8);
          a.branch(BNE, A1, A2, loop);
        });
    add(
        "memset-loop",
        a -> {
          Label loop = a.here();
          a.emit(SB, A1, 0, A5).emit(ADDI, A5, A5, 1).branch(BNE, A5, A2, loop);
        });
    add(
        "strlen-loop",
        a -> {
          Label loop = a.here();
          a.emit(LBU, A4, 0, A5).emit(ADDI, A5, A5, 1).branch(BNE, A4, ZERO, loop);
        });
    add(
        "crc-loop",
        a -> {
          Label loop = a.here();
          a.emit(LBU, A4, 0, A1).emit(ADDI, A1, A1, 1);
          a.emit(XOR, A4, A4, A0).emit(ANDI, A4, A4, 255);
          a.emit(SLLI, A4, A4, 2).emit(ADD, A4, A4, A3).emit(LWU, A4, 0, A4);
          a.emit(SRLIW, A0, A0, 8).emit(XOR, A0, A0, A4);
          a.branch(BNE, A1, A2, loop);
        });
    add(
        "list-walk",
        a -> {
          Label loop = a.here();
          a.emit(LW, A4, 8, A0).emit(LD, A0, 0, A0).emit(ADDW, A5, A5, A4);
          a.branch(BNE, A0, ZERO, loop);
        });
    add(
        "hash-loop",
        a -> {
          Label loop = a.here();
          a.emit(LBU, A3, 0, A0).emit(SLLIW, A5, A4, 5).emit(ADDW, A5, A5, A4);
          a.emit(ADDI, A0, A0, 1).emit(ADDW, A4, A5, A3);
          a.branch(BNE, A0, A1, loop);
        });
    add(
        "registers-in-memory-loop",
        a -> {
          Label loop = a.here();
          a.emit(LD, T3, 0, S2).emit(ADD, S3, S3, T3).emit(ADDI, S2, S2, 8);
          a.emit(SD, S3, 0, S4).emit(ADDIW, S5, S5, 1);
          a.branch(BLT, S5, S6, loop);
        });
  }

  private static void functions() {
    add(
        "fib-prologue",
        a -> {
          Label base = new Label();
          Label fib = new Label();
          a.bind(fib).li(A5, 1).branch(BGE, A5, A0, base);
          a.emit(ADDI, SP, SP, -32).emit(SD, RA, 24, SP).emit(SD, S0, 16, SP);
          a.emit(SD, S1, 8, SP).emit(ADDI, S0, A0, 0).emit(ADDIW, A0, A0, -1);
          a.call(fib).bind(base);
        });
    add(
        "fib-epilogue",
        a -> {
          a.emit(LD, RA, 24, SP).emit(ADDW, A0, A0, S1).emit(LD, S0, 16, SP);
          a.emit(LD, S1, 8, SP).emit(ADDI, SP, SP, 32).ret();
        });
    add(
        "epilogue-of-saved-registers",
        a -> {
          a.emit(LD, RA, 56, SP).emit(LD, S0, 48, SP).emit(LD, S2, 40, SP).emit(LD, S3, 32, SP);
          a.emit(LD, S4, 24, SP).emit(LD, S5, 16, SP).emit(ADDI, A0, ZERO, 0);
          a.emit(ADDI, SP, SP, 64).ret();
        });
    add("return", a -> a.ret());
    add("far-call", a -> a.emit(AUIPC, RA, 5).emit(JALR, RA, 0x124, RA));
    add("far-jump", a -> a.emit(AUIPC, T1, 5).emit(JALR, ZERO, 0x124, T1));
    add(
        "call-through-table",
        a -> a.emit(LD, A5, 16, A0).emit(ADDI, A0, S0, 0).emit(JALR, RA, 0, A5));
    add("plt-entry", a -> a.emit(AUIPC, T3, 2).emit(LD, T3, 0x18, T3).emit(JALR, T1, 0, T3));
    add(
        "switch-dispatch",
        a -> {
          Label otherwise = new Label();
          a.li(A5, 7).branch(BLTU, A5, A0, otherwise);
          a.emit(SLLI, A5, A0, 2).emit(AUIPC, A4, 1).emit(ADDI, A4, A4, 0x40);
          a.emit(ADD, A5, A5, A4).emit(LW, A5, 0, A5).emit(ADD, A5, A5, A4);
          a.emit(JALR, ZERO, 0, A5).bind(otherwise);
        });
    add(
        "argument-moves",
        a -> {
          a.emit(ADDI, A2, A1, 0).emit(ADDI, A1, A0, 0).emit(ADDI, A0, S2, 0);
          a.emit(ADDI, S3, A2, 0).emit(ADDI, A3, ZERO, 0);
          a.jump(a.here());
        });
  }

  private static void integers() {
    add(
        "word-chain",
        a -> {
          a.emit(ADDW, A0, A0, A1).emit(SUBW, A0, A0, A2).emit(MULW, A0, A0, A3);
          a.emit(SLLIW, A0, A0, 3).emit(SRAIW, A0, A0, 1).emit(ADDIW, A0, A0, 7);
          a.ret();
        });
    add(
        "word-index",
        a ->
            a.emit(ADDIW, A5, A5, 1)
                .emit(SLLI, A4, A5, 3)
                .emit(ADD, A4, A0, A4)
                .emit(LD, A4, 0, A4)
                .ret());
    add(
        "zero-extensions",
        a -> {
          a.emit(SLLI, A0, A0, 32).emit(SRLI, A0, A0, 32);
          a.emit(SLLI, A1, A1, 48).emit(SRLI, A1, A1, 48);
          a.emit(ANDI, A2, A2, 255).emit(SLLI, S2, S2, 32).emit(SRLI, S2, S2, 29);
          a.ret();
        });
    add(
        "operands-in-memory",
        a -> {
          a.emit(ADD, A0, A0, S7).emit(XOR, A1, A1, S8).emit(SUB, A2, S9, A2);
          a.emit(MUL, A3, A3, S10).emit(SLTU, A4, A4, S11).emit(SH2ADD, S7, A0, S8);
          a.emit(FMV_X_D, A5, FS0).emit(FMV_D_X, FS1, S2).ret();
        });
    add("divide-words", a -> a.emit(DIVW, A2, A0, A1).emit(REMW, A3, A0, A1).ret());
    add("divide-unsigned", a -> a.emit(DIVU, S2, A0, A1).emit(REMU, A0, A0, A1).ret());
    add("divide-by-ten", a -> a.li(A5, 10).emit(REMU, A4, A0, A5).emit(DIVU, A0, A0, A5).ret());
    add("multiply-wide", a -> a.emit(MULHU, A3, A0, A1).emit(MUL, A0, A0, A1).ret());
    add("multiply-high-signed", a -> a.emit(MULH, A3, A0, A1).emit(MULHSU, A4, A0, A1).ret());
    add(
        "compare-and-set",
        a -> {
          a.emit(SLT, A3, A0, A1).emit(SLTIU, A4, A0, 1).emit(SLTU, A5, ZERO, A0);
          a.emit(SUB, A2, A0, A1).emit(SLTIU, A2, A2, 1).emit(XORI, S2, A3, 1);
          a.ret();
        });
    add(
        "branches",
        a -> {
          Label out = new Label();
          a.branch(BEQ, A0, A1, out).branch(BNE, A0, S2, out).branch(BLT, S2, A0, out);
          a.branch(BGE, A0, ZERO, out).branch(BLT, ZERO, A0, out).branch(BLTU, S2, S3, out);
          a.li(A5, 100).branch(BGEU, A5, A0, out).branch(BEQ, S2, ZERO, out).bind(out);
        });
    add(
        "min-max-select",
        a -> {
          a.emit(MIN, A0, A0, A1).emit(MAXU, A2, A2, S2);
          a.emit(CZERO_EQZ, A3, A4, A5).emit(CZERO_NEZ, A5, A1, A5).emit(OR, A3, A3, A5).ret();
        });
    add(
        "bit-manipulation",
        a -> {
          a.emit(SH3ADD, A0, A1, A0).emit(SH1ADD, S2, S3, A1).emit(ADD_UW, A1, A2, A3);
          a.emit(ANDN, A2, A2, A3).emit(REV8, A3, A3).emit(CPOP, A4, A4).emit(CTZ, A5, A5);
          a.emit(BEXTI, S4, A4, 5).emit(BSETI, A6, A6, 40).emit(RORI, S5, S5, 13);
          a.emit(ROL, S6, S6, A1).ret();
        });
    add(
        "shift-by-register",
        a -> a.emit(SLL, A0, A0, A1).emit(SRLW, A2, A2, S2).emit(SRA, S3, S3, S4).ret());
  }

  private static void addresses() {
    add("constant", a -> a.emit(LUI, A0, 0x12345).emit(ADDI, A0, A0, 0x678).ret());
    add("load-of-constant-address", a -> a.emit(LUI, A5, 0x75).emit(LD, A0, 0x10, A5).ret());
    add(
        "store-of-constants",
        a -> {
          a.emit(SW, ZERO, 0, A0)
              .li(A5, 5)
              .emit(SD, A5, 8, A0)
              .li(A4, -1)
              .emit(SB, A4, 16, A0)
              .ret();
        });
    add(
        "global-offset-table",
        a -> a.emit(AUIPC, A5, 2).emit(LD, A5, 0x30, A5).emit(LW, A0, 0, A5).ret());
    add(
        "byte-swap-by-loads",
        a -> {
          a.emit(LBU, A5, 0, A0).emit(LBU, A4, 1, A0).emit(SLLI, A5, A5, 8).emit(OR, A5, A5, A4);
          a.emit(LH, A3, 2, A0).emit(SH, A5, 4, A0).ret();
        });
  }

  private static void floats() {
    add(
        "fmadd-loop",
        a -> {
          Label loop = a.here();
          a.emit(FLD, FA4, 0, A0).emit(FLD, FA3, 0, A1).emit(FMADD_D, FA5, FA4, FA3, FA5, DYN);
          a.emit(ADDI, A0, A0, 8).emit(ADDI, A1, A1, 8).branch(BNE, A0, A2, loop);
        });
    add(
        "single-loop",
        a -> {
          Label loop = a.here();
          a.emit(FLW, FA4, 0, A0).emit(FMUL_S, FA4, FA4, FA5, DYN).emit(FADD_S, FA4, FA4, FA3, DYN);
          a.emit(FSW, FA4, 0, A0).emit(ADDI, A0, A0, 4).branch(BNE, A0, A2, loop);
        });
    add(
        "double-chain",
        a -> {
          a.emit(FSUB_D, FA0, FA0, FA1, DYN).emit(FMUL_D, FA0, FA0, FA0, DYN);
          a.emit(FDIV_D, FS0, FA0, FA2, DYN).emit(FSQRT_D, FA0, FS0, DYN).ret();
        });
    add(
        "float-compare-and-branch",
        a -> {
          Label out = new Label();
          a.emit(FLT_D, A5, FA0, FA1).branch(BNE, A5, ZERO, out);
          a.emit(FEQ_D, A4, FA0, FA2).branch(BEQ, A4, ZERO, out).bind(out);
        });
    add(
        "float-conversions",
        a -> {
          a.emit(FCVT_D_W, FA0, A0).emit(FCVT_W_D, A1, FA1, RTZ).emit(FCVT_L_D, A2, FA2, RTZ);
          a.emit(FCVT_S_D, FA3, FA3, DYN)
              .emit(FCVT_D_S, FA4, FA4)
              .emit(FCVT_D_L, FA5, A3, DYN)
              .ret();
        });
    add(
        "unsigned-conversions",
        a -> {
          a.emit(FCVT_D_WU, FA0, A0).emit(FCVT_S_LU, FA1, A1, DYN);
          a.emit(FCVT_WU_D, A2, FA2, RTZ).emit(FCVT_LU_S, A3, FA3, RTZ).ret();
        });
    add(
        "static-rounding",
        a -> {
          a.emit(FADD_D, FA0, FA1, FA2, RTZ).emit(FROUND_D, FA3, FA3, RTZ);
          a.emit(FCVT_L_D, A0, FA4, RDN).ret();
        });
    add(
        "sign-injection",
        a -> {
          a.emit(FSGNJ_D, FA0, FA1, FA2).emit(FSGNJN_D, FA3, FA3, FA4);
          a.emit(FSGNJX_S, FA4, FA5, FA1).ret();
        });
    add("fused-negations", a -> a.emit(FNMSUB_D, FA0, FA1, FA2, FA3, DYN).ret());
    add(
        "float-flags",
        a -> {
          a.emit(CSRRS, A0, FFLAGS, ZERO).emit(FLE_D, A1, FA0, FA1);
          a.emit(CSRRW, ZERO, FFLAGS, A0).ret();
        });
    add(
        "float-moves",
        a -> {
          a.emit(FSGNJ_D, FA0, FA1, FA1)
              .emit(FSGNJN_D, FA1, FA2, FA2)
              .emit(FSGNJX_D, FA2, FA3, FA3);
          a.emit(FSGNJ_S, FA3, FA4, FA4).emit(FMV_X_D, A0, FA5).emit(FMV_D_X, FA4, ZERO).ret();
        });
    add("float-minimum", a -> a.emit(FMIN_D, FA0, FA0, FA1).emit(FMAX_D, FA0, FA0, FA2).ret());
    add(
        "scaled-load",
        a -> {
          a.emit(SLLI, A5, A4, 3).emit(ADD, A5, A0, A5).emit(FLD, FA5, 0, A5);
          a.emit(FADD_D, FA0, FA0, FA5, DYN).ret();
        });
  }

  private static void atomics() {
    add("atomic-minimum", a -> a.emit(AMOMINU_D, A5, A1, A0).emit(AMOMAX_W, A4, A2, A0).ret());
    add("reservations-of-doublewords", a -> a.emit(LR_D, A5, A0).emit(SC_D, A4, A5, A0).ret());
    add("zero-block", a -> a.emit(CBO_CLEAN, A0).emit(CBO_ZERO, A0).ret());
    add(
        "compare-and-swap",
        a -> {
          Label out = new Label();
          Label retry = a.here();
          a.emit(LR_W, A5, A0).branch(BNE, A5, A1, out);
          a.emit(SC_W, A4, A2, A0).branch(BNE, A4, ZERO, retry).bind(out);
        });
    add(
        "atomic-adds",
        a -> {
          a.emit(AMOADD_W, A5, A1, A0).emit(AMOADD_D, ZERO, A1, A2).emit(AMOSWAP_W, A3, ZERO, A4);
          a.ret();
        });
    add("atomic-or", a -> a.emit(AMOOR_W, A5, A1, A0).ret());
    add("full-fence", a -> a.emit(FENCE, 1, 2).emit(LW, A0, 0, A0).ret());
    add("fences", a -> a.emit(FENCE, 3, 3).emit(FENCE, 2, 3).emit(SW, ZERO, 0, A0).ret());
  }
}
