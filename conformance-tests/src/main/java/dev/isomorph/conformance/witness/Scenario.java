package dev.isomorph.conformance.witness;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.Instruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
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

  static int lengthOf(int encoding) {
    return (encoding & 3) == 3 ? 4 : 2;
  }

  /** Bytes of the program. */
  public int length() {
    return IntStream.of(code).map(Scenario::lengthOf).sum();
  }

  /** The bytes of the program. */
  byte[] bytes() {
    byte[] bytes = new byte[length()];
    int at = 0;
    for (int encoding : code) {
      for (int i = 0; i < lengthOf(encoding); i++) {
        bytes[at++] = (byte) (encoding >>> 8 * i);
      }
    }
    return bytes;
  }

  /** The encoding of the program's instruction at an address, if one starts there. */
  OptionalInt encodingAt(long address) {
    long at = pc;
    for (int encoding : code) {
      if (at == address) {
        return OptionalInt.of(encoding);
      }
      at += lengthOf(encoding);
    }
    return OptionalInt.empty();
  }

  /** Like this one, but with another program. */
  public Scenario withCode(int... newCode) {
    return new Scenario(pc, newCode, x, f, fcsr, contents);
  }

  /** A number that is smaller for simpler scenarios. */
  public int complexity() {
    return 10_000 * code.length
        + 100 * (int) Arrays.stream(code).filter(encoding -> !isNop(encoding)).count()
        + (int) Arrays.stream(x).filter(value -> value != 0).count()
        + (int) Arrays.stream(f).filter(value -> value != 0).count()
        + (fcsr != 0 ? 1 : 0)
        + (contents != 0 ? 1 : 0);
  }

  /** Scenarios that differ from this one by being a little simpler. */
  public Stream<Scenario> simpler() {
    List<Scenario> simpler = new ArrayList<>();
    if (code.length > 1) {
      for (int half = code.length / 2; half > 0; half /= 2) {
        for (int i = 0; i + half <= code.length; i += half) {
          simpler.add(withCode(without(i, half)));
        }
      }
    }
    for (int i = 0; i < code.length; i++) {
      if (!isNop(code[i])) {
        int[] changed = code.clone();
        changed[i] = lengthOf(code[i]) == 4 ? NOP : C_NOP;
        simpler.add(withCode(changed));
      }
    }
    if (fcsr != 0) {
      simpler.add(new Scenario(pc, code, x, f, 0, contents));
    }
    if (contents != 0) {
      simpler.add(new Scenario(pc, code, x, f, fcsr, 0));
    }
    for (int i = 0; i < 32; i++) {
      if (x[i] != 0) {
        simpler.add(new Scenario(pc, code, cleared(x, i), f, fcsr, contents));
      }
      if (f[i] != 0) {
        simpler.add(new Scenario(pc, code, x, cleared(f, i), fcsr, contents));
      }
    }
    return simpler.stream();
  }

  private int[] without(int index, int count) {
    return IntStream.range(0, code.length)
        .filter(i -> i < index || i >= index + count)
        .map(i -> code[i])
        .toArray();
  }

  private static long[] cleared(long[] registers, int index) {
    long[] result = registers.clone();
    result[index] = 0;
    return result;
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
