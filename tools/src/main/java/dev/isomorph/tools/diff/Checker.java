package dev.isomorph.tools.diff;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.Hart;
import dev.isomorph.processvm.ProcessObserver;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.translator.ir.IrBlock;
import java.util.Map;

/** What all comparisons have in common: who is watched, what is kept to be shown, the verdict. */
abstract class Checker implements ProcessObserver {
  /** The name of whom Isomorph is compared with. */
  final String witness;

  final History history;
  final Progress progress;
  AddressSpace space;
  Names names;

  /** The block that was entered last, null before the first. */
  TranslatedBlock block;

  /** How many of its instructions were executed, as far as is known, and which: see step. */
  int steps;

  private final int[] executed;

  private final int blockLimit;
  private final Translations translations = new Translations();
  private Hart first;

  Checker(String witness, int blockLimit, int context, Progress progress) {
    this.witness = witness;
    this.blockLimit = blockLimit;
    this.progress = progress;
    history = new History(context, blockLimit);
    executed = new int[blockLimit];
  }

  /** Tells the user what came out of it. */
  final void conclude(ComparisonEnd end) {
    progress.conclude(end.diverged() ? end.getMessage() : agreement(end.getMessage()));
  }

  @Override
  public final int blockLimit() {
    return blockLimit;
  }

  @Override
  public void started(Hart hart, AddressSpace space, Names names) {
    this.space = space;
    this.names = names;
    first = hart;
  }

  @Override
  public final void translated(
      IrBlock lifted, IrBlock optimised, TranslatedBlock translated, byte[] code) {
    translations.add(translated, optimised, code);
  }

  /**
   * Whether it is the program's first thread that runs a block; to be asked before each. A child
   * that has been lent the program's memory is passed over.
   */
  final boolean follows(Hart hart) {
    progress.update(history.count());
    return hart == first;
  }

  /** An instruction of the block, given by its index, was executed. */
  final void take(int index) {
    executed[steps++] = index;
    history.add(block.pc(index), block.encoding(index));
  }

  /** Which instruction of the block was executed as its {@code step}-th, from 0. */
  final int step(int step) {
    return executed[step];
  }

  /** The last so many were not executed after all. */
  final void takeBack(int many) {
    steps -= many;
    history.removeLast(many);
  }

  /**
   * Where a block goes on: a branch over a few instructions need not leave it.
   *
   * @param from the first instruction that comes into question
   * @return the index of the instruction at {@code pc}, -1 if the block has been left
   */
  static int next(TranslatedBlock block, int from, long pc) {
    for (int i = from; i < block.instructionCount(); i++) {
      if (block.pc(i) == pc) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Finds where emitted code has left the block if it was before all of {@link #steps}: at a branch
   * to an instruction of the same block, or after having had an instruction evaluated.
   *
   * @return the steps until then, at least 1; -1 if it was nowhere there
   */
  final int stepsUntil(long pc) {
    for (int step = 1; step < steps; step++) {
      if (block.pc(executed[step]) == pc) {
        return step;
      }
    }
    return -1;
  }

  /** Thrown, so that the program's end is not this process's, whatever it is. */
  @Override
  public final void ended(ProcessEnd end) {
    throw end.request() != 0 ? ComparisonEnd.requested(end.request()) : atEnd(end);
  }

  @Override
  public final void replaced() {
    throw new ComparisonEnd(false, "the program is replaced by another");
  }

  /** What the program's end means. */
  abstract ComparisonEnd atEnd(ProcessEnd end);

  /** How often the result of each system call was taken over rather than compared. */
  abstract Map<String, Integer> adoptedCalls();

  /** Bytes of memory that were taken over. */
  abstract long adoptedBytes();

  /** Readings of counters that were taken over. */
  abstract long adoptedCounters();

  private String agreement(String why) {
    return new AgreementText(witness, history.count(), progress.seconds())
        .of(why, adoptedCalls(), adoptedBytes(), adoptedCounters());
  }

  /** The head of a report of a difference. */
  final StringBuilder divergenceAt(long pc) {
    StringBuilder out = new StringBuilder();
    out.append("divergence after ").append(history.count()).append(" instructions, at ");
    return out.append(RegisterTable.address(pc, names));
  }

  /** The instructions before a difference, and the code at fault. */
  final String context() {
    if (block == null) {
      return "";
    }
    return "\nThe last instructions:\n"
        + history.text(names)
        + "\nThe block that ran last, of which "
        + steps
        + " of "
        + block.instructionCount()
        + " instructions were executed:\n"
        + translations.listing(block, names);
  }
}
