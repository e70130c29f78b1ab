package dev.isomorph.translator.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.translator.ir.IrBlock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares the IR of chosen instructions with the text kept in {@code lifted.txt}. */
class LiftedTextTest {
  private static final long PC = 0x1000;

  @TestFactory
  Stream<DynamicTest> liftsAsWritten() throws IOException {
    String[] entries = read().split("\n\n");
    return Stream.of(entries).skip(1).map(LiftedTextTest::test);
  }

  private static DynamicTest test(String entry) {
    String[] lines = entry.strip().split("\n", 3);
    String[] words = lines[1].split(" ");
    int encoding = Integer.parseUnsignedInt(words[0], 16);
    LiftMode mode = words.length > 1 ? LiftMode.valueOf(words[1]) : LiftMode.TRANSLATE;
    String expected = lines.length > 2 ? lines[2].stripTrailing() : "";
    return DynamicTest.dynamicTest(
        lines[0] + " " + mode, () -> assertEquals(expected, lift(encoding, mode)));
  }

  private static String lift(int encoding, LiftMode mode) {
    IrBlock block = new IrBlock();
    new Lifter(mode).lift(Decoder.decode(encoding), PC, block);
    String text = block.toString();
    return text.substring(text.indexOf('\n') + 1).stripTrailing();
  }

  private static String read() throws IOException {
    try (InputStream in = LiftedTextTest.class.getResourceAsStream("lifted.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
