package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.fs.PathFailure;

/**
 * Turns the paths in system calls into what the host's kernel finds the same file by. Without a
 * root of its own a guest's paths are the host's, and all but those into {@code /proc} and {@code
 * /dev} go through as they are.
 */
final class PathArguments {
  static final int AT_FDCWD = -100;

  private final Guest guest;

  /** Results of {@link #resolve}. */
  private long directory;

  private long path;

  PathArguments(Guest guest) {
    this.guest = guest;
  }

  /** The host's directory descriptor for the last path resolved. */
  long directory() {
    return directory;
  }

  /** Host address of the last path resolved. */
  long path() {
    return path;
  }

  /**
   * Returns the host's descriptor for a guest's, AT_FDCWD for itself, -1 for one that is not open.
   */
  long directory(int descriptor) {
    return descriptor == AT_FDCWD ? AT_FDCWD : Math.max(-1, guest.fds.host(descriptor));
  }

  /**
   * Finds what the host calls a file.
   *
   * @param descriptor the guest's descriptor that a relative path starts from, or AT_FDCWD
   * @param pointer guest address of the path
   * @param follow whether a symbolic link at the end is followed
   */
  void resolve(int descriptor, long pointer, boolean follow) {
    directory = directory(descriptor);
    path = guest.memory.pass(pointer, 0);
    if (mayDiffer(descriptor, pointer)) {
      String text = guest.memory.path(pointer);
      String host = resolve(descriptor, text, follow);
      if (!host.equals(text)) {
        path = guest.scratch.string(host);
        directory = host.startsWith("/") ? AT_FDCWD : directory;
      }
    }
  }

  /** Whether the path at {@code pointer} must be looked at; in doubt the kernel reports EFAULT. */
  private boolean mayDiffer(int descriptor, long pointer) {
    if (pointer == 0 || !guest.memory.isReadable(pointer, 1)) {
      return false;
    }
    if (guest.root.isActive()) {
      return true;
    }
    if (HostMemory.getByte(guest.memory.base() + pointer) != '/') {
      return guest.fds.isListing(descriptor);
    }
    return isSpecial(pointer);
  }

  /**
   * Returns the path at {@code pointer} if it may lead into {@code /proc} or {@code /dev}, else
   * null.
   */
  String textIfSpecial(long pointer) {
    return isSpecial(pointer) ? withoutEmptyNames(guest.memory.path(pointer)) : null;
  }

  /** Whether an absolute path may lead into {@code /proc} or {@code /dev}, by its second byte. */
  private boolean isSpecial(long pointer) {
    if (!guest.memory.isReadable(pointer, 2)
        || HostMemory.getByte(guest.memory.base() + pointer) != '/') {
      return false;
    }
    byte second = HostMemory.getByte(guest.memory.base() + pointer + 1);
    return second == 'p' || second == 'd' || second == '/' || second == '.';
  }

  /** As {@link #resolve(int, long, boolean)}, for text; the result may stay relative. */
  String resolve(int descriptor, String text, boolean follow) {
    if (text.isEmpty()) {
      return text;
    }
    try {
      if (text.charAt(0) != '/') {
        return resolveRelative(descriptor, text, follow);
      }
      return resolveAbsolute(text, follow);
    } catch (PathFailure e) {
      throw new CallFailure(e.errno());
    }
  }

  private String resolveRelative(int descriptor, String text, boolean follow) throws PathFailure {
    if (guest.fds.isListing(descriptor)) {
      return resolveAbsolute("/proc/self/fd/" + text, follow);
    }
    if (!guest.root.isActive()) {
      return text;
    }
    String start = guestDirectory(descriptor);
    return start == null ? text : resolveAbsolute(start + "/" + text, follow);
  }

