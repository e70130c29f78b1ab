package dev.isomorph.systemvm.disk;

import java.io.IOException;

/** An image is not what it should be, or cannot be had; the message is for people, in one line. */
public final class DiskImageException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param image which one
   * @param what what is wrong with it and where
   */
  public DiskImageException(String image, String what) {
    super(image + ": " + what);
  }
}
