package dev.isomorph.decoder;

import java.nio.charset.StandardCharsets;

/**
 * The layout of one instruction, read from the notation of the instruction listings in the ISA
 * manual. A text is a list of fields from the most significant bit down:
 *
 * <ul>
 *   <li>{@code 0110011}: fixed bits; {@code -----}: bits that are ignored (written as zeros);
 *   <li>{@code rd rs1 rs2 rs3}: register numbers; {@code rd'} etc.: the three-bit form for x8 to
 *       x15; {@code rd/rs1}: one field for both; {@code rd!=0}: that value is another encoding;
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
   * @param implied operands that a compressed encoding implies, as {@code "rs1=2"}; for an
   *     immediate the bits that are set besides those of the fields
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
    int[] pairs = exclusions;
    for (int i = 0; i < pairs.length; i += 2) {
      if ((bits & pairs[i]) == pairs[i + 1]) {
        return false;
      }
    }
    return true;
  }

  /** Works on bytes: the table is read by a cold JVM, whose interpreter is slow at charAt. */
  private static final class Parser {
    private static final int MAX_RUNS = 8;
    private static final int MAX_EXCLUSIONS = 4;

    private final byte[] text;
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
    private int impliedImmediate;
    private int[] exclusions;
    private int exclusionCount;

    /** The lowest bit used so far; fields are taken from the top. */
    private int low;

    private int position;

    Parser(String layout) {
      text = layout.getBytes(StandardCharsets.ISO_8859_1);
      int last = text.length - 1;
      length = text[last] == '1' && text[last - 1] == '1' ? 4 : 2;
      low = length * 8;
    }

    void readFields() {
      while (position < text.length) {
        switch (text[position]) {
          case '0', '1' -> readFixed();
          case '-' -> readIgnored();
          case 'r', 'z', 'a' -> readNamed();
          default -> readImmediate();
        }
        position++;
      }
      if (low != 0) {
        throw new IllegalArgumentException(new String(text, StandardCharsets.ISO_8859_1));
      }
    }

    /** Claims the next {@code width} bits and returns their mask. */
    private int take(int width) {
      low -= width;
      return (1 << width) - 1 << low;
    }

    private void readFixed() {
      byte[] bytes = text;
      int end = position;
      int value = 0;
      while (end < bytes.length && bytes[end] != ' ') {
        value = value << 1 | bytes[end++] - '0';
      }
      mask |= take(end - position);
      match |= value << low;
      position = end;
    }

    private void readIgnored() {
      int end = position;
      while (end < text.length && text[end] != ' ') {
        end++;
      }
      ignoredMask |= take(end - position);
      position = end;
    }

    private void readNamed() {
      switch (text[position + 1]) {
        case 'q', 'l' -> {
          modifierMask |= take(1);
          position += 2;
        }
        case 'm' -> {
          modifierMask |= take(3);
          exclude(RM_FIELD, 5 << 12);
          exclude(RM_FIELD, 6 << 12);
          position += 2;
        }
        case 'i' -> {
          take(5);
          rs1 = Field.RS1;
          position += 4;
        }
        default -> readRegister();
      }
    }

    private void readRegister() {
      int which = readRegisterName();
      boolean both = position < text.length && text[position] == '/';
      if (both) {
        position++;
        readRegisterName();
      }
      boolean shortForm = text[position - 1] == '\'';
      int bits = take(shortForm ? 3 : 5);
      Field field =
          length == 4
              ? Field.standard(which)
              : new Field(low, shortForm ? 7 : 31, shortForm ? 8 : 0);
      switch (which) {
        case 0 -> rd = field;
        case 1 -> rs1 = field;
        case 2 -> rs2 = field;
        default -> rs3 = field;
      }
      if (both) {
        rs1 = field;
      }
      if (position < text.length && text[position] == '!') {
        position += 2;
        exclude(bits, readNumber() << low);
      }
    }

    /** Reads {@code rd} (0), {@code rs1} (1) ... with its prime, if any. */
    private int readRegisterName() {
      int which = 0;
      if (text[position + 1] == 'd') {
        position += 2;
      } else {
        which = text[position + 2] - '0';
        position += 3;
      }
      if (position < text.length && text[position] == '\'') {
        position++;
      }
      return which;
    }

    private void readImmediate() {
      if (runs == null) {
        runs = new int[MAX_RUNS];
        nonZero = text[position] == 'n';
        signed = text[nonZero ? position + 2 : position] == 'i';
      }
      while (text[position++] != '[') {}
      do {
        int high = readNumber();
        int lowest = high;
        if (text[position] == ':') {
          position++;
          lowest = readNumber();
        }
        int width = high - lowest + 1;
        take(width);
        runs[runCount++] = Immediate.run(low, lowest, width);
      } while (text[position++] != ']');
    }

    private int readNumber() {
      byte[] bytes = text;
      int end = position;
      int value = 0;
      while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
        value = value * 10 + bytes[end++] - '0';
      }
      position = end;
      return value;
    }

    private void exclude(int bits, int value) {
      if (exclusions == null) {
        exclusions = new int[MAX_EXCLUSIONS];
      }
      exclusions[exclusionCount++] = bits;
      exclusions[exclusionCount++] = value;
    }

    void readImplied(String operands) {
      for (String operand : operands.split(" ")) {
        int equals = operand.indexOf('=');
        int value = Integer.parseInt(operand.substring(equals + 1));
        switch (operand.substring(0, equals)) {
          case "rd" -> rd = Field.implied(value);
          case "rs1" -> rs1 = Field.implied(value);
          case "imm" -> impliedImmediate = value;
          default -> throw new IllegalArgumentException(operands);
        }
      }
    }

    Immediate immediate() {
      if (runCount == 0 && impliedImmediate == 0) {
        return Immediate.NONE;
      }
      Immediate immediate = Immediate.of(runs, runCount, signed, impliedImmediate);
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
