package dev.isomorph.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.tools.GuestElf;
import dev.isomorph.tools.elf.ElfImage;
import dev.isomorph.tools.elf.SymbolTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceSignatureTest {
  private static final byte[] MEMORY = {4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13};

  @TempDir Path scratch;

  private String difference(String text, byte[] memory) throws IOException {
    Path program =
        GuestElf.exit(0)
            .symbol("begin_signature", 0x2000)
            .symbol("results", 0x2008)
            .symbol("end_signature", 0x2010)
            .write(scratch.resolve("program"));
    SymbolTable symbols = new SymbolTable(new ElfImage(Files.readAllBytes(program)));
    Path file = scratch.resolve("x.reference_output");
    Files.writeString(file, text);
    return ReferenceSignature.read(file).difference(memory, SignatureRegion.of(symbols));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01020304\n05060708\n090a0b0c\n0d0e0f10\n",
        "01020304\r\n05060708\r\n\n090A0B0C\n0D0E0F10",
        "0506070801020304\n0d0e0f10090a0b0c\n",
        "0d0e0f10090a0b0c0506070801020304\n",
      })
  void linesAreLittleEndianNumbersOfAnyWidth(String text) throws IOException {
    assertNull(difference(text, MEMORY));
  }

  @Test
  void theFirstDifferentWordIsNamed() throws IOException {
    assertEquals(
        "signature word 0x200c (results+0x4) is 0d0e0f10, the reference 0d0e0f11",
        difference("01020304\n05060708\n090a0b0c\n0d0e0f11\n", MEMORY));
    assertEquals(
        "signature word 0x2000 (begin_signature) is 01020304, the reference 00000000",
        difference("00000000", MEMORY));
  }

  @Test
  void lengthsCount() throws IOException {
    assertEquals("the signature has 4 words, the reference 1", difference("01020304\n", MEMORY));
    assertEquals(
        "the signature has 0 words, the reference 1", difference("01020304\n", new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0102030", "0102030405060708090a0b0c", "0x020304", "0102 304", "01"})
  void aLineThatIsNoNumberIsNamed(String line) {
    IOException e =
        assertThrows(IOException.class, () -> difference("01020304\n" + line + "\n", MEMORY));
    assertEquals("x.reference_output: line 2 is no number of 4, 8, 16 or 32 bytes", e.getMessage());
  }
}
