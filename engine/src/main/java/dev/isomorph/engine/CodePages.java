package dev.isomorph.engine;

/** Where in a machine's memory pages of code are. */
@FunctionalInterface
public interface CodePages {
  /** What is not a frame: nothing can be fetched, or it is not known from where. */
  int NO_FRAME = -1;

  /** The frame of the page that an address is in, or {@link #NO_FRAME}. */
  int frame(long address);
}
