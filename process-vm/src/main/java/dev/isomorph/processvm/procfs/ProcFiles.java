package dev.isomorph.processvm.procfs;

/**
 * The files of {@code /proc} that must speak of the guest instead of the host (proc(5)).
 *
 * <p>Paths are absolute guest paths without {@code .}, {@code ..} or doubled slashes. Strings of
 * the guest hold one byte per char (ISO-8859-1), so that any file name survives.
 */
public interface ProcFiles {
  /** Returns the whole content of the file as of now, or null when the host's own file will do. */
  byte[] contentFor(String guestPath);

  /** Returns the target of the symbolic link, or null when the host's own link will do. */
  String linkFor(String guestPath);
}
