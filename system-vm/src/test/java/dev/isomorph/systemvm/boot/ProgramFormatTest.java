package dev.isomorph.systemvm.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramFormatTest {
  private static final long LIMIT = 1 << 20;
  private static final byte[] CODE = {1, 2, 3, 4};

  private static Program read(byte[] file) throws BootException {
    return ProgramFormat.read("file", file, false, LIMIT);
  }

  private static String refusal(byte[] file) {
    return assertThrows(BootException.class, () -> read(file)).getMessage();
  }

  private static byte[] bytes(Program program) {
    Segment first = program.segments().getFirst();
    return Arrays.copyOfRange(first.from(), first.offset(), first.offset() + first.length());
  }

  @Test
  void readsLinuxImages() throws IOException {
    byte[] image = Kernels.image(100, 5000, 7);
    for (byte[] file :
        new byte[][] {image, Kernels.gzip(image), Kernels.zboot(Kernels.gzip(image), "gzip")}) {
      Program program = read(file);
      assertTrue(program.movable());
      assertEquals(0, program.entry());
      assertEquals(5000, program.end());
      assertArrayEquals(image, bytes(program));
    }
  }

  @Test
  void readsOldLinuxImages() throws BootException {
    byte[] image = Kernels.image(100, 0, 0);
    Arrays.fill(image, 56, 60, (byte) 0);
    System.arraycopy("RISCV".getBytes(StandardCharsets.US_ASCII), 0, image, 48, 5);
    assertEquals(100, read(image).end());
  }

  @Test
  void readsKernelsPackedByZstd() throws IOException {
    byte[] image = Kernels.image(1000, 5000, 7);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(packed)) {
      out.write(image);
    }
    assertArrayEquals(image, bytes(read(Kernels.zboot(packed.toByteArray(), "zstd22"))));
  }

  @Test
  void readsElfFiles() throws BootException {
    Program program = read(Kernels.elf(0xffff_0000L, 0x8000_1000L, 0xffff_0002L, CODE, 16));
    assertFalse(program.movable());
    assertEquals(0x8000_1000L, program.start());
    assertEquals(0x8000_1010L, program.end());
    assertEquals(0x8000_1002L, program.entry());
    assertArrayEquals(CODE, bytes(program));
  }

  @Test
  void movesElfFilesThatAreLinkedLow() throws BootException {
    Program program = read(Kernels.elf(-0x8000_0000L, 0x1000, -0x7fff_fffeL, CODE, 16));
    assertTrue(program.movable());
    assertEquals(0x9000_0002L, program.at(0x9000_0000L).entry());
    assertEquals(0x9000_0000L, program.at(0x9000_0000L).start());
  }

  @Test
  void findsSymbols() throws BootException {
    byte[] file = Kernels.elfWithSymbol(0x8000_0000L, CODE, "tohost", 0x8000_1000L);
    assertEquals(Map.of("tohost", 0x8000_1000L), read(file).symbols());
    byte[] other = Kernels.elfWithSymbol(0x8000_0000L, CODE, "tohosts", 0x8000_1000L);
    assertEquals(Map.of(), read(other).symbols());
  }

  @Test
  void readsRawCodeWhereItIsExpected() throws BootException {
    Program program = ProgramFormat.read("file", CODE, true, LIMIT);
    assertTrue(program.movable());
    assertEquals(4, program.end());
    assertEquals("file: neither a Linux kernel for RISC-V nor an ELF file", refusal(CODE));
  }

  @ParameterizedTest
  @CsvSource({
    "0, '#!/bin/sh', a script",
    "0, QFI\u00fb, a disk image",
    "0, 070701, an initial RAM disk",
    "0, MZ, 'an EFI program, but no kernel'",
    "0x202, HdrS, a kernel for x86",
    "56, ARMd, a kernel for ARM64",
    "0, \u00fd7zXZ, compressed by xz",
    "0, BZh9, compressed by bzip2",
    "0, !<arch>, an archive or a Debian package"
  })
  void knowsWhatElseAFileMayBe(String offset, String magic, String what) {
    byte[] file = new byte[0x300];
    byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, file, Integer.decode(offset), bytes.length);
    String expected = "file: not a program for RISC-V but " + what;
    assertEquals(expected, refusal(file));
    assertThrows(BootException.class, () -> ProgramFormat.read("file", file, true, LIMIT));
  }

  @Test
  void refusesWhatIsForOtherMachines() {
    byte[] elf = Kernels.elf(0x8000_0000L, 0x8000_0000L, 0x8000_0000L, CODE, 16);
    elf[18] = 62;
    assertEquals("file: an ELF file for machine 62, not for RISC-V", refusal(elf));
    elf[18] = (byte) 243;
    elf[4] = 1;
    assertEquals("file: an ELF file for RV32, not for RV64", refusal(elf));
    elf[4] = 2;
    elf[5] = 2;
    assertEquals("file: an ELF file whose bytes are in big-endian order", refusal(elf));
    elf[5] = 1;
    elf[16] = 1;
    assertEquals("file: an ELF file that is not linked", refusal(elf));
    byte[] image = Kernels.image(100, 0, 0);
    image[24] = 1;
    assertEquals("file: a kernel for big-endian RISC-V", refusal(image));
  }

  @ParameterizedTest
  @CsvSource({"3", "7"})
  void tellsProgramsOfAnOperatingSystemFromKernels(int interpreterOrThreadLocal)
      throws BootException {
    byte[] elf = Kernels.elfWithSegment(0x1_0000L, CODE, interpreterOrThreadLocal);
    assertEquals(
        "file: a program for an operating system, not a kernel; ./isomorph run runs it",
        refusal(elf));
    read(Kernels.elfWithSegment(0x8000_0000L, CODE, interpreterOrThreadLocal));
  }

  @Test
  void refusesWhatIsDamaged() throws IOException {
    assertEquals("file: empty", refusal(new byte[0]));
    byte[] elf = Kernels.elf(0x8000_0000L, 0x8000_0000L, 0x8000_0000L, CODE, 16);
    assertEquals("file: truncated ELF file", refusal(Arrays.copyOf(elf, 122)));
    assertEquals("file: truncated ELF file", refusal(Arrays.copyOf(elf, 30)));
    byte[] image = Kernels.withEfiHeader(Kernels.image(2000, 2000, 1), 2000);
    assertEquals(2000, read(image).end());
    assertEquals(
        "file: truncated kernel: 2000 bytes belong in it, 1999 are there",
        refusal(Arrays.copyOf(image, 1999)));
    byte[] packed = Kernels.gzip(image);
    assertEquals(
        "file: damaged: cannot be unpacked by gzip",
        refusal(Arrays.copyOf(packed, packed.length - 9)));
    assertEquals("file: holds no kernel for RISC-V", refusal(Kernels.gzip(CODE)));
    assertEquals(
        "file: truncated kernel", refusal(Arrays.copyOf(Kernels.zboot(packed, "gzip"), 110)));
    assertEquals(
        "file: a kernel compressed by 'lzma', not gzip or zstd",
        refusal(Kernels.zboot(packed, "lzma")));
    assertEquals(
        "file: damaged: cannot be unpacked by zstd", refusal(Kernels.zboot(packed, "zstd")));
  }

  @Test
  void unpacksNoMoreThanFits() throws IOException {
    byte[] large = Kernels.gzip(Kernels.image((int) LIMIT + 1, 0, 0));
    assertEquals("file: unpacks to more than the 1 MiB of memory", refusal(large));
    assertEquals(LIMIT, read(Kernels.gzip(Kernels.image((int) LIMIT, 0, 0))).end());
  }

  /** Whatever a file holds, it is read or refused. */
  @Test
  void survivesDamage() throws IOException {
    Random random = new Random(1);
    byte[] image = Kernels.withEfiHeader(Kernels.image(300, 5000, 7), 200);
    byte[][] files = {
      image,
      Kernels.elfWithSymbol(0x8000_0000L, CODE, "tohost", 0x8000_1000L),
      Kernels.gzip(image),
      Kernels.zboot(Kernels.gzip(image), "gzip")
    };
    for (int i = 0; i < 20_000; i++) {
      byte[] file = files[i % files.length].clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      byte[] damaged = Arrays.copyOf(file, file.length - random.nextInt(2) * random.nextInt(60));
      try {
        assertTrue(read(damaged).segments().size() > 0);
      } catch (BootException e) {
        assertTrue(e.getMessage().startsWith("file: "), e.getMessage());
      }
    }
  }
}
