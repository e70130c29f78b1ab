package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.RegisterMap.MEMORY;
import static dev.isomorph.hostbackend.lower.RegisterMap.STATE;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.translator.ir.IrBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the lowerings of one block share: the assembler, the allocator, code to be placed out of
 * line, stops, and the map from host code back to guest instructions.
 */
final class Emission {
  /** Code that is placed behind the block, since it seldom runs. */
  interface ColdPath {
    void emit();
  }

  private record Cold(Label label, ColdPath path, boolean left) {}

  final Assembler asm = new Assembler();
  final RegisterAllocator regs = new RegisterAllocator(asm);
  final Stubs stubs;
  IrBlock block;

  private final StretchCounter counter;

  /** Length of the code that is in line. */
  private int inLine;

  /** How many of the block's guest instructions have been told to the counter. */
  private int executed;

  private long origin;
  private final List<Cold> cold = new ArrayList<>();
  private Label[] evaluateLabels = new Label[0];
  private int[] faultMap = new int[64];
  private int faultMapSize;
  private final OffsetList stubReferences = new OffsetList();
  private final OffsetList links = new OffsetList();

  /** Guest instructions of the region's earlier nodes. */
  private int instructionBase;

  /** What is common to the nodes of a region, null for a block. */
  private RegionFrame frame;

  /** Whether the code emitted next runs with guest registers back in the fixed map. */
  private boolean left;

  /**
   * @param counter what makes the code count its executions, or null
   */
  Emission(Stubs stubs, StretchCounter counter) {
    this.stubs = stubs;
    this.counter = counter;
    if (counter != null) {
      counter.follow(asm);
    }
  }

  /**
   * Starts code that will be at host address {@code origin}.
   *
   * @param region what its nodes have in common, null if it is to be a single block
   */
  void start(long origin, RegionFrame region) {
    this.origin = origin;
    frame = region;
    asm.reset();
    if (counter != null) {
      counter.start(origin, region != null);
    }
    cold.clear();
    faultMapSize = 0;
    stubReferences.clear();
    links.clear();
    instructionBase = 0;
    block = null;
  }

  /** Starts the block, or the next node of the region. */
  void begin(IrBlock next, BlockAnalysis analysis) {
    if (block != null) {
      instructionBase += block.instructionCount();
    } else if (counter != null) {
      counter.entry(next.startPc());
    }
    block = next;
    executed = 0;
    left = false;
    if (evaluateLabels.length < block.instructionCount()) {
      evaluateLabels = new Label[2 * block.instructionCount()];
    }
    Arrays.fill(evaluateLabels, null);
    regs.start(block, analysis, map());
  }

  /** Where guest registers are in this code. */
  RegisterMap map() {
    return frame == null ? RegisterMap.FIXED : frame.map();
  }

  boolean isRegion() {
    return frame != null;
  }

  /** Where a guest pc is in the region; null if it is not, or if this is no region. */
  Label inside(long pc) {
    return frame == null ? null : frame.node(pc);
  }

  /** Whether the node at a guest pc is the one emitted next. */
  boolean isNext(long pc) {
    return frame.isNext(pc);
  }

  /** Brings guest registers to where the fixed map has them; the region ends here. */
  void leave() {
    if (frame != null) {
      frame.leave(asm);
      left = true;
    }
  }

  /** As {@link #leave}, with a value kept in the register that is returned. */
  Gpr leaveWith(Gpr value) {
    if (frame == null) {
      return value;
    }
    if (value != Gpr.RAX) {
      asm.mov(8, Gpr.RAX, value);
    }
    leave();
    return Gpr.RAX;
  }

  /** A guest register's or scratch field of the register file. */
  static Mem state(int displacement) {
    return Mem.of(STATE, displacement);
  }

  /** Guest memory at a guest address in a register. */
  static Mem guest(Gpr address, int displacement) {
    return Mem.of(MEMORY, address, 1, displacement);
  }

  /** Notes that guest instruction {@code instruction} may fault from here on. */
  void faultPoint(int instruction) {
    if (faultMapSize + 2 > faultMap.length) {
      faultMap = Arrays.copyOf(faultMap, 2 * faultMap.length);
    }
    faultMap[faultMapSize++] = asm.position();
    faultMap[faultMapSize++] = instructionBase + instruction;
  }

  /** Pairs of code offset and guest instruction number, ascending. */
  int[] faultMap() {
    return Arrays.copyOf(faultMap, faultMapSize);
  }

  /** Places code out of line; its start is the returned label. */
  Label cold(ColdPath path) {
    Label label = new Label();
    cold.add(new Cold(label, path, left));
    return label;
  }

  /** Where to jump to have the evaluator run the current guest instruction instead. */
  Label evaluate(int id) {
    int instruction = block.instructionOf(id);
    if (evaluateLabels[instruction] == null) {
      long pc = block.pc(instruction);
      evaluateLabels[instruction] = cold(() -> stop(ExitReason.EVALUATE, pc));
    }
    return evaluateLabels[instruction];
  }

  /** Length of the code in front of what is out of line, once that has been emitted. */
  int inLine() {
    return inLine;
  }

  /** Emits the out-of-line code. */
  void finish() {
    inLine = asm.position();
    if (counter != null) {
      counter.cold();
    }
    for (int i = 0; i < cold.size(); i++) {
      asm.bind(cold.get(i).label());
      left = cold.get(i).left();
      cold.get(i).path().emit();
    }
    if (frame != null) {
      asm.bind(frame.exit());
      frame.store(asm);
      asm.jmpTo(stubs.exitStored() - origin);
    }
    if (counter != null) {
      counter.finish();
    }
  }

  /** Leaves to Java with guest pc {@code pc}. */
  void stop(ExitReason reason, long pc) {
    if (reason.isBefore()) {
      notExecuted();
    }
    asm.movImm(Gpr.RAX, pc);
    stopAt(reason, Gpr.RAX);
  }

  /** Leaves to Java with the guest pc in a register. */
  void stopAt(ExitReason reason, Gpr pc) {
    asm.mov(8, state(RegisterFile.PC), pc);
    asm.movImm(Gpr.RAX, reason.ordinal());
    if (frame == null || left) {
      asm.jmpTo(stubs.exit() - origin);
      noteStubReference();
    } else {
      asm.jmp(frame.exit());
    }
  }

  /**
   * Calls a stub that finds its data behind the call. Where that is counted, it is as part of the
   * stub: what unlinks a branch finds the call by its length.
   */
  void callStub(long stub) {
    asm.untold(() -> asm.callTo(stub - origin));
    noteStubReference();
    links.add(asm.position());
  }

  private void noteStubReference() {
    stubReferences.add(asm.position() - 4);
  }

  /** Where displacements of jumps to the stubs are; they alone depend on where the code lies. */
  int[] stubReferences() {
    return stubReferences.toArray();
  }

  /** Where the data of jumps that can be linked is. */
  int[] links() {
    return links.toArray();
  }

  /** Notes that the first {@code count} guest instructions of this block are executed by here. */
  void executed(int count) {
    if (counter != null && count > executed) {
      counter.executed(count - executed);
      executed = count;
    }
  }

  /** Notes that the guest instruction counted last is not executed after all on this path. */
  void notExecuted() {
    if (counter != null) {
      counter.executed(-1);
    }
  }
}
