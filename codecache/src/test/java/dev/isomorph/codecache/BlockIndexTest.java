package dev.isomorph.codecache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The index against a map of the library. */
class BlockIndexTest {
  private record Key(long pc, int mode) {}

  private record Change(Key key, boolean add) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    // Half of the keys lie close together, so that keys come again and runs of the table grow long.
    Arbitrary<Long> near = Arbitraries.longs().between(0, 400).map(n -> 0x10000 + 2 * n);
    Arbitrary<Long> pcs = Arbitraries.oneOf(near, Arbitraries.longs().map(pc -> pc & -2));
    Arbitrary<Key> keys = Combinators.combine(pcs, Arbitraries.of(0, 1)).as(Key::new);
    return Combinators.combine(keys, Arbitraries.of(true, true, false))
        .as(Change::new)
        .list()
        .ofMaxSize(3000);
  }

  @Property(tries = 60)
  void findsWhatAMapFinds(@ForAll("changes") List<Change> changes) {
    BlockIndex index = new BlockIndex();
    Map<Key, TranslatedBlock> model = new HashMap<>();
    for (Change change : changes) {
      Key key = change.key();
      TranslatedBlock old = model.get(key);
      assertSame(old, index.get(key.pc(), key.mode()));
      if (change.add() && old == null) {
        TranslatedBlock block = block(key);
        index.add(block);
        model.put(key, block);
      } else if (!change.add() && old != null) {
        index.remove(old);
        model.remove(key);
      } else if (!change.add()) {
        index.remove(block(key));
      }
    }
    assertEquals(model.size(), index.size());
    model.forEach((key, block) -> assertSame(block, index.get(key.pc(), key.mode())));
    index.clear();
    assertEquals(0, index.size());
    model.forEach((key, block) -> assertNull(index.get(key.pc(), key.mode())));
  }

  /** What marks free places in the table is a key as well. */
  @Test
  void findsABlockAtAddressZero() {
    BlockIndex index = new BlockIndex();
    assertNull(index.get(0, 0));
    TranslatedBlock block = block(new Key(0, 0));
    index.add(block);
    TranslatedBlock other = block(new Key(0, 1));
    index.add(other);
    assertSame(block, index.get(0, 0));
    assertSame(other, index.get(0, 1));
    index.remove(block);
    assertNull(index.get(0, 0));
    assertSame(other, index.get(0, 1));
  }

  /**
   * All blocks of a program, some of which are tables of jumps: what is looked for is found soon.
   */
  @Test
  void blocksAreNearTheirSlots() {
    Random random = new Random(1);
    int count = 30_000;
    int mask = (1 << 16) - 1;
    BitSet slots = new BitSet();
    long pc = 0x10000;
    long steps = 0;
    for (int i = 0; i < count; i++) {
      int slot = BlockIndex.slot(pc, mask);
      while (slots.get(slot)) {
        slot = slot + 1 & mask;
        steps++;
      }
      slots.set(slot);
      boolean isTable = (pc >>> 12 & 15) == 0;
      pc += isTable ? 4 : 2 * (4 + random.nextInt(25));
    }
    assertTrue(steps < 4L * count, steps + " steps");
  }

  private static TranslatedBlock block(Key key) {
    return new TranslatedBlock(
        new long[] {key.pc()},
        new int[] {0x13},
        key.pc(),
        key.mode(),
        PageMap.BY_ADDRESS,
        0,
        0,
        0,
        1,
        new int[0],
        null);
  }
}
