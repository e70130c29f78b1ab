package dev.isomorph.tools.suite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A signature as text: each line is a little-endian number in hexadecimal. Architectural tests have
 * 4 bytes in a line, Spike writes 16 unless told otherwise; any power of two is understood.
 */
final class ReferenceSignature {
  private static final int WORD = 4;

  private final int[] words;

  private ReferenceSignature(int[] words) {
    this.words = words;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it is not a signature; the message names the line
   */
  static ReferenceSignature read(Path file) throws IOException {
    List<Integer> words = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String digits = line.strip();
      if (!digits.isEmpty()) {
        if (!addWords(digits, words)) {
          throw new IOException(
              file.getFileName() + ": line " + number + " is no number of 4, 8, 16 or 32 bytes");
        }
      }
    }
    return new ReferenceSignature(words.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Adds the words of a line, the lowest first; false if it is none. */
  private static boolean addWords(String digits, List<Integer> words) {
    int length = digits.length();
    if (Integer.bitCount(length) != 1 || length < 2 * WORD || length > 64) {
      return false;
    }
    for (int end = length; end > 0; end -= 2 * WORD) {
      String word = digits.substring(end - 2 * WORD, end);
      if (!word.chars().allMatch(HexFormat::isHexDigit)) {
        return false;
      }
      words.add(HexFormat.fromHexDigits(word));
    }
    return true;
  }

  /**
   * Compares with what a program left in memory.
   *
   * @param memory the bytes of the region
   * @return the first difference in words for the user, null if there is none
   */
  String difference(byte[] memory, SignatureRegion region) {
    ByteBuffer bytes = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    int count = memory.length / WORD;
    for (int i = 0; i < Math.min(count, words.length); i++) {
      int word = bytes.getInt(i * WORD);
      if (word != words[i]) {
        return "signature word "
            + region.describe(region.start() + (long) i * WORD)
            + " is "
            + HexFormat.of().toHexDigits(word)
            + ", the reference "
            + HexFormat.of().toHexDigits(words[i]);
      }
    }
    return count == words.length
        ? null
        : "the signature has " + count + " words, the reference " + words.length;
  }
}
