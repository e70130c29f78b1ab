package dev.isomorph.tools.root;

import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Json;
import dev.isomorph.tools.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isomorph root}: fills a directory with riscv64 Debian packages. */
@Command(
    name = "root",
    sortOptions = false,
    header = "Fills a directory with riscv64 Debian packages, to run programs from.",
    description = {
      "",
      "All that the packages depend on comes too. Needs no root rights, runs no maintainer scripts"
          + " and leaves the host's packages alone. A rerun adds to the directory.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph root ~/debian bash coreutils python3",
      "  isomorph root ~/debian sqlite3            # later: add one more",
      "  isomorph root --list ~/debian",
      "  isomorph run --root ~/debian /usr/bin/python3 -c 'print(2**100)'"
    })
public final class RootCommand implements Callable<Integer> {
  private static final String OFFICIAL_MIRROR = "https://deb.debian.org/debian";

  @Parameters(index = "0", paramLabel = "DIR", description = "The directory; created if missing.")
  private Path directory;

  @Parameters(
      index = "1..*",
      paramLabel = "PACKAGE",
      arity = "0..*",
      description = "Debian packages to add.")
  private List<String> packages = new ArrayList<>();

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      defaultValue = "trixie",
      description = "Debian release to take packages from (default: ${DEFAULT-VALUE}).")
  private String suite;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description =
          "Debian mirror (default: the environment's DEBIAN_MIRROR, else the one a Debian host"
              + " itself uses, else "
              + OFFICIAL_MIRROR
              + ").")
  private String mirror;

  @Option(
      names = "--component",
      paramLabel = "NAME",
      defaultValue = "main",
      description = "Part of the archive (default: ${DEFAULT-VALUE}).")
  private String component;

  @Option(
      names = "--no-essential",
      description =
          "Leave out the packages that Debian takes for granted (a shell, coreutils, …) unless"
              + " something depends on them by name.")
  private boolean withoutEssential;

  @Option(names = "--no-signature", description = "Do not check the mirror's signature.")
  private boolean withoutSignature;

  @Option(names = "--dry-run", description = "Only say which packages would be added.")
  private boolean dryRun;

  @Option(names = "--list", description = "List the packages in DIR.")
  private boolean list;

  @Option(
      names = "--json",
      description = "Print the packages listed or added as JSON on standard output.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Made by the command line. */
  public RootCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    try {
      if (directory.toString().isEmpty()) {
        throw new RootException("the directory's name is empty");
      }
      if (list && !Files.isDirectory(directory)) {
        throw new RootException(directory + ": no such directory");
      }
      if (list && !PackageDatabase.existsIn(directory)) {
        throw new RootException(directory + ": no root, it has no record of packages");
      }
      if (!list && packages.isEmpty()) {
        throw new RootException("name at least one package, or --list");
      }
      Progress progress = new Progress(System.err, Terminal.isStandardError());
      RootBuilder builder = new RootBuilder(new RootTree(directory), progress);
      if (list) {
        print(List.copyOf(builder.database().installed()));
      } else {
        String chosen = mirror == null ? defaultMirror() : mirror;
        RootBuilder.Source source =
            new RootBuilder.Source(chosen, suite, component, !withoutEssential, !withoutSignature);
        List<DebianPackage> added = builder.add(source, packages, dryRun);
        if (dryRun || json) {
          print(added);
        }
      }
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("isomorph root: " + Failures.reason(e));
      return 1;
    }
  }

  private void print(List<DebianPackage> each) {
    if (json) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (DebianPackage one : each) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("package", one.name());
        row.put("version", one.version());
        rows.add(row);
      }
      System.out.print(Json.write(rows));
    } else {
      for (DebianPackage one : each) {
        System.out.println(one);
      }
    }
    System.out.flush();
  }

  private static String defaultMirror() throws IOException {
    String named = System.getenv("DEBIAN_MIRROR");
    if (named != null && !named.isBlank()) {
      return named.strip();
    }
    String hosts = HostSources.debianMirror(Path.of("/etc/apt"));
    return hosts == null ? OFFICIAL_MIRROR : hosts;
  }
}
