package dev.isomorph.codecache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodeCacheTest {
  private static final int RESERVED = 100;

  private final List<TranslatedBlock> removed = new ArrayList<>();
  private int removedMany;
  private final ExecutableMemory memory = new ExecutableMemory(CodeCache.MIN_SIZE);
  private final CodeCache cache =
      new CodeCache(
          memory,
          RESERVED,
          new CodeCache.Listener() {
            @Override
            public void removed(TranslatedBlock block) {
              removed.add(block);
            }

            @Override
            public void removedMany() {
              removedMany++;
            }
          });

  @AfterEach
  void close() {
    cache.close();
  }

  private TranslatedBlock install(long pc, int instructions, SyntheticBlock code) {
    long at = cache.reserve();
    TranslatedBlock block =
        cache.install(
            SyntheticBlock.source(pc, instructions),
            0,
            code.code(),
            code.code().length,
            new int[0]);
    assertEquals(at, block.address());
    return block;
  }

  private long destination(TranslatedBlock block, SyntheticBlock code, int i) {
    long site = block.address() + code.site(i);
    return site + 4 + HostMemory.getInt(site);
  }

  private static byte[] codeOf(TranslatedBlock block) {
    byte[] code = new byte[block.length()];
    HostMemory.copyOut(block.address(), code, 0, code.length);
    return code;
  }

  @Test
  void copiesCodeToAnAlignedPlaceBehindWhatIsReserved() {
    SyntheticBlock code = new SyntheticBlock(7, 0x2000);
    TranslatedBlock block = install(0x1000, 1, code);
    assertEquals(0, block.address() % 16);
    assertTrue(block.address() >= memory.rx(RESERVED));
    assertArrayEquals(code.code(), codeOf(block));
  }

  @Test
  void linksAndUnlinks() {
    SyntheticBlock code = new SyntheticBlock(3, 0x2000, 0x1000);
    TranslatedBlock source = install(0x1000, 1, code);
    TranslatedBlock target = install(0x2000, 1, new SyntheticBlock(1));
    cache.link(source.address() + code.data(0), target);
    cache.link(source.address() + code.data(1), source);
    assertEquals(target.address(), destination(source, code, 0));
    assertEquals(source.address(), destination(source, code, 1));
    cache.remove(target);
    assertEquals(source.address() + code.stub(0), destination(source, code, 0));
    assertEquals(source.address(), destination(source, code, 1));
    assertNull(cache.find(0x2000, 0));
    assertEquals(List.of(target), removed);
  }

  @Test
  void aRemovedBlockIsNotLinked() {
    SyntheticBlock code = new SyntheticBlock(3, 0x2000);
    TranslatedBlock source = install(0x1000, 1, code);
    TranslatedBlock target = install(0x2000, 1, new SyntheticBlock(1));
    cache.remove(source);
    cache.link(source.address() + code.data(0), target);
    assertNotEquals(target.address(), destination(source, code, 0));
    cache.remove(source);
    assertEquals(1, cache.removals(), "removing twice does nothing");
  }

  @Test
  void whatIsSetAsideIsOutOfTheWayUntilItIsReinstated() {
    SyntheticBlock code = new SyntheticBlock(3, 0x2000);
    TranslatedBlock source = install(0x1000, 1, code);
    TranslatedBlock target = install(0x2000, 1, new SyntheticBlock(1));
    cache.link(source.address() + code.data(0), target);
    cache.setAside(target);
    assertEquals(source.address() + code.stub(0), destination(source, code, 0));
    assertNull(cache.find(0x2000, 0));
    assertEquals(List.of(target), removed);
    assertEquals(Set.of(source), Set.copyOf(cache.overlapping(0, -1)));
    cache.setAside(source);
    assertEquals(0, cache.size());
    assertNull(cache.takeAside(0x2000, 1), "of another mode");
    assertSame(target, cache.takeAside(0x2000, 0));
    assertNull(cache.takeAside(0x2000, 0), "taken once");
    cache.reinstate(target);
    assertSame(target, cache.find(0x2000, 0));
    cache.reinstate(cache.takeAside(0x1000, 0));
    cache.link(source.address() + code.data(0), target);
    assertEquals(target.address(), destination(source, code, 0));
    assertEquals(0, cache.removals());
  }

  @Test
  void whatIsSetAsideIsForgottenWhenThereIsANewBlock() {
    TranslatedBlock old = install(0x1000, 1, new SyntheticBlock(1));
    cache.setAside(old);
    TranslatedBlock replacement = install(0x1000, 1, new SyntheticBlock(1));
    assertNull(cache.takeAside(0x1000, 0));
    cache.setAside(replacement);
    assertSame(replacement, cache.takeAside(0x1000, 0));
  }

  @Test
  void whatIsSetAsideGoesWithItsSegment() {
    SyntheticBlock big = new SyntheticBlock(CodeCache.MAX_BLOCK - 100);
    cache.setAside(install(0x1000, 1, big));
    for (int i = 1; cache.evictions() == 0; i++) {
      install(0x1000 + 0x1000L * i, 1, big);
    }
    assertNull(cache.takeAside(0x1000, 0));
  }

  @Test
  void aBlockOfTheSamePcAndModeIsReplaced() {
    SyntheticBlock code = new SyntheticBlock(3, 0x2000);
    TranslatedBlock source = install(0x1000, 1, code);
    TranslatedBlock old = install(0x2000, 1, new SyntheticBlock(1));
    cache.link(source.address() + code.data(0), old);
    TranslatedBlock replacement = install(0x2000, 1, new SyntheticBlock(1));
    assertFalse(old.isLive());
    assertSame(replacement, cache.find(0x2000, 0));
    assertNull(cache.find(0x2000, 1));
    assertEquals(source.address() + code.stub(0), destination(source, code, 0));
    assertEquals(2, cache.size());
  }

  @Test
  void findsBlocksByHostAddress() {
    TranslatedBlock first = install(0x1000, 1, new SyntheticBlock(1));
    TranslatedBlock second = install(0x2000, 1, new SyntheticBlock(90));
    assertSame(first, cache.at(first.address()));
    assertSame(first, cache.at(first.address() + first.length() - 1));
    assertNull(cache.at(first.address() + first.length()));
    assertNull(cache.at(first.address() - 1));
    assertSame(second, cache.at(second.address() + 50));
    assertNull(cache.at(second.address() + second.length()));
    assertNull(cache.at(memory.rx(0) - 1));
    assertNull(cache.at(memory.rx(0) + memory.size()));
  }

  @Test
  void evictsTheOldestSegmentAndUnlinksIt() {
    SyntheticBlock big = new SyntheticBlock(CodeCache.MAX_BLOCK - 100, 0x1000);
    TranslatedBlock oldest = install(0x1000, 1, big);
    int count = 1;
    TranslatedBlock last = oldest;
    while (cache.evictions() == 0) {
      // The last one before the eviction jumps to the oldest.
      cache.link(last.address() + big.data(0), oldest);
      last = install(0x1000 + 0x1000L * count++, 1, big);
    }
    assertFalse(oldest.isLive());
    assertNull(cache.find(0x1000, 0));
    assertSame(last, cache.find(last.pc(), 0));
    assertEquals(1, removedMany);
    assertTrue(cache.size() > 1, "the other segments stay");
    for (int i = 1; i < count; i++) {
      TranslatedBlock block = cache.find(0x1000 + 0x1000L * i, 0);
      if (block != null) {
        assertEquals(block.address() + big.stub(0), destination(block, big, 0));
      }
    }
    assertTrue(cache.bytesUsed() < CodeCache.MIN_SIZE);
  }

  /** Code that has taken the place of evicted code is not patched as if it were that. */
  @Test
  void forgetsTheLinksOfWhatIsEvicted() {
    SyntheticBlock jump = new SyntheticBlock(CodeCache.MAX_BLOCK - 100, 0x1000);
    SyntheticBlock plain = new SyntheticBlock(CodeCache.MAX_BLOCK - 100);
    TranslatedBlock source = install(0x2000, 1, jump);
    TranslatedBlock target = source;
    for (long pc = 0x10000; source.isLive(); pc += 0x1000) {
      // The target is always younger than the source, so it is still there when that has gone.
      if (cache.find(0x1000, 0) == null && cache.bytesUsed() > 3 * CodeCache.MAX_BLOCK) {
        target = install(0x1000, 1, plain);
        cache.link(source.address() + jump.data(0), target);
      }
      install(pc, 1, plain);
    }
    TranslatedBlock successor = cache.at(source.address());
    assertNotSame(source, successor);
    assertTrue(target.isLive());
    cache.remove(target);
    assertArrayEquals(plain.code(), codeOf(successor));
  }

  @Test
  void refusesABlockThatDoesNotFit() {
    cache.reserve();
    byte[] code = new byte[CodeCache.MIN_SIZE];
    assertThrows(
        IllegalArgumentException.class,
        () -> cache.install(SyntheticBlock.source(0, 1), 0, code, code.length, new int[0]));
  }

  @Test
  void findsBlocksByTheGuestCodeTheyCameFrom() {
    // Six bytes, of which the last two lie in the next page.
    TranslatedBlock crossing = install(0x1ffc, 2, new SyntheticBlock(1));
    TranslatedBlock other = install(0x2002, 2, new SyntheticBlock(1));
    assertEquals(Set.of(crossing), Set.copyOf(cache.overlapping(0x1000, 0x2000)));
    assertEquals(Set.of(crossing), Set.copyOf(cache.overlapping(0x2001, 0x2002)));
    assertEquals(Set.of(other), Set.copyOf(cache.overlapping(0x2002, 0x2003)));
    assertEquals(Set.of(), Set.copyOf(cache.overlapping(0x1ff0, 0x1ffc)));
    assertEquals(Set.of(), Set.copyOf(cache.overlapping(0x2008, Long.MAX_VALUE)));
    assertEquals(Set.of(), Set.copyOf(cache.overlapping(0x2000, 0x2000)));
    cache.remove(crossing);
    assertEquals(Set.of(other), Set.copyOf(cache.overlapping(0, -1)));
  }

  @Test
  void reportsABlockOfTwoPagesOnce() {
    install(0x1ffc, 2, new SyntheticBlock(1));
    assertEquals(1, cache.overlapping(0x1000, 0x3000).size());
    assertEquals(1, cache.overlapping(0, -1).size());
  }

  @Test
  void tellsTheInstructionOfAFault() {
    cache.reserve();
    byte[] code = new byte[64];
    int[] faultMap = {4, 1, 20, 2};
    TranslatedBlock block =
        cache.install(SyntheticBlock.source(0x1000, 3), 0, code, code.length, faultMap);
    assertEquals(0x1004, block.pcAtFault(block.address() + 4));
    assertEquals(0x1004, block.pcAtFault(block.address() + 19));
    assertEquals(0x1006, block.pcAtFault(block.address() + 20));
    assertEquals(0x1006, block.pcAtFault(block.address() + 63));
  }
}
