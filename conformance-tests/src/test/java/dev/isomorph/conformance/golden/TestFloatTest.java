package dev.isomorph.conformance.golden;

import static dev.isomorph.conformance.golden.Format.DOUBLE;
import static dev.isomorph.conformance.golden.Format.HALF;
import static dev.isomorph.conformance.golden.Format.SINGLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.decoder.Opcode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden model against the vectors of Berkeley TestFloat: operands, result and flags in every
 * rounding mode. They come from its program {@code testfloat_gen}, built for RISC-V's NaNs ({@code
 * SPECIALIZE_TYPE=RISCV}), which is looked for in the path, or is where the system property {@code
 * isomorph.testfloat} says. Without it the test is skipped.
 */
class TestFloatTest {
  private static final String PROGRAM = "testfloat_gen";

  /** Vectors of a function that are used, spread over what the generator has. */
  private static final int MOST = Integer.getInteger("isomorph.testfloat.vectors", 50_000);

  /** Of three operands there are millions, which are in an order. */
  private static final int STRIDE_OF_THREE = 60;

  private static final String[] MODES = {"near_even", "minMag", "min", "max", "near_maxMag"};

  private static Path program;

  @BeforeAll
  static void find() {
    String given = System.getProperty("isomorph.testfloat");
    Optional<Path> found =
        given != null
            ? Optional.of(Path.of(given))
            : Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    assumeTrue(found.isPresent(), PROGRAM + " is not in the path");
    program = found.get();
  }

  /** A function of TestFloat and the instruction it is. */
  private record Function(
      String name, Opcode opcode, Format from, Format to, boolean exact, boolean signExtends) {
    static Function of(String name, Opcode opcode, Format from, Format to) {
      return new Function(name, opcode, from, to, false, false);
    }
  }

  private static Stream<Arguments> functions() {
    List<Function> all = new ArrayList<>();
    for (Format format : List.of(SINGLE, DOUBLE)) {
      String f = format == SINGLE ? "f32" : "f64";
      String suffix = format == SINGLE ? "_S" : "_D";
      for (String name : List.of("add", "sub", "mul", "div", "sqrt")) {
        all.add(
            Function.of(
                f + "_" + name,
                Opcode.valueOf("F" + name.toUpperCase(Locale.ROOT) + suffix),
                format,
                format));
      }
      all.add(Function.of(f + "_mulAdd", Opcode.valueOf("FMADD" + suffix), format, format));
      all.add(Function.of(f + "_roundToInt", Opcode.valueOf("FROUND" + suffix), format, format));
      all.add(
          new Function(
              f + "_roundToInt", Opcode.valueOf("FROUNDNX" + suffix), format, format, true, false));
      all.add(Function.of(f + "_eq", Opcode.valueOf("FEQ" + suffix), format, null));
      all.add(Function.of(f + "_lt", Opcode.valueOf("FLT" + suffix), format, null));
      all.add(Function.of(f + "_le", Opcode.valueOf("FLE" + suffix), format, null));
      all.add(Function.of(f + "_lt_quiet", Opcode.valueOf("FLTQ" + suffix), format, null));
      all.add(Function.of(f + "_le_quiet", Opcode.valueOf("FLEQ" + suffix), format, null));
      for (String type : List.of("i32 W", "ui32 WU", "i64 L", "ui64 LU")) {
        String[] names = type.split(" ");
        boolean isWord = names[0].endsWith("32");
        all.add(
            new Function(
                f + "_to_" + names[0],
                Opcode.valueOf("FCVT_" + names[1] + suffix),
                format,
                null,
                true,
                isWord));
        all.add(
            new Function(
                names[0] + "_to_" + f,
                Opcode.valueOf("FCVT" + suffix + "_" + names[1]),
                null,
                format,
                false,
                isWord));
      }
    }
    all.add(Function.of("f64_to_f32", Opcode.FCVT_S_D, DOUBLE, SINGLE));
    all.add(Function.of("f32_to_f64", Opcode.FCVT_D_S, SINGLE, DOUBLE));
    all.add(Function.of("f16_to_f32", Opcode.FCVT_S_H, HALF, SINGLE));
    all.add(Function.of("f16_to_f64", Opcode.FCVT_D_H, HALF, DOUBLE));
    all.add(Function.of("f32_to_f16", Opcode.FCVT_H_S, SINGLE, HALF));
    all.add(Function.of("f64_to_f16", Opcode.FCVT_H_D, DOUBLE, HALF));
    return all.stream()
        .flatMap(function -> modes(function).map(mode -> Arguments.of(function, mode)));
  }

  private static Stream<Rounding> modes(Function function) {
    return function.opcode.hasRoundingMode()
        ? Arrays.stream(Rounding.values())
        : Stream.of(Rounding.RNE);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void agreesWithTestFloat(Function function, Rounding mode) throws IOException {
    GoldenInstruction instruction =
        new GoldenInstruction(function.opcode, mode, function.from, function.to);
    Process process = generate(function, mode);
    int stride = function.name.endsWith("mulAdd") ? STRIDE_OF_THREE : 1;
    int vectors = 0;
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      for (int at = 0; line != null && vectors < MOST; at++) {
        if (at % stride == 0) {
          check(function, instruction, line);
          vectors++;
        }
        line = lines.readLine();
      }
    } finally {
      process.destroy();
    }
    assertTrue(vectors > 300, "only " + vectors + " vectors");
  }

  private static Process generate(Function function, Rounding mode) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program.toString(), "-tininessafter", "-r" + MODES[mode.ordinal()]));
    command.add(function.exact ? "-exact" : "-notexact");
    command.add(function.name);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** A line has the operands, the result and the flags in hexadecimal. */
  private static void check(Function function, GoldenInstruction instruction, String line) {
    long[] words =
        Arrays.stream(line.split(" "))
            .mapToLong(word -> Long.parseUnsignedLong(word, 16))
            .toArray();
    int operands = words.length - 2;
    Result expected = new Result(words[operands], (int) words[operands + 1]);
    if (function.to == null && function.signExtends) {
      expected = new Result((int) expected.bits(), expected.flags());
    }
    assertEquals(expected, instruction.run(Arrays.copyOf(words, operands)), line);
  }
}
