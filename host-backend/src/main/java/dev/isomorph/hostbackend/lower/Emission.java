package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.RegisterMap.STATE;

import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the lowerings of one block share: the assembler, the allocator, code to be placed out of
 * line, stops, and the map from host code back to guest instructions.
 */
final class Emission {
  /** Code that is placed behind the block, since it seldom runs. */
  interface ColdPath {
    void emit();
  }

  private record Cold(Label label, ColdPath path, boolean inside, int instruction) {}

  final Assembler asm = new Assembler();
  final RegisterAllocator regs = new RegisterAllocator(asm);
  final Stubs stubs;
  final CpuFeatures cpu;
  IrBlock block;

  /** How guest memory is reached. */
  final Addressing addressing;

  private final StretchCounter counter;

  /** Who wants to know what the code is for, or null. */
  private final CodeMap codeMap;

  /** The guest instruction that code is emitted for, and what that code is. */
  private int current;

  private CodeMap.Kind kind = CodeMap.Kind.BODY;

  /** Length of the code that is in line. */
  private int inLine;

  /** How many of the block's guest instructions have been told to the counter. */
  private int executed;

  private long origin;
  private int entry;
  private final List<Cold> cold = new ArrayList<>();
  private Label[] evaluateLabels = new Label[0];
  private int[] faultMap = new int[64];
  private int faultMapSize;
  private final OffsetList stubReferences = new OffsetList();
  private final OffsetList links = new OffsetList();
  private final OffsetList addresses = new OffsetList();
  private final OffsetList counters = new OffsetList();

  /** Where the stretches of the region are, null for a block. */
  private RegionLabels region;

  /** Whether guest registers are where the region has them, not in the fixed map. */
  private boolean inside;

  private BlockAnalysis analysis;

  /** Of the accesses of the stretch, by operation. */
  private Map<Integer, PageStream> streams = Map.of();

  /** What the number of the block's first instruction is outside of it. */
  private int first;

  /**
   * @param addressing how guest memory is reached
   * @param cpu what the code may use
   * @param counter what makes the code count its executions, or null
   * @param codeMap is told what the code is for; may be null
   */
  Emission(
      Stubs stubs,
      Addressing addressing,
      CpuFeatures cpu,
      StretchCounter counter,
      CodeMap codeMap) {
    this.stubs = stubs;
    this.cpu = cpu;
    this.addressing = addressing;
    this.counter = counter;
    this.codeMap = codeMap;
    if (counter != null) {
      counter.follow(asm);
    }
  }

  /**
   * Starts code that will be at host address {@code origin}.
   *
   * @param labels where the stretches of the region will be, null if it is to be a single block
   */
  void start(long origin, RegionLabels labels) {
    this.origin = origin;
    region = labels;
    inside = false;
    streams = Map.of();
    executed = 0;
    current = 0;
    first = 0;
    asm.reset();
    if (codeMap != null) {
      codeMap.clear();
    }
    part(region == null ? CodeMap.Kind.BODY : CodeMap.Kind.ENTRY);
    if (counter != null) {
      counter.start(origin, region != null);
    }
    cold.clear();
    faultMapSize = 0;
    stubReferences.clear();
    links.clear();
    addresses.clear();
    counters.clear();
  }

  /** Here guest code of an address is entered. */
  void entry(long pc) {
    entry = asm.position();
    if (counter != null) {
      counter.entry(pc);
    }
  }

  /** Offset of where the code is entered. */
  int entry() {
    return entry;
  }

  /**
   * Starts a stretch of a region whose guest instructions have numbers from {@code first} on, or
   * one that executes none.
   */
  void executesFrom(int first) {
    executed = first;
  }

  /** The next block's instructions have numbers from {@code number} on for who asks at a fault. */
  void firstInstruction(int number) {
    first = number;
  }

  /** Starts the block, or the next stretch of the region. */
  void begin(IrBlock next, BlockAnalysis analysis) {
    block = next;
    this.analysis = analysis;
    if (evaluateLabels.length < block.instructionCount()) {
      evaluateLabels = new Label[2 * block.instructionCount()];
    }
    Arrays.fill(evaluateLabels, null);
    regs.start(block, analysis, map());
  }

  /** The next block's accesses are of these streams, by operation. */
  void streams(Map<Integer, PageStream> next) {
    streams = next;
  }

  /** The stream of an access, or null. */
  PageStream streamOf(int id) {
    return streams.isEmpty() ? null : streams.get(id);
  }

