package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.signal.FaultHandler;
import dev.isomorph.hostbackend.signal.FaultSlots;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;

/** Compiles a block and runs it, without a code cache or an engine. */
final class BlockRunner implements AutoCloseable {
  /** How a run ended: why, at which guest pc, and what it left behind. */
  record Result(ExitReason reason, long pc, ArrayState state, byte[] memory) {}

  private static final int SIZE = 1 << 20;

  private final ExecutableMemory code = new ExecutableMemory(SIZE);
  private final TestPages pages;
  private final HartState hart;
  private final Stubs stubs = new Stubs(code.rx(0));
  private final BlockCompiler compiler;
  private final FaultHandler faults;
  private final int start;
  private int misses;

  BlockRunner() {
    this(Addressing.WINDOW);
  }

  BlockRunner(Addressing addressing) {
    pages = TestPages.of(addressing);
    hart = new HartState(pages.memoryBase());
    compiler = new BlockCompiler(stubs, addressing, CpuFeatures.ALL, null);
    byte[] stubCode = stubs.code();
    code.copyIn(stubCode, 0, 0, stubCode.length);
    start = stubCode.length + 63 & -64;
    faults =
        FaultHandler.install(
            code.rx(0),
            code.size(),
            stubs.fault(),
            new FaultSlots(
                RegisterFile.FAULT_ADDRESS,
                RegisterFile.FAULT_PC,
                RegisterFile.FAULT_SIGNAL,
                RegisterFile.FAULT_CODE,
                RegisterFile.FAULT_ERROR));
  }

  /**
   * Runs a block. Where it misses a page it goes on if it gets it; if not, it has ended.
   *
   * @param polled whether the poll flag is set
   */
  Result run(IrBlock block, ArrayState state, byte[] memory, boolean polled) {
    compiler.compile(block, code.rx(start));
    code.copyIn(compiler.code(), 0, start, compiler.codeLength());
    pages.fill(memory);
    States.load(state, hart);
    hart.poll(polled ? 1 : 0);
    hart.field(RegisterFile.ENTRY, code.rx(start));
    ExitReason reason = ExitReason.of(HostCalls.enter(stubs.enter(), hart.origin()));
    while (reason == ExitReason.MISS && pages.supply(hart)) {
      misses++;
      hart.field(RegisterFile.ENTRY, stubs.resume());
      reason = ExitReason.of(HostCalls.enter(stubs.enter(), hart.origin()));
    }
    long pc =
        switch (reason) {
          case FAULT -> pcInside(block, RegisterFile.FAULT_PC);
          case MISS -> pcInside(block, RegisterFile.MISSED_AT);
          default -> hart.field(RegisterFile.PC);
        };
    return new Result(reason, pc, States.of(hart), pages.contents());
  }

  /** The hart that runs the blocks. */
  HartState hart() {
    return hart;
  }

  /** Code that leaves for {@link ExitReason#FAULT}. */
  long faultStub() {
    return stubs.fault();
  }

  /** Takes over the state in the middle of a block; tells which instruction it belongs to. */
  private long pcInside(IrBlock block, int field) {
    hart.takeOver(GuestState.FIXED);
    int at = (int) (hart.field(field) - code.rx(start));
    int[] map = compiler.faultMap();
    int instruction = 0;
    for (int i = 0; i < map.length && map[i] <= at; i += 2) {
      instruction = map[i + 1];
    }
    return block.pc(instruction);
  }

  /** The guest address of the last fault. */
  long faultAddress() {
    return hart.field(RegisterFile.FAULT_ADDRESS) - pages.memoryBase();
  }

  /** How often blocks have missed a page and gone on. */
  int misses() {
    return misses;
  }

  /** The evaluator's view of memory. */
  GuestPages.Copy copy(byte[] contents) {
    return pages.copy(contents);
  }

  /** Where the exit taken last keeps what is needed to link it. */
  long linkData() {
    return hart.field(RegisterFile.LINK_SITE);
  }

  @Override
  public void close() {
    faults.close();
    hart.close();
    pages.close();
    code.close();
  }
}
