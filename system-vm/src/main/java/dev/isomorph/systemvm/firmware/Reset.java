package dev.isomorph.systemvm.firmware;

/**
 * How a machine's software ended it.
 *
 * @param failed whether the software said that something had gone wrong
 */
public record Reset(Type type, boolean failed) {
  /** What comes after. */
  public enum Type {
    /** Nothing. */
    SHUTDOWN,
    /** The machine starts as after power-on. */
    COLD_REBOOT,
    /** The harts start again. */
    WARM_REBOOT
  }
}
