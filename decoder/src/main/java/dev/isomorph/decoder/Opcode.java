package dev.isomorph.decoder;

import static dev.isomorph.decoder.Extension.A;
import static dev.isomorph.decoder.Extension.C;
import static dev.isomorph.decoder.Extension.D;
import static dev.isomorph.decoder.Extension.F;
import static dev.isomorph.decoder.Extension.I;
import static dev.isomorph.decoder.Extension.M;
import static dev.isomorph.decoder.Extension.SM;
import static dev.isomorph.decoder.Extension.SS;
import static dev.isomorph.decoder.Extension.SVINVAL;
import static dev.isomorph.decoder.Extension.ZAWRS;
import static dev.isomorph.decoder.Extension.ZBA;
import static dev.isomorph.decoder.Extension.ZBB;
import static dev.isomorph.decoder.Extension.ZBC;
import static dev.isomorph.decoder.Extension.ZBS;
import static dev.isomorph.decoder.Extension.ZCB;
import static dev.isomorph.decoder.Extension.ZCMOP;
import static dev.isomorph.decoder.Extension.ZFA;
import static dev.isomorph.decoder.Extension.ZFHMIN;
import static dev.isomorph.decoder.Extension.ZICBOM;
import static dev.isomorph.decoder.Extension.ZICBOP;
import static dev.isomorph.decoder.Extension.ZICBOZ;
import static dev.isomorph.decoder.Extension.ZICOND;
import static dev.isomorph.decoder.Extension.ZICSR;
import static dev.isomorph.decoder.Extension.ZIFENCEI;
import static dev.isomorph.decoder.Extension.ZIHINTPAUSE;
import static dev.isomorph.decoder.Extension.ZIMOP;

import java.util.Locale;

/**
 * The instructions of RV64: the one table from which decoding, encoding, disassembly and random
 * generation come. A constant is named as the mnemonic, with underscores for dots.
 *
 * <p>Each row gives the bits of the encoding in the notation of the instruction listings of the ISA
 * manual (see {@link Encoding}), the operands of its assembly text (see {@link Syntax}) and its
 * extension; rows of compressed instructions also the base instruction they expand to and the
 * operands they imply. Registers without a field and without an implied value are x0. Where an
 * encoding fits two rows, the more special one stands first.
 *
 * <p>HINT encodings are no rows of their own: they decode to the instruction whose form they have
 * and write x0 or change nothing. The hints with a mnemonic and a meaning to an implementation
 * (pause, prefetch) are exceptions.
 */
public enum Opcode {
  /** Everything that is reserved, unknown or not supported. */
  ILLEGAL,

