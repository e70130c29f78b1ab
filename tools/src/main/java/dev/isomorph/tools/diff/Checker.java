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

  /** How many of its instructions were executed, as far as is known. */
  int steps;

  private final int blockLimit;
  private final Translations translations = new Translations();
  private Hart first;

  Checker(String witness, int blockLimit, int context, Progress progress) {
    this.witness = witness;
    this.blockLimit = blockLimit;
    this.progress = progress;
    history = new History(context);
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

  /** Thrown, so that the program's end is not this process's, whatever it is. */
  @Override
  public final void ended(ProcessEnd end) {
    throw atEnd(end);
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
