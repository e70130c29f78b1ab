package dev.isomorph.conformance.fuzz;

import dev.isomorph.conformance.fuzz.RandomProgram.Function;
import dev.isomorph.conformance.fuzz.Statement.Slot;
import dev.isomorph.conformance.generate.Corners;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.Registers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Makes programs: functions that call later ones, loops and recursion that count down, branches,
 * jumps through tables, memory, code that changes itself; in between everything of the instruction
 * table that neither jumps nor traps.
 */
final class ProgramGenerator {
  private static final int MAX_FUNCTIONS = 6;
  private static final int COUNTERS = 3;
  private static final int MAX_STATEMENTS = 12;
  private static final int MAX_NESTING = 4;
  private static final int MAX_COUNT = 20;

  /** Times the frames of all functions it must fit on the stack. */
  private static final int MAX_DEPTH = 12;

  /** Instructions that a function may run, those of its callees among them. */
  private static final long MAX_COST = 3000;

  private static final long MAX_COST_OF_FIRST = 20_000;

  private static final int MODES = 5;
  private static final List<Opcode> CONDITIONS =
      List.of(Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE, Opcode.BLTU, Opcode.BGEU);

  /** Registers that hold return addresses. */
  private static final int[] LINKS = {Registers.RA, Registers.RA, Registers.T0};

  private final Random random;
  private final Corners corners;
  private Instructions instructions;
  private int pointer;
  private Function[] functions;
  private Cost cost;

  /** Of the function being made. */
  private int function;

  private long budget;

  private ProgramGenerator(long seed) {
    random = new Random(seed);
    corners = new Corners(random);
  }

  /** The program of a seed; the same seed gives the same program. */
  static RandomProgram program(long seed) {
    return new ProgramGenerator(seed).program();
  }

  private RandomProgram program() {
    List<Integer> tasks =
        random
            .ints(0, 32)
            .filter(i -> i > Registers.SP && i != Registers.T0)
            .distinct()
            .limit(1 + COUNTERS)
            .boxed()
            .toList();
    pointer = tasks.getFirst();
    List<Integer> counters = tasks.subList(1, tasks.size());
    instructions = new Instructions(random, pointer, counters);
    functions = new Function[1 + random.nextInt(MAX_FUNCTIONS)];
    cost = Cost.ofFunctions(functions.length);
    for (function = functions.length - 1; function >= 0; function--) {
      budget = function == 0 ? MAX_COST_OF_FIRST : MAX_COST;
      int link = LINKS[random.nextInt(LINKS.length)];
      functions[function] = new Function(link, slot(), body(0, 0, false));
      cost.add(function, functions[function]);
    }
    int padding = random.nextInt(4) == 0 ? 2 * random.nextInt(Places.PAGE / 2) : 0;
    return new RandomProgram(padding, pointer, counters, data(), List.of(functions));
  }

  private byte[] data() {
    ByteBuffer data = ByteBuffer.allocate(Places.DATA_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      data.putLong(random.nextBoolean() ? corners.integer() : corners.anyFloat());
    }
    for (int i = 0; i < 32; i++) {
      data.putLong(Places.ofInteger(i), corners.integer());
      data.putLong(Places.ofFloat(i), corners.anyFloat());
    }
    data.putLong(Places.ofFcsr(), random.nextInt(MODES) << 5 | random.nextInt(32));
    return data.array();
  }

  /**
   * Statements that follow each other.
   *
   * @param nesting how deep they are in others
   * @param counting how many of those count
   */
  private List<Statement> body(int nesting, int counting, boolean recursive) {
    List<Statement> body = new ArrayList<>();
    int length = 1 + random.nextInt(nesting == 0 ? 2 * MAX_STATEMENTS : MAX_STATEMENTS);
    for (int i = 0; i < length; i++) {
      long left = budget;
      Statement statement = statement(nesting, counting, recursive);
      long needed = cost.of(statement);
      budget = left - needed;
      if (budget < 0) {
        budget = left;
        break;
      }
      body.add(statement);
    }
    return List.copyOf(body);
  }

  private Statement statement(int nesting, int counting, boolean recursive) {
    int kind = random.nextInt(nesting < MAX_NESTING ? 42 : 30);
    return switch (kind) {
      case 0, 1 -> new Statement.Patch(slot(), instructions.scratch());
      case 2 -> instructions.reserve();
      case 3, 4, 5, 6, 7, 8, 9 -> instructions.access();
      case 30, 31, 32 -> branch(nesting, counting, recursive);
      case 33, 34 -> choose(nesting, counting, recursive);
      case 35, 36, 37 -> loop(nesting, counting, recursive);
      case 38 -> recurse(nesting, counting, recursive);
      case 39, 40, 41 -> call();
      default -> compute();
    };
  }

  private Statement compute() {
    return new Statement.Compute(instructions.compute());
  }

  private Statement branch(int nesting, int counting, boolean recursive) {
    Opcode condition = CONDITIONS.get(random.nextInt(CONDITIONS.size()));
    int rs1 = instructions.integer();
    int rs2 = random.nextInt(3) == 0 ? Registers.ZERO : instructions.integer();
    List<Statement> then =
        random.nextInt(4) == 0 ? List.of() : body(nesting + 1, counting, recursive);
    List<Statement> otherwise =
        random.nextInt(3) == 0 ? List.of() : body(nesting + 1, counting, recursive);
    return new Statement.Branch(condition, rs1, rs2, then, otherwise);
  }

  private Statement choose(int nesting, int counting, boolean recursive) {
    int link = random.nextInt(4) == 0 ? LINKS[random.nextInt(LINKS.length)] : Registers.ZERO;
    List<List<Statement>> cases =
        Stream.generate(() -> body(nesting + 1, counting, recursive))
            .limit(random.nextBoolean() ? 2 : 4)
            .toList();
    return new Statement.Switch(instructions.integer(), link, instructions.scratch(), cases);
  }

  private Statement loop(int nesting, int counting, boolean recursive) {
    if (counting == COUNTERS) {
      return compute();
    }
    int count = 1 + random.nextInt(MAX_COUNT);
    budget /= count;
    return new Statement.Loop(counting, count, body(nesting + 1, counting + 1, recursive));
  }

  private Statement recurse(int nesting, int counting, boolean recursive) {
    if (counting == COUNTERS || recursive) {
      return compute();
    }
    int depth = 1 + random.nextInt(MAX_DEPTH);
    budget /= depth;
    int link = LINKS[random.nextInt(LINKS.length)];
    return new Statement.Recurse(counting, depth, link, body(nesting + 1, counting + 1, true));
  }

  private Statement call() {
    if (function == functions.length - 1) {
      return compute();
    }
    int callee = function + 1 + random.nextInt(functions.length - function - 1);
    Statement.CallStyle style =
        random.nextBoolean() ? Statement.CallStyle.DIRECT : Statement.CallStyle.INDIRECT;
    boolean patch = random.nextBoolean();
    return new Statement.Call(callee, style, patch, instructions.scratch());
  }

  private Slot slot() {
    return new Slot(instructions.computeInFourBytes(), instructions.computeInFourBytes());
  }
}
