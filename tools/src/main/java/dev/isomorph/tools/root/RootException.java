package dev.isomorph.tools.root;

import java.io.IOException;

/** A root could not be filled, for the reason the message gives in one line. */
final class RootException extends IOException {
  private static final long serialVersionUID = 1L;

  RootException(String message) {
    super(message);
  }

  RootException(String message, Throwable cause) {
    super(message, cause);
  }
}