  // RV64I base integer instruction set
  LUI("imm[31:12] rd 0110111", "rd,upper", I),
  AUIPC("imm[31:12] rd 0010111", "rd,upper", I),
  JAL("imm[20|10:1|11|19:12] rd 1101111", "rd,target", I),
  JALR("imm[11:0] rs1 000 rd 1100111", "rd,imm(rs1)", I),
  BEQ("imm[12|10:5] rs2 rs1 000 imm[4:1|11] 1100011", "rs1,rs2,target", I),
  BNE("imm[12|10:5] rs2 rs1 001 imm[4:1|11] 1100011", "rs1,rs2,target", I),
  BLT("imm[12|10:5] rs2 rs1 100 imm[4:1|11] 1100011", "rs1,rs2,target", I),
  BGE("imm[12|10:5] rs2 rs1 101 imm[4:1|11] 1100011", "rs1,rs2,target", I),
  BLTU("imm[12|10:5] rs2 rs1 110 imm[4:1|11] 1100011", "rs1,rs2,target", I),
  BGEU("imm[12|10:5] rs2 rs1 111 imm[4:1|11] 1100011", "rs1,rs2,target", I),
  LB("imm[11:0] rs1 000 rd 0000011", "rd,imm(rs1)", I),
  LH("imm[11:0] rs1 001 rd 0000011", "rd,imm(rs1)", I),
  LW("imm[11:0] rs1 010 rd 0000011", "rd,imm(rs1)", I),
  LD("imm[11:0] rs1 011 rd 0000011", "rd,imm(rs1)", I),
  LBU("imm[11:0] rs1 100 rd 0000011", "rd,imm(rs1)", I),
  LHU("imm[11:0] rs1 101 rd 0000011", "rd,imm(rs1)", I),
  LWU("imm[11:0] rs1 110 rd 0000011", "rd,imm(rs1)", I),
  SB("imm[11:5] rs2 rs1 000 imm[4:0] 0100011", "rs2,imm(rs1)", I),
  SH("imm[11:5] rs2 rs1 001 imm[4:0] 0100011", "rs2,imm(rs1)", I),
  SW("imm[11:5] rs2 rs1 010 imm[4:0] 0100011", "rs2,imm(rs1)", I),
  SD("imm[11:5] rs2 rs1 011 imm[4:0] 0100011", "rs2,imm(rs1)", I),
  PREFETCH_I("imm[11:5] 00000 rs1 110 00000 0010011", "imm(rs1)", ZICBOP),
  PREFETCH_R("imm[11:5] 00001 rs1 110 00000 0010011", "imm(rs1)", ZICBOP),
  PREFETCH_W("imm[11:5] 00011 rs1 110 00000 0010011", "imm(rs1)", ZICBOP),
  ADDI("imm[11:0] rs1 000 rd 0010011", "rd,rs1,imm", I),
  SLTI("imm[11:0] rs1 010 rd 0010011", "rd,rs1,imm", I),
  SLTIU("imm[11:0] rs1 011 rd 0010011", "rd,rs1,imm", I),
  XORI("imm[11:0] rs1 100 rd 0010011", "rd,rs1,imm", I),
  ORI("imm[11:0] rs1 110 rd 0010011", "rd,rs1,imm", I),
  ANDI("imm[11:0] rs1 111 rd 0010011", "rd,rs1,imm", I),
  SLLI("000000 shamt[5:0] rs1 001 rd 0010011", "rd,rs1,shamt", I),
  SRLI("000000 shamt[5:0] rs1 101 rd 0010011", "rd,rs1,shamt", I),
  SRAI("010000 shamt[5:0] rs1 101 rd 0010011", "rd,rs1,shamt", I),
  ADD("0000000 rs2 rs1 000 rd 0110011", "rd,rs1,rs2", I),
  SUB("0100000 rs2 rs1 000 rd 0110011", "rd,rs1,rs2", I),
  SLL("0000000 rs2 rs1 001 rd 0110011", "rd,rs1,rs2", I),
  SLT("0000000 rs2 rs1 010 rd 0110011", "rd,rs1,rs2", I),
  SLTU("0000000 rs2 rs1 011 rd 0110011", "rd,rs1,rs2", I),
  XOR("0000000 rs2 rs1 100 rd 0110011", "rd,rs1,rs2", I),
  SRL("0000000 rs2 rs1 101 rd 0110011", "rd,rs1,rs2", I),
  SRA("0100000 rs2 rs1 101 rd 0110011", "rd,rs1,rs2", I),
  OR("0000000 rs2 rs1 110 rd 0110011", "rd,rs1,rs2", I),
  AND("0000000 rs2 rs1 111 rd 0110011", "rd,rs1,rs2", I),
  ADDIW("imm[11:0] rs1 000 rd 0011011", "rd,rs1,imm", I),
  SLLIW("0000000 shamt[4:0] rs1 001 rd 0011011", "rd,rs1,shamt", I),
  SRLIW("0000000 shamt[4:0] rs1 101 rd 0011011", "rd,rs1,shamt", I),
  SRAIW("0100000 shamt[4:0] rs1 101 rd 0011011", "rd,rs1,shamt", I),
  ADDW("0000000 rs2 rs1 000 rd 0111011", "rd,rs1,rs2", I),
  SUBW("0100000 rs2 rs1 000 rd 0111011", "rd,rs1,rs2", I),
  SLLW("0000000 rs2 rs1 001 rd 0111011", "rd,rs1,rs2", I),
  SRLW("0000000 rs2 rs1 101 rd 0111011", "rd,rs1,rs2", I),
  SRAW("0100000 rs2 rs1 101 rd 0111011", "rd,rs1,rs2", I),
  PAUSE("0000 0001 0000 00000 000 00000 0001111", "", ZIHINTPAUSE),
  FENCE("uimm[11:0] ----- 000 ----- 0001111", "pred,succ", I),
  FENCE_I("------------ ----- 001 ----- 0001111", "", ZIFENCEI),
  ECALL("000000000000 00000 000 00000 1110011", "", I),
  EBREAK("000000000001 00000 000 00000 1110011", "", I),

