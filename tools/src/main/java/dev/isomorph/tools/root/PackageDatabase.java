package dev.isomorph.tools.root;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The record of what a root holds, kept where and as dpkg keeps it ({@code var/lib/dpkg}), so that
 * a rerun adds to it and a guest's own dpkg sees its packages.
 */
final class PackageDatabase {
  private static final String STATUS = "var/lib/dpkg/status";
  private static final String INFO = "var/lib/dpkg/info/";

  private final RootTree tree;
  private final Map<String, DebianPackage> installed = new TreeMap<>();

  private PackageDatabase(RootTree tree) {
    this.tree = tree;
  }

  /** Whether a directory holds a record of packages, and so is a root. */
  static boolean existsIn(Path directory) {
    return Files.isRegularFile(directory.resolve(STATUS));
  }

  static PackageDatabase open(RootTree tree) throws IOException {
    PackageDatabase database = new PackageDatabase(tree);
    Path status = tree.hostPath(STATUS);
    if (Files.exists(status)) {
      for (String paragraph : Files.readString(status).split("\n\n")) {
        if (!paragraph.isBlank()) {
          DebianPackage each = DebianPackage.parse(paragraph.strip() + "\n");
          database.installed.put(each.name(), each);
        }
      }
    }
    return database;
  }

  Collection<DebianPackage> installed() {
    return installed.values();
  }

  boolean has(String name) {
    return installed.containsKey(name);
  }

  /** Notes an unpacked package and removes what only its earlier version had. */
  void add(DebianPackage added, DebFile.Unpacked unpacked) throws IOException {
    String base = INFO + added.name();
    Path list = tree.hostPath(base + ".list");
    if (Files.exists(list)) {
      Set<String> kept = filesOfOthers(added);
      for (String name : unpacked.files()) {
        kept.add("/" + name);
      }
      // Backwards, so that a directory comes after what it contains.
      for (String name : Files.readAllLines(list).reversed()) {
        if (!name.equals("/.") && !kept.contains(name)) {
          tree.remove(name.substring(1));
        }
      }
    }
    StringBuilder names = new StringBuilder("/.\n");
    for (String name : unpacked.files()) {
      names.append('/').append(name).append('\n');
    }
    write(base + ".list", names.toString().getBytes(StandardCharsets.UTF_8), 0644);
    for (Map.Entry<String, byte[]> each : unpacked.control().entrySet()) {
      if (!each.getKey().equals("control")) {
        write(base + "." + each.getKey(), each.getValue(), 0644);
      }
    }
    byte[] control = unpacked.control().get("control");
    String paragraph =
        control == null ? added.paragraph() : new String(control, StandardCharsets.UTF_8);
    installed.put(added.name(), DebianPackage.parse(statusParagraph(paragraph)));
    // At once, so that whoever interrupts a long download keeps what has come.
    save();
  }

  private void save() throws IOException {
    StringBuilder text = new StringBuilder();
    for (DebianPackage each : installed.values()) {
      text.append(each.paragraph()).append('\n');
    }
    write(STATUS, text.toString().getBytes(StandardCharsets.UTF_8), 0644);
  }

  /** The postinst scripts of all installed packages, by package name. */
  Map<String, String> configureScripts() throws IOException {
    Map<String, String> scripts = new LinkedHashMap<>();
    for (String name : installed.keySet()) {
      Path script = tree.hostPath(INFO + name + ".postinst");
      if (Files.exists(script)) {
        scripts.put(name, Files.readString(script, StandardCharsets.ISO_8859_1));
      }
    }
    return scripts;
  }

  private Set<String> filesOfOthers(DebianPackage owner) throws IOException {
    Set<String> files = new HashSet<>();
    for (String other : installed.keySet()) {
      Path list = tree.hostPath(INFO + other + ".list");
      if (!other.equals(owner.name()) && Files.exists(list)) {
        files.addAll(Files.readAllLines(list));
      }
    }
    return files;
  }

  /** A control paragraph with dpkg's Status line put second. */
  private static String statusParagraph(String paragraph) {
    String text = paragraph.strip() + "\n";
    int first = text.indexOf('\n') + 1;
    return text.substring(0, first) + "Status: install ok installed\n" + text.substring(first);
  }

  private void write(String name, byte[] content, int mode) throws IOException {
    tree.file(name, new ByteArrayInputStream(content), mode, null);
  }
}
