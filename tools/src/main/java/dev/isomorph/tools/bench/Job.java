package dev.isomorph.tools.bench;

import java.util.List;
import java.util.Map;

/**
 * What is to be run for a benchmark.
 *
 * @param commands the words for each machine that can run it
 * @param counted the words behind {@code isomorph run} of a run whose instructions are counted, a
 *     shorter one
 * @param sameEverywhere whether the native program prints the same; not so if it is another version
 */
record Job(
    Benchmark benchmark,
    Map<Machine, List<String>> commands,
    List<String> counted,
    boolean sameEverywhere) {}
