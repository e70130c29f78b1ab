package dev.isomorph.processvm.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.processvm.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The host's side of the union is a folder, too: everything lies below {@link #top}, which a guest
 * path names as the host does, and the root repeats that path within itself.
 */
class RootedPathsTest {
  private static Path top;
  private static Path root;
  private static RootedPaths paths;

  @BeforeAll
  static void build() throws IOException {
    top = Files.createTempDirectory("rooted").toRealPath();
    root = Files.createDirectory(top.resolve("root"));
    paths = new RootedPaths(root.toString(), new HostFiles());
    for (String directory : List.of("both/a", "both/b", "host/only", "both/clash")) {
      Files.createDirectories(top.resolve(directory));
    }
    for (String directory : List.of("both/a", "both/b", "inroot/deep/er")) {
      Files.createDirectories(inRoot(directory));
    }
    Files.writeString(top.resolve("both/a/f"), "host");
    Files.writeString(top.resolve("both/a/h"), "host");
    Files.writeString(top.resolve("host/only/x"), "host");
    Files.writeString(inRoot("both/a/f"), "root");
    Files.writeString(inRoot("both/clash"), "a file that hides a directory");
    Files.writeString(inRoot("inroot/deep/er/file"), "root");
    link(inRoot("both/toHost"), top + "/host/only/x");
    link(inRoot("both/relative"), "../inroot/deep");
    link(inRoot("both/out"), "../../../../../../../../../.." + top + "/both/a/f");
    link(inRoot("both/loop"), "loop");
    link(inRoot("both/dangling"), top + "/both/nothing");
    link(top.resolve("host/toRoot"), top + "/inroot/deep/er");
    link(top.resolve("host/up"), "../both");
  }

  @AfterAll
  static void remove() throws IOException {
    try (var files = Files.walk(top)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Path inRoot(String name) {
    return Path.of(root + "/" + top + "/" + name);
  }

  private static void link(Path link, String target) throws IOException {
    Files.createSymbolicLink(link, Path.of(target));
  }

  private static void check(Path expected, String name) throws PathFailure {
    assertEquals(expected.toString(), trim(paths.resolve(top + "/" + name, true)));
  }

  private static String trim(String path) {
    String clean = path.replaceAll("/+", "/");
    return clean.length() > 1 && clean.endsWith("/")
        ? clean.substring(0, clean.length() - 1)
        : clean;
  }

  private static int errno(String name) {
    return assertThrows(PathFailure.class, () -> paths.resolve(top + "/" + name, true)).errno();
  }

  @Test
  void theRootComesFirstAndTheHostSecond() throws PathFailure {
    check(inRoot("both/a/f"), "both/a/f");
    check(top.resolve("both/a/h"), "both/a/h");
    check(inRoot("inroot/deep/er/file"), "inroot/deep/er/file");
    check(top.resolve("host/only/x"), "host/only/x");
  }

  @Test
  void linksAreFollowedInTheGuestsTree() throws PathFailure {
    check(top.resolve("host/only/x"), "both/toHost");
    check(inRoot("inroot/deep/er/file"), "both/relative/er/file");
    check(inRoot("inroot/deep/er/file"), "host/toRoot/file");
    check(inRoot("both/a/f"), "host/up/a/f");
    check(inRoot("both/a/f"), "both/out");
  }

  @Test
  void aLinkAtTheEndIsItselfIfNotFollowed() throws PathFailure {
    String link = paths.resolve(top + "/both/toHost", false);
    assertEquals(inRoot("both/toHost").toString(), trim(link));
    String directory = paths.resolve(top + "/both/relative/", false);
    assertEquals(inRoot("inroot/deep").toString(), trim(directory));
  }

  @Test
  void dotsStayInTheGuestsTree() throws PathFailure {
    check(inRoot("both/a/f"), "both/b/../a/./f");
    check(inRoot("both/a/f"), "host/only/../../both/a/f");
    assertEquals(root + "/", paths.resolve("/..", true));
    assertEquals(root + "/", paths.resolve("/../../.", true));
    check(inRoot("both/a/f"), "both/relative/../../both/a/f");
  }

  @Test
  void newFilesGoToTheHostIfItHasTheDirectory() throws PathFailure {
    check(top.resolve("both/a/new"), "both/a/new");
    check(inRoot("inroot/deep/new"), "inroot/deep/new");
    check(top.resolve("host/only/new"), "host/only/new");
    check(top.resolve("both/nothing"), "both/dangling");
    assertEquals(top + "/both/newdir/", paths.resolve(top + "/both/newdir/", false));
  }

  @Test
  void whatCannotBeResolvedHasAnErrorNumber() {
    assertEquals(Errno.ELOOP, errno("both/loop"));
    assertEquals(Errno.ENOENT, errno("both/no/such"));
    assertEquals(Errno.ENOTDIR, errno("both/clash/x"));
    assertEquals(Errno.ENOTDIR, errno("both/a/f/x"));
    assertEquals(Errno.ENOTDIR, errno("both/a/f/.."));
    assertEquals(Errno.ENAMETOOLONG, errno("a".repeat(300)));
  }

  @Test
  void linksOfProcAreLeftToTheKernel() throws PathFailure {
    assertEquals("/proc/self/fd/0", paths.resolve("/proc/self/fd/0", true));
    assertEquals("/proc/self/cwd/../x", paths.resolve("/proc/self/cwd/../x", true));
  }

  @Test
  void guestNamesOfHostFiles() {
    assertEquals("/usr/bin", paths.toGuest(root + "/usr/bin"));
    assertEquals("/", paths.toGuest(root.toString()));
    assertEquals(root + "2/x", paths.toGuest(root + "2/x"));
    assertEquals("/etc", paths.toGuest("/etc"));
  }

  @Test
  void withoutRootPathsAreTheHosts() throws PathFailure {
    RootedPaths none = new RootedPaths(null, new HostFiles());
    assertEquals("/a/../b//", none.resolve("/a/../b//", true));
    assertEquals("/a", none.toGuest("/a"));
  }
}
