package dev.isomorph.conformance.witness;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.Instruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A program and the state it starts in. It runs until it stops, which it does at the latest behind
 * its end. Not to be modified.
 *
 * @param pc where the code is placed and starts; even
 * @param code encodings of the instructions, of 16 or 32 bits
 * @param x integer registers
 * @param f float registers
 * @param fcsr float control and status register
 * @param contents which of the {@link DataPages} memory starts with
 */
public record Scenario(long pc, int[] code, long[] x, long[] f, int fcsr, int contents) {
  /** Instructions run before a scenario counts as endless. */
  public static final int STEP_LIMIT = 2000;

  private static final int NOP = 0x13;
  private static final int C_NOP = 1;

  private static boolean isNop(int encoding) {
    return encoding == NOP || encoding == C_NOP;
  }

  /** Bytes of the program. */
  public int length() {
    return IntStream.of(code).map(Instruction::lengthOf).sum();
  }

  /** The bytes of the program. */
  byte[] bytes() {
    byte[] bytes = new byte[length()];
    int at = 0;
    for (int encoding : code) {
      for (int i = 0; i < Instruction.lengthOf(encoding); i++) {
        bytes[at++] = (byte) (encoding >>> 8 * i);
      }
    }
    return bytes;
  }

  /** Where the last instruction of the program is. */
  public long lastPc() {
    return code.length == 0 ? pc : pc + length() - Instruction.lengthOf(code[code.length - 1]);
  }

  /** The instructions of the program. */
  public List<Instruction> instructions() {
    return Arrays.stream(code).mapToObj(Decoder::decode).toList();
  }

  /** The last instruction of the program. */
  public Instruction last() {
    return Decoder.decode(code[code.length - 1]);
  }

  /** Like this one, but with another program. */
  public Scenario withCode(int... newCode) {
    return new Scenario(pc, newCode, x, f, fcsr, contents);
  }

  /** A number that is smaller for simpler scenarios. */
  private int complexity() {
    return 1_000_000 * code.length
        + 10_000 * (int) Arrays.stream(code).filter(encoding -> !isNop(encoding)).count()
        + Arrays.stream(x).mapToInt(Scenario::complexity).sum()
        + Arrays.stream(f).mapToInt(Scenario::complexity).sum()
        + Integer.bitCount(fcsr)
        + (contents != 0 ? 1 : 0);
  }

  /** Zero, then numbers with few bits that are not as the sign. */
  private static int complexity(long value) {
    return value == 0 ? 0 : Math.min(Long.bitCount(value), 1 + Long.bitCount(~value));
  }

  /** Scenarios that differ from this one by being a little simpler; the simplest first. */
  public Stream<Scenario> simpler() {
    Stream<Scenario> candidates =
        Stream.of(shorter(), withNops(), withOtherFcsr(), withOtherIntegers(), withOtherFloats())
            .flatMap(stream -> stream);
    if (contents != 0) {
      candidates = Stream.concat(candidates, Stream.of(new Scenario(pc, code, x, f, fcsr, 0)));
    }
    int complexity = complexity();
    return candidates.filter(candidate -> candidate.complexity() < complexity);
  }

  private Stream<Scenario> shorter() {
    List<Scenario> shorter = new ArrayList<>();
    for (int part = code.length / 2; part > 0; part /= 2) {
      for (int i = 0; i + part <= code.length; i += part) {
        shorter.add(withCode(without(i, part)));
      }
    }
    return shorter.stream();
  }

  private Stream<Scenario> withNops() {
    return IntStream.range(0, code.length).filter(i -> !isNop(code[i])).mapToObj(this::withNop);
  }

  private Scenario withNop(int index) {
    int[] changed = code.clone();
    changed[index] = Instruction.lengthOf(code[index]) == 4 ? NOP : C_NOP;
    return withCode(changed);
  }

  private Stream<Scenario> withOtherFcsr() {
    return simpler(fcsr).mapToObj(value -> new Scenario(pc, code, x, f, (int) value, contents));
  }

  private Stream<Scenario> withOtherIntegers() {
    return withSimplerRegister(x)
        .map(changed -> new Scenario(pc, code, changed, f, fcsr, contents));
  }

  private Stream<Scenario> withOtherFloats() {
    return withSimplerRegister(f)
        .map(changed -> new Scenario(pc, code, x, changed, fcsr, contents));
  }

  /** All registers zero; each of them simpler. */
  private static Stream<long[]> withSimplerRegister(long[] registers) {
    Stream<long[]> single =
        IntStream.range(0, registers.length)
            .filter(i -> registers[i] != 0)
            .boxed()
            .flatMap(i -> simpler(registers[i]).mapToObj(value -> with(registers, i, value)));
    return Stream.concat(Stream.of(new long[registers.length]), single);
  }

  private static long[] with(long[] registers, int index, long value) {
    long[] result = registers.clone();
    result[index] = value;
    return result;
  }

  private static LongStream simpler(long value) {
    if (value == 0) {
      return LongStream.empty();
    }
    return LongStream.of(
        0,
        1,
        -1,
        value & 0xffff_ffffL,
        value & -1L << 32,
        value & 0xffff_0000_ffffL,
        value & value - 1,
        value & ~Long.highestOneBit(value),
        value | value + 1);
  }

  private int[] without(int index, int count) {
    return IntStream.range(0, code.length)
        .filter(i -> i < index || i >= index + count)
        .map(i -> code[i])
        .toArray();
  }

  /** Assembly text with addresses and encodings. */
  public String assembly() {
    StringBuilder text = new StringBuilder();
    long at = pc;
    for (int encoding : code) {
      Instruction instruction = Decoder.decode(encoding);
      text.append(
          String.format(
              "  %6x: %08x  %s%n",
              at, instruction.bits(), Disassembler.text(instruction, at).replace('\t', ' ')));
      at += instruction.length();
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return assembly();
  }
}
