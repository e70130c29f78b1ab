package dev.isomorph.hostbackend;

import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RBP;
import static dev.isomorph.hostbackend.asm.Gpr.RDI;
import static dev.isomorph.hostbackend.asm.Gpr.RSP;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Mem;
import java.util.function.Consumer;

/** Emitted code for tests, with a page of state that it finds in rbp. */
public final class GuestCode implements AutoCloseable {
  /** Offset of the saved host stack pointer in the state. */
  public static final int HOST_RSP = 0;

  public static final int SIZE = 4096;

  private final ExecutableMemory memory = new ExecutableMemory(SIZE);
  private final long state = HostMemory.allocate(4096);
  private int position;

  /** Appends code and returns the address where it will run. */
  public long add(Consumer<Assembler> body) {
    Assembler asm = new Assembler();
    body.accept(asm);
    byte[] code = asm.code();
    int start = position;
    memory.copyIn(code, 0, start, code.length);
    position = start + code.length + 15 & -16;
    return memory.rx(start);
  }

  /** Appends code that begins with saving the stack pointer and setting rbp. */
  public long addEntry(Consumer<Assembler> body) {
    return add(
        asm -> {
          asm.mov(8, RBP, RDI);
          asm.mov(8, Mem.of(RBP, HOST_RSP), RSP);
          body.accept(asm);
        });
  }

  /** Appends code that returns {@code reason} to Java from any depth of the stack. */
  public long addExit(int reason, Consumer<Assembler> first) {
    return add(
        asm -> {
          first.accept(asm);
          asm.mov(8, RSP, Mem.of(RBP, HOST_RSP));
          asm.movImm(RAX, reason);
          asm.ret();
        });
  }

  public long run(long code) {
    return HostCalls.enter(code, state);
  }

  public long state() {
    return state;
  }

  public long base() {
    return memory.rx(0);
  }

  @Override
  public void close() {
    memory.close();
    HostMemory.free(state, 4096);
  }
}
