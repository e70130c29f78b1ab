package dev.isomorph.tools.trace;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;

/** The commit of an instruction that translated code executes, from before it to behind it. */
final class InstructionCommit {
  private static final int CSR_FFLAGS = 1;
  private static final int CSR_FRM = 2;
  private static final int FRM_SHIFT = 5;
  private static final int FFLAGS = 0x1f;

  /** Reads what an atomic instruction has just stored. */
  interface Memory {
    /** The 1, 2, 4 or 8 bytes at a guest address. */
    long load(long address, int bytes);
  }

  final Commit commit = new Commit();
  private final Hart hart;
  private final Memory memory;
  private Effects effects;
  private long address;
  private int accrued;

  /** What it stores if it does not compute that: read from a device, it could be something else. */
  private long source;

  InstructionCommit(Hart hart, Memory memory) {
    this.hart = hart;
    this.memory = memory;
  }

  /** The instruction is about to be executed. */
  void begin(Effects of, int core, int privilege, long pc, int encoding) {
    effects = of;
    commit.begin(core, privilege, pc, encoding);
    if (of.access() != Effects.Access.NONE) {
      address = of.address(hart.x(of.base()));
      source = source(of.instruction());
    }
    if (of.accruesFlags()) {
      // The log tells which flags an instruction raises, set before or not.
      accrued = hart.fcsr() & FFLAGS;
      hart.fcsr(hart.fcsr() & ~FFLAGS);
    }
  }

  /** Whether an instruction has begun and not ended. */
  boolean isOpen() {
    return effects != null;
  }

  /**
   * Translated code has been left.
   *
   * @return whether the instruction has been executed to its end: then the commit is whole
   */
  boolean end(Stop stop) {
    int raised = 0;
    if (effects.accruesFlags()) {
      raised = hart.fcsr() & FFLAGS;
      hart.fcsr(hart.fcsr() | accrued);
    }
    boolean retired = stop == null || stop instanceof Stop.Polled;
    if (retired) {
      registers(raised);
      memory();
    }
    effects = null;
    return retired;
  }

  private void registers(int raised) {
    if (effects.writesRounding()) {
      commit.write(Commit.CSR + CSR_FRM, hart.fcsr() >> FRM_SHIFT);
    }
    if (effects.writesFlags()) {
      commit.write(Commit.CSR + CSR_FFLAGS, hart.fcsr() & FFLAGS);
    }
    if (effects.destination() > 0) {
      commit.write(effects.destination(), hart.evaluatorView().get(effects.destination()));
    }
    if (raised != 0) {
      commit.write(Commit.CSR + CSR_FFLAGS, hart.fcsr() & FFLAGS);
    }
  }

  private void memory() {
    switch (effects.access()) {
      case NONE -> {}
      case LOAD -> commit.load(address);
      case STORE -> commit.store(address, source, effects.bytes());
      case STORE_CONDITIONAL -> {
        // With x0 as the destination nobody knows whether it stored.
        if (effects.destination() > 0 && hart.x(effects.destination()) == 0) {
          commit.store(address, source, effects.bytes());
        }
      }
      case READ_MODIFY_WRITE -> {
        commit.load(address);
        commit.store(address, memory.load(address, effects.bytes()), effects.bytes());
      }
      case ZERO_BLOCK -> commit.zero(address, effects.bytes());
    }
  }

  private long source(Instruction i) {
    return switch (i.opcode()) {
      case FSH, FSW, FSD -> hart.f(i.rs2());
      default -> hart.x(i.rs2());
    };
  }
}