  /** Returns the guest's path of a directory, null if it has none or is none of the guest's. */
  private String guestDirectory(int descriptor) {
    String host =
        descriptor == AT_FDCWD
            ? guest.root.files().currentDirectory()
            : guest.root.files().pathOf((int) directory(descriptor));
    return host == null || host.endsWith(" (deleted)") ? null : guest.root.toGuest(host);
  }

  private String resolveAbsolute(String text, boolean follow) throws PathFailure {
    String own = ownProcPath(text);
    boolean isLinkItself = !follow && text.startsWith("/dev/") && !text.startsWith("/dev/fd/");
    if (own == null || isLinkItself) {
      return guest.root.resolve(text, follow);
    }
    if (own.startsWith("fd/") || own.startsWith("fdinfo/")) {
      return descriptorPath(own);
    }
    if (follow || own.indexOf('/') >= 0) {
      int end = own.indexOf('/') < 0 ? own.length() : own.indexOf('/');
      String link = "/proc/self/" + own.substring(0, end);
      String target = guest.procFiles.linkFor(link);
      if (target != null) {
        return guest.root.resolve(target + own.substring(end), follow);
      }
      if (guest.root.isActive() && link.endsWith("/root")) {
        return guest.root.resolve("/" + own.substring(end), follow);
      }
    }
    return own.isEmpty() ? text : hostProcess() + own;
  }

  /** The host's folder about the process: all but the first are threads of the host's process. */
  private String hostProcess() {
    return guest.process.family.isFirst() ? "/proc/self/" : "/proc/" + guest.pid + "/";
  }

  private String descriptorPath(String own) {
    int slash = own.indexOf('/') + 1;
    int end = own.indexOf('/', slash) < 0 ? own.length() : own.indexOf('/', slash);
    int host = guest.fds.host(number(own, slash, end));
    if (host < 0) {
      throw new CallFailure(Errno.ENOENT);
    }
    return hostProcess() + own.substring(0, slash) + host + own.substring(end);
  }

  private static int number(String text, int start, int end) {
    if (start == end || end - start > 9) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = 10 * value + digit - '0';
    }
    return value;
  }

  /**
   * Returns what follows {@code /proc/self/} in a path to something of the process itself, by
   * whichever of its names; null for other paths.
   */
  String ownProcPath(String text) {
    String clean = withoutEmptyNames(text);
    if (clean.startsWith("/dev/")) {
      return switch (clean) {
        case "/dev/stdin" -> "fd/0";
        case "/dev/stdout" -> "fd/1";
        case "/dev/stderr" -> "fd/2";
        case "/dev/fd" -> "fd";
        default -> clean.startsWith("/dev/fd/") ? clean.substring("/dev/".length()) : null;
      };
    }
    if (!clean.startsWith("/proc/")) {
      return null;
    }
    int start = "/proc/".length();
    int end = clean.indexOf('/', start) < 0 ? clean.length() : clean.indexOf('/', start);
    String process = clean.substring(start, end);
    if (process.equals("self")
        || process.equals("thread-self")
        || process.equals(Integer.toString(guest.pid))) {
      String rest = end == clean.length() ? "" : clean.substring(end + 1);
      String thread = "task/" + guest.pid + "/";
      return rest.startsWith(thread) ? rest.substring(thread.length()) : rest;
    }
    return null;
  }

  /** Drops ".", doubled slashes and those at the end. */
  private static String withoutEmptyNames(String text) {
    int end = text.length();
    while (end > 1 && text.charAt(end - 1) == '/') {
      end--;
    }
    String clean = text.substring(0, end);
    if (clean.indexOf("//") < 0 && clean.indexOf("/./") < 0) {
      return clean;
    }
    for (int at = clean.indexOf("/./"); at >= 0; at = clean.indexOf("/./")) {
      clean = clean.substring(0, at) + clean.substring(at + 2);
    }
    for (int at = clean.indexOf("//"); at >= 0; at = clean.indexOf("//")) {
      clean = clean.substring(0, at) + clean.substring(at + 1);
    }
    return clean;
  }
}
