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
import net.jqwik.api.ShrinkingDistance;

/** Random scenarios for properties; they shrink to fewer instructions and simpler states. */
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

  private static Arbitrary<List<Scenario>> arbitrary(Function<Random, List<Scenario>> generator) {
    return Arbitraries.fromGenerator(random -> new Batch(generator.apply(random)));
  }

  /** Shrinks first to a single scenario, then to simpler ones. */
  private record Batch(List<Scenario> value) implements Shrinkable<List<Scenario>> {
    @Override
    public Stream<Shrinkable<List<Scenario>>> shrink() {
      Stream<Scenario> simpler = value.size() == 1 ? value.getFirst().simpler() : value.stream();
      return simpler.map(scenario -> new Batch(List.of(scenario)));
    }

    @Override
    public ShrinkingDistance distance() {
      return ShrinkingDistance.of(
          value.size(), value.stream().mapToInt(Scenario::complexity).sum());
    }
  }
}
