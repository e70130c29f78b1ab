package dev.isomorph.tools.diff;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.Registers;
import dev.isomorph.tools.trace.Commit;
import dev.isomorph.tools.trace.CommitLogReader;
import dev.isomorph.tools.trace.Effects;
import dev.isomorph.translator.ir.StateSlot;
import java.io.IOException;

/**
 * The execution that a commit log tells of. Of one hart, the first in the log; of user mode, though
 * what other modes write to registers counts: that is how a kernel's results become known.
 */
final class CommitLogWitness implements Witness {
  private static final int FCSR_FLAGS = 1;
  private static final int FCSR_ROUNDING = 2;
  private static final int FRM_SHIFT = 5;
  private static final int FFLAGS = 0x1f;
  private static final int FRM = 7;

  private final CommitLogReader log;
  private final String name;
  private final GuestState state = new GuestState();

  /** The state when other privileges took over. */
  private final GuestState atLeaving = new GuestState();

  private Commit current = new Commit();
  private int core = -1;

  /** Makes a witness that stands before the log's first instruction of user mode. */
  CommitLogWitness(CommitLogReader log, String name) throws IOException {
    this.log = log;
    this.name = name;
    if (!next()) {
      throw new IOException(name + ": no commit of user mode");
    }
  }

  /**
   * Finds out which stack pointer a logged program started with: from the first access by it, or
   * the first register that it is copied or added to.
   *
   * @return 0 if the log does not tell
   */
  static long initialStackPointer(CommitLogReader log) throws IOException {
    Commit commit = new Commit();
    while (log.read(commit)) {
      if (commit.privilege() != 0) {
        continue;
      }
      Effects effects = Effects.of(commit.encoding(), commit.pc());
      Instruction instruction = effects.instruction();
      if (effects.base() == Registers.SP && commit.loads() + commit.stores() > 0) {
        long address = commit.loads() > 0 ? commit.loadAddress(0) : commit.storeAddress(0);
        return address - effects.address(0);
      }
      if (commit.writes() > 0 && isAdded(instruction)) {
        return commit.value(0) - instruction.imm();
      }
      if (commit.writes() > 0 && isCopied(instruction)) {
        return commit.value(0);
      }
      if (effects.destination() == Registers.SP) {
        return 0;
      }
    }
    return 0;
  }

  private static boolean isAdded(Instruction instruction) {
    return instruction.opcode() == Opcode.ADDI && instruction.rs1() == Registers.SP;
  }

  private static boolean isCopied(Instruction instruction) {
    return instruction.opcode() == Opcode.ADD
        && instruction.rs1() == 0
        && instruction.rs2() == Registers.SP;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public GuestState state() {
    return state;
  }

  @Override
  public String place() {
    return name + ", line " + log.line();
  }

  @Override
  public boolean advance() throws IOException {
    apply();
    return next();
  }

  /** What other privileges do counts once the program goes on. */
  private boolean next() throws IOException {
    boolean left = false;
    while (log.read(current)) {
      if (core < 0) {
        core = current.core();
      }
      if (current.core() != core) {
        continue;
      }
      if (current.privilege() == 0) {
        state.pc = current.pc();
        return true;
      }
      if (!left) {
        left = true;
        atLeaving.copy(state);
      }
      apply();
    }
    if (left) {
      state.copy(atLeaving);
    }
    return false;
  }

  private void apply() {
    for (int i = 0; i < current.writes(); i++) {
      int register = current.register(i);
      long value = current.value(i);
      if (register < GuestState.REGISTERS) {
        state.set(register, value);
      } else if (register == Commit.CSR + FCSR_FLAGS) {
        state.fcsr = state.fcsr & ~FFLAGS | (int) value & FFLAGS;
      } else if (register == Commit.CSR + FCSR_ROUNDING) {
        state.fcsr = state.fcsr & FFLAGS | ((int) value & FRM) << FRM_SHIFT;
      }
    }
    // From 0 at the start on, the log tells of every change.
    state.fcsrKnown = true;
    state.known |= 1L << StateSlot.x(0);
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
