package dev.isomorph.processvm.elf;

/** How programs and their interpreters are found: by the guest's paths, in the guest's root. */
public interface ProgramFiles {
  /** Opens a file for reading and returns the host's descriptor or a negative errno. */
  int open(String guestPath);

  /** Returns the guest's absolute path of an open file, with no symbolic links in it. */
  String pathOf(int descriptor);
}
