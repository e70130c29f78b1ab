package dev.isomorph.translator.lift;

/** How a region is entered. */
public enum Entrance {
  /** Only if registers hold what its code takes for granted. */
  CHECKED,

  /** With whatever is in registers. */
  OPEN,

  /** The same, and so often that what it costs to enter and to leave decides. */
  BUSY
}
