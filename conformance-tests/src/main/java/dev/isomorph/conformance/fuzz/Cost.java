package dev.isomorph.conformance.fuzz;

import dev.isomorph.conformance.fuzz.RandomProgram.Function;
import java.util.List;

/** How many instructions programs run, at most. */
final class Cost {
  /** Of loading all registers, storing them and the rest. */
  private static final long FRAME = 200;

  private static final long CALL = 32;
  private static final long FEW = 16;

  /** By function; 0 while it is not known. */
  private final long[] functions;

  private Cost(int functions) {
    this.functions = new long[functions];
  }

  /** For a program to which functions are added from the last to the first. */
  static Cost ofFunctions(int count) {
    return new Cost(count);
  }

  /** Instructions that a program runs, at most. */
  static long of(RandomProgram program) {
    List<Function> functions = program.functions();
    Cost cost = new Cost(functions.size());
    for (int i = functions.size() - 1; i >= 0; i--) {
      cost.add(i, functions.get(i));
    }
    return FRAME + cost.functions[0];
  }

  void add(int index, Function function) {
    functions[index] = CALL + of(function.body());
  }

  long of(List<Statement> body) {
    return body.stream().mapToLong(this::of).sum();
  }

  long of(Statement statement) {
    return switch (statement) {
      case Statement.Compute s -> 1;
      case Statement.Access s -> 3;
      case Statement.Reserve s -> FEW + s.between().size();
      case Statement.Branch s -> 4 + Math.max(of(s.then()), of(s.otherwise()));
      case Statement.Loop s -> 2 + s.count() * (3 + of(s.body()));
      case Statement.Recurse s -> FEW + s.depth() * (FEW + of(s.body()));
      case Statement.Switch s -> FEW + s.cases().stream().mapToLong(this::of).max().orElse(0);
      case Statement.Call s -> CALL + functions[s.function()];
      case Statement.Patch s -> FEW;
    };
  }
}
