package dev.isomorph.conformance.generate;

import dev.isomorph.conformance.golden.Format;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What kinds of operands a row of the instruction table has, and which encodings there are. */
public final class Shape {
  private static final Pattern SEPARATOR = Pattern.compile("[^a-z0-9]+");
  private static final int SAMPLES = 500;
  private static final int HIGH = 16;

  private final Opcode row;
  private final Opcode base;
  private final Set<String> operands;
  private final List<Instruction> encodings;
  private final LongSummaryStatistics immediates;

  private Shape(Opcode row) {
    this.row = row;
    base = row.base();
    operands = Set.copyOf(Arrays.asList(SEPARATOR.split(base.operands())));
    encodings = row.length() == 2 ? shortEncodings() : row.length() == 4 ? encodings() : List.of();
    immediates = encodings.stream().mapToLong(Instruction::imm).summaryStatistics();
  }

  public static Shape of(Opcode row) {
    return new Shape(row);
  }

  /** All encodings of a compressed row. */
  private List<Instruction> shortEncodings() {
    List<Instruction> all = new ArrayList<>();
    for (int bits = 0; bits < 1 << HIGH; bits++) {
      if (Instruction.lengthOf(bits) == 2) {
        Instruction instruction = Decoder.decode(bits);
        if (instruction.encodedAs() == row) {
          all.add(instruction);
        }
      }
    }
    return all;
  }

  /** Any encodings, and all ways in which registers are the same or x0. */
  private List<Instruction> encodings() {
    InstructionGenerator generator = new InstructionGenerator(new Random(row.ordinal()));
    List<Instruction> some = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      some.add(generator.instruction(row));
    }
    for (int registers = 0; registers < 1 << 8; registers++) {
      int bits = some.getFirst().bits();
      bits = Operands.withRegister(bits, Operands.RD, registers & 3);
      bits = Operands.withRegister(bits, Operands.RS1, registers >> 2 & 3);
      bits = Operands.withRegister(bits, Operands.RS2, registers >> 4 & 3);
      bits = Operands.withRegister(bits, Operands.RS3, registers >> 6 & 3);
      some.add(Decoder.decode(bits));
    }
    return some;
  }

  public Opcode row() {
    return row;
  }

  /** What it does; compressed rows are a form of another one. */
  public Opcode base() {
    return base;
  }

  /** Whether some encoding of the row is so. */
  public boolean can(Predicate<Instruction> property) {
    return encodings.stream().anyMatch(property);
  }

  public long leastImmediate() {
    return immediates.getMin();
  }

  public long greatestImmediate() {
    return immediates.getMax();
  }

  /** Whether its syntax has the operand: rd, rs1, fs1, imm and so on, as the table names them. */
  public boolean has(String operand) {
    return operands.contains(operand);
  }

  /** Whether rs1 is an address, of data or code. */
  public boolean hasAddress() {
    return width() != 0 || base == Opcode.JALR;
  }

  /** Bytes accessed in memory; 0 if it accesses none. */
  public int width() {
    return MemoryAccesses.width(base);
  }

  /** Whether the address must be a multiple of the width. */
  public boolean isAtomic() {
    return MemoryAccesses.isAtomic(base);
  }

  /** Whether it needs the right to write. */
  public boolean stores() {
    boolean storesRegister = width() != 0 && (has("rs2") || has("fs2"));
    return storesRegister || base == Opcode.CBO_ZERO;
  }

  /** Whether it is a store-conditional. */
  public boolean isConditional() {
    return MemoryAccesses.reservation(base) != null;
  }

  /** The format of float operands, or of those stored or moved as they are; null if none. */
  public Format sourceFormat() {
    return has("fs1") || has("fs2") ? formatOf(base.name().charAt(base.name().length() - 1)) : null;
  }

  /** The format of the float result; null if it is none. */
  public Format resultFormat() {
    if (!has("fd")) {
      return null;
    }
    String[] words = base.name().split("_");
    boolean converts = words[0].equals("FCVT") || words[0].equals("FMV");
    String last = words[words.length - 1];
    return formatOf(converts ? words[1].charAt(0) : last.charAt(last.length() - 1));
  }

  private static Format formatOf(char letter) {
    return switch (letter) {
      case 'H' -> Format.HALF;
      case 'S', 'W' -> Format.SINGLE;
      default -> Format.DOUBLE;
    };
  }
}
