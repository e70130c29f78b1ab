package dev.isomorph.conformance;

import dev.isomorph.conformance.witness.EngineWitness;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.hostbackend.lower.StencilFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Puts code together as after a start from the jar: from a file of code made beforehand, all at
 * once.
 */
final class MadeBeforehand {
  private MadeBeforehand() {}

  static EngineWitness witness(EngineOptions options) {
    try {
      Path file = Files.createTempFile("isomorph", ".stencils");
      System.setProperty(StencilFile.PLACE, file.toString());
      try {
        StencilFile.make();
        // With the file, code is put together from the first block on.
        return new EngineWitness(
            "code made beforehand", options.withQuickFrom(EngineOptions.NEVER_QUICK - 1));
      } finally {
        System.clearProperty(StencilFile.PLACE);
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
