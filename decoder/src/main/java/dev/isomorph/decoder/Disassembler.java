package dev.isomorph.decoder;

import java.util.List;
import java.util.function.LongFunction;

/**
 * Prints instructions as {@code objdump -d} of binutils does: a mnemonic, a tab and the operands,
 * with pseudo-instructions where they apply. An instance follows one listing from the lowest
 * address up, because the comment with the address that a lui or auipc and a later instruction form
 * together needs the former; use {@link #text} for a single instruction.
 */
public final class Disassembler {
  private static final String[] ROUNDING_MODES = {
    "rne", "rtz", "rdn", "rup", "rmm", "unknown", "unknown", "dyn"
  };

  private static final LongFunction<String> NO_SYMBOLS = address -> null;

  private final LongFunction<String> symbols;
  private final long globalPointer;
  private final boolean hasGlobalPointer;

  /** The upper parts of addresses by register, as far as lui and auipc have made some. */
  private final long[] upper = new long[32];

  private final boolean[] hasUpper = new boolean[32];

  /**
   * Starts a listing.
   *
   * @param symbols gives the text for an address in angle brackets, such as {@code main+0x10}; null
   *     for none
   */
  public Disassembler(LongFunction<String> symbols) {
    this(symbols, false, 0);
  }

  /** Starts a listing of a program whose gp register (by its symbol) has a known value. */
  public Disassembler(LongFunction<String> symbols, long globalPointer) {
    this(symbols, true, globalPointer);
  }

  private Disassembler(LongFunction<String> symbols, boolean hasGlobalPointer, long globalPointer) {
    this.symbols = symbols;
    this.hasGlobalPointer = hasGlobalPointer;
    this.globalPointer = globalPointer;
  }

  /** One instruction at address {@code pc}, without symbols. */
  public static String text(Instruction instruction, long pc) {
    return print(instruction, pc, NO_SYMBOLS);
  }

  /** The next instruction of the listing, at address {@code pc}. */
  public String line(Instruction instruction, long pc) {
    String text = print(instruction, pc, symbols);
    if (instruction.opcode() == Opcode.ILLEGAL) {
      return text;
    }
    StringBuilder line = new StringBuilder(text);
    appendAddress(instruction, pc, line);
    return line.toString();
  }

  private static String print(Instruction instruction, long pc, LongFunction<String> symbols) {
    if (instruction.opcode() == Opcode.ILLEGAL) {
      return illegal(instruction);
    }
    Aliases.Alias alias = Aliases.find(instruction);
    StringBuilder out = new StringBuilder(40);
    out.append(alias == null ? instruction.opcode().mnemonic() : alias.mnemonic());
    appendOrdering(instruction, out);
    Syntax syntax = alias == null ? Syntax.of(instruction.opcode()) : alias.syntax();
    List<Operand> operands = syntax.operands();
    boolean first = true;
    for (int i = 0; i < operands.size(); i++) {
      Operand operand = operands.get(i);
      if (operand == Operand.N) {
        out.append('.').append(instruction.imm());
        continue;
      }
      if (operand == Operand.RM && instruction.rm() == syntax.defaultRoundingMode()) {
        continue;
      }
      String literal = syntax.literal(i);
      if (first) {
        out.append('\t');
        literal = literal.startsWith(",") ? literal.substring(1) : literal;
        first = false;
      }
      out.append(literal);
      appendOperand(operand, instruction, pc, symbols, out);
    }
    return out.append(syntax.literal(operands.size())).toString();
  }

  private static String illegal(Instruction instruction) {
    if (instruction.length() == 2) {
      return instruction.bits() == 0 ? "unimp" : ".insn\t2, 0x" + hex(instruction.bits(), 4);
    }
    return ".insn\t4, 0x" + hex(instruction.bits(), 8);
  }

  private static String hex(int bits, int digits) {
    String text = Integer.toHexString(bits);
    return "0".repeat(digits - text.length()) + text;
  }

  private static void appendOrdering(Instruction instruction, StringBuilder out) {
    if ((instruction.encodedAs().encoding().modifierMask & (Encoder.AQ | Encoder.RL)) == 0) {
      return;
    }
    if (instruction.aq() || instruction.rl()) {
      out.append('.').append(instruction.aq() ? "aq" : "").append(instruction.rl() ? "rl" : "");
    }
  }

