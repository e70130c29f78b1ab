package dev.isomorph.processvm.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfSymbolsTest {
  private static final int SYMBOLS = 0x200;
  private static final int STRINGS = 0x300;
  private static final int SECTIONS = 0x400;
  private static final int SIZE = SECTIONS + 3 * 64;

  @TempDir Path root;

  /**
   * One segment, file offset 0x100 on at address 0x20100, with main, helper and a mapping symbol.
   */
  private static byte[] file() {
    ElfBuilder elf = new ElfBuilder().load(ElfBuilder.R, 0x100, 0x20100, 0x100, 0x100);
    elf.fileSize = SIZE;
    ByteBuffer file = ByteBuffer.wrap(elf.build()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(40, SECTIONS).putShort(60, (short) 3);
    file.position(SYMBOLS).put(new byte[24]);
    symbol(file, 6, 2, 0x20140);
    symbol(file, 1, 2, 0x20120);
    symbol(file, 13, 0, 0x20124);
    file.position(STRINGS).put(Bytes.of("\0main\0helper\0$x\0"));
    section(file, 0, 0, 0, 0, 0);
    section(file, 1, 2, SYMBOLS, 4 * 24, 2);
    section(file, 2, 3, STRINGS, 16, 0);
    return file.array();
  }

  private static void symbol(ByteBuffer file, int name, int type, long address) {
    file.putInt(name).put((byte) type).put((byte) 0).putShort((short) 1);
    file.putLong(address).putLong(0);
  }

  private static void section(
      ByteBuffer file, int index, int type, long offset, long size, int link) {
    file.position(SECTIONS + index * 64).putInt(0).putInt(type).putLong(0).putLong(0);
    file.putLong(offset).putLong(size).putInt(link);
  }

  private ElfSymbols read(byte[] content) throws IOException {
    Files.write(root.resolve("file"), content);
    int descriptor = new PlainFiles(root).open("/file");
    assertTrue(descriptor >= 0);
    return ElfSymbols.read(descriptor);
  }

  @Test
  void placesAreNamedByTheFunctionBefore() throws IOException {
    ElfSymbols symbols = read(file());
    assertEquals("main", symbols.nameAt(0x120));
    assertEquals("main+0x1f", symbols.nameAt(0x13f));
    assertEquals("helper+0x10", symbols.nameAt(0x150));
    assertNull(symbols.nameAt(0x11f));
    assertNull(symbols.nameAt(0x200));
  }

  @Test
  void damageCostsNamesOnly() throws IOException {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] damaged = file();
      for (int i = 0; i < 8; i++) {
        int area = random.nextBoolean() ? SECTIONS : random.nextBoolean() ? 0 : SYMBOLS;
        damaged[area + random.nextInt(128)] = (byte) random.nextInt();
      }
      ElfSymbols symbols = read(damaged);
      for (long at = 0x100; at < 0x200; at += 8) {
        symbols.nameAt(at);
      }
    }
    assertNull(read(new byte[0]).nameAt(0x120));
  }
}
