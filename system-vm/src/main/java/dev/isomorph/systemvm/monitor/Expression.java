package dev.isomorph.systemvm.monitor;

import dev.isomorph.decoder.Registers;
import dev.isomorph.systemvm.hart.CsrName;
import dev.isomorph.systemvm.hart.SystemHart;

/** A number, a register such as {@code $sp}, or sums and differences of these. */
final class Expression {
  private Expression() {}

  /**
   * Its value.
   *
   * @throws IllegalArgumentException with a line for the user, if it is none
   */
  static long value(String text, SystemHart hart) {
    long value = 0;
    int start = 0;
    boolean minus = false;
    for (int i = 0; i <= text.length(); i++) {
      boolean sign = i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-');
      if (i == text.length() || sign && i > start) {
        long term = term(text.substring(start, i), hart);
        value += minus ? -term : term;
        start = i;
      }
      if (sign) {
        minus = text.charAt(i) == '-';
        start = i + 1;
      }
    }
    return value;
  }

  private static long term(String text, SystemHart hart) {
    if (text.startsWith("$")) {
      return register(text.substring(1), hart);
    }
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number and no $register");
    }
  }

  private static long register(String name, SystemHart hart) {
    if (name.equals("pc")) {
      return hart.registers().pc();
    }
    for (int i = 0; i < 32; i++) {
      if (name.equals(Registers.integerName(i)) || name.equals("x" + i)) {
        return hart.registers().x(i);
      }
    }
    for (CsrName csr : CsrName.all()) {
      if (name.equals(csr.name())) {
        return hart.state().readAsMachine(csr.number());
      }
    }
    throw new IllegalArgumentException("there is no register $" + name);
  }
}
