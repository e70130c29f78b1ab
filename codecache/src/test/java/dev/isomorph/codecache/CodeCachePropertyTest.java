package dev.isomorph.codecache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/**
 * Whatever is done to the cache, in code bytes: each jump of a live block goes to its own stub or
 * to a live block of the right pc and mode, and to the latter once linked. Nothing else changes,
 * and what is set aside is as it was, but for its links, or gone.
 */
class CodeCachePropertyTest {
  private enum Kind {
    INSTALL,
    INSTALL_BIG,
    LINK,
    REMOVE,
    INVALIDATE,
    SET_ASIDE,
    TAKE_ASIDE
  }

  /** What to do, with two numbers to choose by. */
  private record Action(Kind kind, int a, int b) {}

  private static final int PCS = 40;

  @Provide
  Arbitrary<List<Action>> actions() {
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 1 << 20);
    List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
    kinds.addAll(
        List.of(Kind.INSTALL, Kind.INSTALL_BIG, Kind.LINK, Kind.LINK, Kind.LINK, Kind.LINK));
    return Combinators.combine(Arbitraries.of(kinds), number, number)
        .as(Action::new)
        .list()
        .ofMaxSize(300)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  @Property(tries = 150)
  void jumpsGoWhereTheyShould(@ForAll("actions") List<Action> actions) {
    try (Model model = new Model()) {
      for (Action action : actions) {
        model.act(action);
        model.check();
      }
    }
  }

  private static final class Model implements CodeCache.Listener, AutoCloseable {
    private final ExecutableMemory memory = new ExecutableMemory(CodeCache.MIN_SIZE);
    private final CodeCache cache = new CodeCache(memory, 1000, this);
    private final Map<TranslatedBlock, SyntheticBlock> all = new IdentityHashMap<>();

    /** By address of the site, the block it was linked to. */
    private final Map<Long, TranslatedBlock> links = new HashMap<>();

    /** What was set aside, with the number of evictions before. */
    private final Map<TranslatedBlock, Long> aside = new IdentityHashMap<>();

    private final Set<TranslatedBlock> toldRemoved =
        Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean toldMany;

    @Override
    public void removed(TranslatedBlock block) {
      assertTrue(toldRemoved.add(block), "told once");
    }

    @Override
    public void removedMany() {
      toldMany = true;
    }

    void act(Action action) {
      switch (action.kind()) {
        case INSTALL -> install(action, action.b() % 300);
        case INSTALL_BIG -> install(action, action.b() % (CodeCache.MAX_BLOCK - 200));
        case LINK -> link(action);
        case REMOVE -> {
          List<TranslatedBlock> live = live();
          if (!live.isEmpty()) {
            cache.remove(live.get(action.a() % live.size()));
          }
        }
        case SET_ASIDE -> {
          List<TranslatedBlock> live = live();
          if (!live.isEmpty()) {
            setAside(live.get(action.a() % live.size()));
          }
        }
        case TAKE_ASIDE -> takeAside(pc(action.a()), action.a() / PCS % 2, action.b() % 4 != 0);
        case INVALIDATE -> {
          long pc = pc(action.a());
          // From before the block, or from the next page on.
          long start = action.b() % 2 == 0 ? pc - 8 : (pc | 0xfff) + 1;
          invalidate(start, start + action.b() % 0x2000);
        }
      }
    }

    /** Some are so near the end of a page that an instruction lies across it. */
    private static long pc(int n) {
      int i = n % PCS;
      return 0x1_0000_0000L + 0x400L * i - 2 * (i % 8);
    }

    private void install(Action action, int padding) {
      long[] targets = new long[action.b() % 4];
      for (int i = 0; i < targets.length; i++) {
        targets[i] = pc(action.b() / 4 + 7 * i);
      }
      SyntheticBlock code = new SyntheticBlock(padding, targets);
      int mode = action.a() / PCS % 2;
      toldMany = false;
      List<TranslatedBlock> before = live();
      cache.reserve();
      boolean evicted = before.stream().anyMatch(block -> !block.isLive());
      assertTrue(!evicted || toldMany, "evictions are told");
      TranslatedBlock block =
          cache.install(
              SyntheticBlock.source(pc(action.a()), 1 + action.a() % 9),
              mode,
              code.code(),
              code.code().length,
              new int[0]);
      all.put(block, code);
      aside.keySet().removeIf(old -> old.pc() == block.pc() && old.mode() == block.mode());
      // The memory may have been another block's.
      forgetLinks(block);
    }

    /** As the dispatcher does: a jump was taken, its target is found. */
    private void link(Action action) {
      List<TranslatedBlock> live = live();
      if (live.isEmpty()) {
        return;
      }
      TranslatedBlock source = live.get(action.a() % live.size());
      SyntheticBlock code = all.get(source);
      if (code.sites() == 0) {
        return;
      }
      int i = action.b() % code.sites();
      long site = source.address() + code.site(i);
      TranslatedBlock target = cache.find(code.target(i), source.mode());
      if (target != null && isStub(source, code, i)) {
        cache.link(source.address() + code.data(i), target);
        links.put(site, target);
      }
    }

