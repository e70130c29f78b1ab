package dev.isomorph.systemvm.memory;

/** A device was told to reach beyond RAM. Devices turn it into an error of the guest's. */
public final class OutsideRam extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutsideRam(long address, long length) {
    super(
        Long.toUnsignedString(length) + " bytes at 0x" + Long.toHexString(address) + " are not RAM",
        null,
        false,
        false);
  }
}
