package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.opt.Optimizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code that counts consists of the instructions of code that does not, and the counting. */
class StretchCounterTest {
  private static final int BLOCKS = 200;
  private static final long ORIGIN = 0x7000_0000_0000L;
  private static final int PC_LENGTH = 12;

  @ParameterizedTest
  @EnumSource
  void countsTheInstructionsThatACompilerEmits(RandomIr.Profile profile) {
    Optional<HostDisassembler> capstone = HostDisassembler.open();
    Assumptions.assumeTrue(capstone.isPresent(), "no libcapstone");
    Stubs stubs = new Stubs(ORIGIN);
    BlockCompiler plain = new BlockCompiler(stubs);
    ExecutionCounts counts = new ExecutionCounts();
    BlockCompiler counting = new BlockCompiler(stubs, Addressing.WINDOW, CpuFeatures.ALL, counts);
    for (int seed = 1; seed <= BLOCKS; seed++) {
      IrBlock block = RandomIr.block(new Random(seed), profile, 0, 40);
      block = new Optimizer().optimise(block);
      plain.compile(block, ORIGIN + 4096);
      counting.compile(block, ORIGIN + 4096);
      byte[] code = Arrays.copyOf(plain.code(), plain.codeLength());
      CountedCode counted = counts.codes().getLast();
      assertEquals(
          instructions(capstone.get(), code, stubs),
          counted.hostBetween(0, counting.codeLength()),
          "seed " + seed);
      assertTrue((counting.codeLength() - code.length) % 16 == 0, "all is aligned as without");
    }
  }

  /** Those of a block: its calls of the link stub, which have data behind them, do not count. */
  private static int instructions(HostDisassembler capstone, byte[] code, Stubs stubs) {
    int count = 0;
    int at = 0;
    while (at < code.length) {
      boolean linked = false;
      byte[] rest = Arrays.copyOfRange(code, at, code.length);
      for (HostDisassembler.Line line : capstone.disassemble(rest, ORIGIN + 4096 + at)) {
        at += line.length();
        if (line.text().equals("call 0x" + Long.toHexString(stubs.link()))) {
          at += PC_LENGTH;
          linked = true;
          break;
        }
        count++;
      }
      if (!linked) {
        break;
      }
    }
    return count;
  }
}
