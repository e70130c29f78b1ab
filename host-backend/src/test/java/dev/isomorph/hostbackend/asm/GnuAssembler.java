package dev.isomorph.hostbackend.asm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The system's GNU assembler as a second opinion on encodings. */
final class GnuAssembler {
  /** Every statement gets a slot of this many bytes, the last of which is its length. */
  private static final int SLOT = 32;

  /** Placeholder in a statement for the label at its own start. */
  static final String START = "{start}";

  private GnuAssembler() {}

  /** Whether {@code as} and {@code objcopy} are there and speak x86-64. */
  static boolean isAvailable() {
    try {
      return Arrays.equals(assemble(List.of("nop")).getFirst(), new byte[] {(byte) 0x90});
    } catch (IOException | IllegalStateException absent) {
      return false;
    }
  }

  /** The bytes of each statement. */
  static List<byte[]> assemble(List<String> statements) throws IOException {
    Path folder = Files.createTempDirectory("isomorph-as");
    Path source = folder.resolve("code.s");
    Path object = folder.resolve("code.o");
    Path binary = folder.resolve("code.bin");
    try {
      Files.writeString(source, source(statements));
      run(folder, "as", "--64", "-o", object.toString(), source.toString());
      run(folder, "objcopy", "-O", "binary", "-j", ".text", object.toString(), binary.toString());
      return split(Files.readAllBytes(binary), statements.size());
    } finally {
      for (Path file : List.of(source, object, binary, folder.resolve("log"), folder)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String source(List<String> statements) {
    StringBuilder source = new StringBuilder(".intel_syntax noprefix\n.text\n");
    for (int i = 0; i < statements.size(); i++) {
      String start = "L" + i;
      String statement = statements.get(i).replace(START, start);
      source.append(start).append(": ").append(statement).append('\n');
      source.append("E").append(i).append(": .org ").append(start).append('+').append(SLOT - 1);
      source.append("\n.byte E").append(i).append('-').append(start).append('\n');
    }
    return source.toString();
  }

  private static List<byte[]> split(byte[] code, int count) {
    if (code.length != count * SLOT) {
      throw new IllegalStateException(code.length + " bytes for " + count + " statements");
    }
    List<byte[]> result = new ArrayList<>(count);
    for (int start = 0; start < code.length; start += SLOT) {
      result.add(Arrays.copyOfRange(code, start, start + code[start + SLOT - 1]));
    }
    return result;
  }

  private static void run(Path folder, String... command) throws IOException {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (process.waitFor() != 0) {
        String output = Files.readString(log);
        throw new IllegalStateException(output.substring(0, Math.min(output.length(), 4000)));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
