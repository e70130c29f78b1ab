package dev.isomorph.tools.root;

import dev.isomorph.tools.Failures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what must be unpacked for a request: the packages named and, through Pre-Depends and
 * Depends, all they need, each after its own dependencies. An installed package is kept as it is
 * unless a version constraint asks for a newer one or the request names it.
 */
final class Resolver {
  private final PackageIndex index;

  /** What the root holds when this request is done, by name. */
  private final Map<String, DebianPackage> present = new LinkedHashMap<>();

  private final List<DebianPackage> order = new ArrayList<>();
  private final Set<String> underway = new HashSet<>();

  Resolver(PackageIndex index, Iterable<DebianPackage> installed) {
    this.index = index;
    for (DebianPackage each : installed) {
      present.put(each.name(), each);
    }
  }

  /**
   * The packages to unpack, in order.
   *
   * @throws RootException when a package or dependency does not exist or two conflict
   */
  List<DebianPackage> resolve(List<String> requests) throws RootException {
    for (String request : requests) {
      DebianPackage wanted = index.find(request);
      if (wanted == null) {
        wanted = onlyProvider(request);
      }
      DebianPackage there = present.get(wanted.name());
      if (there == null || !there.version().equals(wanted.version())) {
        add(wanted);
      }
    }
    return List.copyOf(order);
  }

  private DebianPackage onlyProvider(String request) throws RootException {
    Set<String> providers = new TreeSet<>(index.providers(request));
    if (providers.isEmpty()) {
      throw new RootException("no package named " + Failures.shown(request));
    }
    if (providers.size() > 1) {
      throw new RootException(
          request + " is a virtual package; choose one of " + String.join(", ", providers));
    }
    return index.find(providers.iterator().next());
  }

  private void add(DebianPackage wanted) throws RootException {
    if (!underway.add(wanted.name())) {
      return;
    }
    DebianPackage opponent = opponent(wanted);
    if (opponent != null) {
      throw new RootException(wanted + " conflicts with " + opponent);
    }
    present.put(wanted.name(), wanted);
    upgradeBroken(wanted);
    for (List<Relation> clause : wanted.depends()) {
      if (!satisfied(clause)) {
        add(choose(wanted, clause));
      }
    }
    order.add(wanted);
  }

  /**
   * Replaces those present packages that {@code wanted} breaks and a newer version of which works.
   */
  private void upgradeBroken(DebianPackage wanted) throws RootException {
    for (Relation broken : wanted.breaks()) {
      DebianPackage old = present.get(broken.name());
      DebianPackage latest = index.find(broken.name());
      if (old != null && broken.matches(old) && latest != null && !broken.matches(latest)) {
        add(latest);
      }
    }
  }

  private boolean satisfied(List<Relation> clause) {
    for (Relation alternative : clause) {
      DebianPackage named = present.get(alternative.name());
      if (named != null && alternative.matches(named)) {
        return true;
      }
      for (DebianPackage each : present.values()) {
        if (alternative.matchesProvided(each)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The first alternative that can be had, real packages before those that only provide it. */
  private DebianPackage choose(DebianPackage needing, List<Relation> clause) throws RootException {
    for (Relation alternative : clause) {
      DebianPackage real = index.find(alternative.name());
      if (real != null && alternative.matches(real) && opponent(real) == null) {
        return real;
      }
      List<DebianPackage> providers = new ArrayList<>();
      for (String name : index.providers(alternative.name())) {
        DebianPackage provider = index.find(name);
        if (alternative.matchesProvided(provider) && opponent(provider) == null) {
          providers.add(provider);
        }
      }
      if (!providers.isEmpty()) {
        providers.sort(
            Comparator.<DebianPackage>comparingInt(each -> rank(each.priority()))
                .thenComparing(DebianPackage::name));
        return providers.getFirst();
      }
    }
    StringBuilder text = new StringBuilder();
    for (Relation alternative : clause) {
      text.append(text.isEmpty() ? "" : " or ").append(alternative);
    }
    throw new RootException(needing + " needs " + text + ", which cannot be had");
  }

  private static int rank(String priority) {
    return switch (priority) {
      case "required" -> 0;
      case "important" -> 1;
      case "standard" -> 2;
      default -> 3;
    };
  }

  /** A present package that cannot stand beside the candidate, or null. */
  private DebianPackage opponent(DebianPackage candidate) {
    for (DebianPackage each : present.values()) {
      if (!each.name().equals(candidate.name())
          && (excludes(candidate, each) || excludes(each, candidate))) {
        return each;
      }
    }
    return null;
  }

  private static boolean excludes(DebianPackage one, DebianPackage other) {
    for (Relation conflict : one.conflicts()) {
      if (conflict.matches(other) || conflict.matchesProvided(other)) {
        return true;
      }
    }
    return false;
  }
}
