package dev.isomorph.tools;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong, in one line for the user. */
public final class Failures {
  private Failures() {}

  /** The message, with the reason that some file system exceptions leave to their class name. */
  public static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException file -> file.getFile() + ": no such file or directory";
      case AccessDeniedException file -> file.getFile() + ": permission denied";
      case NotDirectoryException file -> file.getFile() + ": not a directory";
      case FileAlreadyExistsException file -> file.getFile() + ": exists";
      case FileSystemException file when file.getReason() != null ->
          file.getFile() + ": " + file.getReason();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
