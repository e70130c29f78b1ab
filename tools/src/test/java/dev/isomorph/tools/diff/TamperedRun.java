package dev.isomorph.tools.diff;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.ProcessObserver;
import dev.isomorph.processvm.ProcessVm;
import dev.isomorph.processvm.RunOptions;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.tools.trace.Effects;
import dev.isomorph.translator.ir.IrBlock;
import java.util.List;

/** Runs a program whose emitted code goes wrong after some blocks, under the evaluator's eyes. */
public final class TamperedRun implements ProcessObserver {
  private static final int STACK_POINTER = 2;

  private final EvaluatorCheck check = new EvaluatorCheck(32, 3, new Progress(null));
  private final String what;
  private final int when;
  private AddressSpace space;
  private int blocks;

  private TamperedRun(String what, int when) {
    this.what = what;
    this.when = when;
  }

  /**
   * Takes what goes wrong, after how many blocks, and the program; the status is 1 if it is seen.
   */
  public static void main(String[] words) {
    TamperedRun run = new TamperedRun(words[0], Integer.parseInt(words[1]));
    int status = 2;
    try {
      ProcessVm.run(RunOptions.of(words[2], List.of()), run);
    } catch (ComparisonEnd end) {
      run.check.conclude(end);
      status = end.diverged() ? 1 : 0;
    }
    Runtime.getRuntime().halt(status);
  }

  @Override
  public int blockLimit() {
    return check.blockLimit();
  }

  @Override
  public void started(Hart hart, AddressSpace space, Names names) {
    this.space = space;
    check.started(hart, space, names);
  }

  @Override
  public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
    check.translated(lifted, optimised, block, code);
  }

  @Override
  public void entering(Hart hart, TranslatedBlock block) {
    check.entering(hart, block);
  }

  @Override
  public void left(Hart hart, TranslatedBlock block, Stop stop) {
    blocks++;
    if (blocks >= when) {
      switch (what) {
        case "register" -> hart.x(15, hart.x(15) ^ 1L << 40);
        case "float" -> hart.f(8, hart.f(8) + 1);
        case "flags" -> hart.fcsr(hart.fcsr() ^ 1);
        case "pc" -> hart.pc(hart.pc() + 2);
        default -> tamperWithStore(hart, block);
      }
    }
    check.left(hart, block, stop);
  }

  /** Changes what the block has just stored to the stack, if it has. */
  private void tamperWithStore(Hart hart, TranslatedBlock block) {
    int last = block.instructionCount() - 1;
    for (int i = last; i >= 0; i--) {
      Effects effects = Effects.of(block.encoding(i), block.pc(i));
      if (effects.destination() == STACK_POINTER) {
        return;
      }
      if (effects.access() == Effects.Access.STORE && effects.base() == STACK_POINTER) {
        long host = space.hostAddress(effects.address(hart.x(STACK_POINTER)));
        HostMemory.putByte(host, (byte) (HostMemory.getByte(host) + 1));
        return;
      }
    }
  }

  @Override
  public void ended(ProcessEnd end) {
    check.ended(end);
  }
}
