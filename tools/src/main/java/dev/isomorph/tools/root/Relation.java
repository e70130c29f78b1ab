package dev.isomorph.tools.root;

import java.util.ArrayList;
import java.util.List;

/**
 * One package named in a relationship field, such as {@code libc6 (>= 2.38)} (Debian Policy,
 * chapter 7.1).
 *
 * @param operator the version operator, empty when any version will do
 */
record Relation(String name, String operator, String version) {
  /**
   * A whole field: clauses separated by commas, all needed; in each, alternatives separated by
   * bars, one needed.
   */
  static List<List<Relation>> parseClauses(String field) {
    List<List<Relation>> clauses = new ArrayList<>();
    for (String clause : field.split(",")) {
      List<Relation> alternatives = new ArrayList<>();
      for (String alternative : clause.split("\\|")) {
        String text = alternative.strip();
        if (!text.isEmpty()) {
          alternatives.add(parse(text));
        }
      }
      if (!alternatives.isEmpty()) {
        clauses.add(List.copyOf(alternatives));
      }
    }
    return List.copyOf(clauses);
  }

  /** A field without alternatives: Provides, Conflicts, Breaks. */
  static List<Relation> parseList(String field) {
    List<Relation> relations = new ArrayList<>();
    for (List<Relation> clause : parseClauses(field)) {
      relations.addAll(clause);
    }
    return List.copyOf(relations);
  }

  private static Relation parse(String text) {
    int open = text.indexOf('(');
    String name = (open < 0 ? text : text.substring(0, open)).strip();
    int qualifier = name.indexOf(':');
    if (qualifier >= 0) {
      name = name.substring(0, qualifier);
    }
    if (open < 0) {
      return new Relation(name, "", "");
    }
    int close = text.indexOf(')', open);
    String constraint = text.substring(open + 1, close < 0 ? text.length() : close).strip();
    int split = 0;
    while (split < constraint.length() && "<>=".indexOf(constraint.charAt(split)) >= 0) {
      split++;
    }
    return new Relation(name, constraint.substring(0, split), constraint.substring(split).strip());
  }

  /** Whether the package itself, by its own name, is what this relation speaks of. */
  boolean matches(DebianPackage candidate) {
    return name.equals(candidate.name())
        && (operator.isEmpty() || DebianVersion.satisfies(candidate.version(), operator, version));
  }

  /** Whether the package provides what this relation speaks of under another name. */
  boolean matchesProvided(DebianPackage candidate) {
    for (Relation provided : candidate.provides()) {
      if (provided.name.equals(name)
          && (operator.isEmpty()
              || !provided.version.isEmpty()
                  && DebianVersion.satisfies(provided.version, operator, version))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return operator.isEmpty() ? name : name + " (" + operator + " " + version + ")";
  }
}
