package dev.isomorph.systemvm.virtio;

/**
 * The driver offered a buffer that no driver may: the device then needs a reset. Never leaves this
 * package.
 */
final class BadChain extends RuntimeException {
  private static final long serialVersionUID = 1;

  BadChain(String what) {
    super(what, null, false, false);
  }
}
