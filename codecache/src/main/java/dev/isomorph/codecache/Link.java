package dev.isomorph.codecache;

/**
 * A direct jump from one block to another.
 *
 * @param source the block that jumps
 * @param target the block jumped to
 * @param site offset in the cache of the jump's rel32
 * @param stub offset of the stub the jump goes to when it is not linked
 */
record Link(TranslatedBlock source, TranslatedBlock target, int site, int stub) {}
