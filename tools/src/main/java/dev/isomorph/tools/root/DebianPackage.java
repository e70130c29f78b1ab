package dev.isomorph.tools.root;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a control paragraph says of one binary package.
 *
 * @param depends Pre-Depends and Depends together, each clause a list of alternatives
 * @param conflicts packages that cannot be installed beside this one
 * @param breaks packages that stop working beside this one, usually older versions
 * @param path where the .deb lies below the mirror's top; empty for an installed package
 * @param size of the .deb in bytes
 * @param sha256 of the .deb, in hexadecimal
 * @param paragraph the whole control paragraph, lines ending in a newline
 */
record DebianPackage(
    String name,
    String version,
    List<List<Relation>> depends,
    List<Relation> provides,
    List<Relation> conflicts,
    List<Relation> breaks,
    boolean essential,
    String priority,
    String path,
    long size,
    String sha256,
    String paragraph) {

  /** Reads a control paragraph; one without a name or version is refused. */
  static DebianPackage parse(String paragraph) {
    Map<String, String> fields = fields(paragraph);
    String name = fields.getOrDefault("package", "");
    String version = fields.getOrDefault("version", "");
    if (name.isEmpty() || version.isEmpty()) {
      throw new IllegalArgumentException("control paragraph without a package name or version");
    }
    List<List<Relation>> depends = new ArrayList<>();
    depends.addAll(Relation.parseClauses(fields.getOrDefault("pre-depends", "")));
    depends.addAll(Relation.parseClauses(fields.getOrDefault("depends", "")));
    return new DebianPackage(
        name,
        version,
        List.copyOf(depends),
        Relation.parseList(fields.getOrDefault("provides", "")),
        Relation.parseList(fields.getOrDefault("conflicts", "")),
        Relation.parseList(fields.getOrDefault("breaks", "")),
        fields.getOrDefault("essential", "no").equals("yes"),
        fields.getOrDefault("priority", "optional"),
        fields.getOrDefault("filename", ""),
        Long.parseLong(fields.getOrDefault("size", "0")),
        fields.getOrDefault("sha256", ""),
        paragraph);
  }

  /** The fields of a control paragraph, names in lower case, continuation lines joined. */
  static Map<String, String> fields(String paragraph) {
    Map<String, String> fields = new LinkedHashMap<>();
    String name = null;
    for (String line : paragraph.split("\n")) {
      if (line.startsWith(" ") || line.startsWith("\t")) {
        if (name != null) {
          fields.merge(name, line, (first, more) -> first + "\n" + more);
        }
      } else {
        int colon = line.indexOf(':');
        if (colon > 0) {
          name = line.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
          fields.put(name, line.substring(colon + 1).strip());
        }
      }
    }
    return fields;
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
