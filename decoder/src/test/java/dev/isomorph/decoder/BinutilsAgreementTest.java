package dev.isomorph.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second opinion on decoding and text: GNU binutils for RISC-V, where installed. */
class BinutilsAgreementTest {
  private static final String PREFIX = "riscv64-linux-gnu-";

  /** {@code address: bits mnemonic operands}. */
  private static final Pattern LINE = Pattern.compile("^ *([0-9a-f]+):\t([0-9a-f]+) +\t(.*)$");

  private static final Pattern SYMBOL = Pattern.compile("([0-9a-f]+) <([^>]+)>");

  /** Extensions that are not part of rv64gc. */
  private static final Set<Extension> OPTIONAL = EnumSet.range(Extension.ZICOND, Extension.ZCMOP);

  /** The optional extensions that the installed binutils knows. */
  private static final Set<Extension> KNOWN = EnumSet.noneOf(Extension.class);

  @TempDir static Path directory;

  @BeforeAll
  static void findBinutils() {
    assumeTrue(runs(PREFIX + "objdump", "--version"), "no " + PREFIX + "objdump");
    assumeTrue(runs(PREFIX + "as", "--version"), "no " + PREFIX + "as");
    Path empty = write("empty.s", "");
    for (Extension extension : OPTIONAL) {
      String march = "-march=rv64gc_" + extension.name().toLowerCase(Locale.ROOT);
      if (runs(PREFIX + "as", march, empty.toString(), "-o", directory + "/empty.o")) {
        KNOWN.add(extension);
      }
    }
  }

  @Test
  void all16BitEncodings() {
    List<Integer> encodings = new ArrayList<>();
    for (int bits = 0; bits < 0x10000; bits++) {
      if ((bits & 3) != 3 && isKnown(Decoder.decode(bits).encodedAs().extension())) {
        encodings.add(bits);
      }
    }
    assertAgrees(encodings);
  }

  @Test
  void randomEncodingsOfEveryRow() {
    InstructionGenerator generator = new InstructionGenerator(new Random(20));
    List<Integer> encodings = new ArrayList<>();
    for (Opcode row : Opcode.values()) {
      if (row != Opcode.ILLEGAL && row.length() == 4 && isKnown(row.extension())) {
        for (int i = 0; i < 60; i++) {
          int bits = generator.encoding(row);
          if (!isLaterFence(row, bits)) {
            encodings.add(bits);
          }
        }
      }
    }
    assertAgrees(encodings);
  }

  /** Near misses: one bit of a valid encoding flipped; reserved for one side, reserved for both. */
  @Test
  void encodingsNextToValidOnes() {
    InstructionGenerator generator = new InstructionGenerator(new Random(21));
    List<Integer> encodings = new ArrayList<>();
    for (Opcode row : Opcode.values()) {
      for (int bit = 2; row != Opcode.ILLEGAL && row.length() == 4 && bit < 32; bit++) {
        int bits = generator.encoding(row) ^ 1 << bit;
        Instruction instruction = Decoder.decode(bits);
        boolean longer = (bits & 0x1f) == 0x1f;
        if (!longer
            && isKnown(instruction.encodedAs().extension())
            && !isLaterFence(instruction.encodedAs(), bits)) {
          encodings.add(bits);
        }
      }
    }
    assertAgrees(encodings);
  }

  @Test
  void controlAndStatusRegisters() {
    List<Integer> encodings = new ArrayList<>();
    for (int csr = 0; csr < 4096; csr++) {
      if (!Csrs.name(csr).startsWith("0x")) {
        encodings.add(Encoder.encode(Opcode.CSRRC, 1, csr, 2));
      }
    }
    List<String> differences = new ArrayList<>();
    for (String[] pair : listings(encodings)) {
      if (!pair[0].equals(pair[1]) && !pair[0].startsWith("csrrc\tra,0x")) {
        differences.add(pair[0] + " here: " + pair[1]);
      }
    }
    assertEquals(List.of(), differences);
  }

