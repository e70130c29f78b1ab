package dev.isomorph.translator.ir;

/** The type of an IR value, which is also the register class it needs on a host. */
public enum ValueType {
  /** No value: a store, a state write, an exit. */
  NONE,
  /** A 64-bit integer. */
  INT,
  /**
   * The low 64 bits of a float register. Single-precision operations use and produce the low 32
   * bits and leave the upper ones unspecified; {@link IrOp#BOX_S} makes them all ones.
   */
  FLOAT
}
