package dev.isomorph.tools.trace;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A guest address on the command line: hexadecimal with 0x, else decimal. */
public final class Address implements ITypeConverter<Long> {
  /** Made by the command line. */
  public Address() {}

  @Override
  public Long convert(String text) {
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text, 2, text.length(), 16)
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not an address");
    }
  }
}
