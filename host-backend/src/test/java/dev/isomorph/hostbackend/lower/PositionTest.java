package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.opt.Optimizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Code depends on where it lies by its references to the stubs alone, and on where the stubs lie
 * not at all: kept translations are moved in that belief.
 */
class PositionTest {
  private static final int BLOCKS = 500;
  private static final int LENGTH = 40;
  private static final long STUBS = 0x7000_0000_0000L;
  private static final long OTHER_STUBS = 0x7abc_de00_0000L;
  private static final int NEAR = 4096;
  private static final int FAR = 0x123_4560;

  /** The stubs that code of a block goes to for other reasons than to be linked. */
  private static final Set<String> OTHERS =
      Set.of("exit", "find", "jump", "no room", "switch", "system call");

  @ParameterizedTest
  @EnumSource
  void onlyReferencesToStubsDependOnThePosition(RandomIr.Profile profile) {
    BlockCompiler compiler = new BlockCompiler(new Stubs(STUBS));
    BlockCompiler other = new BlockCompiler(new Stubs(OTHER_STUBS));
    for (int seed = 1; seed <= BLOCKS; seed++) {
      IrBlock block =
          new Optimizer().optimise(RandomIr.block(new Random(seed), profile, seed & 3, LENGTH));
      byte[] near = compile(compiler, block, STUBS + NEAR);
      int[] references = compiler.stubReferences();
      byte[] elsewhere = compile(other, block, OTHER_STUBS + FAR);
      assertArrayEquals(references, other.stubReferences());
      ByteBuffer moved = ByteBuffer.wrap(elsewhere).order(ByteOrder.LITTLE_ENDIAN);
      for (int at : references) {
        moved.putInt(at, moved.getInt(at) + FAR - NEAR);
      }
      assertArrayEquals(near, elsewhere, "seed " + seed);
    }
  }

  /** Where a jump can be linked, there is what the code cache finds behind a link stub's call. */
  @ParameterizedTest
  @EnumSource
  void linksAreReferencesWithData(RandomIr.Profile profile) {
    BlockCompiler compiler = new BlockCompiler(new Stubs(STUBS));
    Stubs stubs = new Stubs(STUBS);
    for (int seed = 1; seed <= BLOCKS; seed++) {
      IrBlock block = RandomIr.block(new Random(seed), profile, seed & 3, LENGTH);
      byte[] code = compile(compiler, block, STUBS + NEAR);
      ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
      int[] links = compiler.links();
      int next = 0;
      for (int reference : compiler.stubReferences()) {
        long target = STUBS + NEAR + reference + 4 + bytes.getInt(reference);
        if (target != stubs.link()) {
          assertTrue(OTHERS.contains(name(stubs, target)), "where to: " + name(stubs, target));
          continue;
        }
        int data = links[next++];
        assertEquals(reference + 4, data);
        int site = data - bytes.getInt(data + 8);
        assertEquals(reference - 1, site + 4 + bytes.getInt(site), "the jump leads to its stub");
      }
      assertEquals(links.length, next);
    }
  }

  private static String name(Stubs stubs, long address) {
    for (Stubs.Stub stub : stubs.all()) {
      if (address >= stub.address() && address < stub.address() + stub.length()) {
        return stub.name();
      }
    }
    return "nowhere";
  }

  private static byte[] compile(BlockCompiler compiler, IrBlock block, long origin) {
    compiler.compile(block, origin);
    return Arrays.copyOf(compiler.code(), compiler.codeLength());
  }
}