  /**
   * The slot in memory that operation {@code id} does nothing but change, its operand {@code a}
   * being nowhere else, or -1.
   */
  int updatedSlot(int id, int a) {
    int slot = analysis.updated(block, id, a);
    return slot >= 0 && regs.isOnlyIn(a, slot) ? slot : -1;
  }

  /** Keeps a value in its register, if it is in one, for the rest of the current operation. */
  void lockIfInRegister(int value) {
    if (regs.registerOf(value) >= 0) {
      regs.use(value);
    }
  }

  /** Whether a value is a word's extension that its only user, a comparison, does without. */
  boolean isBareWord(int value) {
    return block.op(value) == IrOp.SEXT32 && analysis.isFused(value);
  }

  /** The remainder that the instruction of a division gives, too, or -1. */
  int remainderOf(int division) {
    return analysis.remainder(division);
  }

  /** Tells whether what comes next is inside of a region. */
  void inside(boolean isInside) {
    inside = isInside;
  }

  /** Whether jumps lead to labels of the region. */
  boolean isInside() {
    return inside;
  }

  /** The slots of this code. */
  RegisterMap map() {
    return region == null ? RegisterMap.FIXED : RegisterMap.REGION;
  }

  RegionLabels region() {
    return region;
  }

  /** A guest register's or scratch field of the register file. */
  static Mem state(int displacement) {
    return Mem.of(STATE, displacement);
  }

  /**
   * Compares the poll flag with 0, which is the lowest byte of rbp: the host makes one operation of
   * that and the branch, as it does not with an immediate.
   */
  void comparePoll() {
    asm.cmp(1, state(RegisterFile.POLL), STATE);
  }

  /** Notes that guest instruction {@code instruction} may fault from here on. */
  void faultPoint(int instruction) {
    if (faultMapSize + 2 > faultMap.length) {
      faultMap = Arrays.copyOf(faultMap, 2 * faultMap.length);
    }
    faultMap[faultMapSize++] = asm.position();
    faultMap[faultMapSize++] = first + instruction;
  }

  /** Pairs of code offset and guest instruction number, ascending. */
  int[] faultMap() {
    return Arrays.copyOf(faultMap, faultMapSize);
  }

  /** Places code out of line; its start is the returned label. */
  Label cold(ColdPath path) {
    Label label = new Label();
    cold.add(new Cold(label, path, inside, current));
    return label;
  }

  /** Where to jump to have the evaluator run the current guest instruction instead. */
  Label evaluate(int id) {
    int instruction = block.instructionOf(id);
    if (evaluateLabels[instruction] == null) {
      evaluateLabels[instruction] = stopLater(ExitReason.EVALUATE, instruction);
    }
    return evaluateLabels[instruction];
  }

  /** Has the evaluator run the current guest instruction; what follows is never reached. */
  void evaluateInstead(int id) {
    asm.jmp(evaluate(id));
    if (block.op(id).type() != ValueType.NONE) {
      regs.define(id);
    }
  }

  /** Emits the host address of a place in the code, as data. */
  void address(Label place) {
    addresses.add(asm.position());
    asm.emitLong(origin + place.position());
  }

  /** Counts so many entries into a region. */
  void countEntries(int counter, int entries) {
    asm.add(4, state(RegisterFile.entries(counter)), entries);
    // Behind the displacement is the number, in a byte if it fits.
    int immediate = entries == (byte) entries ? Byte.BYTES : Integer.BYTES;
    counters.add(asm.position() - immediate - Integer.BYTES);
  }

  /** Whether the code in line depends on where it is. */
  boolean refersToStubs() {
    return !stubReferences.isEmpty();
  }

  /** How many paths there are out of line. */
  int coldPaths() {
    return cold.size();
  }

  /** Length of the code in front of what is out of line, once that has been emitted. */
  int inLine() {
    return inLine;
  }

  /** What is emitted from here on is of this kind. */
  void part(CodeMap.Kind next) {
    kind = next;
    tell(next, null);
  }

  /** What is emitted from here on is for this guest instruction. */
  void partOf(int instruction) {
    if (instruction != current) {
      current = instruction;
      tell(kind, null);
    }
  }

  private void tell(CodeMap.Kind now, ExitReason reason) {
    if (codeMap != null) {
      codeMap.add(asm.position(), current, now, reason);
    }
  }

