package dev.isomorph.decoder;

/**
 * The layout of one instruction, read from the notation of the instruction listings in the ISA
 * manual. A text is a list of fields from the most significant bit down:
 *
 * <ul>
 *   <li>{@code 0110011}: fixed bits; {@code -----}: bits that are ignored (written as zeros);
 *   <li>{@code rd rs1 rs2 rs3}: register numbers, {@code rd'} etc. the three-bit form for x8 to x15,
 *       {@code rd/rs1} one field for both; {@code rd!=0}: that value belongs to another encoding;
 *   <li>{@code zimm}: a five-bit number in the place of rs1;
 *   <li>{@code rm}: rounding mode, of which 5 and 6 are reserved; {@code aq rl}: ordering bits;
 *   <li>{@code imm[12|10:5]}: bits of a signed immediate; {@code uimm shamt csr}: of an unsigned
 *       one; with {@code nz} in front zero is excluded.
 * </ul>
 */
final class Encoding {
  static final int RM_FIELD = 7 << 12;
  private static final int[] NO_EXCLUSIONS = {};

  final int length;
  final int mask;
  final int match;
  final Field rd;
  final Field rs1;
  final Field rs2;
  final Field rs3;
  final Immediate immediate;

  /** Bits that are neither fixed nor part of an operand above: rm, aq and rl. */
  final int modifierMask;

  /** Bits that decoding ignores. */
  final int ignoredMask;

  /** Pairs (mask, value): bits whose masked part equals the value are not this instruction. */
  private final int[] exclusions;

  private Encoding(Parser p) {
    length = p.length;
    mask = p.mask;
    match = p.match;
    rd = p.rd;
    rs1 = p.rs1;
    rs2 = p.rs2;
    rs3 = p.rs3;
    immediate = p.immediate();
    modifierMask = p.modifierMask;
    ignoredMask = p.ignoredMask;
    exclusions = p.exclusions();
  }

  /**
   * Reads a layout.
   *
   * @param implied operands that a compressed encoding implies, as {@code "rs1=2 imm=-1"}
   */
  static Encoding parse(String text, String implied) {
    Parser parser = new Parser(text);
    parser.readFields();
    if (!implied.isEmpty()) {
      parser.readImplied(implied);
    }
    return new Encoding(parser);
  }

  boolean matches(int bits) {
    if ((bits & mask) != match) {
      return false;
    }
    for (int i = 0; i < exclusions.length; i += 2) {
      if ((bits & exclusions[i]) == exclusions[i + 1]) {
        return false;
      }
    }
    return true;
  }

  private static final class Parser {
    private final String text;
    final int length;
    int mask;
    int match;
    int modifierMask;
    int ignoredMask;
    Field rd = Field.NONE;
    Field rs1 = Field.NONE;
    Field rs2 = Field.NONE;
    Field rs3 = Field.NONE;

    private int[] runs;
    private int runCount;
    private boolean signed;
    private boolean nonZero;
    private Immediate implied = Immediate.NONE;
    private int[] exclusions;
    private int exclusionCount;

    /** The lowest bit used so far; fields are taken from the top. */
    private int low;

    Parser(String text) {
      this.text = text;
      length = text.endsWith("11") ? 4 : 2;
      low = length * 8;
    }

    void readFields() {
      int size = text.length();
      int start = 0;
      while (start < size) {
        int end = text.indexOf(' ', start);
        if (end < 0) {
          end = size;
        }
        readField(start, end);
        start = end + 1;
      }
      if (low != 0) {
        throw new IllegalArgumentException("not " + length * 8 + " bits: " + text);
      }
    }

    private void readField(int start, int end) {
      char first = text.charAt(start);
      if (first == '0' || first == '1') {
        readFixed(start, end);
      } else if (first == '-') {
        ignoredMask |= take(end - start);
      } else if (text.charAt(end - 1) == ']') {
        readImmediate(start, end);
      } else {
        readNamed(start, end);
      }
    }

