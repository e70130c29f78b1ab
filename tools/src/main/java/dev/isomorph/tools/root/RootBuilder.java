package dev.isomorph.tools.root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fills a directory with Debian packages: resolve, download, check, unpack, complete. */
final class RootBuilder {
  private static final String CACHE = "var/cache/isomorph";
  private static final int DOWNLOADS_AT_ONCE = 4;

  /**
   * What to take from where.
   *
   * @param mirror address of a Debian mirror
   * @param essential whether the packages that others may rely on unasked come too
   * @param signature whether the release file's signature must be good where it can be checked
   */
  record Source(
      String mirror, String suite, String component, boolean essential, boolean signature) {}

  private final RootTree tree;
  private final PackageDatabase database;
  private final Progress progress;

  RootBuilder(RootTree tree, Progress progress) throws IOException {
    this.tree = tree;
    this.database = PackageDatabase.open(tree);
    this.progress = progress;
  }

  PackageDatabase database() {
    return database;
  }

  /**
   * Adds the named packages and all they need.
   *
   * @param dryRun only find out what would be done
   * @return the packages added, in order
   */
  List<DebianPackage> add(Source source, List<String> names, boolean dryRun)
      throws IOException, InterruptedException {
    try (Mirror mirror = new Mirror(source.mirror)) {
      PackageIndex index = index(mirror, source);
      Set<String> requests = new LinkedHashSet<>();
      if (source.essential) {
        for (String name : index.essential()) {
          if (!database.has(name)) {
            requests.add(name);
          }
        }
      }
      requests.addAll(names);
      List<DebianPackage> plan =
          new Resolver(index, database.installed()).resolve(List.copyOf(requests));
      if (!dryRun) {
        SystemFiles.prepare(tree);
        unpack(mirror, plan);
        SystemFiles.complete(tree);
        Alternatives.apply(tree, database.configureScripts());
        progress.finished();
      }
      return plan;
    }
  }

  private PackageIndex index(Mirror mirror, Source source)
      throws IOException, InterruptedException {
    progress.line("reading " + source.suite + " from " + source.mirror);
    byte[] content = mirror.release(source.suite);
    ReleaseFile release = new ReleaseFile(content);
    Path cache = tree.hostPath(CACHE);
    if (source.signature) {
      ReleaseFile.Trust trust = ReleaseFile.verify(content, cache.resolve("InRelease"));
      if (!trust.verified()) {
        progress.line("note: the mirror's signature was not checked: " + trust.reason());
      }
    }
    return mirror.index(
        source.suite,
        source.component,
        release,
        cache.resolve(source.suite + "-" + source.component + "-Packages.xz"));
  }

  private void unpack(Mirror mirror, List<DebianPackage> plan)
      throws IOException, InterruptedException {
    long total = 0;
    for (DebianPackage each : plan) {
      total += each.size();
    }
    progress.expect(plan.size(), total);
    Path cache = tree.hostPath(CACHE);
    List<Future<Path>> downloads = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(DOWNLOADS_AT_ONCE);
    try {
      for (DebianPackage each : plan) {
        downloads.add(pool.submit(() -> download(mirror, each, cache)));
      }
      for (int i = 0; i < plan.size(); i++) {
        Path deb = await(downloads.get(i));
        database.add(plan.get(i), DebFile.unpack(deb, tree));
        Files.delete(deb);
        progress.unpacked(plan.get(i));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Path download(Mirror mirror, DebianPackage each, Path cache)
      throws IOException, InterruptedException {
    Path deb = cache.resolve(each.name() + ".deb");
    mirror.download(each.path(), deb, each.sha256(), progress::received);
    return deb;
  }

  private static Path await(Future<Path> download) throws IOException, InterruptedException {
    try {
      return download.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException reason) {
        throw reason;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
