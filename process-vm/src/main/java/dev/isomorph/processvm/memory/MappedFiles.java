package dev.isomorph.processvm.memory;

/** Opens files that are mapped once more, for the copy of an address space. */
public interface MappedFiles {
  /**
   * Opens a file for reading.
   *
   * @return the host's descriptor, or a negative number if the very same file cannot be had
   */
  int open(MappedFile file);
}
