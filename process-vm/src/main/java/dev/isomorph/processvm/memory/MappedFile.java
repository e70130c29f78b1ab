package dev.isomorph.processvm.memory;

/**
 * What backs a file mapping, as {@code /proc/self/maps} tells it.
 *
 * @param path path as the guest knows it, one byte per char
 * @param device device number as stat(2) gives it in {@code st_dev}
 * @param inode inode number
 */
public record MappedFile(String path, long device, long inode) {
  // Written out since a record's own methods are linked at their first call, which is dear while a
  // program starts.

  @Override
  public boolean equals(Object other) {
    return other instanceof MappedFile file
        && device == file.device
        && inode == file.inode
        && path.equals(file.path);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(inode) * 31 + Long.hashCode(device);
  }
}
