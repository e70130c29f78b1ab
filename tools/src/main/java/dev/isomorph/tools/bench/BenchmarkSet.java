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

  private BenchmarkSet() {}

  /** The programs at these paths; a directory stands for the C sources below it. */
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

  /** The bundled programs, copied out of the jar to {@code scratch}. */
  static List<Benchmark> bundled(Path scratch) throws IOException {
    URI place;
    try {
      place = BenchmarkSet.class.getResource(BUNDLED).toURI();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if (!place.getScheme().equals("jar")) {
      return below(Path.of(place));
    }
    try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
      Path top = jar.getPath(BUNDLED);
      for (Path source : sources(top)) {
        Path copy = scratch.resolve(top.relativize(source).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(source, copy);
      }
    }
    return below(scratch);
  }

  private static List<Benchmark> below(Path directory) throws IOException {
    return sources(directory).stream().map(Benchmark::of).toList();
  }

  private static List<Path> sources(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".c")).sorted().toList();
    }
  }
}
