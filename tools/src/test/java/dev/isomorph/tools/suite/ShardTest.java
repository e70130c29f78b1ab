package dev.isomorph.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardTest {
  @Property
  void everyTestIsInExactlyOneShard(
      @ForAll String name, @ForAll @IntRange(min = 1, max = 50) int n) {
    assertEquals(1, IntStream.rangeClosed(1, n).filter(i -> new Shard(i, n).has(name)).count());
  }

  /** Shards of one campaign may be run by different versions. */
  @Test
  void whereATestIsNeverChanges() {
    assertEquals(
        List.of("rv64ui-addi"),
        Stream.of("rv64ui-add", "rv64ui-addi", "rv64ui-sub", "rv64um-mul")
            .filter(new Shard(1, 3)::has)
            .toList());
  }

  @Test
  void everyCaseIsInExactlyOneShard() {
    assertEquals(
        List.of(0L, 2L, 4L, 1L, 3L, 5L),
        Stream.of(1, 2)
            .flatMap(k -> Stream.of(0L, 1L, 2L).map(i -> new Shard(k, 2).index(i)))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/3", "4/3", "1", "a/b", "-1/3", "1/2/3", "", "1/99999999"})
  void nonsenseIsRefused(String text) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Shard.parse(text));
    assertEquals("--shard needs i/n with i from 1 to n, not " + text, e.getMessage());
  }

  @Test
  void theWordsOfTheCommandLine() {
    assertEquals(new Shard(2, 3), Shard.parse("2/3"));
  }
}
