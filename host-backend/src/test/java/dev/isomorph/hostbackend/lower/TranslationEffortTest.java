package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.opt.Optimizer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What it takes to translate a block the first time, which a short program's start consists of, in
 * units that do not depend on the machine: raise a bound only for a reason.
 */
class TranslationEffortTest {
  private static final int MOST_BYTES_ALLOCATED = 105;
  private static final double MOST_OPERATIONS_LIFTED = 4.2;
  private static final double MOST_OPERATIONS_LOWERED = 3.0;

  private static final long PC = 0x10000;
  private static final long ORIGIN = 0x7000_0000_0000L;
  private static final int WARMING = 3;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final List<byte[]> programs = new ArrayList<>();
  private final BlockLifter lifter = new BlockLifter();
  private final Optimizer optimizer = new Optimizer();
  private final BlockCompiler compiler = new BlockCompiler(new Stubs(ORIGIN));
  private final IrBlock block = new IrBlock();
  private int instructions;
  private int lifted;
  private int lowered;

  @Test
  void isBounded() {
    for (var sequence : GoldenSequences.all().values()) {
      RiscvAssembler assembler = new RiscvAssembler();
      sequence.accept(assembler);
      programs.add(assembler.bytes());
    }
    for (int i = 0; i < WARMING; i++) {
      translateAll();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    translateAll();
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertBelow(MOST_BYTES_ALLOCATED, bytes, "bytes allocated");
    assertBelow(MOST_OPERATIONS_LIFTED, lifted, "operations lifted");
    assertBelow(MOST_OPERATIONS_LOWERED, lowered, "operations lowered");
  }

  private void assertBelow(double most, long total, String what) {
    double each = (double) total / instructions;
    assertTrue(each <= most, each + " " + what + " for each guest instruction, not " + most);
  }

  private void translateAll() {
    instructions = 0;
    lifted = 0;
    lowered = 0;
    for (byte[] guest : programs) {
      block.clear();
      lifter.lift(pc -> parcel(guest, pc), PC, LiftMode.TRANSLATE, block);
      IrBlock optimised = optimizer.optimise(block);
      compiler.compile(optimised, ORIGIN + 4096);
      instructions += block.instructionCount();
      lifted += block.size();
      lowered += optimised.size();
    }
  }

  private static int parcel(byte[] guest, long pc) {
    int at = (int) (pc - PC);
    boolean inside = at >= 0 && at + 1 < guest.length;
    return inside ? guest[at] & 0xff | (guest[at + 1] & 0xff) << 8 : -1;
  }
}
