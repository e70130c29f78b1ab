package dev.isomorph.conformance.coverage;

import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.Format;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.conformance.witness.Observation;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Instruction;

/**
 * An instruction that was tested, as corners see it.
 *
 * @param i the instruction, the last of the scenario's program
 * @param pc where it is
 */
record Case(Shape shape, Instruction i, long pc, Scenario before, Observation after) {
  private static final int FFLAGS = 31;
  private static final int FRM_SHIFT = 5;

  Case(Shape shape, Scenario before, Observation after) {
    this(shape, before.last(), before.lastPc(), before, after);
  }

  /** Whether it did its work. */
  boolean completes() {
    return after.pc() != pc;
  }

  /** Whether all of it could be fetched. */
  boolean isFetched() {
    return completes()
        || !(after.ending() instanceof Ending.MemoryFault(long address, Access access)
            && access == Access.EXECUTE);
  }

  boolean isIllegal() {
    return after.ending() instanceof Ending.IllegalInstruction && after.pc() == pc;
  }

  /** The number of the register rd, or rs1 to rs3, counted from 0. */
  static int register(Instruction i, int place) {
    return switch (place) {
      case 0 -> i.rd();
      case 1 -> i.rs1();
      case 2 -> i.rs2();
      default -> i.rs3();
    };
  }

  /** The value of an integer source. */
  long integer(int place) {
    return before.x()[register(i, place)];
  }

  /** All bits of the register of a float source. */
  long register(int place) {
    return before.f()[register(i, place)];
  }

  /** The bits of a float source without its box. */
  long number(int place) {
    return bits(register(place), shape.sourceFormat());
  }

  /** The bits of the float result without its box. */
  long result() {
    return bits(after.f()[i.rd()], shape.resultFormat());
  }

  private static long bits(long register, Format format) {
    return register & -1L >>> 64 - format.width();
  }

  boolean isBoxed(int place) {
    return shape.sourceFormat().box(register(place)) == register(place);
  }

  /** The address of an access to memory. */
  long address() {
    return integer(1) + i.imm();
  }

  int rmBefore() {
    return before.fcsr() >> FRM_SHIFT;
  }

  int flagsBefore() {
    return before.fcsr() & FFLAGS;
  }

  /** The flags that the instruction is seen to raise. */
  int flagsRaised() {
    return after.fcsr() & FFLAGS & ~flagsBefore();
  }
}
