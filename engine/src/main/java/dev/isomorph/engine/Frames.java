package dev.isomorph.engine;

/**
 * The pages of physical memory that a machine's code may be in, by their number: one stretch of
 * host memory as far as they can be written, and maybe others behind.
 */
public interface Frames {
  /** Bytes of a frame. */
  int SIZE = 4096;

  /** How many there are; fewer than 2^28. */
  int count();

  /** Host address of a frame's first byte. */
  long hostAddress(int frame);

  /** Whether the pages of users may be mapped elsewhere, too, where their regions look for them. */
  default boolean mayHaveAliases() {
    return false;
  }
}
