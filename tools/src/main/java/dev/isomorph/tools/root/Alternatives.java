package dev.isomorph.tools.root;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The links that update-alternatives would make (awk, editor, lua, …). Maintainer scripts are never
 * run; their {@code update-alternatives --install} lines are read, and those whose words are plain
 * are done: of each name the candidate of highest priority wins.
 */
final class Alternatives {
  private record Link(String path, String name, String target) {}

  private record Candidate(int priority, List<Link> links) {}

  private Alternatives() {}

  /** Makes the links that all these scripts, by package, ask for. */
  static void apply(RootTree tree, Map<String, String> scripts) throws IOException {
    Map<String, Candidate> best = new TreeMap<>();
    for (String script : scripts.values()) {
      for (Candidate candidate : candidates(script)) {
        Link master = candidate.links.getFirst();
        if (tree.exists(RootTree.normalize(master.target.substring(1)))) {
          best.merge(
              master.name, candidate, (one, other) -> other.priority > one.priority ? other : one);
        }
      }
    }
    for (Candidate candidate : best.values()) {
      for (Link link : candidate.links) {
        if (tree.exists(RootTree.normalize(link.target.substring(1)))) {
          tree.symbolicLink("etc/alternatives/" + RootTree.normalize(link.name), link.target);
          tree.symbolicLink(
              RootTree.normalize(link.path.substring(1)), "/etc/alternatives/" + link.name);
        }
      }
    }
  }

  private static List<Candidate> candidates(String script) {
    List<Candidate> found = new ArrayList<>();
    for (String line : script.replace("\\\n", " ").split("\n")) {
      int command = line.indexOf("update-alternatives ");
      if (command >= 0 && line.indexOf('#') < 0) {
        Candidate candidate = candidate(line.substring(command).strip().split("\\s+"));
        if (candidate != null) {
          found.add(candidate);
        }
      }
    }
    return found;
  }

  /** {@code --install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]…}, else null. */
  private static Candidate candidate(String[] words) {
    List<Link> links = new ArrayList<>();
    int priority = 0;
    for (int i = 1; i < words.length; i++) {
      boolean install = words[i].equals("--install") && links.isEmpty();
      boolean slave = words[i].equals("--slave") && !links.isEmpty();
      if (install && i + 4 < words.length || slave && i + 3 < words.length) {
        if (!plain(words[i + 1]) || !plain(words[i + 3]) || words[i + 2].indexOf('/') >= 0) {
          return null;
        }
        links.add(new Link(words[i + 1], words[i + 2], words[i + 3]));
        i += 3;
        if (install) {
          try {
            priority = Integer.parseInt(words[++i]);
          } catch (NumberFormatException e) {
            return null;
          }
        }
      } else if (!words[i].startsWith("--")) {
        break;
      }
    }
    return links.isEmpty() ? null : new Candidate(priority, links);
  }

  private static boolean plain(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (!Character.isLetterOrDigit(c) && "/._+-".indexOf(c) < 0) {
        return false;
      }
    }
    return word.startsWith("/") && !word.contains("..");
  }
}