  /**
   * Every line of a real program: a static one by the C library, symbols and addresses included.
   */
  @Test
  void staticProgram() throws IOException {
    assumeTrue(runs(PREFIX + "gcc", "--version"), "no " + PREFIX + "gcc");
    Path source =
        write(
            "p.c",
            "#include <stdio.h>\nint main(int c, char **v) { return printf(\"%g\", c * .1); }");
    Path program = directory.resolve("p");
    assumeTrue(
        runs(PREFIX + "gcc", "-static", "-O2", source.toString(), "-o", program.toString()),
        "gcc cannot link statically");
    long globalPointer =
        Long.parseLong(
            output(PREFIX + "nm", program.toString()).stream()
                .filter(line -> line.endsWith(" __global_pointer$"))
                .findFirst()
                .orElseThrow()
                .substring(0, 16),
            16);
    List<String> listing = output(PREFIX + "objdump", "-d", program.toString());
    Map<Long, String> symbols = new HashMap<>();
    for (String line : listing) {
      Matcher matcher = SYMBOL.matcher(line);
      while (matcher.find()) {
        symbols.put(Long.parseUnsignedLong(matcher.group(1), 16), matcher.group(2));
      }
    }
    Disassembler disassembler = new Disassembler(symbols::get, globalPointer);
    List<String> differences = new ArrayList<>();
    int lines = 0;
    for (String line : listing) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        lines++;
        int bits = Integer.parseUnsignedInt(matcher.group(2), 16);
        long pc = Long.parseLong(matcher.group(1), 16);
        compare(disassembler.line(Decoder.decode(bits), pc), matcher.group(3), line, differences);
      }
    }
    assertTrue(lines > 20_000, "only " + lines);
    assertEquals(List.of(), differences.subList(0, Math.min(20, differences.size())));
  }

  /** Fences with a mode that is not defined yet are executed as fences, but listed as data. */
  private static boolean isLaterFence(Opcode row, int bits) {
    return switch (row) {
      case FENCE ->
          bits >>> 28 != 0 && Decoder.decode(bits).imm() != 0x833 || (bits & 0xf8f80) != 0;
      case FENCE_I -> bits != 0x100f;
      default -> false;
    };
  }

  private static boolean isKnown(Extension extension) {
    return !OPTIONAL.contains(extension) || KNOWN.contains(extension);
  }

  private static void assertAgrees(List<Integer> encodings) {
    assertTrue(encodings.size() > 1000);
    List<String> differences = differences(encodings);
    assertEquals(
        List.of(),
        differences.subList(0, Math.min(40, differences.size())),
        differences.size() + " differences");
  }

  private static List<String> differences(List<Integer> encodings) {
    List<String> differences = new ArrayList<>();
    List<String[]> listings = listings(encodings);
    for (int i = 0; i < encodings.size(); i++) {
      String where = Integer.toHexString(encodings.get(i));
      compare(listings.get(i)[1], listings.get(i)[0], where, differences);
    }
    return differences;
  }

  /** What binutils and what we print for each encoding, without symbols and address comments. */
  private static List<String[]> listings(List<Integer> encodings) {
    StringBuilder source = new StringBuilder(".option norelax\n");
    for (int bits : encodings) {
      source.append((bits & 3) == 3 ? ".insn 4, " : ".insn 2, ").append(bits & 0xffffffffL);
      source.append('\n');
    }
    StringBuilder march = new StringBuilder("-march=rv64gc");
    for (Extension extension : KNOWN) {
      march.append('_').append(extension.name().toLowerCase(Locale.ROOT));
    }
    Path file = write("e.s", source.toString());
    String object = directory + "/e.o";
    assertTrue(runs(PREFIX + "as", march.toString(), file.toString(), "-o", object));
    List<String[]> listings = new ArrayList<>();
    for (String line : output(PREFIX + "objdump", "-d", object)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        int bits = encodings.get(listings.size());
        assertEquals(bits, Integer.parseUnsignedInt(matcher.group(2), 16));
        long pc = Long.parseLong(matcher.group(1), 16);
        String theirs =
            matcher.group(3).replaceFirst(" # .*", "").replaceFirst("([0-9a-f]+) <.*>", "0x$1");
        listings.add(new String[] {theirs, Disassembler.text(Decoder.decode(bits), pc)});
      }
    }
    assertEquals(encodings.size(), listings.size());
    return listings;
  }

  private static void compare(String ours, String theirs, String where, List<String> differences) {
    if (!canonical(ours).equals(canonical(theirs)) && !isOtherSupport(ours, theirs)) {
      differences.add(where + " binutils: " + theirs + " here: " + ours);
    }
  }

  /** Encodings on which binutils, or an older one, is known to say something else. */
  private static boolean isOtherSupport(String ours, String theirs) {
    if (ours.startsWith(".insn")) {
      // It lists privileged and vector instructions, Q, reserved rounding modes, c.addi16sp 0.
      return theirs.matches(
          "(v|[hud]ret|mnret|sfence\\.vm\\b|hfence|hinval|hlv|hsv|f[a-z.]*\\.q).*"
              + "|.*,unknown|addi?\tsp,sp,0");
    }
    // Before 2.41 conversions that are always exact were known with rounding mode rne only.
    return theirs.startsWith(".4byte")
        && ours.matches("fcvt\\.(d\\.(w|wu|s|h)|s\\.h)\t.*,(rtz|rdn|rup|rmm|dyn)");
  }

  /** Takes out what changed between versions of binutils. */
  private static String canonical(String text) {
    String line = text.stripTrailing();
    if (line.matches("\\.(insn|[248]byte)\t.*")) {
      return "unknown";
    }
    // Not all versions know the hints of Zihintntl, nor the same CSRs.
    line = line.replaceFirst("^ntl\\.p1$", "c.add\tzero,sp");
    line = line.replaceFirst("^ntl\\.pall$", "c.add\tzero,gp");
    line = line.replaceFirst("^ntl\\.s1$", "c.add\tzero,tp");
    line = line.replaceFirst("^ntl\\.all$", "c.add\tzero,t0");
    line = line.replaceFirst("^(csrr[swc]i?\t[a-z0-9]+,)[a-z0-9]+,", "$1csr,");
    line = line.replaceFirst("^(csr[swc]i?\t)[a-z0-9]+,", "$1csr,");
    line = line.replaceFirst("^(csrr\t[a-z0-9]+,)[a-z0-9]+$", "$1csr");
    // Before 2.41 an immediate operand was left to show itself: add a0,a0,1.
    return line.replaceFirst(
        "^(add|and|or|xor|sll|srl|sra|slt|ror|bset|bclr|binv|bext|csrr?[swc])(u|w)?\t"
            + "(.*,-?[0-9][0-9a-fx]*(?: #.*)?)$",
        "$1i$2\t$3");
  }

  private static Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean runs(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> output(String... command) {
    try {
      Path file = directory.resolve("output.txt");
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectOutput(file.toFile())
              .start();
      assertEquals(0, process.waitFor(), () -> String.join(" ", command));
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
