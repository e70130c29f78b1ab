package dev.isomorph.hostbackend.asm;

/**
 * Follows what an {@link Assembler} emits. It may insert code of its own where an instruction
 * starts, by {@link Assembler#insert}; that code must leave registers and flags as they are, and
 * its length must be a multiple of {@link Assembler#PATCH_LINE}, so that whatever follows stays as
 * well aligned as without it.
 */
public interface EmissionListener {
  /** An instruction starts here. */
  void instruction();

  /** The instruction that ends here may go on elsewhere. */
  void branched();

  /** Other instructions may come here. */
  void joined();
}
