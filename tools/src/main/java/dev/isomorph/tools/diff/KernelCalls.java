package dev.isomorph.tools.diff;

import dev.isomorph.engine.Hart;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.processvm.syscall.CallShape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes system calls have the results they had for a witness. Memory is mapped where the witness
 * has it, descriptors are translated, other results are taken over; what the kernel may have
 * written becomes foreign memory. The registers tell the system call layer all of this.
 */
final class KernelCalls {
  private static final int A0 = 10;
  private static final int A7 = 17;
  private static final int ARGUMENTS = 6;
  private static final long LOWEST_ERROR = -4095;
  private static final int LAST_SIGNAL = 64;

  // riscv64 system call numbers (asm-generic/unistd.h).
  private static final int EXIT = 93;
  private static final int EXIT_GROUP = 94;
  private static final int RT_SIGACTION = 134;
  private static final int RT_SIGRETURN = 139;
  private static final int GETPID = 172;
  private static final int BRK = 214;
  private static final int MUNMAP = 215;
  private static final int MREMAP = 216;
  private static final int CLONE = 220;
  private static final int EXECVE = 221;
  private static final int MMAP = 222;
  private static final int EXECVEAT = 281;
  private static final int CLONE3 = 435;

  // linux/sched.h
  private static final long CLONE_VM = 0x100;
  private static final long CLONE_VFORK = 0x4000;

  private final AddressSpace space;
  private final ForeignMemory foreign;
  private final Map<Long, Long> descriptors = new HashMap<>();
  private final Map<String, Integer> adopted = new TreeMap<>();
  private final Set<Long> handlers = new HashSet<>();
  private final long[] arguments = new long[ARGUMENTS];
  private long number;
  private long result;
  private boolean replaced;
  private boolean pending;

  /** End of the heap that is mapped, 0 while not known. */
  private long heapEnd;

  KernelCalls(AddressSpace space, ForeignMemory foreign) {
    this.space = space;
    this.foreign = foreign;
  }

  /** How often the result of each call had to be taken over. */
  Map<String, Integer> adopted() {
    return adopted;
  }

  /** Whether the program is about to end by itself. */
  static boolean isExit(Hart hart) {
    return hart.x(A7) == EXIT || hart.x(A7) == EXIT_GROUP;
  }

