package dev.isomorph.processvm.fs;

import dev.isomorph.processvm.Errno;

/**
 * Paths of a guest whose root is a directory of the host laid over the host's own root: a file is
 * looked for in that directory first and on the host second. {@code docs/guest-root.md} tells the
 * rules. Paths hold one byte per char.
 */
public final class RootedPaths {
  /** Most symbolic links that one path may lead through, as in Linux. */
  private static final int MOST_LINKS = 40;

  private final String root;
  private final HostFiles files;

  /**
   * Lays a directory over the host's root.
   *
   * @param root absolute host path without symbolic links or a final slash; null for no directory,
   *     so that guest paths are host paths
   */
  public RootedPaths(String root, HostFiles files) {
    this.root = root == null || root.isEmpty() ? null : root;
    this.files = files;
  }

  /** Whether guest paths differ from host paths at all. */
  public boolean isActive() {
    return root != null;
  }

  public HostFiles files() {
    return files;
  }

  /** Returns the guest's name for a file of the host. */
  public String toGuest(String hostPath) {
    if (root == null || !hostPath.startsWith(root)) {
      return hostPath;
    }
    if (hostPath.length() == root.length()) {
      return "/";
    }
    return hostPath.charAt(root.length()) == '/' ? hostPath.substring(root.length()) : hostPath;
  }

  /**
   * Returns the host path of what a guest path names. If the last component does not exist, that is
   * where the guest creates it.
   *
   * @param path absolute guest path
   * @param follow whether a symbolic link as the last component is followed
   * @throws PathFailure with the errno open(2) would give
   */
  public String resolve(String path, boolean follow) throws PathFailure {
    if (root == null) {
      return path;
    }
    return new Walk(path, follow).toEnd();
  }

  /** One resolution: a canonical guest directory reached so far, and what is left to walk. */
  private final class Walk {
    private final boolean follow;
    private final StringBuilder reached = new StringBuilder();
    private String rest;
    private int at;
    private int links;

    /** False once nothing below {@link #reached} can be in the root. */
    private boolean mayBeInRoot = true;

    /** Whether the last found file was in the root. */
    private boolean inRoot = true;

    Walk(String path, boolean follow) {
      this.rest = path;
      this.follow = follow;
    }

    String toEnd() throws PathFailure {
      while (true) {
        while (at < rest.length() && rest.charAt(at) == '/') {
          at++;
        }
        if (at == rest.length()) {
          return directoryReached();
        }
        int start = at;
        while (at < rest.length() && rest.charAt(at) != '/') {
          at++;
        }
        String name = rest.substring(start, at);
        if (name.equals("..")) {
          if (reached.length() != 0 && !files.isDirectory(directoryReached())) {
            throw new PathFailure(Errno.ENOTDIR);
          }
          reached.setLength(Math.max(0, reached.lastIndexOf("/")));
          mayBeInRoot = true;
        } else if (!name.equals(".")) {
          String end = enter(name);
          if (end != null) {
            return end;
          }
        }
      }
    }

    /** The walk ended in a directory: after ".", "..", a final slash, or at the top. */
    private String directoryReached() throws PathFailure {
      if (reached.length() == 0) {
        return root + "/";
      }
      boolean isInRoot = mayBeInRoot && files.target(root + reached) != null;
      return (isInRoot ? root : "") + reached + "/";
    }

    /** Goes on into {@code name}; returns the host path if the walk ends there. */
    private String enter(String name) throws PathFailure {
      String candidate = reached + "/" + name;
      String target = find(candidate);
      boolean last = at == rest.length();
      if (target == null) {
        return absent(candidate);
      }
      String found = inRoot ? root + candidate : candidate;
      if (!inRoot && candidate.startsWith("/proc/")) {
        return found + rest.substring(at); // Its links lead where their text does not say.
      }
      boolean isLink = !target.equals(HostFiles.NO_LINK);
      if (last && (!isLink || !follow)) {
        return found;
      }
      if (isLink) {
        followLink(target);
      } else {
        reached.append('/').append(name);
      }
      return null;
    }

    private String find(String candidate) throws PathFailure {
      if (mayBeInRoot) {
        String target = files.target(root + candidate);
        if (target != null) {
          inRoot = true;
          return target;
        }
      }
      inRoot = false;
      String target = files.target(candidate);
      if (target != null) {
        mayBeInRoot = false;
      }
      return target;
    }

    private void followLink(String target) throws PathFailure {
      if (++links > MOST_LINKS) {
        throw new PathFailure(Errno.ELOOP);
      }
      rest = target + rest.substring(at);
      at = 0;
      if (target.startsWith("/")) {
        reached.setLength(0);
      }
      mayBeInRoot = true;
    }

    private String absent(String candidate) throws PathFailure {
      int next = at;
      while (next < rest.length() && rest.charAt(next) == '/') {
        next++;
      }
      if (next < rest.length()) {
        throw new PathFailure(Errno.ENOENT);
      }
      boolean onHost = !mayBeInRoot || files.isDirectory(reached.toString());
      return (onHost ? "" : root) + candidate + rest.substring(at);
    }
  }
}