  // Zicsr control and status registers; Zawrs; Zicbom and Zicboz cache blocks; Zimop
  CSRRW("csr[11:0] rs1 001 rd 1110011", "rd,csr,rs1", ZICSR),
  CSRRS("csr[11:0] rs1 010 rd 1110011", "rd,csr,rs1", ZICSR),
  CSRRC("csr[11:0] rs1 011 rd 1110011", "rd,csr,rs1", ZICSR),
  CSRRWI("csr[11:0] zimm 101 rd 1110011", "rd,csr,zimm", ZICSR),
  CSRRSI("csr[11:0] zimm 110 rd 1110011", "rd,csr,zimm", ZICSR),
  CSRRCI("csr[11:0] zimm 111 rd 1110011", "rd,csr,zimm", ZICSR),
  WRS_NTO("000000001101 00000 000 00000 1110011", "", ZAWRS),
  WRS_STO("000000011101 00000 000 00000 1110011", "", ZAWRS),
  CBO_INVAL("000000000000 rs1 010 00000 0001111", "(rs1)", ZICBOM),
  CBO_CLEAN("000000000001 rs1 010 00000 0001111", "(rs1)", ZICBOM),
  CBO_FLUSH("000000000010 rs1 010 00000 0001111", "(rs1)", ZICBOM),
  CBO_ZERO("000000000100 rs1 010 00000 0001111", "(rs1)", ZICBOZ),
  MOP_R("1 uimm[4] 00 uimm[3:2] 0111 uimm[1:0] rs1 100 rd 1110011", "n,rd,rs1", ZIMOP),
  MOP_RR("1 uimm[2] 00 uimm[1:0] 1 rs2 rs1 100 rd 1110011", "n,rd,rs1,rs2", ZIMOP),

  // Privileged instructions; Svinval
  MRET("001100000010 00000 000 00000 1110011", "", SM),
  WFI("000100000101 00000 000 00000 1110011", "", SM),
  SRET("000100000010 00000 000 00000 1110011", "", SS),
  SFENCE_VMA("0001001 rs2 rs1 000 00000 1110011", "rs1,rs2", SS),
  SINVAL_VMA("0001011 rs2 rs1 000 00000 1110011", "rs1,rs2", SVINVAL),
  SFENCE_W_INVAL("000110000000 00000 000 00000 1110011", "", SVINVAL),
  SFENCE_INVAL_IR("000110000001 00000 000 00000 1110011", "", SVINVAL),

  // M: integer multiplication and division
  MUL("0000001 rs2 rs1 000 rd 0110011", "rd,rs1,rs2", M),
  MULH("0000001 rs2 rs1 001 rd 0110011", "rd,rs1,rs2", M),
  MULHSU("0000001 rs2 rs1 010 rd 0110011", "rd,rs1,rs2", M),
  MULHU("0000001 rs2 rs1 011 rd 0110011", "rd,rs1,rs2", M),
  DIV("0000001 rs2 rs1 100 rd 0110011", "rd,rs1,rs2", M),
  DIVU("0000001 rs2 rs1 101 rd 0110011", "rd,rs1,rs2", M),
  REM("0000001 rs2 rs1 110 rd 0110011", "rd,rs1,rs2", M),
  REMU("0000001 rs2 rs1 111 rd 0110011", "rd,rs1,rs2", M),
  MULW("0000001 rs2 rs1 000 rd 0111011", "rd,rs1,rs2", M),
  DIVW("0000001 rs2 rs1 100 rd 0111011", "rd,rs1,rs2", M),
  DIVUW("0000001 rs2 rs1 101 rd 0111011", "rd,rs1,rs2", M),
  REMW("0000001 rs2 rs1 110 rd 0111011", "rd,rs1,rs2", M),
  REMUW("0000001 rs2 rs1 111 rd 0111011", "rd,rs1,rs2", M),