  /** Whether the program is about to start what runs beside it in the same memory. */
  static boolean startsThread(Hart hart, AddressSpace space) {
    long flags = 0;
    if (hart.x(A7) == CLONE) {
      flags = hart.x(A0);
    } else if (hart.x(A7) == CLONE3 && space.readable(hart.x(A0), Long.BYTES)) {
      flags = HostMemory.getLong(space.hostAddress(hart.x(A0)));
    }
    return (flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM;
  }

  /** Whether a state is that of a signal handler's first instruction. */
  boolean entersHandler(GuestState state) {
    long signal = state.registers[A0];
    return signal >= 1 && signal <= LAST_SIGNAL && handlers.contains(state.pc);
  }

  /**
   * The program is about to make a system call.
   *
   * @param witnessed the result it had for the witness
   */
  void begin(Hart hart, long witnessed) {
    number = hart.x(A7);
    result = witnessed;
    replaced = false;
    pending = true;
    for (int i = 0; i < ARGUMENTS; i++) {
      arguments[i] = hart.x(A0 + i);
    }
    switch ((int) number) {
      case CLONE, CLONE3, EXECVE, EXECVEAT, RT_SIGRETURN ->
          throw new ComparisonEnd(
              false, "the program calls " + CallShape.of(number).name() + ", which ends here");
      case MMAP -> map(hart);
      case MREMAP -> remap(hart);
      case BRK -> moveHeap(hart);
      case RT_SIGACTION -> learnHandler(arguments[1]);
      default -> translateDescriptors(hart);
    }
  }

  /** The action's first word is the handler (struct sigaction, asm-generic/signal.h). */
  private void learnHandler(long action) {
    if (action != 0 && space.readable(action, Long.BYTES)) {
      handlers.add(HostMemory.getLong(space.hostAddress(action)));
    }
  }

  private void map(Hart hart) {
    if (isError(result)) {
      replace(hart, GETPID);
      return;
    }
    translateDescriptors(hart);
    hart.x(A0, result);
    hart.x(A0 + 3, arguments[3] & ~Mman.MAP_FIXED_NOREPLACE | Mman.MAP_FIXED);
  }

  private void remap(Hart hart) {
    if (isError(result)) {
      replace(hart, GETPID);
    } else if (result == arguments[0]) {
      hart.x(A0 + 3, 0);
    } else {
      hart.x(A0 + 3, Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED);
      hart.x(A0 + 4, result);
    }
  }

  /** The heap is where the witness has it: ordinary mappings, as far as ours is concerned. */
  private void moveHeap(Hart hart) {
    long end = AddressSpace.pageAlign(result);
    if (heapEnd == 0 || end == heapEnd) {
      replace(hart, GETPID);
    } else if (end > heapEnd) {
      replace(
          hart,
          MMAP,
          heapEnd,
          end - heapEnd,
          Mman.PROT_READ | Mman.PROT_WRITE,
          Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED,
          -1,
          0);
    } else {
      replace(hart, MUNMAP, end, heapEnd - end);
    }
    heapEnd = end;
  }

  /** Has another call made in the place of the one that the program makes. */
  private void replace(Hart hart, int by, long... with) {
    replaced = true;
    hart.x(A7, by);
    for (int i = 0; i < with.length; i++) {
      hart.x(A0 + i, with[i]);
    }
  }

  private void translateDescriptors(Hart hart) {
    CallShape shape = CallShape.of(number);
    for (int i = 0; i < shape.arguments(); i++) {
      if (shape.isDescriptor(i)) {
        long value = (int) arguments[i];
        hart.x(A0 + i, descriptors.getOrDefault(value, value));
      }
    }
  }

  /** The call that was begun has been made, or there was none. */
  void finish(Hart hart) {
    if (!pending) {
      return;
    }
    pending = false;
    long ours = hart.x(A0);
    if (mapsMemory() && isError(ours) && !isError(result)) {
      throw new ComparisonEnd(
          true,
          CallShape.of(number).name()
              + " fails here with error "
              + -ours
              + " where the witness has memory at 0x"
              + Long.toHexString(result)
              + "\n");
    }
    hart.x(A7, number);
    for (int i = 1; i < ARGUMENTS; i++) {
      hart.x(A0 + i, arguments[i]);
    }
    hart.x(A0, result);
    CallShape shape = CallShape.of(number);
    if (shape.givesDescriptor() && !isError(ours) && !isError(result)) {
      descriptors.put(result, ours);
    } else if (ours != result && !replaced) {
      adopted.merge(shape.name(), 1, Integer::sum);
    }
    if (!isError(result)) {
      markWritten(shape);
    }
  }

  private boolean mapsMemory() {
    return number == MMAP || number == MREMAP || number == BRK;
  }

  private void markWritten(CallShape shape) {
    for (int i = 0; i < shape.arguments(); i++) {
      long next = i + 1 < ARGUMENTS ? arguments[i + 1] : 0;
      if (arguments[i] == 0) {
        continue;
      }
      if (shape.isFilledVector(i)) {
        markVector(arguments[i], next);
      } else {
        mark(arguments[i], Math.min(mayWrite(shape, i, next), Integer.MAX_VALUE));
      }
    }
  }

  private long mayWrite(CallShape shape, int argument, long next) {
    long most = shape.mayWrite(argument, next);
    // Older qemus write a word more, for a restorer, which RISC-V's structure does not have.
    return number == RT_SIGACTION && most > 0 ? most + Long.BYTES : most;
  }

  private void markVector(long vector, long entries) {
    for (long at = vector; at < vector + 2 * Long.BYTES * entries; at += 2 * Long.BYTES) {
      if (space.readable(at, 2 * Long.BYTES)) {
        long host = space.hostAddress(at);
        mark(HostMemory.getLong(host), HostMemory.getLong(host + Long.BYTES));
      }
    }
  }

  private void mark(long address, long most) {
    if (most > 0 && space.inWindow(address, most)) {
      foreign.add(address, most);
    }
  }

  private static boolean isError(long value) {
    return value < 0 && value >= LOWEST_ERROR;
  }
}
