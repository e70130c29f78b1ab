package dev.isomorph.conformance.fuzz;

import dev.isomorph.decoder.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What functions of random programs are made of. Everything ends whatever the registers hold. */
sealed interface Statement {
  /** How a function is called. */
  enum CallStyle {
    /** By jal. */
    DIRECT,
    /** By jalr, to an address that is computed. */
    INDIRECT
  }

  /** Statements one of which takes this one's place and makes the program simpler. */
  default Stream<List<Statement>> simpler() {
    return Stream.of();
  }

  /** One instruction that computes something and goes on to the next. */
  record Compute(int encoding) implements Statement {}

  /**
   * An access to the data.
   *
   * @param encoding of the instruction, with rs1 as its base
   * @param index register from which the address is computed; negative if the base points to the
   *     data anyway
   * @param mask what is taken of the index
   */
  record Access(int encoding, int index, int mask) implements Statement {}

  /**
   * A load-reserved and a store-conditional, with some instructions in between.
   *
   * @param conditional encoding of the store-conditional, with rs1 as its base
   */
  record Reserve(int load, int conditional, int index, List<Integer> between) implements Statement {
    public Reserve {
      between = List.copyOf(between);
    }
  }

  /** A conditional branch. */
  record Branch(Opcode condition, int rs1, int rs2, List<Statement> then, List<Statement> otherwise)
      implements Statement {
    @Override
    public Stream<List<Statement>> simpler() {
      return Stream.concat(
          Stream.of(then, otherwise),
          Stream.concat(
              Simpler.ofList(then).map(t -> List.of(new Branch(condition, rs1, rs2, t, otherwise))),
              Simpler.ofList(otherwise)
                  .map(o -> List.of(new Branch(condition, rs1, rs2, then, o)))));
    }
  }

  /**
   * A loop that counts down.
   *
   * @param counter which of the {@link RandomProgram#counters}; free to be changed by no statement
   *     of the body
   */
  record Loop(int counter, int count, List<Statement> body) implements Statement {
    @Override
    public Stream<List<Statement>> simpler() {
      return Stream.concat(
          count > 1
              ? Stream.of(body, List.of(new Loop(counter, count / 2, body)))
              : Stream.of(body),
          Simpler.ofList(body).map(b -> List.of(new Loop(counter, count, b))));
    }
  }

  /**
   * A piece of code that calls itself.
   *
   * @param link the register that holds the return address
   */
  record Recurse(int counter, int depth, int link, List<Statement> body) implements Statement {
    @Override
    public Stream<List<Statement>> simpler() {
      return Stream.concat(
          depth > 1
              ? Stream.of(body, List.of(new Recurse(counter, depth / 2, link, body)))
              : Stream.of(body),
          Simpler.ofList(body).map(b -> List.of(new Recurse(counter, depth, link, b))));
    }
  }

  /**
   * A jump through a table.
   *
   * @param index register that says where to
   * @param link where the jump leaves a return address that nobody wants, or x0
   * @param scratch two registers to compute with
   * @param cases a power of two of them
   */
  record Switch(int index, int link, Scratch scratch, List<List<Statement>> cases)
      implements Statement {
    @Override
    public Stream<List<Statement>> simpler() {
      Stream<List<Statement>> smaller =
          IntStream.range(0, cases.size())
              .boxed()
              .flatMap(i -> Simpler.ofList(cases.get(i)).map(c -> List.of(with(i, c))));
      return Stream.concat(cases.stream(), smaller);
    }

    private Statement with(int which, List<Statement> body) {
      List<List<Statement>> changed = new ArrayList<>(cases);
      changed.set(which, body);
      return new Switch(index, link, scratch, List.copyOf(changed));
    }
  }

  /**
   * A call.
   *
   * @param function index of a function behind the one that calls
   * @param patch whether the function's slot is changed before
   */
  record Call(int function, CallStyle style, boolean patch, Scratch scratch) implements Statement {
    @Override
    public Stream<List<Statement>> simpler() {
      return patch ? Stream.of(List.of(new Call(function, style, false, scratch))) : Stream.of();
    }
  }

  /** An instruction that is changed each time before it is run. */
  record Patch(Slot slot, Scratch scratch) implements Statement {
    @Override
    public Stream<List<Statement>> simpler() {
      return Stream.of(List.of(new Compute(slot.first)));
    }
  }

  /** Registers that may be changed on the way. */
  record Scratch(int a, int b, int c) {}

  /** An instruction of four bytes that is now the one, now the other. */
  record Slot(int first, int second) {}
}
