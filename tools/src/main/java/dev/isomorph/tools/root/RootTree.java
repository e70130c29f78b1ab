package dev.isomorph.tools.root;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The directory that becomes a guest's root. Names are resolved as the guest will resolve them:
 * symbolic links, absolute ones too, start from this directory and no name leads out of it.
 *
 * <p>All names are relative ({@code usr/bin/env}, a leading {@code ./} is allowed); one that
 * contains {@code ..} or starts with a slash is refused.
 */
final class RootTree {
  /** As Linux counts them before ELOOP. */
  private static final int MAX_LINKS = 40;

  private final Path top;

  RootTree(Path top) throws IOException {
    makeDirectories(top);
    this.top = top.toRealPath();
  }

  Path top() {
    return top;
  }

  /** Creates the directory, or gives an existing one these permissions. */
  void directory(String name, int mode) throws IOException {
    Path directory = resolve(name, true);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new RootException(name + " exists and is not a directory");
      }
      makeDirectories(directory);
    }
    // The owner must be able to fill it.
    permissions(directory, mode | 0700);
  }

  /** Writes a file, replacing what stood there (a symbolic link itself, not its target). */
  void file(String name, InputStream content, int mode, FileTime time) throws IOException {
    Path file = vacate(name);
    Files.copy(content, file);
    permissions(file, mode);
    if (time != null) {
      Files.setLastModifiedTime(file, time);
    }
  }

  /**
   * Makes {@code name} a symbolic link to {@code target}, kept word for word. A directory that
   * stands there stays, as dpkg has it.
   */
  void symbolicLink(String name, String target) throws IOException {
    if (!Files.isDirectory(resolve(name, false), LinkOption.NOFOLLOW_LINKS)) {
      Files.createSymbolicLink(vacate(name), Path.of(target));
    }
  }

  /** Makes {@code name} a second name of the file {@code existing}. */
  void hardLink(String name, String existing) throws IOException {
    Path original = resolve(existing, false);
    if (!Files.isRegularFile(original, LinkOption.NOFOLLOW_LINKS)) {
      throw new RootException("hard link " + name + " to missing file " + existing);
    }
    Path link = resolve(name, false);
    if (!link.equals(original)) {
      Files.createLink(vacate(name), original);
    }
  }

  /** Removes a file or link; a directory only when empty; a missing name is no error. */
  void remove(String name) throws IOException {
    Path victim = resolve(name, false);
    if (Files.isDirectory(victim, LinkOption.NOFOLLOW_LINKS)) {
      try (var entries = Files.newDirectoryStream(victim)) {
        if (entries.iterator().hasNext()) {
          return;
        }
      }
    }
    Files.deleteIfExists(victim);
  }

  /** Whether something, be it a dangling link, stands under this name. */
  boolean exists(String name) throws IOException {
    return Files.exists(resolve(name, false), LinkOption.NOFOLLOW_LINKS);
  }

  /** The host path of a file to read, last link followed; it may not exist. */
  Path hostPath(String name) throws IOException {
    return resolve(name, true);
  }

  /** The name without a leading {@code ./} or trailing slash; the top itself is empty. */
  static String normalize(String name) throws RootException {
    if (name.startsWith("/") || name.indexOf('\0') >= 0) {
      throw new RootException("refused file name " + name);
    }
    StringBuilder normal = new StringBuilder();
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        throw new RootException("refused file name " + name);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        normal.append(normal.isEmpty() ? "" : "/").append(part);
      }
    }
    return normal.toString();
  }

  private Path vacate(String name) throws IOException {
    Path place = resolve(name, false);
    if (place.equals(top)) {
      throw new RootException("refused file name " + name);
    }
    makeDirectories(place.getParent());
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new RootException(name + " exists and is a directory");
    }
    Files.deleteIfExists(place);
    return place;
  }

  private static void makeDirectories(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileAlreadyExistsException e) {
      throw new RootException(e.getFile() + " exists and is not a directory", e);
    }
  }

  private Path resolve(String name, boolean followLast) throws IOException {
    Deque<String> left = new ArrayDeque<>();
    pushParts(left, normalize(name));
    Path at = top;
    int links = 0;
    while (!left.isEmpty()) {
      String part = left.pop();
      if (part.equals("..")) {
        at = at.equals(top) ? top : at.getParent();
        continue;
      }
      Path next = at.resolve(part);
      if (Files.isSymbolicLink(next) && (followLast || !left.isEmpty())) {
        if (++links > MAX_LINKS) {
          throw new RootException("too many symbolic links in " + name);
        }
        String target = Files.readSymbolicLink(next).toString();
        if (target.startsWith("/")) {
          at = top;
        }
        pushParts(left, target);
      } else {
        at = next;
      }
    }
    return at;
  }

  private static void pushParts(Deque<String> left, String path) {
    String[] parts = path.split("/");
    for (int i = parts.length - 1; i >= 0; i--) {
      if (!parts[i].isEmpty() && !parts[i].equals(".")) {
        left.push(parts[i]);
      }
    }
  }

  /**
   * Set-user-id and set-group-id are dropped: the files belong to whoever runs Isomorph, and no
   * guest program is meant to lend his rights to others.
   */
  private static void permissions(Path file, int mode) throws IOException {
    Files.setAttribute(file, "unix:mode", mode & 01777, LinkOption.NOFOLLOW_LINKS);
  }
}
