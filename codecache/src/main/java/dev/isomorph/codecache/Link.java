package dev.isomorph.codecache;

/**
 * A direct jump from one block to another.
 *
 * @param source the block that jumps
 * @param target the block jumped to
 * @param site offset in the cache of the jump's rel32
 * @param stub offset of the stub the jump goes to when it is not linked
 */
record Link(TranslatedBlock source, TranslatedBlock target, int site, int stub) {
  // There is one for each jump. Those of a record are made at run time, which takes as long as some
  // hundred translations.

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return site;
  }
}
