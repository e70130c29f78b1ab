package dev.isomorph.tools.disasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.tools.elf.ElfImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListingTest {
  private static final Path HELLO = Path.of("../examples/hello/hello");

  @TempDir Path scratch;

  private static String list(byte[] elf) throws IOException {
    StringBuilder out = new StringBuilder();
    new Listing(new ElfImage(elf), out).print("file");
    return out.toString();
  }

  @Test
  void aProgramWithoutSymbols() throws IOException {
    String listing = list(Files.readAllBytes(HELLO));
    assertTrue(
        listing.startsWith(
            """

            file:     file format elf64-littleriscv


            Disassembly of section .text:

            0000000000010120 <.text>:
               10120:	00001197          	auipc	gp,0x1
            """),
        listing);
    assertTrue(listing.contains("   10128:\t850a                \tmv\ta0,sp\n"));
    assertTrue(listing.contains("\tecall\n"));
  }

  @Test
  void withoutSectionsTheSegmentsAreListed() throws IOException {
    byte[] elf = Files.readAllBytes(HELLO);
    ByteBuffer header = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(40, 0).putShort(60, (short) 0);
    String listing = list(elf);
    assertTrue(listing.contains("Disassembly of section segment1:"), listing.substring(0, 200));
    assertTrue(listing.contains("   10120:\t00001197          \tauipc\tgp,0x1\n"));
  }

  @Test
  void symbolsMappingsZerosAndLinkage() throws Exception {
    Path objdump = tool("riscv64-linux-gnu-objdump");
    Path compiler = tool("riscv64-linux-gnu-gcc");
    assumeTrue(objdump != null && compiler != null, "no riscv64 binutils and compiler");
    Path source =
        Files.writeString(
            scratch.resolve("a.c"),
            """
            #include <stdio.h>
            #include <stdlib.h>
            static int twice(int x) { return 2 * x; }
            int (*volatile pointer)(int) = twice;
            int main(int argc, char **argv) {
              printf("%d %d\\n", pointer(argc), atoi(argv[0]));
              return 0;
            }
            __asm__(".text\\n.globl table\\ntable: .word 1, 0x12345678\\n.short 7\\n.byte 1, 2\\n"
                    ".zero 40\\n.globl after\\nafter: ret\\n nop\\n.word 0\\nlast: j last\\n");
            """);
    for (List<String> flags :
        List.of(List.of("-static"), List.of("-pie"), List.of("-pie", "-s"), List.of("-c"))) {
      Path target = scratch.resolve("a.out");
      List<String> command =
          new java.util.ArrayList<>(List.of(compiler.toString(), "-O2", "-fPIE"));
      command.addAll(flags);
      command.addAll(List.of("-o", target.toString(), source.toString()));
      run(command);
      boolean stripped = flags.contains("-s");
      String reference = run(List.of(objdump.toString(), "-d", target.toString()));
      List<String> theirs = lines(reference, stripped);
      List<String> ours = lines(list(Files.readAllBytes(target)), stripped);
      assertEquals(String.join("\n", theirs), String.join("\n", ours), flags.toString());
    }
  }

  /**
   * What both must agree on: labels, addresses, bytes and where operands lead. How an instruction
   * is spelt is the disassembler's own affair, and binutils changes it between versions. Slots that
   * the dynamic linker fills have names here which binutils finds only for some.
   */
  private static List<String> lines(String listing, boolean stripped) {
    UnaryOperator<String> withoutMnemonic =
        line -> {
          String[] column = line.split("\t");
          if (column.length < 3) {
            return line.startsWith("0") ? line.replaceAll("<.*@plt-0x20>", "<.plt>") : line;
          }
          int comment = line.indexOf('#');
          int symbol = stripped && comment >= 0 ? -1 : line.indexOf('<');
          return column[0] + column[1] + (symbol < 0 ? "" : line.substring(symbol));
        };
    return listing.lines().skip(3).map(withoutMnemonic).toList();
  }

  @Test
  void damagedFilesAreRefusedNotFatal() throws IOException {
    byte[] good = Files.readAllBytes(HELLO);
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int k = random.nextInt(6); k >= 0; k--) {
        int area = random.nextBoolean() ? 64 : bad.length - 1456;
        int at = random.nextBoolean() ? random.nextInt(64) : bad.length - 1 - random.nextInt(area);
        bad[at] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        bad = java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
      }
      try {
        list(bad);
      } catch (IOException e) {
        assertTrue(e.getMessage().length() > 5);
      }
    }
  }

  @Test
  void otherFilesAreNamed() throws IOException {
    byte[] elf = Files.readAllBytes(HELLO);
    assertEquals("not an ELF file", message(new byte[0]));
    assertEquals("not an ELF file", message("#!/bin/sh\n".repeat(20).getBytes()));
    assertEquals("an ELF file for machine 62, not RISC-V", message(withMachine(elf, 62)));
    byte[] narrow = elf.clone();
    narrow[4] = 1;
    assertEquals("not a 64-bit little-endian ELF file", message(narrow));
  }

  private static byte[] withMachine(byte[] elf, int machine) {
    byte[] changed = elf.clone();
    changed[18] = (byte) machine;
    changed[19] = (byte) (machine >> 8);
    return changed;
  }

  private static String message(byte[] elf) {
    return assertThrows(IOException.class, () -> list(elf)).getMessage();
  }

  private static Path tool(String name) {
    for (String directory : System.getenv("PATH").split(":")) {
      Path candidate = Path.of(directory, name);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static String run(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), command.toString());
    return output;
  }
}
