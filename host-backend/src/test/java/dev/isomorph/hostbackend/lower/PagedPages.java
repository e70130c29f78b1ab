package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import java.util.Arrays;
import java.util.Random;

/**
 * The pages of {@link GuestPages} found by a {@link Tlb}, each somewhere in host memory. They are
 * there once more at {@link #ALIAS}, where the same entries of the table are used.
 *
 * <p>What the table has at first, which rights come with a page that was missed, and whether it
 * comes at all, is random, but the same for the same contents.
 */
final class PagedPages implements TestPages {
  /** Distance of the second place of all pages. */
  static final long ALIAS = 1L << 22;

  private static final int PAGE = GuestPages.PAGE;
  private static final int PAGES = 2;
  private static final int REFUSE_ONE_OF = 25;

  private final Tlb tlb = new Tlb();
  private final long[] hosts = new long[PAGES];
  private Random random = new Random(0);

  PagedPages() {
    for (int page = PAGES - 1; page >= 0; page--) {
      hosts[page] = HostMemory.allocate(PAGE);
    }
  }

  @Override
  public long memoryBase() {
    return tlb.address();
  }

  @Override
  public void fill(byte[] contents) {
    for (int page = 0; page < PAGES; page++) {
      HostMemory.copyIn(contents, page * PAGE, hosts[page], PAGE);
    }
    random = new Random(Arrays.hashCode(contents));
    tlb.clear();
    for (int page = 0; page < PAGES; page++) {
      if (random.nextInt(4) == 0) {
        long guest = GuestPages.BASE + page * PAGE + (random.nextBoolean() ? ALIAS : 0);
        tlb.fill(guest, hosts[page], true, page == 0 && random.nextBoolean());
      }
    }
  }

  @Override
  public byte[] contents() {
    byte[] contents = new byte[PAGES * PAGE];
    for (int page = 0; page < PAGES; page++) {
      HostMemory.copyOut(hosts[page], contents, page * PAGE, PAGE);
    }
    return contents;
  }

  @Override
  public boolean supply(HartState hart) {
    long address = hart.field(RegisterFile.MISSED_ADDRESS);
    int bytes = HostMemory.getInt(hart.address(RegisterFile.MISSED_BYTES));
    boolean store = bytes < 0;
    long offset = (address & ~ALIAS) - GuestPages.BASE;
    boolean mapped = offset >= 0 && offset < PAGES * PAGE;
    boolean crosses = (address & PAGE - 1) + Math.abs(bytes) > PAGE;
    if (!mapped || crosses || random.nextInt(REFUSE_ONE_OF) == 0) {
      return false;
    }
    int page = (int) offset / PAGE;
    if (store && page != 0) {
      return false;
    }
    boolean all = random.nextBoolean();
    tlb.fill(address, hosts[page], !store || all, store || all && page == 0);
    return true;
  }

  @Override
  public GuestPages.Copy copy(byte[] contents) {
    return new GuestPages.Copy(contents, ALIAS);
  }

  @Override
  public void close() {
    tlb.close();
    for (long host : hosts) {
      HostMemory.free(host, PAGE);
    }
  }
}
