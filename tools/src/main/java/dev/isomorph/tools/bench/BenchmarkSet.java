package dev.isomorph.tools.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the programs to time: those named, or the ones that come with Isomorph. */
final class BenchmarkSet {
  private static final String BUNDLED = "/bench";

  /** Lists the bundled programs: file, rounds, what it stresses. */
  private static final String TABLE = "programs.txt";

  private BenchmarkSet() {}

  /** The programs at these paths; a directory stands for the sources below it. */
  static List<Benchmark> named(List<Path> paths) throws IOException {
    List<Benchmark> set = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        set.addAll(below(path));
      } else if (Files.isReadable(path)) {
        set.add(Benchmark.of(path));
      } else {
        throw new IOException(path + ": no such file");
      }
    }
    return set;
  }

  /**
   * The bundled programs, in the order of their table; copied out of the jar to {@code scratch}.
   */
  static List<Benchmark> bundled(Path scratch) throws IOException {
    Path folder = unpacked(scratch);
    List<Benchmark> set = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(TABLE))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] fields = line.split(" +", 3);
        long rounds = fields[1].equals("-") ? 0 : Long.parseLong(fields[1]);
        set.add(Benchmark.of(folder.resolve(fields[0]), rounds, fields[2]));
      }
    }
    return set;
  }

  private static Path unpacked(Path scratch) throws IOException {
    URI place;
    try {
      place = BenchmarkSet.class.getResource(BUNDLED).toURI();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if (!place.getScheme().equals("jar")) {
      return Path.of(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place, Map.of());
        Stream<Path> files = Files.walk(jar.getPath(BUNDLED))) {
      Path top = jar.getPath(BUNDLED);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = scratch.resolve(top.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return scratch;
  }

  private static List<Benchmark> below(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> Benchmark.isSource(file.toString()))
          .sorted()
          .map(Benchmark::of)
          .toList();
    }
  }
}
