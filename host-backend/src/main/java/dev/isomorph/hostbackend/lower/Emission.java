package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.FixedMap.MEMORY;
import static dev.isomorph.hostbackend.lower.FixedMap.STATE;

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

  private record Cold(Label label, ColdPath path) {}

  final Assembler asm = new Assembler();
  final RegisterAllocator regs = new RegisterAllocator(asm);
  final Stubs stubs;
  IrBlock block;

  private long origin;
  private final List<Cold> cold = new ArrayList<>();
  private Label[] evaluateLabels = new Label[0];
  private int[] faultMap = new int[64];
  private int faultMapSize;

  Emission(Stubs stubs) {
    this.stubs = stubs;
  }

  /** Starts a block whose code will be at host address {@code origin}. */
  void start(IrBlock block, BlockAnalysis analysis, long origin) {
    this.block = block;
    this.origin = origin;
    asm.reset();
    cold.clear();
    faultMapSize = 0;
    if (evaluateLabels.length < block.instructionCount()) {
      evaluateLabels = new Label[2 * block.instructionCount()];
    }
    Arrays.fill(evaluateLabels, null);
    regs.start(block, analysis);
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
    faultMap[faultMapSize++] = instruction;
  }

  /** Pairs of code offset and guest instruction number, ascending. */
  int[] faultMap() {
    return Arrays.copyOf(faultMap, faultMapSize);
  }

  /** Places code out of line; its start is the returned label. */
  Label cold(ColdPath path) {
    Label label = new Label();
    cold.add(new Cold(label, path));
    return label;
  }

  /** Where to jump to have the evaluator run the current guest instruction instead. */
  Label evaluate(int id) {
    int instruction = block.instructionOf(id);
    if (evaluateLabels[instruction] == null) {
      evaluateLabels[instruction] = cold(() -> stop(ExitReason.EVALUATE, block.pc(instruction)));
    }
    return evaluateLabels[instruction];
  }

  /** Emits the out-of-line code. */
  void finish() {
    for (int i = 0; i < cold.size(); i++) {
      asm.bind(cold.get(i).label());
      cold.get(i).path().emit();
    }
  }

  /** Leaves to Java with guest pc {@code pc}. */
  void stop(ExitReason reason, long pc) {
    asm.movImm(Gpr.RAX, pc);
    stopAt(reason, Gpr.RAX);
  }

  /** Leaves to Java with the guest pc in a register. */
  void stopAt(ExitReason reason, Gpr pc) {
    asm.mov(8, state(RegisterFile.PC), pc);
    asm.movImm(Gpr.RAX, reason.ordinal());
    asm.jmpRel32(distance(stubs.exit(), 5));
  }

  /** Calls a stub that finds its data behind the call. */
  void callStub(long stub) {
    asm.callRel32(distance(stub, 5));
  }

  /** The rel32 from an instruction of {@code length} bytes emitted next to a host address. */
  private int distance(long target, int length) {
    return (int) (target - (origin + asm.position() + length));
  }
}
