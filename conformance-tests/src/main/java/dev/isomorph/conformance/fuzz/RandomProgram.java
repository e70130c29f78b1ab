package dev.isomorph.conformance.fuzz;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A program that loads all registers, runs its first function, stores all registers, writes all its
 * data to standard output and exits with 0. Not to be modified.
 *
 * @param padding bytes before the code, so that code crosses pages now here, now there
 * @param pointer the register that points to the data
 * @param counters registers that count, by the depth of loops
 * @param data what the data holds at the start: the registers, as {@link Places} has it, and more
 * @param functions which call only later ones
 */
record RandomProgram(
    int padding, int pointer, List<Integer> counters, byte[] data, List<Function> functions) {

  /**
   * A function.
   *
   * @param link the register that holds the return address
   * @param slot an instruction at the start that callers may change
   */
  record Function(int link, Statement.Slot slot, List<Statement> body) {}

  /** Programs that differ from this one by being simpler; the boldest first. */
  Stream<RandomProgram> simpler() {
    Stream<RandomProgram> emptied =
        IntStream.range(0, functions.size())
            .filter(i -> !functions.get(i).body.isEmpty())
            .mapToObj(i -> withBody(i, List.of()));
    Stream<RandomProgram> smaller =
        IntStream.range(0, functions.size())
            .boxed()
            .flatMap(i -> Simpler.ofList(functions.get(i).body).map(body -> withBody(i, body)));
    return Stream.of(emptied, smaller, simplerData()).flatMap(stream -> stream);
  }

  private Stream<RandomProgram> simplerData() {
    return IntStream.iterate(Places.DATA_SIZE, length -> length >= Long.BYTES, length -> length / 4)
        .boxed()
        .flatMap(
            length ->
                IntStream.range(0, Places.DATA_SIZE / length)
                    .filter(i -> !isZero(i * length, length))
                    .mapToObj(i -> withZeros(i * length, length)));
  }

  private boolean isZero(int from, int length) {
    return IntStream.range(from, from + length).allMatch(i -> data[i] == 0);
  }

  private RandomProgram withZeros(int from, int length) {
    byte[] changed = data.clone();
    Arrays.fill(changed, from, from + length, (byte) 0);
    return new RandomProgram(padding, pointer, counters, changed, functions);
  }

  private RandomProgram withBody(int index, List<Statement> body) {
    List<Function> changed = new ArrayList<>(functions);
    Function function = functions.get(index);
    changed.set(index, new Function(function.link, function.slot, body));
    return new RandomProgram(padding, pointer, counters, data, List.copyOf(changed));
  }

  /** The rows of the instruction table that the random instructions in it are of. */
  Set<Opcode> rows() {
    Set<Opcode> rows = EnumSet.noneOf(Opcode.class);
    for (Function function : functions) {
      collect(function.slot, rows);
      function.body.forEach(statement -> collect(statement, rows));
    }
    return rows;
  }

  private static void collect(Statement.Slot slot, Set<Opcode> rows) {
    collect(slot.first(), rows);
    collect(slot.second(), rows);
  }

  private static void collect(int encoding, Set<Opcode> rows) {
    rows.add(Decoder.decode(encoding).encodedAs());
  }

  private static void collect(Statement statement, Set<Opcode> rows) {
    switch (statement) {
      case Statement.Compute s -> collect(s.encoding(), rows);
      case Statement.Access s -> collect(s.encoding(), rows);
      case Statement.Reserve s -> {
        collect(s.load(), rows);
        collect(s.conditional(), rows);
        s.between().forEach(encoding -> collect(encoding, rows));
      }
      case Statement.Branch s -> {
        s.then().forEach(inner -> collect(inner, rows));
        s.otherwise().forEach(inner -> collect(inner, rows));
      }
      case Statement.Loop s -> s.body().forEach(inner -> collect(inner, rows));
      case Statement.Recurse s -> s.body().forEach(inner -> collect(inner, rows));
      case Statement.Switch s ->
          s.cases().forEach(body -> body.forEach(inner -> collect(inner, rows)));
      case Statement.Call s -> {}
      case Statement.Patch s -> collect(s.slot(), rows);
    }
  }
}
