import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Formats the Java sources below the current directory; run by the build with google-java-format on
 * the class path.
 *
 * <p>Arguments: {@code fix} (rewrite what differs) or {@code check} (name it and fail), then the
 * file that remembers size and time of every source already found well formatted.
 */
final class Format {
  private record Stamp(long size, long millis) {}

  private final boolean fix;
  private final Map<String, Stamp> seen;
  private final Map<String, Stamp> good = new ConcurrentSkipListMap<>();
  private final Set<String> bad = new ConcurrentSkipListSet<>();

  private Format(boolean fix, Map<String, Stamp> seen) {
    this.fix = fix;
    this.seen = seen;
  }

  public static void main(String[] args) throws IOException {
    Path memory = Path.of(args[1]);
    Format format = new Format(args[0].equals("fix"), read(memory));
    sources().parallelStream().forEach(format::visit);
    write(memory, format.good);
    for (String line : format.bad) {
      System.err.println(line);
    }
    if (!format.bad.isEmpty()) {
      System.exit(1);
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        Path.of(""),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String name = directory.getFileName().toString();
            return name.startsWith(".") || name.equals("target")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.getFileName().toString().endsWith(".java")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private void visit(Path source) {
    try {
      format(source);
    } catch (IOException e) {
      bad.add(source + ": " + e);
    }
  }

  private void format(Path source) throws IOException {
    String name = source.toString();
    Stamp stamp = stamp(source);
    if (!stamp.equals(seen.get(name))) {
      String text = Files.readString(source);
      String formatted;
      try {
        formatted = new Formatter().formatSourceAndFixImports(text);
      } catch (FormatterException e) {
        bad.add(name + ":" + e.getMessage());
        return;
      }
      if (!formatted.equals(text)) {
        if (!fix) {
          bad.add(name + ": not formatted; 'mvn -N process-sources' does it");
          return;
        }
        Files.writeString(source, formatted);
        stamp = stamp(source);
        System.out.println("formatted " + name);
      }
    }
    good.put(name, stamp);
  }

  private static Stamp stamp(Path file) throws IOException {
    return new Stamp(Files.size(file), Files.getLastModifiedTime(file).toMillis());
  }

  private static Map<String, Stamp> read(Path memory) throws IOException {
    Map<String, Stamp> seen = new HashMap<>();
    if (Files.exists(memory)) {
      for (String line : Files.readAllLines(memory)) {
        String[] field = line.split(" ", 3);
        seen.put(field[2], new Stamp(Long.parseLong(field[0]), Long.parseLong(field[1])));
      }
    }
    return seen;
  }

  private static void write(Path memory, Map<String, Stamp> good) throws IOException {
    StringBuilder text = new StringBuilder();
    good.forEach(
        (name, stamp) ->
            text.append(stamp.size())
                .append(' ')
                .append(stamp.millis())
                .append(' ')
                .append(name)
                .append('\n'));
    Files.createDirectories(memory.getParent());
    Files.writeString(memory, text);
  }
}
