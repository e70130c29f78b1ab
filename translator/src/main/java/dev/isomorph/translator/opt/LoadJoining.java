package dev.isomorph.translator.opt;

/**
 * Where loads of bytes may become loads of numbers ({@link Pass#JOINED_LOADS}), and where stores of
 * them stores of numbers.
 */
public enum LoadJoining {
  /** Nowhere: memory is not accessed at any address as fast, or faults are settled otherwise. */
  NEVER,
  /** Where nobody can ask for the guest's state before the number is put together. */
  UNSEEN,
  /** Also where it can be asked for, which costs nothing if that is made late. */
  SEEN
}
