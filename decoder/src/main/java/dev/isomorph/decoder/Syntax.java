package dev.isomorph.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * The operand part of an assembly line, such as {@code rd,imm(rs1)}: names of {@link Operand}s with
 * literal text between them. {@code rm=rne} is a rounding mode whose default is not dyn but rne, as
 * assemblers have it for conversions that are always exact.
 */
final class Syntax {
  static final int RM_RNE = 0;
  static final int RM_DYN = 7;

  private static final Syntax[] OF_ROWS = new Syntax[Opcode.table().length];

  /** One more than operands: the text before each operand, and after the last. */
  private final List<String> literals = new ArrayList<>();

  private final List<Operand> operands = new ArrayList<>();
  private int defaultRoundingMode = RM_DYN;

  Syntax(String text) {
    StringBuilder literal = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      int end = i;
      while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
        end++;
      }
      String word = text.substring(i, end);
      Operand operand = Operand.named(word);
      if (operand != null) {
        literals.add(literal.toString());
        literal.setLength(0);
        operands.add(operand);
        if (text.startsWith("=rne", end)) {
          defaultRoundingMode = RM_RNE;
          end += 4;
        }
      } else if (word.isEmpty()) {
        literal.append(text.charAt(end++));
      } else {
        literal.append(word);
      }
      i = end;
    }
    literals.add(literal.toString());
  }

  /** The syntax of a table row. */
  static Syntax of(Opcode row) {
    int index = row.ordinal();
    Syntax syntax = OF_ROWS[index];
    if (syntax == null) {
      syntax = new Syntax(row.operands());
      OF_ROWS[index] = syntax;
    }
    return syntax;
  }

  List<Operand> operands() {
    return operands;
  }

  /** The text before operand {@code index}, or after the last. */
  String literal(int index) {
    return literals.get(index);
  }

  int defaultRoundingMode() {
    return defaultRoundingMode;
  }

  boolean isEmpty() {
    return operands.isEmpty() && literals.get(0).isEmpty();
  }
}
