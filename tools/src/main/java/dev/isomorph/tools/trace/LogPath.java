package dev.isomorph.tools.trace;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A log's path on the command line. A lone {@code -} means a standard stream to most tools; here
 * those belong to the program that is run.
 */
public final class LogPath implements ITypeConverter<Path> {
  private static final String STANDARD_STREAM = "-";

  /** Made by the command line. */
  public LogPath() {}

  @Override
  public Path convert(String text) {
    if (text.equals(STANDARD_STREAM)) {
      throw new TypeConversionException("standard input and output are the program's; name a file");
    }
    return Path.of(text);
  }
}
