package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.opt.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares the code emitted for {@link GoldenSequences} with the listings kept as {@code
 * golden/NAME.txt}, so that every change of emitted code is seen in review. The cold paths behind
 * the straight path are not listed. With {@code -Disomorph.golden.update=true} (which needs
 * Capstone) the listings are written anew.
 *
 * <p>Without Capstone the bytes are compared, but not shown as instructions.
 */
class GoldenCodeTest {
  private static final boolean UPDATE = Boolean.getBoolean("isomorph.golden.update");
  private static final Path DIRECTORY =
      Path.of("src/test/resources/dev/isomorph/hostbackend/lower/golden");

  private static final long PC = 0x10000;
  private static final long ORIGIN = 0x7000_0000_0000L;
  private static final String TOTAL = "bytes with cold paths: ";

  private static final Optional<HostDisassembler> CAPSTONE = HostDisassembler.open();

  @Test
  void listsWithCapstone() {
    Assumptions.assumeTrue(
        CAPSTONE.isPresent(), "no libcapstone: golden code is compared as bytes");
  }

  @TestFactory
  Stream<DynamicTest> emitsTheCodeKept() {
    return GoldenSequences.all().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue())));
  }

  private static void check(String name, Consumer<RiscvAssembler> sequence) throws IOException {
    RiscvAssembler assembler = new RiscvAssembler();
    sequence.accept(assembler);
    byte[] guest = assembler.bytes();
    IrBlock block = new IrBlock();
    new BlockLifter().lift(pc -> parcel(guest, pc), PC, LiftMode.TRANSLATE, block);
    BlockCompiler compiler = new BlockCompiler(new Stubs(ORIGIN));
    compiler.compile(new Optimizer().optimise(block), ORIGIN + 4096);
    byte[] code = Arrays.copyOf(compiler.code(), compiler.codeLength());
    if (UPDATE) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(DIRECTORY.resolve(name + ".txt"), listing(block, code));
      return;
    }
    String kept = GoldenFiles.read("golden/" + name + ".txt");
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
