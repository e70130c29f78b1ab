package dev.isomorph.translator.lift;

/** Where guest code is fetched from. */
@FunctionalInterface
public interface CodeSource {
  /** The 16 bits at guest address {@code pc}, zero-extended, or -1 if they cannot be fetched. */
  int parcel(long pc);

  /**
   * Whether there is a translation that starts at {@code pc}, so that a block may end before it.
   */
  default boolean isTranslated(long pc) {
    return false;
  }
}
