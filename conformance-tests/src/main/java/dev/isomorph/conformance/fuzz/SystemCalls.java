package dev.isomorph.conformance.fuzz;

import dev.isomorph.decoder.Registers;
import java.io.ByteArrayOutputStream;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;

/** The two system calls of random programs: write, which keeps what is written, and exit. */
final class SystemCalls {
  /** The register for a call's result. */
  static final int RESULT = Registers.A0;

  private static final int WRITE = 64;
  private static final int EXIT = 93;

  /** Reads the program's memory. */
  interface Memory {
    void copy(long from, byte[] to);
  }

  private final Memory memory;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  SystemCalls(Memory memory) {
    this.memory = memory;
  }

  /**
   * Does a call.
   *
   * @param registers the integer registers
   * @return the result; none if the program exits
   * @throws IllegalStateException if random programs make no such call
   */
  OptionalLong call(IntToLongFunction registers) {
    long number = registers.applyAsLong(Registers.A7);
    if (number == EXIT && registers.applyAsLong(Registers.A0) == 0) {
      return OptionalLong.empty();
    }
    long from = registers.applyAsLong(Registers.A1);
    long length = registers.applyAsLong(Registers.A2);
    if (number != WRITE || from != Places.DATA || length != Places.DATA_SIZE) {
      throw new IllegalStateException("system call " + number);
    }
    byte[] bytes = new byte[Places.DATA_SIZE];
    memory.copy(from, bytes);
    output.writeBytes(bytes);
    return OptionalLong.of(length);
  }

  /** What came of a program that has ended so. */
  Result result(String ending) {
    return new Result(ending, output.toByteArray());
  }
}
