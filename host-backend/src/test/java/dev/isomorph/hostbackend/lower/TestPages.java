package dev.isomorph.hostbackend.lower;

/**
 * Guest memory for tests: a writable page and a read-only one, reached by emitted code in one of
 * the ways there are. The evaluator works on a {@link GuestPages.Copy} of them.
 */
sealed interface TestPages extends AutoCloseable permits GuestPages, PagedPages {
  static TestPages of(Addressing addressing) {
    return switch (addressing) {
      case WINDOW -> new GuestPages();
      case PAGED -> new PagedPages();
    };
  }

  /** What r15 holds. */
  long memoryBase();

  /** Sets the contents of both pages. */
  void fill(byte[] contents);

  /** The contents of both pages. */
  byte[] contents();

  /** Whether the page that emitted code has missed is there now. */
  boolean supply(HartState hart);

  /** The evaluator's view of such contents. */
  GuestPages.Copy copy(byte[] contents);

  @Override
  void close();
}
