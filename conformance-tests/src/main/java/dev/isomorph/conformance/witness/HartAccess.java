package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;

/** Puts scenarios into an engine's hart and takes observations from it. */
final class HartAccess {
  private static final int SIGSEGV = 11;

  private HartAccess() {}

  /** Makes a hart start as a scenario does. */
  static void start(Hart hart, Scenario scenario) {
    for (int i = 0; i < 32; i++) {
      hart.x(i, scenario.x()[i]);
      hart.f(i, scenario.f()[i]);
    }
    hart.fcsr(scenario.fcsr());
    hart.endReservation();
    hart.pc(scenario.pc());
  }

  /** The state a hart has ended in. */
  static Observation observe(Hart hart, Ending ending, byte[] data) {
    long[] x = new long[32];
    long[] f = new long[32];
    for (int i = 0; i < 32; i++) {
      x[i] = hart.x(i);
      f[i] = hart.f(i);
    }
    return new Observation(ending, hart.pc(), x, f, hart.fcsr(), 0, data);
  }

  /** What of the endings there are a stop is. */
  static Ending ending(Stop stop) {
    return switch (stop) {
      case Stop.SystemCall() -> new Ending.SystemCall();
      case Stop.Breakpoint() -> new Ending.Breakpoint();
      case Stop.IllegalInstruction(int encoding) -> new Ending.IllegalInstruction(encoding);
      case Stop.Misaligned(long address, boolean write) -> new Ending.Misaligned(address);
      case Stop.MemoryFault(long address, Stop.Access access, int signal) when signal == SIGSEGV ->
          new Ending.MemoryFault(address, access(access));
      case Stop.MemoryFault fault -> throw new IllegalStateException("unexpected " + fault);
      case Stop.Privileged stopped -> throw new IllegalStateException("unexpected " + stopped);
      case Stop.CallMade made -> throw new IllegalStateException("unexpected " + made);
      case Stop.AtBreakpoint reached -> throw new IllegalStateException("unexpected " + reached);
      case Stop.Watched watched -> throw new IllegalStateException("unexpected " + watched);
      case Stop.Polled polled -> throw new IllegalStateException("unexpected " + polled);
    };
  }

  /** Null for an access that the engine cannot tell. */
  private static Access access(Stop.Access access) {
    return switch (access) {
      case DATA -> null;
      case LOAD -> Access.READ;
      case STORE -> Access.WRITE;
      case EXECUTE -> Access.EXECUTE;
    };
  }
}
