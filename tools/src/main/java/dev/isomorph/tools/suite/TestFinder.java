package dev.isomorph.tools.suite;

import dev.isomorph.tools.elf.ElfImage;
import dev.isomorph.tools.elf.Symbol;
import dev.isomorph.tools.elf.SymbolTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the tests of a folder: all RISC-V programs in it, and what lies beside them. */
final class TestFinder {
  private static final int HEADER_BYTES = 20;
  private static final int TYPE_EXECUTABLE = 2;
  private static final int TYPE_SHARED = 3;
  private static final int CLASS_64 = 2;

  /** The low byte of EM_RISCV, 243. */
  private static final byte MACHINE_RISCV = (byte) 243;

  /** Endings of reference signatures; the first that is there counts. */
  private static final List<String> REFERENCES = List.of(".reference_output", ".signature");

  private final Path folder;

  TestFinder(Path folder) {
    this.folder = folder;
  }

  /** The tests, sorted by name. */
  List<TestCase> find() throws IOException {
    String suite = name(folder);
    List<TestCase> tests = new ArrayList<>();
    Path root = folder.toRealPath();
    for (Path file : files(root)) {
      byte[] header = header(file);
      if (isProgram(header)) {
        String path = root.relativize(file).toString();
        TestName name = TestName.of(suite, path);
        tests.add(new TestCase(path, name.extension(), name.subject(), file, kind(file, header)));
      }
    }
    tests.sort(Comparator.comparing(TestCase::name));
    return tests;
  }

  /** The name of a folder, even if it is given as {@code .} or the like. */
  static String name(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? "suite" : name.toString();
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static byte[] header(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEADER_BYTES);
    }
  }

  /**
   * Whether a file is an executable for RISC-V; libraries look so too and have no business here.
   */
  private static boolean isProgram(byte[] header) {
    return header.length == HEADER_BYTES
        && header[0] == 0x7f
        && header[1] == 'E'
        && header[2] == 'L'
        && header[3] == 'F'
        && (header[16] == TYPE_EXECUTABLE || header[16] == TYPE_SHARED)
        && header[18] == MACHINE_RISCV;
  }

  private static TestKind kind(Path file, byte[] header) throws IOException {
    if (header[4] != CLASS_64) {
      return new TestKind.Foreign("RV32");
    }
    try {
      SymbolTable symbols = new SymbolTable(new ElfImage(Files.readAllBytes(file)));
      Symbol tohost = symbols.named("tohost");
      if (tohost != null) {
        return new TestKind.BareMetal(tohost.address());
      }
      TestKind.Contract contract = contract(file);
      Path reference = reference(file);
      if (reference == null) {
        return new TestKind.Program(contract);
      }
      if (header[16] == TYPE_SHARED) {
        return new TestKind.Broken("a signature needs a program linked for a fixed address");
      }
      SignatureRegion region = SignatureRegion.of(symbols);
      return region == null
          ? new TestKind.Broken(
              "has " + reference.getFileName() + " but no symbols " + SignatureRegion.marks())
          : new TestKind.Signature(contract, region, reference);
    } catch (IOException e) {
      return new TestKind.Broken(e.getMessage());
    }
  }

  private static TestKind.Contract contract(Path file) throws IOException {
    Path arguments = existing(beside(file, ".args"));
    Path status = existing(beside(file, ".status"));
    return new TestKind.Contract(
        arguments == null ? List.of() : Files.readAllLines(arguments),
        existing(beside(file, ".in")),
        status == null ? 0 : status(status),
        existing(beside(file, ".out")));
  }

  private static int status(Path file) throws IOException {
    String text = Files.readString(file).strip();
    if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > 255) {
      throw new IOException(file.getFileName() + " holds no exit status from 0 to 255");
    }
    return Integer.parseInt(text);
  }

  /** Beside the program, in a folder for references, or where riscof puts the reference's. */
  private static Path reference(Path file) throws IOException {
    for (String ending : REFERENCES) {
      Path same = beside(file, ending);
      for (Path each :
          List.of(same, same.resolveSibling("references").resolve(same.getFileName()))) {
        if (Files.isRegularFile(each)) {
          return each;
        }
      }
    }
    Path other = file.resolveSibling("..").resolve("ref").normalize();
    if (Files.isDirectory(other) && name(file.resolveSibling("")).equals("dut")) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(other, "*.signature")) {
        for (Path each : found) {
          return each;
        }
      }
    }
    return null;
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(TestName.base(file.getFileName().toString()) + ending);
  }

  private static Path existing(Path file) {
    return Files.isRegularFile(file) ? file : null;
  }
}
