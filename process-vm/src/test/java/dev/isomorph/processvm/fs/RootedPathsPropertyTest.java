package dev.isomorph.processvm.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.processvm.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class RootedPathsPropertyTest {
  /** Not to be found at the top of any host. */
  private static final String[] NAMES = {"a~1", "b~1", "c~1", "d~1"};

  /** An entry of a random tree: a directory, a file, or a link with this target. */
  private record Entry(String path, String target, boolean directory) {}

  @Provide
  Arbitrary<List<Entry>> trees() {
    Arbitrary<String> name = Arbitraries.of(NAMES);
    Arbitrary<String> path = name.list().ofMinSize(1).ofMaxSize(3).map(p -> String.join("/", p));
    Arbitrary<String> target =
        Arbitraries.of(
            "a~1",
            "b~1",
            "c~1",
            "..",
            ".",
            "/a~1",
            "/b~1/c~1",
            "../d~1",
            "/",
            "a~1/b~1",
            "../../c~1/d~1");
    Arbitrary<Entry> entry =
        Arbitraries.frequencyOf(
            Tuple.of(3, path.map(p -> new Entry(p, null, true))),
            Tuple.of(2, path.map(p -> new Entry(p, null, false))),
            Tuple.of(3, Combinators.combine(path, target).as((p, t) -> new Entry(p, t, false))));
    return entry.list().ofMaxSize(12);
  }

  @Provide
  Arbitrary<String> guestPaths() {
    return Arbitraries.of("a~1", "b~1", "c~1", "d~1", "..", ".", "")
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(parts -> "/" + String.join("/", parts));
  }

  /**
   * In a root that holds everything, resolution is what chroot(2) makes of it. The expected path is
   * found with a second, recursive reading of path_resolution(7).
   */
  @Property(tries = 300)
  void insideTheRootItIsLikeChroot(
      @ForAll("trees") List<Entry> tree, @ForAll("guestPaths") String path) throws IOException {
    Path jail = Files.createTempDirectory("jail").toRealPath();
    try {
      for (Entry entry : tree) {
        create(jail, entry);
      }
      String expected = model(jail, new ArrayList<>(), path, 0);
      String actual;
      try {
        String resolved = new RootedPaths(jail.toString(), new HostFiles()).resolve(path, true);
        actual = asTheKernelSees(resolved);
      } catch (PathFailure failure) {
        actual = Errno.name(failure.errno());
      }
      assertEquals(expected, actual, () -> path + " in " + tree);
    } finally {
      try (var files = Files.walk(jail)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String asTheKernelSees(String path) {
    if (!Files.exists(Path.of(path))) {
      return "ENOENT";
    }
    return path.endsWith("/") && !Files.isDirectory(Path.of(path)) ? "ENOTDIR" : trim(path);
  }

  private static String trim(String path) {
    String clean = path.replaceAll("/+", "/");
    return clean.endsWith("/") ? clean.substring(0, clean.length() - 1) : clean;
  }

  /** Creates an entry unless something is in its way; never through a link, which may lead out. */
  private static void create(Path jail, Entry entry) throws IOException {
    Path parent = jail;
    String[] names = entry.path.split("/");
    for (int i = 0; i < names.length - 1; i++) {
      parent = parent.resolve(names[i]);
      if (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(parent);
      } else if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
    }
    Path file = parent.resolve(names[names.length - 1]);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (entry.target != null) {
      Files.createSymbolicLink(file, Path.of(entry.target));
    } else if (entry.directory) {
      Files.createDirectory(file);
    } else {
      Files.createFile(file);
    }
  }

  private static String model(Path jail, List<String> at, String path, int depth)
      throws IOException {
    if (depth > 40) {
      return "ELOOP";
    }
    int slash = path.indexOf('/');
    String name = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? null : path.substring(slash + 1);
    Path here = jail.resolve(String.join("/", at));
    if (path.startsWith("/")) {
      return modelRest(jail, at, rest, depth);
    }
    if (!Files.isDirectory(here)) {
      return "ENOTDIR";
    }
    if (name.isEmpty() || name.equals(".")) {
      return modelRest(jail, at, rest, depth);
    }
    List<String> next = new ArrayList<>(at);
    if (name.equals("..")) {
      if (!next.isEmpty()) {
        next.removeLast();
      }
      return modelRest(jail, next, rest, depth);
    }
    next.add(name);
    Path there = jail.resolve(String.join("/", next));
    if (Files.isSymbolicLink(there)) {
      String target = Files.readSymbolicLink(there).toString();
      List<String> from = target.startsWith("/") ? new ArrayList<>() : at;
      String whole = target + (rest == null ? "" : "/" + rest);
      return model(jail, from, whole, depth + 1);
    }
    return Files.exists(there) ? modelRest(jail, next, rest, depth) : "ENOENT";
  }

  private static String modelRest(Path jail, List<String> at, String rest, int depth)
      throws IOException {
    if (rest == null) {
      return trim(jail.resolve(String.join("/", at)).toString());
    }
    if (rest.isEmpty()) {
      Path here = jail.resolve(String.join("/", at));
      return Files.isDirectory(here) ? trim(here.toString()) : "ENOTDIR";
    }
    return model(jail, at, rest, depth);
  }
}
