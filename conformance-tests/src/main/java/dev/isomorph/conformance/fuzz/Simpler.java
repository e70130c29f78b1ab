package dev.isomorph.conformance.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Smaller versions of lists: the boldest first. */
final class Simpler {
  private Simpler() {}

  /** Lists that lack a part of this one, or have a simpler statement in it. */
  static Stream<List<Statement>> ofList(List<Statement> list) {
    return Stream.concat(
        without(list),
        IntStream.range(0, list.size())
            .boxed()
            .flatMap(i -> list.get(i).simpler().map(by -> replaced(list, i, by))));
  }

  private static Stream<List<Statement>> without(List<Statement> list) {
    Stream<List<Statement>> all = Stream.of();
    for (int part = list.size(); part > 0; part /= 2) {
      int length = part;
      all =
          Stream.concat(
              all,
              IntStream.range(0, (list.size() + length - 1) / length)
                  .mapToObj(i -> without(list, i * length, (i + 1) * length)));
    }
    return all;
  }

  private static List<Statement> without(List<Statement> list, int from, int to) {
    List<Statement> rest = new ArrayList<>(list.subList(0, from));
    rest.addAll(list.subList(Math.min(to, list.size()), list.size()));
    return List.copyOf(rest);
  }

  private static List<Statement> replaced(List<Statement> list, int index, List<Statement> by) {
    List<Statement> changed = new ArrayList<>(list);
    changed.remove(index);
    changed.addAll(index, by);
    return List.copyOf(changed);
  }
}
