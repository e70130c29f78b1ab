package dev.isomorph.translator.lift;

/** How control goes on after a lifted instruction. */
enum Flow {
  /** To the instruction behind it, at least if no side exit is taken. */
  NEXT,
  /** Elsewhere: the instruction ended the block. */
  END
}
