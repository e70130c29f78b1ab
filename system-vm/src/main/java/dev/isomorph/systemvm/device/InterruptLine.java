package dev.isomorph.systemvm.device;

/**
 * A wire to an interrupt controller or a hart; may be set from any thread. Devices set it while
 * they keep their own lock, so who hears of it never calls the device back.
 */
@FunctionalInterface
public interface InterruptLine {
  /** A line nobody looks at. */
  InterruptLine UNCONNECTED = level -> {};

  /**
   * Raises or lowers the line. To raise one that is high asks an interrupt controller once more; it
   * does nothing else.
   */
  void set(boolean level);
}