  /** Where to jump to leave to Java with the state before a guest instruction. */
  Label stopLater(ExitReason reason, int instruction) {
    long pc = block.pc(instruction);
    return cold(() -> stop(reason, pc, instruction));
  }

  /** Emits the out-of-line code. */
  void finish() {
    inLine = asm.position();
    if (counter != null) {
      counter.cold();
    }
    for (int i = 0; i < cold.size(); i++) {
      asm.bind(cold.get(i).label());
      inside = cold.get(i).inside();
      current = cold.get(i).instruction();
      part(CodeMap.Kind.OUT_OF_LINE);
      cold.get(i).path().emit();
    }
    if (counter != null) {
      counter.finish();
    }
  }

  private void stop(ExitReason reason, long pc, int instruction) {
    if (!inside) {
      stop(reason, pc);
      return;
    }
    // Java knows the state by the address, as at a fault.
    if (reason.isBefore()) {
      notExecuted();
    }
    current = instruction;
    tell(CodeMap.Kind.STOP, reason);
    asm.movImm(Gpr.RAX, pc);
    asm.mov(8, state(RegisterFile.PC), Gpr.RAX);
    asm.movImm(Gpr.RAX, reason.ordinal());
    faultPoint(instruction);
    callLeavingStub(stubs.exitInside());
    asm.int3();
  }

  /** Leaves to Java with guest pc {@code pc}, guest registers in the fixed map. */
  void stop(ExitReason reason, long pc) {
    if (reason.isBefore()) {
      notExecuted();
    }
    tell(CodeMap.Kind.STOP, reason);
    asm.movImm(Gpr.RAX, pc);
    leave(reason, Gpr.RAX);
  }

  /** As {@link #stop}, with the guest pc in a register. */
  void stopAt(ExitReason reason, Gpr pc) {
    tell(CodeMap.Kind.STOP, reason);
    leave(reason, pc);
  }

  private void leave(ExitReason reason, Gpr pc) {
    asm.mov(8, state(RegisterFile.PC), pc);
    asm.movImm(Gpr.RAX, reason.ordinal());
    jumpToStub(stubs.exit());
  }

  /** Tells the stub that comes next where the guest jumps to; uses rcx. */
  void lookUp(Gpr target) {
    asm.mov(8, Gpr.RCX, target);
    asm.and(8, Gpr.RCX, -2);
    asm.mov(8, state(RegisterFile.PC), Gpr.RCX);
  }

  void jumpToStub(long stub) {
    asm.jmpTo(stub - origin);
    noteStubReference();
  }

  void branchToStub(Cond cond, long stub) {
    asm.jccTo(cond, stub - origin);
    noteStubReference();
  }

  /** Calls a stub that comes back. */
  void callStub(long stub) {
    asm.callTo(stub - origin);
    noteStubReference();
  }

  /**
   * Calls a stub that looks at the address behind the call. Where that is counted, it is as part of
   * the stub: what unlinks a branch finds the call by its length.
   */
  void callLeavingStub(long stub) {
    asm.callToUntold(stub - origin);
    noteStubReference();
  }

  /** Calls the stub that finds its data behind the call. */
  void callLinkStub() {
    callLeavingStub(stubs.link());
    links.add(asm.position());
  }

  /** Calls a stub that makes the system call of an ecall at {@code pc}, if it can be made here. */
  void callForSystem(long pc) {
    asm.movImm(Gpr.RAX, pc);
    asm.mov(8, state(RegisterFile.PC), Gpr.RAX);
    callStub(stubs.directCall());
  }

  /** Jumps to a stub that traps to the supervisor by an ecall at {@code pc}, if it can. */
  void callSupervisor(long pc) {
    tell(CodeMap.Kind.STOP, ExitReason.SYSTEM_CALL);
    asm.movImm(Gpr.RAX, pc);
    asm.mov(8, state(RegisterFile.PC), Gpr.RAX);
    jumpToStub(stubs.callSupervisor());
  }

  private void noteStubReference() {
    stubReferences.add(asm.position() - 4);
  }

  /** Where displacements of jumps to the stubs are. */
  int[] stubReferences() {
    return stubReferences.toArray();
  }

  /** Where the data of jumps that can be linked is. */
  int[] links() {
    return links.toArray();
  }

  /** What else depends on where the code lies. */
  RegionFields fields() {
    return new RegionFields(addresses.toArray(), counters.toArray());
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
