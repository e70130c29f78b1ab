package dev.isomorph.translator.eval;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import java.util.Arrays;

/**
 * Runs IR as it is written, one operation after the other. It is what every optimisation and every
 * backend is judged by, and it runs the single instructions that emitted code hands back.
 *
 * <p>An evaluator keeps its working memory between runs and serves one thread at a time.
 */
public final class Evaluator {
  private final Outcome outcome = new Outcome();
  private final FloatEnvironment environment = new FloatEnvironment();
  private final FloatSemantics floats = new FloatSemantics(environment);
  private long[] values = new long[64];

  /** The operation being run. */
  private int current;

  /**
   * Runs {@code block} until it is left.
   *
   * <p>An operation that faults or traps has had no effect of its own; those before it have. A
   * block whose instructions write state after all that may fault therefore stops precisely.
   *
   * @return how it ended; the object is reused by the next run
   * @throws IllegalStateException if the block has no end
   */
  public Outcome run(IrBlock block, MachineState state, DataMemory memory) {
    if (values.length < block.size()) {
      values = Arrays.copyOf(values, Math.max(block.size(), 2 * values.length));
    }
    try {
      return runOperations(block, state, memory);
    } catch (GuestMemoryFault fault) {
      // An atomic read-modify-write needs the right to write, so any fault of it is a store's.
      boolean write = fault.write() || storesAtomically(block.op(current));
      return outcome.memoryFault(
          current, block.instructionOf(current), block.pcOf(current), fault.address(), write);
    } catch (MisalignedAccess access) {
      return outcome.misaligned(
          current,
          block.instructionOf(current),
          block.pcOf(current),
          access.address(),
          storesAtomically(block.op(current)));
    } catch (IllegalRoundingMode mode) {
      return trap(block, TrapKind.ILLEGAL_INSTRUCTION);
    }
  }

  private Outcome runOperations(IrBlock block, MachineState state, DataMemory memory) {
    for (int id = 0; id < block.size(); id++) {
      current = id;
      IrOp op = block.op(id);
      long a = operand(block.a(id));
      long b = operand(block.b(id));
      long c = operand(block.c(id));
      long imm = block.imm(id);
      switch (op.effect()) {
        case PURE -> values[id] = pure(op, a, b, c, imm, state);
        case STATE -> state.put((int) imm, a);
        case MEMORY_READ, MEMORY_WRITE ->
            values[id] = MemorySemantics.apply(op, a, b, imm, state, memory);
        case FLAGS -> {
          if (op == IrOp.GUARD && a != 0) {
            return trap(block, TrapKind.PRIVILEGED);
          }
          values[id] = accruing(op, a, b, c, imm, state);
        }
        case EXIT -> {
          if (!op.isSideExit()) {
            return end(block, op, a, imm);
          }
          if (IntegerSemantics.leaves(op, a, b)) {
            return exit(block, imm);
          }
        }
      }
    }
    throw new IllegalStateException("the block has no end");
  }

  private long operand(int id) {
    return id == IrBlock.NONE ? 0 : values[id];
  }

  private static long pure(IrOp op, long a, long b, long c, long imm, MachineState state) {
    return switch (op) {
      case CONST -> imm;
      case GET, GETF -> state.get((int) imm);
      default ->
          IntegerSemantics.defines(op)
              ? IntegerSemantics.apply(op, a, b, c)
              : FloatBits.apply(op, a, b);
    };
  }

  private long accruing(IrOp op, long a, long b, long c, long imm, MachineState state) {
    return switch (op) {
      case GET_FFLAGS -> state.fflags();
      case SET_FFLAGS -> {
        state.fflags((int) a & ExceptionFlags.ALL);
        yield 0;
      }
      case COUNTER -> state.counter((int) imm);
      case GUARD -> 0;
      default -> {
        environment.begin(roundingMode(imm, state));
        long value = floats.apply(op, a, b, c);
        state.fflags(state.fflags() | environment.flags());
        yield value;
      }
    };
  }

  private static RoundingMode roundingMode(long imm, MachineState state) {
    RoundingMode mode =
        RoundingMode.of(imm == RoundingMode.DYNAMIC ? state.get(StateSlot.FRM) : imm);
    if (mode == null) {
      throw new IllegalRoundingMode();
    }
    return mode;
  }

  private Outcome end(IrBlock block, IrOp op, long a, long imm) {
    return switch (op) {
      case JUMP, CALL -> exit(block, imm);
      case JUMP_INDIRECT, CALL_INDIRECT, RETURN, SWITCH -> exit(block, a & -2);
      case TRAP -> trap(block, TrapKind.of(imm));
      default -> throw new IllegalArgumentException(op + " does not end a block");
    };
  }

  private Outcome exit(IrBlock block, long nextPc) {
    return outcome.exit(current, block.instructionOf(current), block.pcOf(current), nextPc);
  }

  private Outcome trap(IrBlock block, TrapKind kind) {
    return outcome.trap(current, block.instructionOf(current), block.pcOf(current), kind);
  }

  private static boolean storesAtomically(IrOp op) {
    return switch (op) {
      case SC32, SC64, AMO32, AMO64 -> true;
      default -> false;
    };
  }
}
