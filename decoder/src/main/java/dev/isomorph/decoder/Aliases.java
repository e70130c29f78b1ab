package dev.isomorph.decoder;

import static dev.isomorph.decoder.Opcode.*;

import java.util.ArrayList;
import java.util.List;

/**
 * Pseudo-instructions: the shorter or more telling names that assembly listings use for certain
 * operands (ISA manual, "RISC-V Assembly Programmer's Handbook"; the choices are those of
 * binutils). The first row that applies wins.
 */
final class Aliases {
  /**
   * One alias.
   *
   * @param of the instruction, or the compressed row, that it stands for
   * @param condition operands it needs, as {@code "rd=0 rs2=rs1"}
   */
  record Alias(Opcode of, String condition, String mnemonic, Syntax syntax) {
    boolean applies(Instruction instruction) {
      int start = 0;
      while (start < condition.length()) {
        int end = condition.indexOf(' ', start);
        if (end < 0) {
          end = condition.length();
        }
        int equals = condition.indexOf('=', start);
        String required = condition.substring(equals + 1, end);
        long value = required.equals("rs1") ? instruction.rs1() : Long.decode(required);
        if (operand(instruction, condition.substring(start, equals)) != value) {
          return false;
        }
        start = end + 1;
      }
      return true;
    }

    private static long operand(Instruction instruction, String name) {
      return switch (name) {
        case "rd" -> instruction.rd();
        case "rs1" -> instruction.rs1();
        case "rs2" -> instruction.rs2();
        case "imm" -> instruction.imm();
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  private static final Alias[] NONE = {};

  private static final Alias[][] BY_OPCODE = new Alias[Opcode.table().length][];

  static {
    List<Alias> table = new ArrayList<>();
    addInteger(table);
    addJumpsAndBranches(table);
    addCsrs(table);
    addFloat(table);
    addCompressedHints(table);
    for (Alias alias : table) {
      int index = alias.of.ordinal();
      Alias[] old = BY_OPCODE[index] == null ? NONE : BY_OPCODE[index];
      Alias[] grown = new Alias[old.length + 1];
      System.arraycopy(old, 0, grown, 0, old.length);
      grown[old.length] = alias;
      BY_OPCODE[index] = grown;
    }
  }

  private Aliases() {}

  /** The alias to print the instruction as, or null. */
  static Alias find(Instruction instruction) {
    Alias ofForm = first(instruction.encodedAs(), instruction);
    return ofForm != null || instruction.encodedAs() == instruction.opcode()
        ? ofForm
        : first(instruction.opcode(), instruction);
  }

  private static Alias first(Opcode row, Instruction instruction) {
    Alias[] candidates = BY_OPCODE[row.ordinal()];
    if (candidates != null) {
      for (Alias alias : candidates) {
        if (alias.applies(instruction)) {
          return alias;
        }
      }
    }
    return null;
  }

  private static void add(
      List<Alias> table, Opcode of, String condition, String mnemonic, String operands) {
    table.add(new Alias(of, condition, mnemonic, new Syntax(operands)));
  }

  private static void addInteger(List<Alias> t) {
    add(t, ADDI, "rd=0 rs1=0 imm=0", "nop", "");
    add(t, ADDI, "rs1=0", "li", "rd,imm");
    add(t, ADDI, "imm=0", "mv", "rd,rs1");
    add(t, ANDI, "imm=255", "zext.b", "rd,rs1");
    add(t, XORI, "imm=-1", "not", "rd,rs1");
    add(t, SLTIU, "imm=1", "seqz", "rd,rs1");
    add(t, SLTU, "rs1=0", "snez", "rd,rs2");
    add(t, SLT, "rs2=0", "sltz", "rd,rs1");
    add(t, SLT, "rs1=0", "sgtz", "rd,rs2");
    add(t, SUB, "rs1=0", "neg", "rd,rs2");
    add(t, SUBW, "rs1=0", "negw", "rd,rs2");
    add(t, ADDIW, "imm=0", "sext.w", "rd,rs1");
    add(t, ADD_UW, "rs2=0", "zext.w", "rd,rs1");
    add(t, ADD, "rd=0 rs1=0 rs2=2", "ntl.p1", "");
    add(t, ADD, "rd=0 rs1=0 rs2=3", "ntl.pall", "");
    add(t, ADD, "rd=0 rs1=0 rs2=4", "ntl.s1", "");
    add(t, ADD, "rd=0 rs1=0 rs2=5", "ntl.all", "");
    add(t, FENCE, "imm=255", "fence", "");
    add(t, FENCE, "imm=0x833", "fence.tso", "");
    add(t, SFENCE_VMA, "rs1=0 rs2=0", "sfence.vma", "");
    add(t, SFENCE_VMA, "rs2=0", "sfence.vma", "rs1");
  }

  private static void addJumpsAndBranches(List<Alias> t) {
    add(t, JAL, "rd=0", "j", "target");
    add(t, JAL, "rd=1", "jal", "target");
    add(t, JALR, "rd=0 rs1=1 imm=0", "ret", "");
    add(t, JALR, "rd=0 imm=0", "jr", "rs1");
    add(t, JALR, "rd=0", "jr", "imm(rs1)");
    add(t, JALR, "rd=1 imm=0", "jalr", "rs1");
    add(t, JALR, "rd=1", "jalr", "imm(rs1)");
    add(t, JALR, "imm=0", "jalr", "rd,rs1");
    add(t, BEQ, "rs2=0", "beqz", "rs1,target");
    add(t, BNE, "rs2=0", "bnez", "rs1,target");
    add(t, BGE, "rs1=0", "blez", "rs2,target");
    add(t, BGE, "rs2=0", "bgez", "rs1,target");
    add(t, BLT, "rs2=0", "bltz", "rs1,target");
    add(t, BLT, "rs1=0", "bgtz", "rs2,target");
  }

  private static void addCsrs(List<Alias> t) {
    add(t, CSRRW, "rd=0 rs1=0 imm=0xc00", "unimp", "");
    add(t, CSRRS, "rs1=0 imm=1", "frflags", "rd");
    add(t, CSRRS, "rs1=0 imm=2", "frrm", "rd");
    add(t, CSRRS, "rs1=0 imm=3", "frcsr", "rd");
    add(t, CSRRS, "rs1=0 imm=0xc00", "rdcycle", "rd");
    add(t, CSRRS, "rs1=0 imm=0xc01", "rdtime", "rd");
    add(t, CSRRS, "rs1=0 imm=0xc02", "rdinstret", "rd");
    add(t, CSRRW, "rd=0 imm=1", "fsflags", "rs1");
    add(t, CSRRW, "imm=1", "fsflags", "rd,rs1");
    add(t, CSRRW, "rd=0 imm=2", "fsrm", "rs1");
    add(t, CSRRW, "imm=2", "fsrm", "rd,rs1");
    add(t, CSRRW, "rd=0 imm=3", "fscsr", "rs1");
    add(t, CSRRW, "imm=3", "fscsr", "rd,rs1");
    add(t, CSRRWI, "rd=0 imm=1", "fsflagsi", "zimm");
    add(t, CSRRWI, "imm=1", "fsflagsi", "rd,zimm");
    add(t, CSRRWI, "rd=0 imm=2", "fsrmi", "zimm");
    add(t, CSRRWI, "imm=2", "fsrmi", "rd,zimm");
    add(t, CSRRS, "rs1=0", "csrr", "rd,csr");
    add(t, CSRRW, "rd=0", "csrw", "csr,rs1");
    add(t, CSRRS, "rd=0", "csrs", "csr,rs1");
    add(t, CSRRC, "rd=0", "csrc", "csr,rs1");
    add(t, CSRRWI, "rd=0", "csrwi", "csr,zimm");
    add(t, CSRRSI, "rd=0", "csrsi", "csr,zimm");
    add(t, CSRRCI, "rd=0", "csrci", "csr,zimm");
  }

  private static void addFloat(List<Alias> t) {
    add(t, FSGNJ_S, "rs2=rs1", "fmv.s", "fd,fs1");
    add(t, FSGNJ_D, "rs2=rs1", "fmv.d", "fd,fs1");
    add(t, FSGNJN_S, "rs2=rs1", "fneg.s", "fd,fs1");
    add(t, FSGNJN_D, "rs2=rs1", "fneg.d", "fd,fs1");
    add(t, FSGNJX_S, "rs2=rs1", "fabs.s", "fd,fs1");
    add(t, FSGNJX_D, "rs2=rs1", "fabs.d", "fd,fs1");
  }

  /**
   * Compressed encodings that are HINTs keep the compressed name, so that they can be told apart.
   */
  private static void addCompressedHints(List<Alias> t) {
    add(t, C_NOP, "imm=0", "nop", "");
    add(t, C_NOP, "", "c.nop", "imm");
    add(t, C_ADDI, "imm=0", "addi", "rd,rs1,imm");
    add(t, C_LI, "rd=0", "c.li", "rd,imm");
    add(t, C_LUI, "rd=0", "c.lui", "rd,upper");
    add(t, C_MV, "rd=0", "c.mv", "rd,rs2");
    add(t, C_MV, "", "mv", "rd,rs2");
    add(t, C_ADD, "rd=0 rs2=2", "ntl.p1", "");
    add(t, C_ADD, "rd=0 rs2=3", "ntl.pall", "");
    add(t, C_ADD, "rd=0 rs2=4", "ntl.s1", "");
    add(t, C_ADD, "rd=0 rs2=5", "ntl.all", "");
    add(t, C_ADD, "rd=0", "c.add", "rd,rs2");
    add(t, C_SLLI, "imm=0", "c.slli64", "rd");
    add(t, C_SLLI, "rd=0", "c.slli", "rd,shamt");
    add(t, C_SRLI, "imm=0", "c.srli64", "rd");
    add(t, C_SRAI, "imm=0", "c.srai64", "rd");
    add(t, C_MOP, "", "c.mop", "n");
  }
}