  // A: atomic instructions
  LR_W("00010 aq rl 00000 rs1 010 rd 0101111", "rd,(rs1)", A),
  SC_W("00011 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOSWAP_W("00001 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOADD_W("00000 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOXOR_W("00100 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOAND_W("01100 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOOR_W("01000 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMIN_W("10000 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMAX_W("10100 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMINU_W("11000 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMAXU_W("11100 aq rl rs2 rs1 010 rd 0101111", "rd,rs2,(rs1)", A),
  LR_D("00010 aq rl 00000 rs1 011 rd 0101111", "rd,(rs1)", A),
  SC_D("00011 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOSWAP_D("00001 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOADD_D("00000 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOXOR_D("00100 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOAND_D("01100 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOOR_D("01000 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMIN_D("10000 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMAX_D("10100 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMINU_D("11000 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),
  AMOMAXU_D("11100 aq rl rs2 rs1 011 rd 0101111", "rd,rs2,(rs1)", A),

  // F: single-precision floating point
  FLW("imm[11:0] rs1 010 rd 0000111", "fd,imm(rs1)", F),
  FSW("imm[11:5] rs2 rs1 010 imm[4:0] 0100111", "fs2,imm(rs1)", F),
  FMADD_S("rs3 00 rs2 rs1 rm rd 1000011", "fd,fs1,fs2,fs3,rm", F),
  FMSUB_S("rs3 00 rs2 rs1 rm rd 1000111", "fd,fs1,fs2,fs3,rm", F),
  FNMSUB_S("rs3 00 rs2 rs1 rm rd 1001011", "fd,fs1,fs2,fs3,rm", F),
  FNMADD_S("rs3 00 rs2 rs1 rm rd 1001111", "fd,fs1,fs2,fs3,rm", F),
  FADD_S("0000000 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", F),
  FSUB_S("0000100 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", F),
  FMUL_S("0001000 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", F),
  FDIV_S("0001100 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", F),
  FSQRT_S("0101100 00000 rs1 rm rd 1010011", "fd,fs1,rm", F),
  FSGNJ_S("0010000 rs2 rs1 000 rd 1010011", "fd,fs1,fs2", F),
  FSGNJN_S("0010000 rs2 rs1 001 rd 1010011", "fd,fs1,fs2", F),
  FSGNJX_S("0010000 rs2 rs1 010 rd 1010011", "fd,fs1,fs2", F),
  FMIN_S("0010100 rs2 rs1 000 rd 1010011", "fd,fs1,fs2", F),
  FMAX_S("0010100 rs2 rs1 001 rd 1010011", "fd,fs1,fs2", F),
  FEQ_S("1010000 rs2 rs1 010 rd 1010011", "rd,fs1,fs2", F),
  FLT_S("1010000 rs2 rs1 001 rd 1010011", "rd,fs1,fs2", F),
  FLE_S("1010000 rs2 rs1 000 rd 1010011", "rd,fs1,fs2", F),
  FCLASS_S("1110000 00000 rs1 001 rd 1010011", "rd,fs1", F),
  FCVT_W_S("1100000 00000 rs1 rm rd 1010011", "rd,fs1,rm", F),
  FCVT_WU_S("1100000 00001 rs1 rm rd 1010011", "rd,fs1,rm", F),
  FCVT_L_S("1100000 00010 rs1 rm rd 1010011", "rd,fs1,rm", F),
  FCVT_LU_S("1100000 00011 rs1 rm rd 1010011", "rd,fs1,rm", F),
  FCVT_S_W("1101000 00000 rs1 rm rd 1010011", "fd,rs1,rm", F),
  FCVT_S_WU("1101000 00001 rs1 rm rd 1010011", "fd,rs1,rm", F),
  FCVT_S_L("1101000 00010 rs1 rm rd 1010011", "fd,rs1,rm", F),
  FCVT_S_LU("1101000 00011 rs1 rm rd 1010011", "fd,rs1,rm", F),
  FMV_X_W("1110000 00000 rs1 000 rd 1010011", "rd,fs1", F),
  FMV_W_X("1111000 00000 rs1 000 rd 1010011", "fd,rs1", F),

  // D: double-precision floating point
  FLD("imm[11:0] rs1 011 rd 0000111", "fd,imm(rs1)", D),
  FSD("imm[11:5] rs2 rs1 011 imm[4:0] 0100111", "fs2,imm(rs1)", D),
  FMADD_D("rs3 01 rs2 rs1 rm rd 1000011", "fd,fs1,fs2,fs3,rm", D),
  FMSUB_D("rs3 01 rs2 rs1 rm rd 1000111", "fd,fs1,fs2,fs3,rm", D),
  FNMSUB_D("rs3 01 rs2 rs1 rm rd 1001011", "fd,fs1,fs2,fs3,rm", D),
  FNMADD_D("rs3 01 rs2 rs1 rm rd 1001111", "fd,fs1,fs2,fs3,rm", D),
  FADD_D("0000001 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", D),
  FSUB_D("0000101 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", D),
  FMUL_D("0001001 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", D),
  FDIV_D("0001101 rs2 rs1 rm rd 1010011", "fd,fs1,fs2,rm", D),
  FSQRT_D("0101101 00000 rs1 rm rd 1010011", "fd,fs1,rm", D),
  FSGNJ_D("0010001 rs2 rs1 000 rd 1010011", "fd,fs1,fs2", D),
  FSGNJN_D("0010001 rs2 rs1 001 rd 1010011", "fd,fs1,fs2", D),
  FSGNJX_D("0010001 rs2 rs1 010 rd 1010011", "fd,fs1,fs2", D),
  FMIN_D("0010101 rs2 rs1 000 rd 1010011", "fd,fs1,fs2", D),
  FMAX_D("0010101 rs2 rs1 001 rd 1010011", "fd,fs1,fs2", D),
  FEQ_D("1010001 rs2 rs1 010 rd 1010011", "rd,fs1,fs2", D),
  FLT_D("1010001 rs2 rs1 001 rd 1010011", "rd,fs1,fs2", D),
  FLE_D("1010001 rs2 rs1 000 rd 1010011", "rd,fs1,fs2", D),
  FCLASS_D("1110001 00000 rs1 001 rd 1010011", "rd,fs1", D),
  FCVT_W_D("1100001 00000 rs1 rm rd 1010011", "rd,fs1,rm", D),
  FCVT_WU_D("1100001 00001 rs1 rm rd 1010011", "rd,fs1,rm", D),
  FCVT_L_D("1100001 00010 rs1 rm rd 1010011", "rd,fs1,rm", D),
  FCVT_LU_D("1100001 00011 rs1 rm rd 1010011", "rd,fs1,rm", D),
  FCVT_D_W("1101001 00000 rs1 rm rd 1010011", "fd,rs1,rm=rne", D),
  FCVT_D_WU("1101001 00001 rs1 rm rd 1010011", "fd,rs1,rm=rne", D),
  FCVT_D_L("1101001 00010 rs1 rm rd 1010011", "fd,rs1,rm", D),
  FCVT_D_LU("1101001 00011 rs1 rm rd 1010011", "fd,rs1,rm", D),
  FMV_X_D("1110001 00000 rs1 000 rd 1010011", "rd,fs1", D),
  FMV_D_X("1111001 00000 rs1 000 rd 1010011", "fd,rs1", D),
  FCVT_S_D("0100000 00001 rs1 rm rd 1010011", "fd,fs1,rm", D),
  FCVT_D_S("0100001 00000 rs1 rm rd 1010011", "fd,fs1,rm=rne", D),

  // Zfhmin: half-precision loads, stores, moves and conversions
  FLH("imm[11:0] rs1 001 rd 0000111", "fd,imm(rs1)", ZFHMIN),
  FSH("imm[11:5] rs2 rs1 001 imm[4:0] 0100111", "fs2,imm(rs1)", ZFHMIN),
  FMV_X_H("1110010 00000 rs1 000 rd 1010011", "rd,fs1", ZFHMIN),
  FMV_H_X("1111010 00000 rs1 000 rd 1010011", "fd,rs1", ZFHMIN),
  FCVT_S_H("0100000 00010 rs1 rm rd 1010011", "fd,fs1,rm=rne", ZFHMIN),
  FCVT_H_S("0100010 00000 rs1 rm rd 1010011", "fd,fs1,rm", ZFHMIN),
  FCVT_D_H("0100001 00010 rs1 rm rd 1010011", "fd,fs1,rm=rne", ZFHMIN),
  FCVT_H_D("0100010 00001 rs1 rm rd 1010011", "fd,fs1,rm", ZFHMIN),

  // Zfa: additional floating-point instructions
  FLI_S("1111000 00001 zimm 000 rd 1010011", "fd,constant", ZFA),
  FMINM_S("0010100 rs2 rs1 010 rd 1010011", "fd,fs1,fs2", ZFA),
  FMAXM_S("0010100 rs2 rs1 011 rd 1010011", "fd,fs1,fs2", ZFA),
  FROUND_S("0100000 00100 rs1 rm rd 1010011", "fd,fs1,rm", ZFA),
  FROUNDNX_S("0100000 00101 rs1 rm rd 1010011", "fd,fs1,rm", ZFA),
  FLEQ_S("1010000 rs2 rs1 100 rd 1010011", "rd,fs1,fs2", ZFA),
  FLTQ_S("1010000 rs2 rs1 101 rd 1010011", "rd,fs1,fs2", ZFA),
  FLI_D("1111001 00001 zimm 000 rd 1010011", "fd,constant", ZFA),
  FMINM_D("0010101 rs2 rs1 010 rd 1010011", "fd,fs1,fs2", ZFA),
  FMAXM_D("0010101 rs2 rs1 011 rd 1010011", "fd,fs1,fs2", ZFA),
  FROUND_D("0100001 00100 rs1 rm rd 1010011", "fd,fs1,rm", ZFA),
  FROUNDNX_D("0100001 00101 rs1 rm rd 1010011", "fd,fs1,rm", ZFA),
  FLEQ_D("1010001 rs2 rs1 100 rd 1010011", "rd,fs1,fs2", ZFA),
  FLTQ_D("1010001 rs2 rs1 101 rd 1010011", "rd,fs1,fs2", ZFA),
  FCVTMOD_W_D("1100001 01000 rs1 001 rd 1010011", "rd,fs1,rtz", ZFA),

  // Zba, Zbb, Zbc, Zbs: bit manipulation; Zicond: conditional zero
  SH1ADD("0010000 rs2 rs1 010 rd 0110011", "rd,rs1,rs2", ZBA),
  SH2ADD("0010000 rs2 rs1 100 rd 0110011", "rd,rs1,rs2", ZBA),
  SH3ADD("0010000 rs2 rs1 110 rd 0110011", "rd,rs1,rs2", ZBA),
  ADD_UW("0000100 rs2 rs1 000 rd 0111011", "rd,rs1,rs2", ZBA),
  SH1ADD_UW("0010000 rs2 rs1 010 rd 0111011", "rd,rs1,rs2", ZBA),
  SH2ADD_UW("0010000 rs2 rs1 100 rd 0111011", "rd,rs1,rs2", ZBA),
  SH3ADD_UW("0010000 rs2 rs1 110 rd 0111011", "rd,rs1,rs2", ZBA),
  SLLI_UW("000010 shamt[5:0] rs1 001 rd 0011011", "rd,rs1,shamt", ZBA),
  ANDN("0100000 rs2 rs1 111 rd 0110011", "rd,rs1,rs2", ZBB),
  ORN("0100000 rs2 rs1 110 rd 0110011", "rd,rs1,rs2", ZBB),
  XNOR("0100000 rs2 rs1 100 rd 0110011", "rd,rs1,rs2", ZBB),
  CLZ("0110000 00000 rs1 001 rd 0010011", "rd,rs1", ZBB),
  CTZ("0110000 00001 rs1 001 rd 0010011", "rd,rs1", ZBB),
  CPOP("0110000 00010 rs1 001 rd 0010011", "rd,rs1", ZBB),
  CLZW("0110000 00000 rs1 001 rd 0011011", "rd,rs1", ZBB),
  CTZW("0110000 00001 rs1 001 rd 0011011", "rd,rs1", ZBB),
  CPOPW("0110000 00010 rs1 001 rd 0011011", "rd,rs1", ZBB),
  MIN("0000101 rs2 rs1 100 rd 0110011", "rd,rs1,rs2", ZBB),
  MINU("0000101 rs2 rs1 101 rd 0110011", "rd,rs1,rs2", ZBB),
  MAX("0000101 rs2 rs1 110 rd 0110011", "rd,rs1,rs2", ZBB),
  MAXU("0000101 rs2 rs1 111 rd 0110011", "rd,rs1,rs2", ZBB),
  SEXT_B("0110000 00100 rs1 001 rd 0010011", "rd,rs1", ZBB),
  SEXT_H("0110000 00101 rs1 001 rd 0010011", "rd,rs1", ZBB),
  ZEXT_H("0000100 00000 rs1 100 rd 0111011", "rd,rs1", ZBB),
  ROL("0110000 rs2 rs1 001 rd 0110011", "rd,rs1,rs2", ZBB),
  ROR("0110000 rs2 rs1 101 rd 0110011", "rd,rs1,rs2", ZBB),
  ROLW("0110000 rs2 rs1 001 rd 0111011", "rd,rs1,rs2", ZBB),
  RORW("0110000 rs2 rs1 101 rd 0111011", "rd,rs1,rs2", ZBB),
  RORI("011000 shamt[5:0] rs1 101 rd 0010011", "rd,rs1,shamt", ZBB),
  RORIW("0110000 shamt[4:0] rs1 101 rd 0011011", "rd,rs1,shamt", ZBB),
  ORC_B("001010000111 rs1 101 rd 0010011", "rd,rs1", ZBB),
  REV8("011010111000 rs1 101 rd 0010011", "rd,rs1", ZBB),
  CLMUL("0000101 rs2 rs1 001 rd 0110011", "rd,rs1,rs2", ZBC),
  CLMULR("0000101 rs2 rs1 010 rd 0110011", "rd,rs1,rs2", ZBC),
  CLMULH("0000101 rs2 rs1 011 rd 0110011", "rd,rs1,rs2", ZBC),
  BCLR("0100100 rs2 rs1 001 rd 0110011", "rd,rs1,rs2", ZBS),
  BCLRI("010010 shamt[5:0] rs1 001 rd 0010011", "rd,rs1,shamt", ZBS),
  BEXT("0100100 rs2 rs1 101 rd 0110011", "rd,rs1,rs2", ZBS),
  BEXTI("010010 shamt[5:0] rs1 101 rd 0010011", "rd,rs1,shamt", ZBS),
  BINV("0110100 rs2 rs1 001 rd 0110011", "rd,rs1,rs2", ZBS),
  BINVI("011010 shamt[5:0] rs1 001 rd 0010011", "rd,rs1,shamt", ZBS),
  BSET("0010100 rs2 rs1 001 rd 0110011", "rd,rs1,rs2", ZBS),
  BSETI("001010 shamt[5:0] rs1 001 rd 0010011", "rd,rs1,shamt", ZBS),
  CZERO_EQZ("0000111 rs2 rs1 101 rd 0110011", "rd,rs1,rs2", ZICOND),
  CZERO_NEZ("0000111 rs2 rs1 111 rd 0110011", "rd,rs1,rs2", ZICOND),

  // C: compressed instructions, quadrant 0; Zcb
  C_ADDI4SPN("000 nzuimm[5:4|9:6|2|3] rd' 00", "rd,sp,imm", C, ADDI, "rs1=2"),
  C_FLD("001 uimm[5:3] rs1' uimm[7:6] rd' 00", "fd,imm(rs1)", C, FLD),
  C_LW("010 uimm[5:3] rs1' uimm[2|6] rd' 00", "rd,imm(rs1)", C, LW),
  C_LD("011 uimm[5:3] rs1' uimm[7:6] rd' 00", "rd,imm(rs1)", C, LD),
  C_LBU("100 000 rs1' uimm[0|1] rd' 00", "rd,imm(rs1)", ZCB, LBU),
  C_LHU("100 001 rs1' 0 uimm[1] rd' 00", "rd,imm(rs1)", ZCB, LHU),
  C_LH("100 001 rs1' 1 uimm[1] rd' 00", "rd,imm(rs1)", ZCB, LH),
  C_SB("100 010 rs1' uimm[0|1] rs2' 00", "rs2,imm(rs1)", ZCB, SB),
  C_SH("100 011 rs1' 0 uimm[1] rs2' 00", "rs2,imm(rs1)", ZCB, SH),
  C_FSD("101 uimm[5:3] rs1' uimm[7:6] rs2' 00", "fs2,imm(rs1)", C, FSD),
  C_SW("110 uimm[5:3] rs1' uimm[2|6] rs2' 00", "rs2,imm(rs1)", C, SW),
  C_SD("111 uimm[5:3] rs1' uimm[7:6] rs2' 00", "rs2,imm(rs1)", C, SD),

  // C: compressed instructions, quadrant 1; Zcb; Zcmop
  C_NOP("000 imm[5] 00000 imm[4:0] 01", "imm", C, ADDI),
  C_ADDI("000 imm[5] rd/rs1!=0 imm[4:0] 01", "rd,imm", C, ADDI),
  C_ADDIW("001 imm[5] rd/rs1!=0 imm[4:0] 01", "rd,imm", C, ADDIW),
  C_LI("010 imm[5] rd imm[4:0] 01", "rd,imm", C, ADDI),
  C_ADDI16SP("011 nzimm[9] 00010 nzimm[4|6|8:7|5] 01", "sp,imm", C, ADDI, "rd=2 rs1=2"),
  C_MOP("011 0 0 uimm[3:1] 1 00000 01", "n", ZCMOP, ADDI, "imm=1"),
  C_LUI("011 nzimm[17] rd!=2 nzimm[16:12] 01", "rd,upper", C, LUI),
  C_SRLI("100 shamt[5] 00 rd'/rs1' shamt[4:0] 01", "rd,shamt", C, SRLI),
  C_SRAI("100 shamt[5] 01 rd'/rs1' shamt[4:0] 01", "rd,shamt", C, SRAI),
  C_ANDI("100 imm[5] 10 rd'/rs1' imm[4:0] 01", "rd,imm", C, ANDI),
  C_SUB("100 0 11 rd'/rs1' 00 rs2' 01", "rd,rs2", C, SUB),
  C_XOR("100 0 11 rd'/rs1' 01 rs2' 01", "rd,rs2", C, XOR),
  C_OR("100 0 11 rd'/rs1' 10 rs2' 01", "rd,rs2", C, OR),
  C_AND("100 0 11 rd'/rs1' 11 rs2' 01", "rd,rs2", C, AND),
  C_SUBW("100 1 11 rd'/rs1' 00 rs2' 01", "rd,rs2", C, SUBW),
  C_ADDW("100 1 11 rd'/rs1' 01 rs2' 01", "rd,rs2", C, ADDW),
  C_MUL("100 1 11 rd'/rs1' 10 rs2' 01", "rd,rs2", ZCB, MUL),
  C_ZEXT_B("100 1 11 rd'/rs1' 11 000 01", "rd", ZCB, ANDI, "imm=255"),
  C_SEXT_B("100 1 11 rd'/rs1' 11 001 01", "rd", ZCB, SEXT_B),
  C_ZEXT_H("100 1 11 rd'/rs1' 11 010 01", "rd", ZCB, ZEXT_H),
  C_SEXT_H("100 1 11 rd'/rs1' 11 011 01", "rd", ZCB, SEXT_H),
  C_ZEXT_W("100 1 11 rd'/rs1' 11 100 01", "rd", ZCB, ADD_UW),
  C_NOT("100 1 11 rd'/rs1' 11 101 01", "rd", ZCB, XORI, "imm=-1"),
  C_J("101 imm[11|4|9:8|10|6|7|3:1|5] 01", "target", C, JAL),
  C_BEQZ("110 imm[8|4:3] rs1' imm[7:6|2:1|5] 01", "rs1,target", C, BEQ),
  C_BNEZ("111 imm[8|4:3] rs1' imm[7:6|2:1|5] 01", "rs1,target", C, BNE),

  // C: compressed instructions, quadrant 2
  C_SLLI("000 shamt[5] rd/rs1 shamt[4:0] 10", "rd,shamt", C, SLLI),
  C_FLDSP("001 uimm[5] rd uimm[4:3|8:6] 10", "fd,imm(sp)", C, FLD, "rs1=2"),
  C_LWSP("010 uimm[5] rd!=0 uimm[4:2|7:6] 10", "rd,imm(sp)", C, LW, "rs1=2"),
  C_LDSP("011 uimm[5] rd!=0 uimm[4:3|8:6] 10", "rd,imm(sp)", C, LD, "rs1=2"),
  C_JR("100 0 rs1!=0 00000 10", "rs1", C, JALR),
  C_MV("100 0 rd rs2!=0 10", "rd,rs2", C, ADD),
  C_EBREAK("100 1 00000 00000 10", "", C, EBREAK),
  C_JALR("100 1 rs1!=0 00000 10", "rs1", C, JALR, "rd=1"),
  C_ADD("100 1 rd/rs1 rs2!=0 10", "rd,rs2", C, ADD),
  C_FSDSP("101 uimm[5:3|8:6] rs2 10", "fs2,imm(sp)", C, FSD, "rs1=2"),
  C_SWSP("110 uimm[5:2|7:6] rs2 10", "rs2,imm(sp)", C, SW, "rs1=2"),
  C_SDSP("111 uimm[5:3|8:6] rs2 10", "rs2,imm(sp)", C, SD, "rs1=2");

  private static final Opcode[] ALL = values();

  private final Encoding encoding;
  private final String operands;
  private final Extension extension;
  private final Opcode base;

  Opcode() {
    encoding = null;
    operands = "";
    extension = I;
    base = this;
  }

  Opcode(String bits, String operands, Extension extension) {
    encoding = Encoding.parse(bits, "");
    this.operands = operands;
    this.extension = extension;
    base = this;
  }

  Opcode(String bits, String operands, Extension extension, Opcode base) {
    this(bits, operands, extension, base, "");
  }

  Opcode(String bits, String operands, Extension extension, Opcode base, String implied) {
    encoding = Encoding.parse(bits, implied);
    this.operands = operands;
    this.extension = extension;
    this.base = base;
  }

  /** The extension that defines the encoding. */
  public Extension extension() {
    return extension;
  }

  /** The instruction this one expands to; itself if it is not a compressed form of another. */
  public Opcode base() {
    return base;
  }

  /** The length of the encoding in bytes, 2 or 4; 0 for {@link #ILLEGAL}. */
  public int length() {
    return encoding == null ? 0 : encoding.length;
  }

  /** Whether the encoding has a rounding-mode field. */
  public boolean hasRoundingMode() {
    return encoding != null && (encoding.modifierMask & Encoding.RM_FIELD) != 0;
  }

  /** The mnemonic of the ISA manual in lower case, without aq, rl or number suffixes. */
  public String mnemonic() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  Encoding encoding() {
    return encoding;
  }

  /**
   * The operands in assembly syntax, such as {@code rd,imm(rs1)}: rd and rs1 to rs3 are integer
   * registers, fd and fs1 to fs3 are float registers.
   */
  public String operands() {
    return operands;
  }

  /** All constants in table order, ILLEGAL included; not to be written to. */
  static Opcode[] table() {
    return ALL;
  }
}