  private static void appendOperand(
      Operand operand,
      Instruction instruction,
      long pc,
      LongFunction<String> symbols,
      StringBuilder out) {
    switch (operand) {
      case RD -> out.append(Registers.integerName(instruction.rd()));
      case RS1 -> out.append(Registers.integerName(instruction.rs1()));
      case RS2 -> out.append(Registers.integerName(instruction.rs2()));
      case RS3 -> out.append(Registers.integerName(instruction.rs3()));
      case FD -> out.append(Registers.floatName(instruction.rd()));
      case FS1 -> out.append(Registers.floatName(instruction.rs1()));
      case FS2 -> out.append(Registers.floatName(instruction.rs2()));
      case FS3 -> out.append(Registers.floatName(instruction.rs3()));
      case IMM, N -> out.append(instruction.imm());
      case UPPER -> out.append("0x").append(Long.toHexString(instruction.imm() >>> 12 & 0xfffff));
      case SHAMT -> out.append("0x").append(Long.toHexString(instruction.imm()));
      case TARGET -> appendTarget(pc + instruction.imm(), symbols, out);
      case CSR -> out.append(Csrs.name((int) instruction.imm()));
      case ZIMM -> out.append(instruction.rs1());
      case PRED -> out.append(accessSet((int) instruction.imm() >> 4 & 15));
      case SUCC -> out.append(accessSet((int) instruction.imm() & 15));
      case RM -> out.append(ROUNDING_MODES[instruction.rm()]);
      case CONSTANT -> out.append(FloatConstants.text(instruction.rs1()));
    }
  }

  private static void appendTarget(long address, LongFunction<String> symbols, StringBuilder out) {
    String symbol = symbols.apply(address);
    if (symbol == null) {
      out.append("0x").append(Long.toHexString(address));
    } else {
      out.append(Long.toHexString(address)).append(" <").append(symbol).append('>');
    }
  }

  private static String accessSet(int set) {
    if (set == 0) {
      return "unknown";
    }
    StringBuilder out = new StringBuilder(4);
    for (int i = 0; i < 4; i++) {
      if ((set >> 3 - i & 1) != 0) {
        out.append("iorw".charAt(i));
      }
    }
    return out.toString();
  }

  /**
   * Keeps track of upper parts, and appends the address that the instruction refers to where its
   * base register has one.
   */
  private void appendAddress(Instruction instruction, long pc, StringBuilder line) {
    switch (instruction.opcode()) {
      case LUI -> setUpper(instruction.rd(), instruction.imm());
      case AUIPC -> setUpper(instruction.rd(), pc + instruction.imm());
      default -> {
        if (showsAddress(instruction)) {
          appendAddress(instruction.rs1(), instruction, line);
        }
      }
    }
  }

  /** The forms for which binutils looks for an address; compressed loads and stores are not. */
  private static boolean showsAddress(Instruction instruction) {
    Aliases.Alias alias = Aliases.find(instruction);
    return switch (instruction.encodedAs()) {
      case ADDI, ADDIW, C_ADDI, C_ADDIW -> alias == null;
      case JALR -> alias == null || !alias.syntax().isEmpty();
      case PREFETCH_I, PREFETCH_R, PREFETCH_W -> false;
      default -> instruction.length() == 4 && instruction.opcode().operands().endsWith("imm(rs1)");
    };
  }

  private void setUpper(int register, long value) {
    upper[register] = value;
    hasUpper[register] = true;
  }

  private void appendAddress(int base, Instruction instruction, StringBuilder line) {
    long address = instruction.imm();
    if (hasUpper[base]) {
      address += base == 0 ? 0 : upper[base];
      hasUpper[base] = false;
    } else if (base == Registers.GP && hasGlobalPointer) {
      address += globalPointer;
    } else if (base != Registers.TP && base != Registers.ZERO) {
      return;
    }
    if (instruction.opcode() == Opcode.ADDIW) {
      address = (int) address;
    }
    line.append(" # ");
    appendTarget(address, symbols, line);
  }
}
