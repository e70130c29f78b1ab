package dev.isomorph.systemvm.device;

/** A wire to an interrupt controller or a hart; may be set from any thread. */
@FunctionalInterface
public interface InterruptLine {
  /** A line nobody looks at. */
  InterruptLine UNCONNECTED = level -> {};

  /** Raises or lowers the line; setting it to what it is does nothing. */
  void set(boolean level);
}
