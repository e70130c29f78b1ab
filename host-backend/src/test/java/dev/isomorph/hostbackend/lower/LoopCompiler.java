package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.lift.CodeSource;

/** A tier that makes one piece of host code of a guest loop. */
interface LoopCompiler {
  /**
   * What was made of a loop.
   *
   * @param guest guest instructions in it
   * @param code the host code
   * @param entry length of what only runs when it is entered
   * @param inLine length of all that is not out of line
   */
  record Emitted(int guest, byte[] code, int entry, int inLine) {}

  /**
   * Compiles the outermost loop around a guest address.
   *
   * @param origin host address for which it is made
   */
  Emitted compile(CodeSource code, long pc, long origin);
}
