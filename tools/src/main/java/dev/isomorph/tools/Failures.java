package dev.isomorph.tools;

import java.io.EOFException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong, in one line for the user. */
public final class Failures {
  private Failures() {}

  /** A name that a reader can see in a message: an empty one as two quotes. */
  public static String shown(String name) {
    return name.isEmpty() ? "''" : name;
  }

  /** The message, with the reason that some file system exceptions leave to their class name. */
  public static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException file -> shown(file.getFile()) + ": no such file or directory";
      case AccessDeniedException file -> shown(file.getFile()) + ": permission denied";
      case NotDirectoryException file -> shown(file.getFile()) + ": not a directory";
      case FileAlreadyExistsException file -> shown(file.getFile()) + ": exists";
      case FileSystemException file when file.getReason() != null ->
          shown(file.getFile()) + ": " + uncapitalised(file.getReason());
      // Of some libraries without a message.
      case EOFException _ -> "unexpected end";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  /** The C library's texts begin as sentences; messages go on with them. */
  public static String uncapitalised(String text) {
    boolean isWord = text.length() > 1 && Character.isLowerCase(text.charAt(1));
    return isWord ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
  }
}
