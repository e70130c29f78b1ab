package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Listings of emitted code that are kept, and compared with what is emitted now. */
final class GoldenFiles {
  private GoldenFiles() {}

  /** A kept file, by its name from this package on. */
  static String read(String name) throws IOException {
    try (InputStream in = GoldenFiles.class.getResourceAsStream(name)) {
      assertNotNull(in, name + " is not kept");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Compares the bytes in the lines of host code of a listing, which are the first ones. */
  static void compareBytes(String kept, byte[] code) {
    StringBuilder bytes = new StringBuilder();
    kept.lines()
        .filter(line -> line.startsWith("  ") && line.contains(": "))
        .forEach(line -> bytes.append(line.substring(line.indexOf(": ") + 2).split(" ")[0]));
    int length = Math.min(code.length, bytes.length() / 2);
    assertEquals(bytes.toString(), HexFormat.of().formatHex(code, 0, length));
  }
}
