package dev.isomorph.translator.eval;

/** A guest access to memory that is not mapped, or not with the right the access needs. */
public final class GuestMemoryFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long address;
  private final boolean write;

  /**
   * Makes a fault.
   *
   * @param address the first guest address that could not be accessed
   * @param write whether the access was a store
   */
  public GuestMemoryFault(long address, boolean write) {
    super(null, null, false, false);
    this.address = address;
    this.write = write;
  }

  /** The guest address that could not be accessed. */
  public long address() {
    return address;
  }

  /** Whether the access was a store. */
  public boolean write() {
    return write;
  }

  @Override
  public String getMessage() {
    return (write ? "store to 0x" : "load from 0x") + Long.toHexString(address);
  }
}
