package dev.isomorph.processvm.tree;

/** A process has no child of the kind it wants to wait for (ECHILD). */
public final class NoChildException extends Exception {
  private static final long serialVersionUID = 1L;

  static final NoChildException INSTANCE = new NoChildException();

  private NoChildException() {
    super("no such child", null, false, false);
  }
}
