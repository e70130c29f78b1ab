package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.lower.PageStream.Way;
import java.util.Arrays;
import java.util.Collection;

/**
 * The code of {@link PageStream}s that have pages. Of the page in which a stream was last the
 * register file has three numbers: the address at which it comes to the page's end, which is where
 * it turns to another page, the one at which it would come to the other end, and the distance from
 * guest addresses to host addresses. If the address goes one way, one comparison tells whether it
 * is still in the page, else two.
 *
 * <p>A stream whose address may go anywhere has all of several pages that it has come to one after
 * the other if these are next to each other in the host's memory, too. It turns for the price of a
 * branch that the processor has predicted wrongly. It may do so a certain number of times only;
 * after that it has no page until Java {@linkplain HartState#renewTurns says} that it may have one
 * again, and its accesses look for their pages.
 *
 * <p>The register file has several sets of streams, and a region one of them, by its address. When
 * it is entered it still has the pages that its streams had when it was left, if the set has been
 * its own all the time. It is nobody's when emitted code is entered or goes on in another context:
 * then what was allowed before may not be any more. For the same reason the streams of the region
 * that runs have no pages when Java has been asked for one in the middle of it ({@link Stubs}).
 */
final class PageStreamCode {
  /** Pages nearer to either end of the address space are not kept: addresses could wrap around. */
  static final int MARGIN = 2 * Tlb.PAGE_SIZE;

  private final Emission out;

  private static final int NO_ADDRESS = -1;

  /**
   * For each stream the address that it has been compared with both ends for in this stretch. The
   * next access by the same one only has to see whether the stream still has a page.
   */
  private final int[] seen = new int[PageStream.COUNT];

  PageStreamCode(Emission out) {
    this.out = out;
  }

  /** The turn of a stream that has no page: all addresses are beyond it. */
  static long none(int stream) {
    return PageStream.way(stream) == Way.DOWN ? -1 : 0;
  }

  /** No region finds the pages that it had. */
  static void disown(Assembler asm) {
    for (int set = 0; set < PageStream.SETS; set += Long.BYTES / Integer.BYTES) {
      asm.mov(8, state(RegisterFile.streamOwner(set)), 0);
    }
  }

  /** Has all streams of the region that runs without a page; uses rax. */
  static void forgetAll(Assembler asm) {
    asm.mov(4, Gpr.RAX, state(RegisterFile.STREAM_SET));
    for (int stream = 0; stream < PageStream.COUNT; stream++) {
      Mem turn = Mem.of(RegisterMap.STATE, Gpr.RAX, 1, Long.BYTES * stream);
      asm.mov(8, turn, (int) none(stream));
    }
  }

  private void forget(int stream) {
    out.asm.mov(8, turn(stream), (int) none(stream));
  }

  /** The set of the region that is compiled. */
  private int set() {
    return PageStream.setOf(out.block.startPc());
  }

  private Mem turn(int stream) {
    return state(RegisterFile.turn(set(), stream));
  }

  private Mem otherEnd(int stream) {
    return state(RegisterFile.otherEnd(set(), stream));
  }

  private Mem distance(int stream) {
    return state(RegisterFile.distance(set(), stream));
  }

  private Mem turnsLeft(int stream) {
    return state(RegisterFile.turnsLeft(set(), stream));
  }

  /**
   * The region is entered: its streams have no pages if the set is not its own. Where its code is
   * tells who it is, an odd number, so not 0. Uses rax.
   */
  void claim(Collection<PageStream> streams) {
    if (streams.isEmpty()) {
      return;
    }
    Assembler asm = out.asm;
    Label here = new Label();
    Label claimed = new Label();
    Mem owner = state(RegisterFile.streamOwner(set()));
    asm.bind(here);
    asm.lea(4, Gpr.RAX, Mem.rip(here));
    asm.or(4, Gpr.RAX, 1);
    asm.mov(4, state(RegisterFile.STREAM_SET), RegisterFile.turn(set(), 0));
    asm.cmp(4, Gpr.RAX, owner);
    Emission.ColdPath other =
        () -> {
          asm.mov(4, owner, Gpr.RAX);
          for (PageStream stream : streams) {
            forget(stream.index());
          }
          asm.jmp(claimed);
        };
    asm.jcc(Cond.NE, out.cold(other));
    asm.bind(claimed);
  }

  /** A stretch of code starts that is only entered at its start. */
  void begin() {
    Arrays.fill(seen, NO_ADDRESS);
  }

  /** A loop is entered with an address: is it on the side of the page that nobody looks at? */
  void start(int stream, int address) {
    Gpr base = out.regs.useGpr(address);
    Label stays = new Label();
    out.asm.cmp(8, base, otherEnd(stream));
    out.asm.jccShort(PageStream.way(stream) == Way.UP ? Cond.A : Cond.B, stays);
    forget(stream);
    out.asm.bind(stays);
  }