    private void readFixed(int start, int end) {
      int value = 0;
      for (int i = start; i < end; i++) {
        value = value << 1 | text.charAt(i) - '0';
      }
      mask |= take(end - start);
      match |= value << low;
    }

    /** Claims the next {@code width} bits and returns their mask. */
    private int take(int width) {
      low -= width;
      return (1 << width) - 1 << low;
    }

    private void readNamed(int start, int end) {
      switch (text.charAt(start + 1)) {
        case 'q', 'l' -> modifierMask |= take(1);
        case 'm' -> {
          modifierMask |= take(3);
          exclude(RM_FIELD, 5 << 12);
          exclude(RM_FIELD, 6 << 12);
        }
        default -> readRegister(start, end);
      }
    }

    private void readRegister(int start, int end) {
      int nameEnd = end;
      int excluded = text.indexOf("!=", start);
      if (excluded >= 0 && excluded < end) {
        nameEnd = excluded;
      }
      boolean shortForm = text.charAt(nameEnd - 1) == '\'';
      int bits = take(shortForm ? 3 : 5);
      Field field = new Field(low, shortForm ? 7 : 31, shortForm ? 8 : 0);
      if (nameEnd != end) {
        exclude(bits, Integer.parseInt(text, excluded + 2, end, 10) << low);
      }
      if (text.charAt(start) == 'z') {
        rs1 = Field.RS1;
        return;
      }
      switch (text.charAt(start + 1) == 'd' ? '0' : text.charAt(start + 2)) {
        case '0' -> rd = length == 4 ? Field.RD : field;
        case '1' -> rs1 = length == 4 ? Field.RS1 : field;
        case '2' -> rs2 = length == 4 ? Field.RS2 : field;
        default -> rs3 = Field.RS3;
      }
      if (nameEnd - start > 4) {
        rs1 = field;
      }
    }

    private void readImmediate(int start, int end) {
      if (runs == null) {
        runs = new int[12];
        nonZero = text.charAt(start) == 'n';
        signed = text.charAt(nonZero ? start + 2 : start) == 'i';
      }
      int i = text.indexOf('[', start) + 1;
      while (i < end) {
        int high = 0;
        int value = 0;
        boolean range = false;
        char c = text.charAt(i);
        for (; c != '|' && c != ']'; c = text.charAt(++i)) {
          if (c == ':') {
            high = value;
            value = 0;
            range = true;
          } else {
            value = value * 10 + c - '0';
          }
        }
        int width = range ? high - value + 1 : 1;
        take(width);
        runs[runCount++] = Immediate.run(low, value, width);
        i++;
      }
    }

    private void exclude(int bits, int value) {
      if (exclusions == null) {
        exclusions = new int[6];
      }
      exclusions[exclusionCount++] = bits;
      exclusions[exclusionCount++] = value;
    }

    void readImplied(String operands) {
      int start = 0;
      while (start < operands.length()) {
        int end = operands.indexOf(' ', start);
        if (end < 0) {
          end = operands.length();
        }
        int equals = operands.indexOf('=', start);
        int value = Integer.parseInt(operands, equals + 1, end, 10);
        switch (operands.substring(start, equals)) {
          case "rd" -> rd = new Field(0, 0, value);
          case "rs1" -> rs1 = new Field(0, 0, value);
          case "imm" -> implied = Immediate.implied(value);
          default -> throw new IllegalArgumentException(operands);
        }
        start = end + 1;
      }
    }

    Immediate immediate() {
      if (runCount == 0) {
        return implied;
      }
      Immediate immediate = new Immediate(runs, runCount, signed, 0);
      if (nonZero) {
        exclude(immediate.fieldMask(), 0);
      }
      return immediate;
    }

    int[] exclusions() {
      if (exclusionCount == 0) {
        return NO_EXCLUSIONS;
      }
      int[] result = new int[exclusionCount];
      System.arraycopy(exclusions, 0, result, 0, exclusionCount);
      return result;
    }
  }
}