    private void setAside(TranslatedBlock block) {
      cache.setAside(block);
      assertTrue(toldRemoved.contains(block));
      aside.put(block, cache.evictions());
      forgetLinks(block);
    }

    private void takeAside(long pc, int mode, boolean reinstated) {
      TranslatedBlock expected = null;
      for (TranslatedBlock block : aside.keySet()) {
        expected = block.pc() == pc && block.mode() == mode ? block : expected;
      }
      TranslatedBlock taken = cache.takeAside(pc, mode);
      if (taken != null || expected == null || aside.get(expected) == cache.evictions()) {
        assertSame(expected, taken);
      }
      aside.remove(expected);
      if (taken != null && reinstated) {
        cache.reinstate(taken);
        toldRemoved.remove(taken);
      }
    }

    /** Those from a block and to it. */
    private void forgetLinks(TranslatedBlock block) {
      SyntheticBlock code = all.get(block);
      for (int i = 0; i < code.sites(); i++) {
        links.remove(block.address() + code.site(i));
      }
      links.values().removeIf(target -> target == block);
    }

    private void invalidate(long start, long end) {
      Set<TranslatedBlock> expected = new HashSet<>();
      for (TranslatedBlock block : live()) {
        if (block.overlaps(start, end)) {
          expected.add(block);
        }
      }
      Collection<TranslatedBlock> blocks = cache.overlapping(start, end);
      Set<TranslatedBlock> found = Set.copyOf(blocks);
      assertEquals(found.size(), blocks.size());
      assertEquals(expected, found, () -> Long.toHexString(start) + " to " + Long.toHexString(end));
      found.forEach(cache::remove);
      found.forEach(block -> assertTrue(toldRemoved.contains(block)));
    }

    private List<TranslatedBlock> live() {
      return all.keySet().stream()
          .filter(TranslatedBlock::isLive)
          .sorted((a, b) -> Long.compare(a.address(), b.address()))
          .toList();
    }

    private static long destination(TranslatedBlock block, SyntheticBlock code, int i) {
      long site = block.address() + code.site(i);
      return site + 4 + HostMemory.getInt(site);
    }

    private static boolean isStub(TranslatedBlock block, SyntheticBlock code, int i) {
      return destination(block, code, i) == block.address() + code.stub(i);
    }

    void check() {
      // While nothing has been evicted, what was set aside is there as well.
      for (Map.Entry<TranslatedBlock, Long> entry : aside.entrySet()) {
        if (entry.getValue() == cache.evictions()) {
          checkCode(entry.getKey());
          checkJumps(entry.getKey(), Map.of());
        }
      }
      List<TranslatedBlock> live = live();
      assertEquals(live.size(), cache.size());
      long end = memory.rx(1000);
      Map<Long, TranslatedBlock> byAddress = new HashMap<>();
      for (TranslatedBlock block : live) {
        assertTrue(block.address() >= end, "live blocks do not overlap");
        end = block.address() + block.length();
        byAddress.put(block.address(), block);
        assertSame(block, cache.find(block.pc(), block.mode()));
        assertSame(block, cache.at(block.address()));
        assertSame(block, cache.at(end - 1));
      }
      assertTrue(end <= memory.rx(0) + memory.size());
      live.forEach(block -> checkJumps(block, byAddress));
      live.forEach(this::checkCode);
    }

    /** But for its jumps, a block's code is what was installed. */
    private void checkCode(TranslatedBlock block) {
      SyntheticBlock code = all.get(block);
      byte[] found = new byte[block.length()];
      HostMemory.copyOut(block.address(), found, 0, found.length);
      for (int i = 0; i < code.sites(); i++) {
        System.arraycopy(code.code(), code.site(i), found, code.site(i), Integer.BYTES);
      }
      assertEquals(-1, Arrays.mismatch(code.code(), found), "code that nobody may change");
    }

    private void checkJumps(TranslatedBlock block, Map<Long, TranslatedBlock> byAddress) {
      SyntheticBlock code = all.get(block);
      for (int i = 0; i < code.sites(); i++) {
        TranslatedBlock linked = links.get(block.address() + code.site(i));
        if (isStub(block, code, i)) {
          assertTrue(linked == null || !linked.isLive(), "a link was lost");
        } else {
          TranslatedBlock target = byAddress.get(destination(block, code, i));
          assertNotNull(target, "a jump to nowhere");
          assertSame(linked, target);
          assertEquals(code.target(i), target.pc());
          assertEquals(block.mode(), target.mode());
        }
      }
    }

    @Override
    public void close() {
      cache.close();
    }
  }
}
