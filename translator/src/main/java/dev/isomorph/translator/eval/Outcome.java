package dev.isomorph.translator.eval;

import dev.isomorph.translator.ir.TrapKind;

/**
 * How a run of the {@link Evaluator} ended. One object serves all runs of an evaluator, so it is
 * good until the next one.
 */
public final class Outcome {
  /** The ways to end. */
  public enum Kind {
    /** Control went on to {@link Outcome#nextPc}. */
    EXIT,
    /** The instruction stops the guest: {@link Outcome#trap}. */
    TRAP,
    /** The instruction's memory access failed: {@link Outcome#address}, {@link Outcome#write}. */
    MEMORY_FAULT,
    /** An atomic instruction was misaligned: {@link Outcome#address}. */
    MISALIGNED
  }

  private Kind kind;
  private int operation;
  private int instruction;
  private long pc;
  private long nextPc;
  private TrapKind trap;
  private long address;
  private boolean write;

  Outcome() {}

  /** How the run ended. */
  public Kind kind() {
    return kind;
  }

  /** Number of the operation that ended it: for {@link Kind#EXIT}, which exit was taken. */
  public int operation() {
    return operation;
  }

  /** Number of the guest instruction that ended it. */
  public int instruction() {
    return instruction;
  }

  /** The pc of the guest instruction that ended it. */
  public long pc() {
    return pc;
  }

  /** The pc to go on at after {@link Kind#EXIT}; else {@link #pc}. */
  public long nextPc() {
    return nextPc;
  }

  /** Why the guest stops, for {@link Kind#TRAP}; else null. */
  public TrapKind trap() {
    return trap;
  }

  /** The guest address that could not be accessed, if any; else 0. */
  public long address() {
    return address;
  }

  /** Whether the access that failed was a store, or an atomic that may store. */
  public boolean write() {
    return write;
  }

  /** Notes where the run ended; {@link #pc} goes for {@link #nextPc} unless said otherwise. */
  private Outcome end(Kind kind, int operation, int instruction, long pc) {
    this.kind = kind;
    this.operation = operation;
    this.instruction = instruction;
    this.pc = pc;
    nextPc = pc;
    trap = null;
    address = 0;
    write = false;
    return this;
  }

  Outcome exit(int operation, int instruction, long pc, long nextPc) {
    end(Kind.EXIT, operation, instruction, pc);
    this.nextPc = nextPc;
    return this;
  }

  Outcome trap(int operation, int instruction, long pc, TrapKind trap) {
    end(Kind.TRAP, operation, instruction, pc);
    this.trap = trap;
    return this;
  }

  Outcome memoryFault(int operation, int instruction, long pc, long address, boolean write) {
    end(Kind.MEMORY_FAULT, operation, instruction, pc);
    this.address = address;
    this.write = write;
    return this;
  }

  Outcome misaligned(int operation, int instruction, long pc, long address, boolean write) {
    end(Kind.MISALIGNED, operation, instruction, pc);
    this.address = address;
    this.write = write;
    return this;
  }

  @Override
  public String toString() {
    String at = " at 0x" + Long.toHexString(pc);
    return switch (kind) {
      case EXIT -> "exit" + at + " to 0x" + Long.toHexString(nextPc);
      case TRAP -> trap + at;
      case MEMORY_FAULT, MISALIGNED ->
          kind + at + (write ? " storing to 0x" : " loading from 0x") + Long.toHexString(address);
    };
  }
}
