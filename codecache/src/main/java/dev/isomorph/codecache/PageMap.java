package dev.isomorph.codecache;

/** Says where the pages of guest code are that a translation is made from. */
public interface PageMap {
  /** Code is where its addresses say. */
  PageMap BY_ADDRESS = new ByAddress();

  /** The number by which the code cache is to know the page of guest addresses. */
  long page(long guestPage);

  /** Not a lambda: code of the quick compiler calls the JVM to make one. */
  final class ByAddress implements PageMap {
    @Override
    public long page(long guestPage) {
      return guestPage;
    }
  }
}
