package dev.isomorph.hostbackend.signal;

import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RBP;
import static dev.isomorph.hostbackend.asm.Gpr.RCX;
import static dev.isomorph.hostbackend.asm.Gpr.RDI;
import static dev.isomorph.hostbackend.asm.Gpr.RDX;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Mem;

/**
 * Accesses to memory that may not be mapped, may lack the right, or may vanish meanwhile: a fault
 * is an answer and has changed nothing. Plain accesses of aligned values are single accesses.
 *
 * <p>One object serves one thread at a time. The code is made once and stays.
 */
public final class GuardedAccess implements AutoCloseable {
  /** Bytes that {@link #clear} clears. */
  public static final int CLEARED = 64;

  /** Bytes that {@link #fetch} reads. */
  public static final int LINE = 128;

  // What the code finds at rbp.
  private static final int ADDRESS = 0;
  private static final int VALUE = 8;
  private static final int EXPECTED = 16;
  private static final FaultSlots FAULT = new FaultSlots(24, 32, 40, 44, 48);
  private static final int FETCHED = 64;
  private static final int SIZE = FETCHED + LINE;

  private static final int FAULTED = 1;

  private static GuardedCode code;

  /** Addresses of the code for accesses of 1, 2, 4 and 8 bytes. */
  private record GuardedCode(long[] loads, long[] stores, long[] swaps, long clear, long fetch) {}

  private final long state = HostMemory.allocate(SIZE);
  private final GuardedCode made = code();

  private static synchronized GuardedCode code() {
    if (code == null) {
      code = make();
    }
    return code;
  }

  private static GuardedCode make() {
    Assembler asm = new Assembler();
    int fault = asm.position();
    asm.movImm(RAX, FAULTED);
    asm.ret();
    int[] loads = new int[4];
    int[] stores = new int[4];
    int[] swaps = new int[4];
    for (int i = 0; i < 4; i++) {
      loads[i] = load(asm, 1 << i);
      stores[i] = store(asm, 1 << i);
      swaps[i] = swap(asm, 1 << i);
    }
    int clear = clear(asm);
    int fetch = fetch(asm);
    byte[] bytes = asm.code();
    ExecutableMemory memory = new ExecutableMemory(bytes.length);
    memory.copyIn(bytes, 0, 0, bytes.length);
    FaultHandler.install(memory.rx(0), memory.size(), memory.rx(fault), FAULT);
    return new GuardedCode(
        at(memory, loads),
        at(memory, stores),
        at(memory, swaps),
        memory.rx(clear),
        memory.rx(fetch));
  }

  private static long[] at(ExecutableMemory memory, int[] offsets) {
    long[] addresses = new long[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      addresses[i] = memory.rx(offsets[i]);
    }
    return addresses;
  }

  /** The state in rbp, the address in rdx. */
  private static int begin(Assembler asm) {
    asm.align(16);
    int start = asm.position();
    asm.mov(8, RBP, RDI);
    asm.mov(8, RDX, Mem.of(RBP, ADDRESS));
    return start;
  }

  private static void end(Assembler asm) {
    asm.xor(4, RAX, RAX);
    asm.ret();
  }

  private static int load(Assembler asm, int bytes) {
    int start = begin(asm);
    if (bytes < 4) {
      asm.movzx(bytes, RCX, Mem.of(RDX, 0));
    } else {
      asm.mov(bytes, RCX, Mem.of(RDX, 0));
    }
    asm.mov(8, Mem.of(RBP, VALUE), RCX);
    end(asm);
    return start;
  }

  private static int store(Assembler asm, int bytes) {
    int start = begin(asm);
    asm.mov(8, RCX, Mem.of(RBP, VALUE));
    asm.mov(bytes, Mem.of(RDX, 0), RCX);
    end(asm);
    return start;
  }

  private static int swap(Assembler asm, int bytes) {
    int start = begin(asm);
    asm.mov(8, RAX, Mem.of(RBP, EXPECTED));
    asm.mov(8, RCX, Mem.of(RBP, VALUE));
    asm.lock();
    asm.cmpxchg(bytes, Mem.of(RDX, 0), RCX);
    asm.setcc(Cond.E, RCX);
    asm.movzx(1, RCX, RCX);
    asm.mov(8, Mem.of(RBP, VALUE), RCX);
    end(asm);
    return start;
  }

  private static int clear(Assembler asm) {
    int start = begin(asm);
    for (int offset = 0; offset < CLEARED; offset += Long.BYTES) {
      asm.mov(8, Mem.of(RDX, offset), 0);
    }
    end(asm);
    return start;
  }

  private static int fetch(Assembler asm) {
    int start = begin(asm);
    for (int offset = 0; offset < LINE; offset += Long.BYTES) {
      asm.mov(8, RCX, Mem.of(RDX, offset));
      asm.mov(8, Mem.of(RBP, FETCHED + offset), RCX);
    }
    end(asm);
    return start;
  }

  private boolean access(long entry, long address) {
    HostMemory.putLong(state + ADDRESS, address);
    return HostCalls.enter(entry, state) != FAULTED;
  }

  private static long of(long[] bySize, int bytes) {
    return bySize[Integer.numberOfTrailingZeros(bytes)];
  }

  /** Loads 1, 2, 4 or 8 bytes; returns whether that succeeded, then {@link #value} has them. */
  public boolean load(long address, int bytes) {
    return access(of(made.loads, bytes), address);
  }

  /** What was loaded, zero-extended. */
  public long value() {
    return HostMemory.getLong(state + VALUE);
  }

  /** Stores the low 1, 2, 4 or 8 bytes of a value; returns whether that succeeded. */
  public boolean store(long address, int bytes, long value) {
    HostMemory.putLong(state + VALUE, value);
    return access(of(made.stores, bytes), address);
  }

  /**
   * Replaces 1, 2, 4 or 8 aligned bytes by the low ones of {@code value} if they are those of
   * {@code expected}, as one access. Returns whether it could access them, for writing; then {@link
   * #value} is 1 if they were replaced, else 0.
   */
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    HostMemory.putLong(state + EXPECTED, expected);
    HostMemory.putLong(state + VALUE, value);
    return access(of(made.swaps, bytes), address);
  }

  /** Clears {@link #CLEARED} bytes within a page; returns whether that succeeded. */
  public boolean clear(long address) {
    return access(made.clear, address);
  }

  /**
   * Copies {@link #LINE} bytes within a page; returns whether that succeeded, then {@link #fetched}
   * has them.
   */
  public boolean fetch(long address) {
    return access(made.fetch, address);
  }

  /** The 16 bits at an offset of what was fetched last, zero-extended. */
  public int fetched(int offset) {
    return HostMemory.getShort(state + FETCHED + offset) & 0xffff;
  }

  /** Where the last access that failed met what it could not access. */
  public long faultAddress() {
    return HostMemory.getLong(state + FAULT.address());
  }

  /** The signal that told so. */
  public int faultSignal() {
    return HostMemory.getInt(state + FAULT.signal());
  }

  @Override
  public void close() {
    HostMemory.free(state, SIZE);
  }
}
