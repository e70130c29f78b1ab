package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.opt.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares the code emitted for {@link GoldenSequences} with the listings kept as {@code
 * golden/NAME.txt}, and that for {@link PagedSequences} with {@code golden/paged/NAME.txt}, so that
 * every change of emitted code is seen in review. The cold paths behind the straight path are not
 * listed. With {@code -Disomorph.golden.update=true} (which needs Capstone) the listings are
 * written anew.
 *
 * <p>Without Capstone the bytes are compared, but not shown as instructions.
 */
class GoldenCodeTest {
  private static final boolean UPDATE = Boolean.getBoolean("isomorph.golden.update");
  private static final Path DIRECTORY =
      Path.of("src/test/resources/dev/isomorph/hostbackend/lower");

  private static final long PC = 0x10000;
  private static final long ORIGIN = 0x7000_0000_0000L;
  private static final String TOTAL = "bytes with cold paths: ";

  private static final Optional<HostDisassembler> CAPSTONE = HostDisassembler.open();

  @Test
  void listsWithCapstone() {
    Assumptions.assumeTrue(
        CAPSTONE.isPresent(), "no libcapstone: golden code is compared as bytes");
  }

  /** What sequences are translated for, and where the listings are. */
  private enum Variant {
    PROCESS("golden/", LiftMode.TRANSLATE, Addressing.WINDOW),
    MACHINE("golden/paged/", LiftMode.TRANSLATE_MACHINE, Addressing.PAGED);

    private final String folder;
    private final LiftMode mode;
    private final Addressing addressing;

    Variant(String folder, LiftMode mode, Addressing addressing) {
      this.folder = folder;
      this.mode = mode;
      this.addressing = addressing;
    }
  }

  @TestFactory
  Stream<DynamicTest> emitsTheCodeKept() {
    return tests(Variant.PROCESS, GoldenSequences.all());
  }

  @TestFactory
  Stream<DynamicTest> emitsTheCodeKeptForWholeMachines() {
    return tests(Variant.MACHINE, PagedSequences.all());
  }

  private static Stream<DynamicTest> tests(
      Variant variant, Map<String, Consumer<RiscvAssembler>> sequences) {
    return sequences.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(variant, e)));
  }

  private static void check(Variant variant, Map.Entry<String, Consumer<RiscvAssembler>> sequence)
      throws IOException {
    String name = variant.folder + sequence.getKey() + ".txt";
    RiscvAssembler assembler = new RiscvAssembler();
    sequence.getValue().accept(assembler);
    byte[] guest = assembler.bytes();
    IrBlock block = new IrBlock();
    new BlockLifter().lift(pc -> parcel(guest, pc), PC, variant.mode, block);
    BlockCompiler compiler =
        new BlockCompiler(new Stubs(ORIGIN), variant.addressing, CpuFeatures.ALL, null);
    compiler.compile(new Optimizer().optimise(block), ORIGIN + 4096);
    byte[] code = Arrays.copyOf(compiler.code(), compiler.codeLength());
    if (UPDATE) {
      Path file = DIRECTORY.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, listing(block, code));
      return;
    }
    String kept = GoldenFiles.read(name);
    if (CAPSTONE.isPresent()) {
      assertEquals(kept, listing(block, code));
    } else {
      GoldenFiles.compareBytes(kept, code);
      assertEquals(totalOf(kept), Integer.toString(code.length));
    }
  }

  private static int parcel(byte[] guest, long pc) {
    int at = (int) (pc - PC);
    boolean inside = at >= 0 && at + 1 < guest.length;
    return inside ? guest[at] & 0xff | (guest[at + 1] & 0xff) << 8 : -1;
  }

  private static String totalOf(String kept) {
    int at = kept.indexOf(TOTAL) + TOTAL.length();
    return kept.substring(at, kept.indexOf('\n', at));
  }

  private static String listing(IrBlock block, byte[] code) {
    StringBuilder out = new StringBuilder("guest\n");
    for (int i = 0; i < block.instructionCount(); i++) {
      String text = Disassembler.text(Decoder.decode(block.encoding(i)), block.pc(i));
      out.append("  ").append(text).append('\n');
    }
    StringBuilder host = new StringBuilder();
    int count = 0;
    for (HostDisassembler.Line line : CAPSTONE.orElseThrow().disassemble(code, 0)) {
      host.append(HostText.line(line, code));
      count++;
      if (line.text().matches("(jmp|ret).*")) {
        break;
      }
    }
    out.append("host instructions: ").append(count).append('\n').append(host);
    return out.append(TOTAL).append(code.length).append('\n').toString();
  }
}
