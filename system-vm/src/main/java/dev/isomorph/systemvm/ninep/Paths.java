package dev.isomorph.systemvm.ninep;

/** Names, as clients send them, become paths, as {@link HostTree} takes them. */
final class Paths {
  private Paths() {}

  /** Where a name leads; the folder's own parent is the folder. */
  static String step(String path, String name) throws HostError {
    if (name.equals("..")) {
      return parent(path);
    }
    return name.equals(".") ? path : child(path, name);
  }

  /** The path of an entry of a folder. */
  static String child(String folder, String name) throws HostError {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new HostError(HostError.EINVAL);
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new HostError(HostError.ENOENT);
    }
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
