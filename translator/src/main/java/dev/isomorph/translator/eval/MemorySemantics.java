package dev.isomorph.translator.eval;

import dev.isomorph.translator.ir.AmoKind;
import dev.isomorph.translator.ir.IrOp;
import java.lang.invoke.VarHandle;

/** What the operations of the IR that access guest memory do. */
final class MemorySemantics {
  private MemorySemantics() {}

  /**
   * Does {@code op} and gives its value, 0 if it has none.
   *
   * @throws GuestMemoryFault if the access fails
   * @throws MisalignedAccess if an atomic access is misaligned
   */
  static long apply(IrOp op, long a, long b, long imm, MachineState state, DataMemory memory) {
    return switch (op) {
      case LD8S -> (byte) memory.load(a + imm, 1);
      case LD8U -> memory.load(a + imm, 1);
      case LD16S -> (short) memory.load(a + imm, 2);
      case LD16U -> memory.load(a + imm, 2);
      case LD32S -> (int) memory.load(a + imm, 4);
      case LD32U, LDF_S -> memory.load(a + imm, 4);
      case LD64, LDF_D -> memory.load(a + imm, 8);
      case ST8 -> store(memory, a + imm, 1, b);
      case ST16 -> store(memory, a + imm, 2, b);
      case ST32, STF_S -> store(memory, a + imm, 4, b);
      case ST64, STF_D -> store(memory, a + imm, 8, b);
      case PROBE -> probe(memory, a + imm);
      case LR32 -> loadReserved(state, memory, a, 4);
      case LR64 -> loadReserved(state, memory, a, 8);
      case SC32 -> storeConditional(state, memory, a, 4, b);
      case SC64 -> storeConditional(state, memory, a, 8, b);
      case AMO32 -> readModifyWrite(memory, AmoKind.of(imm), a, 4, b);
      case AMO64 -> readModifyWrite(memory, AmoKind.of(imm), a, 8, b);
      case FENCE -> fence();
      case ZERO_BLOCK -> zeroBlock(memory, a);
      default -> throw new IllegalArgumentException(op + " does not access memory");
    };
  }

  private static long store(DataMemory memory, long address, int bytes, long value) {
    memory.store(address, bytes, value);
    return 0;
  }

  private static long loadReserved(MachineState state, DataMemory memory, long address, int bytes) {
    checkAligned(address, bytes);
    long value = atomicLoad(memory, address, bytes);
    state.reserve(address, value);
    return value;
  }

  private static long storeConditional(
      MachineState state, DataMemory memory, long address, int bytes, long value) {
    checkAligned(address, bytes);
    boolean success =
        state.reservationValid()
            && state.reservationAddress() == address
            && memory.compareAndSet(address, bytes, state.reservationValue(), value);
    state.clearReservation();
    return success ? 0 : 1;
  }

  private static long readModifyWrite(
      DataMemory memory, AmoKind kind, long address, int bytes, long operand) {
    checkAligned(address, bytes);
    long argument = bytes == 4 ? (int) operand : operand;
    while (true) {
      long old = atomicLoad(memory, address, bytes);
      if (memory.compareAndSet(address, bytes, old, combine(kind, old, argument))) {
        return old;
      }
    }
  }

  /** The new memory value. Words come sign-extended, which keeps both orders of comparison. */
  private static long combine(AmoKind kind, long old, long operand) {
    return switch (kind) {
      case SWAP -> operand;
      case ADD -> old + operand;
      case XOR -> old ^ operand;
      case AND -> old & operand;
      case OR -> old | operand;
      case MIN -> Math.min(old, operand);
      case MAX -> Math.max(old, operand);
      case MINU -> Long.compareUnsigned(old, operand) < 0 ? old : operand;
      case MAXU -> Long.compareUnsigned(old, operand) > 0 ? old : operand;
    };
  }

  private static long fence() {
    // The evaluator has no reason to be fast: the strongest fence does for every kind.
    VarHandle.fullFence();
    return 0;
  }

  /** What may be stored to may be loaded, so loading tells. */
  private static long probe(DataMemory memory, long address) {
    try {
      memory.load(address, 1);
    } catch (GuestMemoryFault fault) {
      throw new GuestMemoryFault(address, true);
    }
    return 0;
  }

  /** A fault is reported for the address given, not for the start of the block. */
  private static long zeroBlock(DataMemory memory, long address) {
    try {
      memory.zeroBlock(address & -DataMemory.BLOCK_SIZE);
    } catch (GuestMemoryFault fault) {
      throw new GuestMemoryFault(address, true);
    }
    return 0;
  }

  /** Loads a word sign-extended, or a doubleword. */
  private static long atomicLoad(DataMemory memory, long address, int bytes) {
    long value = memory.load(address, bytes);
    return bytes == 4 ? (int) value : value;
  }

  private static void checkAligned(long address, int bytes) {
    if ((address & (bytes - 1)) != 0) {
      throw new MisalignedAccess(address);
    }
  }
}
