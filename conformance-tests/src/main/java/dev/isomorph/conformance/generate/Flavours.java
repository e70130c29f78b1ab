package dev.isomorph.conformance.generate;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Opcode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What sequences of instructions are made of. */
final class Flavours {
  /** Copies of registers, given suitable operands. */
  static final List<Opcode> MOVES =
      List.of(ADDI, C_MV, ADD, OR, ADDIW, C_LI, FSGNJ_D, FSGNJ_S, FMV_X_D, FMV_D_X);

  private static final List<Opcode> LOGIC =
      List.of(
          LUI, AUIPC, ADDI, ADDIW, C_ADDI, C_ADDIW, ANDI, C_ANDI, ORI, XORI, SLTI, SLTIU, SLLI,
          SRLI, SRAI, C_SLLI, C_SRLI, C_SRAI, SLLIW, SRLIW, SRAIW, ADD, SUB, AND, OR, XOR, SLT,
          SLTU, ADDW, SUBW, ADD_UW, SH1ADD, SH2ADD, SH3ADD, SH1ADD_UW, SLLI_UW, SEXT_B, SEXT_H,
          ZEXT_H, CZERO_EQZ, CZERO_NEZ, BEQ, BNE, BLT, BGEU, C_BEQZ, C_BNEZ);

  private static final List<Opcode> ARITHMETIC =
      List.of(
          MUL, MULH, MULHU, MULHSU, MULW, DIV, DIVU, REM, REMU, DIVW, DIVUW, REMW, REMUW, ADD, SUB,
          SLL, SRL, SRA, ROL, ROR, RORI, CLMUL, CLMULH, MIN, MAX, MINU, MAXU, CLZ, CTZ);

  private static final List<Opcode> MEMORY =
      List.of(
          LB, LH, LW, LD, LBU, LHU, LWU, SB, SH, SW, SD, FLW, FLD, FSW, FSD, FLH, FSH, LR_D, SC_D,
          LR_W, SC_W, AMOADD_D, AMOSWAP_W, AMOMAX_D, AMOAND_W, ADDI, ADD, LUI, C_LDSP);

  /** Everything, and groups whose members affect each other. */
  static final List<List<Opcode>> ALL =
      List.of(
          rows(row -> row != ILLEGAL),
          LOGIC,
          ARITHMETIC,
          MEMORY,
          rows(row -> row.extension() == Extension.F || row.extension() == Extension.D));

  private Flavours() {}

  private static List<Opcode> rows(Predicate<Opcode> wanted) {
    return Arrays.stream(Opcode.values()).filter(wanted).toList();
  }
}
