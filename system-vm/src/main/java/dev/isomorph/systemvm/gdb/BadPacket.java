package dev.isomorph.systemvm.gdb;

/** A packet that cannot be done: it is not what it should be, or what it names is not there. */
final class BadPacket extends Exception {
  private static final long serialVersionUID = 1;
}
