package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.hostbackend.lower.LoopCompiler.Emitted;
import dev.isomorph.translator.opt.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares the code emitted for each {@link GuestLoop} with the listing kept as {@code
 * loops/NAME.txt}, and the instructions of all with {@code loops/summary.txt}: so a review sees
 * what a change makes of code that programs spend their time in. What is out of line is not listed.
 * With {@code -Disomorph.golden.update=true} (which needs Capstone) all is written anew.
 *
 * <p>Without Capstone the bytes are compared, but not shown as instructions.
 */
class GoldenLoopsTest {
  private static final boolean UPDATE = Boolean.getBoolean("isomorph.golden.update");
  private static final Path DIRECTORY =
      Path.of("src/test/resources/dev/isomorph/hostbackend/lower/loops");
  private static final long ORIGIN = 0x7000_0000_0000L;
  private static final int LEAST_LOOPS = 60;
  private static final LoopCompiler COMPILER = new LoopTier(Pass.ALL);

  private static final Optional<HostDisassembler> CAPSTONE = HostDisassembler.open();

  @Test
  void listsWithCapstone() {
    Assumptions.assumeTrue(
        CAPSTONE.isPresent(), "no libcapstone: golden code is compared as bytes");
  }

  @TestFactory
  Stream<DynamicTest> emitsTheCodeKept() throws IOException {
    return GuestLoop.all().stream()
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> check(each)));
  }

  private static void check(GuestLoop loop) throws IOException {
    Emitted emitted = COMPILER.compile(loop, loop.hot(), ORIGIN);
    String name = loop.name() + ".txt";
    if (UPDATE) {
      Files.writeString(DIRECTORY.resolve(name), listing(loop, emitted));
    } else if (CAPSTONE.isPresent()) {
      assertEquals(GoldenFiles.read("loops/" + name), listing(loop, emitted));
    } else {
      GoldenFiles.compareBytes(GoldenFiles.read("loops/" + name), emitted.code());
    }
  }

  @Test
  void noLoopTakesMoreInstructionsUnseen() throws IOException {
    Assumptions.assumeTrue(CAPSTONE.isPresent(), "no libcapstone to count instructions with");
    List<GuestLoop> loops = GuestLoop.all();
    assertTrue(loops.size() >= LEAST_LOOPS);
    StringBuilder out =
        new StringBuilder(row("loop", "guest", "host", "entry", "bytes", "host/guest"));
    double logarithms = 0;
    int guest = 0;
    int host = 0;
    for (GuestLoop loop : loops) {
      Emitted emitted = COMPILER.compile(loop, loop.hot(), ORIGIN);
      int body = body(emitted).size();
      double ratio = (double) body / emitted.guest();
      logarithms += Math.log(ratio);
      guest += emitted.guest();
      host += body;
      out.append(
          row(
              loop.name(),
              emitted.guest(),
              body,
              entry(emitted).size(),
              emitted.code().length,
              ratio(ratio)));
    }
    out.append(row("all", guest, host, "", "", ratio((double) host / guest)));
    out.append(row("geometric mean", "", "", "", "", ratio(Math.exp(logarithms / loops.size()))));
    if (UPDATE) {
      Files.writeString(DIRECTORY.resolve("summary.txt"), out);
    } else {
      assertEquals(GoldenFiles.read("loops/summary.txt"), out.toString());
    }
  }

  /** What each pass is worth: the same mean without it. */
  @Test
  void noPassGainsLessUnseen() throws IOException {
    Assumptions.assumeTrue(CAPSTONE.isPresent(), "no libcapstone to count instructions with");
    StringBuilder out = new StringBuilder();
    double all = mean(Pass.ALL);
    out.append(String.format(Locale.ROOT, "%-20s %.3f%n", "all passes", all));
    for (Pass pass : Pass.values()) {
      if (pass != Pass.CALLS) { // Without it, some of the loops are others.
        double without = mean(EnumSet.complementOf(EnumSet.of(pass)));
        out.append(
            String.format(
                Locale.ROOT,
                "without %-12s %.3f %+.1f %%%n",
                pass,
                without,
                100 * (without / all - 1)));
      }
    }
    if (UPDATE) {
      Files.writeString(DIRECTORY.resolve("passes.txt"), out);
    } else {
      assertEquals(GoldenFiles.read("loops/passes.txt"), out.toString());
    }
  }

  /** The geometric mean of host instructions per guest instruction. */
  private static double mean(Set<Pass> passes) throws IOException {
    LoopCompiler compiler = new LoopTier(passes);
    double logarithms = 0;
    List<GuestLoop> loops = GuestLoop.all();
    for (GuestLoop loop : loops) {
      Emitted emitted = compiler.compile(loop, loop.hot(), ORIGIN);
      logarithms += Math.log((double) body(emitted).size() / emitted.guest());
    }
    return Math.exp(logarithms / loops.size());
  }

  private static String listing(GuestLoop loop, Emitted emitted) {
    List<HostDisassembler.Line> entry = entry(emitted);
    List<HostDisassembler.Line> body = body(emitted);
    StringBuilder out = new StringBuilder();
    out.append(loop.name()).append(", from ").append(loop.source()).append('\n');
    out.append("guest instructions: ").append(emitted.guest()).append('\n');
    out.append("host instructions: ").append(body.size());
    out.append(", per guest instruction ");
    out.append(ratio((double) body.size() / emitted.guest())).append('\n');
    out.append("bytes with what is out of line: ").append(emitted.code().length).append('\n');
    out.append("guest\n").append(loop.text());
    out.append("host, when entered: ").append(entry.size()).append('\n');
    entry.forEach(line -> out.append(HostText.line(line, emitted.code())));
    out.append("host\n");
    body.forEach(line -> out.append(HostText.line(line, emitted.code())));
    return out.toString();
  }

  private static List<HostDisassembler.Line> entry(Emitted emitted) {
    byte[] code = Arrays.copyOf(emitted.code(), emitted.entry());
    return CAPSTONE.orElseThrow().disassemble(code, 0);
  }

  private static List<HostDisassembler.Line> body(Emitted emitted) {
    byte[] code = Arrays.copyOfRange(emitted.code(), emitted.entry(), emitted.inLine());
    return CAPSTONE.orElseThrow().disassemble(code, emitted.entry());
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-32s %6s %6s %6s %6s %11s%n", cells);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
