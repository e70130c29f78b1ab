package dev.isomorph.conformance;

import dev.isomorph.conformance.generate.ControlFlowGenerator;
import dev.isomorph.conformance.generate.SequenceGenerator;
import dev.isomorph.conformance.witness.Scenario;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;

/** Random scenarios for properties. */
final class Scenarios {
  private Scenarios() {}

  /** Straight-line programs. */
  static Arbitrary<List<Scenario>> sequences(int count) {
    return arbitrary(random -> many(count, new SequenceGenerator(random)::scenario));
  }

  /** Programs with branches and loops. */
  static Arbitrary<List<Scenario>> controlFlow(int count) {
    return arbitrary(random -> many(count, new ControlFlowGenerator(random)::scenario));
  }

  private static List<Scenario> many(int count, Supplier<Scenario> generator) {
    return Stream.generate(generator).limit(count).toList();
  }

  /** The judge makes what fails simpler, so jqwik need not. */
  private static Arbitrary<List<Scenario>> arbitrary(Function<Random, List<Scenario>> generator) {
    return Arbitraries.fromGenerator(random -> Shrinkable.unshrinkable(generator.apply(random)));
  }
}