  /**
   * Sees whether an access is in the page of its stream, and finds another one if it is not.
   *
   * @param address the address's value
   * @param base its register; the access's {@link PagedOperands.Access#page()} is the distance
   *     afterwards
   * @param isThere whether it is the distance already, if the stream has had its page since its
   *     last access in this stretch
   */
  void check(
      PageStream stream, PagedOperands.Access access, int address, Gpr base, boolean isThere) {
    Assembler asm = out.asm;
    int index = stream.index();
    Label found = new Label();
    Label turn = out.cold(new Turn(stream, access, base, found));
    asm.cmp(8, base, turn(index));
    asm.jcc(stream.way() == Way.DOWN ? Cond.BE : Cond.AE, turn);
    if (stream.way() == Way.ANY && seen[index] != address) {
      asm.cmp(8, base, otherEnd(index));
      asm.jcc(Cond.BE, turn);
      seen[index] = address;
    }
    if (!isThere) {
      asm.mov(8, access.page(), distance(index));
    }
    asm.bind(found);
  }

  /** Looks for the page of an access, and keeps it if all of the stream is in it. */
  private final class Turn implements Emission.ColdPath {
    private final PageStream stream;
    private final PagedOperands.Access access;
    private final Gpr base;
    private final Label found;

    Turn(PageStream stream, PagedOperands.Access access, Gpr base, Label found) {
      this.stream = stream;
      this.access = access;
      this.base = base;
      this.found = found;
    }

    @Override
    public void emit() {
      Assembler asm = access.out().asm;
      int index = stream.index();
      Gpr distance = access.page();
      Gpr page = access.offset();
      Label none = new Label();
      access.probe();
      asm.add(8, distance, access.offset());
      asm.sub(8, distance, base);
      asm.sub(8, distance, access.displacement());
      if (stream.way() == Way.ANY) {
        asm.cmp(4, turnsLeft(index), 0);
        asm.jcc(Cond.E, found);
        asm.sub(4, turnsLeft(index), 1);
        asm.jcc(Cond.E, none);
      }
      // The guest address of the page.
      asm.neg(8, access.offset());
      asm.lea(8, page, Mem.of(base, access.offset(), 1, access.displacement()));
      asm.sub(8, page, MARGIN);
      asm.cmp(8, page, -2 * MARGIN - Tlb.PAGE_SIZE);
      asm.jcc(Cond.AE, none);
      // Between these two the stream's addresses are in the page.
      int low = MARGIN - stream.first() - 1;
      int high = MARGIN + Tlb.PAGE_SIZE - stream.end() + 1;
      if (stream.way() == Way.ANY) {
        widen(page, distance, high, none);
      }
      asm.mov(8, distance(index), distance);
      if (stream.way() != Way.DOWN) {
        end(page, low, otherEnd(index), Cond.BE, none);
        end(page, high - low, turn(index), Cond.AE, none);
      } else {
        end(page, high, otherEnd(index), Cond.AE, none);
        end(page, low - high, turn(index), Cond.BE, none);
      }
      asm.jmp(found);
      asm.bind(none);
      forget(index);
      asm.jmp(found);
    }

    /**
     * Adds the page to what the stream has, if it is next to that in the host's memory, too. If the
     * stream has no page, its turn tells that the address is not in it.
     *
     * @param page the page's address less the margin, also afterwards
     */
    private void widen(Gpr page, Gpr distance, int high, Label none) {
      Assembler asm = access.out().asm;
      int index = stream.index();
      Mem turn = turn(index);
      Mem otherEnd = otherEnd(index);
      // From where this page has its turn to where the next one would have its other end.
      int apart = stream.end() - stream.first() - 2;
      Label other = new Label();
      Label notAbove = new Label();
      Label neither = new Label();
      asm.cmp(8, distance, distance(index));
      asm.jcc(Cond.NE, other);
      asm.add(8, page, high - Tlb.PAGE_SIZE);
      grow(page, turn, Cond.AE, otherEnd, Cond.BE, notAbove, none);
      asm.bind(notAbove);
      asm.add(8, page, Tlb.PAGE_SIZE + apart);
      grow(page, otherEnd, Cond.BE, turn, Cond.AE, neither, none);
      asm.bind(neither);
      asm.sub(8, page, high + apart);
      asm.bind(other);
    }

    /**
     * Puts an end of what the stream has a page further, if it is where the page begins.
     *
     * @param isBeyond how the address compares with that end if it is not within
     * @param elsewhere where to go on if it is another page
     */
    private void grow(
        Gpr page,
        Mem end,
        Cond isBeyond,
        Mem otherEnd,
        Cond isBeyondOther,
        Label elsewhere,
        Label none) {
      Assembler asm = access.out().asm;
      asm.cmp(8, page, end);
      asm.jcc(Cond.NE, elsewhere);
      asm.add(8, page, isBeyond == Cond.AE ? Tlb.PAGE_SIZE : -Tlb.PAGE_SIZE);
      asm.mov(8, end, page);
      asm.cmp(8, base, page);
      asm.jcc(isBeyond, none);
      asm.cmp(8, base, otherEnd);
      asm.jcc(isBeyondOther, none);
      asm.jmp(found);
    }

    /** Notes an end of the page; the stream has none if the address is beyond it. */
    private void end(Gpr end, int distance, Mem where, Cond isBeyond, Label none) {
      Assembler asm = access.out().asm;
      asm.add(8, end, distance);
      asm.mov(8, where, end);
      asm.cmp(8, base, end);
      asm.jcc(isBeyond, none);
    }
  }
}
