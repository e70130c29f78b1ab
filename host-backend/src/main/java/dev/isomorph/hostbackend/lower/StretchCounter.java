package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.EmissionListener;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;

/**
 * Makes code count its executions. A <em>stretch</em> is entered at its first instruction only and
 * left behind its last one only: it ends at every branch and before every label. A counter at its
 * start counts how often it runs; how many instructions that is, guest's and host's, is known when
 * it has been emitted.
 */
final class StretchCounter implements EmissionListener {
  /** Length of the counting code. */
  private static final int LENGTH = 2 * Assembler.PATCH_LINE;

  private final ExecutionCounts counts;
  private Assembler asm;
  private CountedCode code;

  /** Whether what comes next starts a stretch. */
  private boolean starts;

  private boolean cold;

  StretchCounter(ExecutionCounts counts) {
    this.counts = counts;
  }

  /** Counts what this assembler emits. */
  void follow(Assembler assembler) {
    asm = assembler;
    asm.listener(this);
  }

  /** Code that will be at host address {@code origin} starts. */
  void start(long origin, boolean isRegion) {
    code = new CountedCode(origin, isRegion);
    starts = true;
    cold = false;
  }

  /** What the code is a translation of, its entry's guest address. */
  void entry(long pc) {
    code.entry(pc);
  }

  /**
   * Who comes here has executed {@code instructions} more guest instructions; less than zero takes
   * back what was said too early.
   */
  void executed(int instructions) {
    begin();
    code.guest(asm.position(), instructions);
  }

  /** What follows is out of line. */
  void cold() {
    cold = true;
    starts = true;
  }

  void finish() {
    counts.add(code, asm.position());
  }

  @Override
  public void instruction() {
    begin();
    code.host(asm.position());
  }

  @Override
  public void branched() {
    starts = true;
  }

  @Override
  public void joined() {
    starts = true;
  }

  private void begin() {
    if (starts) {
      starts = false;
      int counter = counts.newCounter();
      code.stretch(asm.position(), counter, cold);
      asm.insert(() -> count(RegisterFile.counter(counter)));
    }
  }

  /** Adds one without touching the flags. Other harts have counters of their own. */
  private void count(int displacement) {
    Mem counter = Mem.of(RegisterMap.STATE, displacement);
    int start = asm.position();
    asm.mov(8, state(RegisterFile.COUNTING), Gpr.RAX);
    asm.mov(8, Gpr.RAX, counter);
    asm.lea(8, Gpr.RAX, Mem.of(Gpr.RAX, 1));
    asm.mov(8, counter, Gpr.RAX);
    asm.mov(8, Gpr.RAX, state(RegisterFile.COUNTING));
    assert asm.position() - start == LENGTH;
  }
}
