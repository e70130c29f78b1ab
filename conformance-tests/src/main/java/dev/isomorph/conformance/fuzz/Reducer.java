package dev.isomorph.conformance.fuzz;

import java.io.IOException;
import java.util.Iterator;

/** Makes programs smaller while they keep a property, such as that something goes wrong. */
final class Reducer {
  /** Says whether a program has the property. */
  interface Property {
    boolean holds(RandomProgram program) throws IOException, InterruptedException;
  }

  private final Property property;
  private int tries;

  /**
   * A reducer.
   *
   * @param tries programs that are tried out, at most
   */
  Reducer(Property property, int tries) {
    this.property = property;
    this.tries = tries;
  }

  /** A program with the property that is as small as could be found. */
  RandomProgram reduce(RandomProgram program) throws IOException, InterruptedException {
    RandomProgram smallest = program;
    Iterator<RandomProgram> candidates = smallest.simpler().iterator();
    while (candidates.hasNext() && tries-- > 0) {
      RandomProgram candidate = candidates.next();
      if (property.holds(candidate)) {
        smallest = candidate;
        candidates = smallest.simpler().iterator();
      }
    }
    return smallest;
  }
}
