package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterMap.HOST_REGISTERS;
import static dev.isomorph.hostbackend.lower.RegisterMap.XMM0;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Mem;

/**
 * The stub that reads a machine's time by the host's monotonic clock, which {@link System#nanoTime}
 * reads, too: by the kernel's function in the process, which may use any register that the System V
 * calling convention lets it.
 */
final class ClockCode {
  /** The function that does what clock_gettime(2) does. */
  static final String FUNCTION = "__vdso_clock_gettime";

  private static final int CLOCK_MONOTONIC = 1;
  private static final int NANOSECONDS_PER_SECOND = 1_000_000_000;
  private static final int NANOSECONDS_PER_TICK = 100;
  private static final int STACK_ALIGNMENT = 16;

  private final Assembler asm;

  ClockCode(Assembler asm) {
    this.asm = asm;
  }

  /** Called anywhere: leaves the time in {@link RegisterFile#TEMP}, and all registers alone. */
  void emit() {
    transfer(true);
    asm.mov(8, Gpr.RBX, Gpr.RSP);
    asm.and(8, Gpr.RSP, -STACK_ALIGNMENT);
    asm.sub(8, Gpr.RSP, STACK_ALIGNMENT);
    asm.movImm(Gpr.RDI, CLOCK_MONOTONIC);
    asm.mov(8, Gpr.RSI, Gpr.RSP);
    asm.call(state(RegisterFile.CLOCK_FUNCTION));
    asm.mov(8, Gpr.RAX, Mem.of(Gpr.RSP));
    asm.imul(8, Gpr.RAX, Gpr.RAX, NANOSECONDS_PER_SECOND);
    asm.add(8, Gpr.RAX, Mem.of(Gpr.RSP, 8));
    asm.add(8, Gpr.RAX, state(RegisterFile.CLOCK_OFFSET));
    asm.mov(8, Gpr.RSP, Gpr.RBX);
    asm.xor(4, Gpr.RDX, Gpr.RDX);
    asm.movImm(Gpr.RCX, NANOSECONDS_PER_TICK);
    asm.div(8, Gpr.RCX);
    asm.mov(8, state(RegisterFile.TEMP), Gpr.RAX);
    transfer(false);
    asm.ret();
  }

  /** Saves the registers that Java knows of at a fault, or takes them back. */
  private void transfer(boolean saves) {
    for (int host = 0; host < HOST_REGISTERS; host++) {
      Mem saved = state(RegisterFile.saved(host));
      if (host >= XMM0) {
        if (saves) {
          asm.vmovsd(saved, RegisterMap.xmm(host));
        } else {
          asm.vmovsd(RegisterMap.xmm(host), saved);
        }
      } else if (Stubs.isKept(host)) {
        if (saves) {
          asm.mov(8, saved, RegisterMap.gpr(host));
        } else {
          asm.mov(8, RegisterMap.gpr(host), saved);
        }
      }
    }
  }
}
