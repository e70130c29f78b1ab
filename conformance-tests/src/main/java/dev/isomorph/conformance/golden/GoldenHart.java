package dev.isomorph.conformance.golden;

import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;

/** A hart in user mode that runs one instruction after the other by the {@link InstructionSet}. */
public final class GoldenHart {
  private final SparseMemory memory;
  private final long[] x = new long[32];
  private final long[] f = new long[32];
  private long pc;
  private long nextPc;
  private int frm;
  private int fflags;
  private int unpredictable;

  private boolean reserved;
  private long reservedAddress;
  private long reservedValue;

  /** A hart whose registers are zero and which holds no reservation. */
  public GoldenHart(SparseMemory memory) {
    this.memory = memory;
  }

  /**
   * Runs the instruction at pc.
   *
   * @return why it could not be completed, in which case nothing has changed; null if it was
   */
  public Ending step() {
    try {
      Instruction instruction = fetch();
      nextPc = pc + instruction.length();
      InstructionSet.of(instruction.opcode()).execute(this, instruction);
      pc = nextPc;
      return null;
    } catch (Trap trap) {
      return trap.ending();
    }
  }

  /** The instruction at pc: "Base Instruction-Length Encoding"; parcels are fetched as needed. */
  private Instruction fetch() {
    int low = parcel(pc);
    return Decoder.decode(Instruction.lengthOf(low) == 4 ? parcel(pc + 2) << 16 | low : low);
  }

  private int parcel(long address) {
    require(address, 2, Access.EXECUTE);
    return (int) memory.peek(address, 2);
  }

  // What programs see.

  /** Integer register x{@code i}. */
  public long x(int i) {
    return x[i];
  }

  /** Sets integer register x{@code i}; x0 stays 0. */
  public void x(int i, long value) {
    if (i != 0) {
      x[i] = value;
      unpredictable &= ~(1 << i);
    }
  }

  /** The 64 bits of float register f{@code i}. */
  public long f(int i) {
    return f[i];
  }

  /** Sets float register f{@code i}. */
  public void f(int i, long bits) {
    f[i] = bits;
  }

  public long pc() {
    return pc;
  }

  public void pc(long address) {
    pc = address;
  }

  /** The float control and status register: frm in bits 7 to 5, fflags in bits 4 to 0. */
  public int fcsr() {
    return frm << 5 | fflags;
  }

  /** Sets the float control and status register; its upper bits do not exist. */
  public void fcsr(int value) {
    frm = value >>> 5 & 7;
    fflags = value & 31;
  }

  /** Whether a load-reserved waits for its store-conditional. */
  public boolean reserved() {
    return reserved;
  }

  /** The integer registers, as bits, whose value the manual leaves open: counters. */
  public int unpredictable() {
    return unpredictable;
  }

  // What instructions need.

  void jump(long target) {
    nextPc = target;
  }

  long nextPc() {
    return nextPc;
  }

  /** Writes a register that a counter was read to. */
  void unpredictable(int i) {
    x(i, 0);
    unpredictable |= i == 0 ? 0 : 1 << i;
  }

  int frm() {
    return frm;
  }

  /** Adds to the accrued exception flags. */
  void accrue(int flags) {
    fflags |= flags;
  }

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  long load(long address, int bytes) {
    require(address, bytes, Access.READ);
    return memory.peek(address, bytes);
  }

  void store(long address, int bytes, long value) {
    require(address, bytes, Access.WRITE);
    memory.poke(address, bytes, value);
  }

  boolean allows(long address, Access access) {
    return memory.allows(address, access);
  }

  void require(long address, int bytes, Access access) {
    for (int i = 0; i < bytes; i++) {
      if (!memory.allows(address + i, access)) {
        throw new Trap(new Ending.MemoryFault(address + i, access));
      }
    }
  }

  void reserve(long address, long value) {
    reserved = true;
    reservedAddress = address;
    reservedValue = value;
  }

  /** Whether there is a reservation for this address. */
  boolean reservedAt(long address) {
    return reserved && reservedAddress == address;
  }

  /** Whether memory at the reserved address still holds the value that was loaded. */
  boolean reservedValueIsIn(long address, int bytes) {
    long mask = -1L >>> 64 - 8 * bytes;
    return memory.peek(address, bytes) == (reservedValue & mask);
  }

  void endReservation() {
    reserved = false;
  }
}
