package dev.isomorph.systemvm.device;

/** Nothing answers to a physical access; the hart takes an access fault. */
public final class BusFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The only one: it is thrown often and tells nothing. */
  public static final BusFault INSTANCE = new BusFault();

  private BusFault() {
    super("no device answers", null, false, false);
  }
}
