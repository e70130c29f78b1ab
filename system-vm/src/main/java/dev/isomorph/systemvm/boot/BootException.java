package dev.isomorph.systemvm.boot;

import java.io.IOException;

/** A machine cannot start with what it was given; the message is a line for the user. */
public final class BootException extends IOException {
  private static final long serialVersionUID = 1;

  BootException(String message) {
    super(message);
  }
}
