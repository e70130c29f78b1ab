package dev.isomorph.tools;

import dev.isomorph.hostbackend.lower.StencilFile;
import java.io.IOException;

/** Makes what is kept beside the jar, once after each build: the code of common instructions. */
public final class Prepare {
  private Prepare() {}

  /**
   * Takes no arguments.
   *
   * @throws IOException if the file cannot be written
   */
  public static void main(String[] words) throws IOException {
    StencilFile.make();
  }
}
