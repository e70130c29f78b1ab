package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.isomorph.translator.ir.IrBlock;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockCompilerTest {
  private static final long ORIGIN = 0x7000_0000_0000L;
  private static final int PAIRS = 100;
  private static final int LENGTH = 40;

  /** A compiler keeps its working memory, but nothing that it knows. */
  @ParameterizedTest
  @EnumSource
  void remembersNothingOfEarlierBlocks(RandomIr.Profile profile) {
    Stubs stubs = new Stubs(ORIGIN);
    BlockCompiler kept = new BlockCompiler(stubs);
    for (int seed = 0; seed < PAIRS; seed++) {
      IrBlock block = RandomIr.block(new Random(seed), profile, seed % 4, LENGTH);
      BlockCompiler fresh = new BlockCompiler(stubs);
      assertArrayEquals(code(fresh, block), code(kept, block));
      assertArrayEquals(fresh.faultMap(), kept.faultMap());
    }
  }

  private static byte[] code(BlockCompiler compiler, IrBlock block) {
    compiler.compile(block, ORIGIN + 4096);
    return Arrays.copyOf(compiler.code(), compiler.codeLength());
  }
}
