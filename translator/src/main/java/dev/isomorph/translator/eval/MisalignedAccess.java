package dev.isomorph.translator.eval;

/** An atomic instruction at an address that is not a multiple of its width. */
final class MisalignedAccess extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long address;

  MisalignedAccess(long address) {
    super(null, null, false, false);
    this.address = address;
  }

  long address() {
    return address;
  }
}
