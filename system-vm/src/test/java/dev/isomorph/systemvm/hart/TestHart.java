package dev.isomorph.systemvm.hart;

import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.systemvm.device.ManualClock;
import dev.isomorph.systemvm.memory.Ram;
import java.util.ArrayList;
import java.util.List;

/** A hart without an engine: registers, and all that is privileged. */
final class TestHart implements HartRegisters, HartCounts, HartListener, AutoCloseable {
  static final long RAM_BASE = 0x8000_0000L;
  static final long RAM_SIZE = 0x4_0000;

  final ManualClock clock = new ManualClock();
  final Ram ram = new Ram(RAM_BASE, RAM_SIZE);
  final List<String> events = new ArrayList<>();
  final long[] x = new long[32];
  long pc = RAM_BASE;
  int fcsr;
  long cycles;
  long instructions;

  final PrivilegedState state = new PrivilegedState(5, this, clock, this, this);
  final Traps traps = new Traps(state);
  final PageWalker walker = new PageWalker(state, ram);
  final PrivilegedInstructions instructionsOf =
      new PrivilegedInstructions(state, traps, walker, ram);

  TestHart() {
    events.clear();
  }

  /** Puts the hart into a mode, without a trace. */
  TestHart in(Privilege privilege) {
    state.enter(privilege, state.status());
    events.clear();
    return this;
  }

  /** Sets a register as machine mode would. */
  TestHart with(Csr csr, long value) {
    return with(csr.number(), value);
  }

  TestHart with(int csr, long value) {
    state.writeAsMachine(csr, value);
    events.clear();
    return this;
  }

  long peek(Csr csr) {
    return state.readAsMachine(csr.number());
  }

  /** Lets less privileged modes access all memory. */
  TestHart openMemory() {
    return with(Csr.PMPADDR, -1).with(Csr.PMPCFG, 0x1f);
  }

  PrivilegedInstructions.Outcome execute(int encoding) {
    return instructionsOf.execute(encoding);
  }

  PrivilegedInstructions.Outcome execute(Opcode opcode, long... operands) {
    return execute(Encoder.encode(opcode, operands));
  }

  /** Whether the encoding raises an illegal-instruction exception; undoes nothing. */
  boolean isIllegal(int encoding) {
    with(Csr.MEDELEG, 0).with(Csr.MCAUSE, 0);
    execute(encoding);
    return peek(Csr.MCAUSE) == TrapCause.ILLEGAL_INSTRUCTION.code();
  }

  @Override
  public long x(int register) {
    return x[register];
  }

  @Override
  public void x(int register, long value) {
    if (register != 0) {
      x[register] = value;
    }
  }

  @Override
  public long pc() {
    return pc;
  }

  @Override
  public void pc(long value) {
    pc = value;
  }

  @Override
  public int fcsr() {
    return fcsr;
  }

  @Override
  public void fcsr(int value) {
    fcsr = value;
  }

  @Override
  public long cycles() {
    return cycles;
  }

  @Override
  public long instructions() {
    return instructions;
  }

  @Override
  public void contextChanged() {
    events.add("context");
  }

  @Override
  public void fence(boolean allAddresses, long address, int asid) {
    events.add("fence " + (allAddresses ? "all" : Long.toHexString(address)) + " " + asid);
  }

  @Override
  public void interrupted() {
    events.add("interrupted");
  }

  @Override
  public void close() {
    ram.close();
  }
}
