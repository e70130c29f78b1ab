package dev.isomorph.processvm.start;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.LoadedProgram;
import dev.isomorph.processvm.memory.AddressSpace;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Fills the stack of a new program byte for byte as Linux does on riscv64 (fs/exec.c: copy_strings;
 * fs/binfmt_elf.c: create_elf_tables; arch/riscv/include/asm/elf.h). From the top down: eight zero
 * bytes, the path executed, the environment strings, the argument strings, 16 random bytes, and,
 * aligned to 16, the auxiliary vector, the pointers to the strings, and argc.
 */
public final class InitialStack {
  private static final int GETRANDOM = 318; // x86-64 system call number (asm/unistd_64.h).

  private static final int RANDOM_BYTES = 16;
  private static final int POINTER = 8;

  /** Longest argument or environment string, its zero included (MAX_ARG_STRLEN). */
  private static final int LONGEST_STRING = 32 * 4096;

  /** Most bytes of strings and pointers together, whatever the stack's limit. */
  private static final long MOST_BYTES = 6L << 20;

  private static final long LEAST_BYTES = 128 << 10;

  /** Extensions in HWCAP, a bit for each letter. */
  private static final String HWCAP_LETTERS = "acdfim";

  private static final int CLOCK_TICKS = 100;

  /** Bytes of a signal frame without vector state: struct rt_sigframe. */
  private static final int SIGNAL_FRAME = 1088;

  private final AddressSpace space;
  private final String program;
  private long pointer;

  private InitialStack(AddressSpace space, String program, long top) {
    this.space = space;
    this.program = program;
    this.pointer = top;
  }

  /**
   * Fills the stack.
   *
   * @param top address after the stack's last byte, as {@link AddressSpace#mapStack} gave it
   * @param arguments argv
   * @param environment strings NAME=VALUE, one byte per char
   * @param executed path given to execve, for AT_EXECFN
   */
  public static StackLayout build(
      AddressSpace space,
      long top,
      LoadedProgram loaded,
      List<String> arguments,
      List<String> environment,
      String executed,
      Credentials credentials)
      throws ExecFailure {
    return new InitialStack(space, executed, top)
        .fill(loaded, arguments, environment, executed, credentials);
  }

  private StackLayout fill(
      LoadedProgram loaded,
      List<String> arguments,
      List<String> environment,
      String executed,
      Credentials credentials)
      throws ExecFailure {
    // A program is never without argv[0].
    List<String> argv = arguments.isEmpty() ? List.of("") : arguments;
    checkSize(argv, environment, executed);
    pointer -= POINTER;
    final long executedAt = push(executed);
    final long environmentEnd = pointer;
    long[] environmentPointers = pushAll(environment);
    final long argumentsEnd = pointer;
    long[] argumentPointers = pushAll(argv);
    final long argumentsStart = pointer;

    pointer -= RANDOM_BYTES;
    final long random = pointer;
    HostCalls.check(
        HostCalls.syscall(GETRANDOM, space.hostAddress(random), RANDOM_BYTES, 0, 0, 0, 0),
        "getrandom");

    AuxiliaryVector vector = vector(loaded, credentials, random, executedAt);
    int pointers = 1 + argumentPointers.length + 1 + environmentPointers.length + 1;
    pointer -= POINTER * (long) vector.words();
    pointer = pointer - POINTER * (long) pointers & -16L;

    long at = space.hostAddress(pointer);
    HostMemory.putLong(at, argumentPointers.length);
    at = storeAll(at + POINTER, argumentPointers);
    at = storeAll(at, environmentPointers);
    vector.store(at);
    space.startStack(pointer);
    return new StackLayout(pointer, argumentsStart, argumentsEnd, environmentEnd, vector.bytes());
  }

  /** Order and contents as in create_elf_tables; riscv64 has no AT_PLATFORM. */
  private static AuxiliaryVector vector(
      LoadedProgram loaded, Credentials credentials, long random, long executed) {
    return new AuxiliaryVector()
        .add(AuxiliaryVector.AT_MINSIGSTKSZ, SIGNAL_FRAME)
        .add(AuxiliaryVector.AT_HWCAP, hardwareCapabilities())
        .add(AuxiliaryVector.AT_PAGESZ, AddressSpace.PAGE)
        .add(AuxiliaryVector.AT_CLKTCK, CLOCK_TICKS)
        .add(AuxiliaryVector.AT_PHDR, loaded.headers())
        .add(AuxiliaryVector.AT_PHENT, loaded.headerBytes())
        .add(AuxiliaryVector.AT_PHNUM, loaded.headerCount())
        .add(AuxiliaryVector.AT_BASE, loaded.interpreterBase())
        .add(AuxiliaryVector.AT_FLAGS, 0)
        .add(AuxiliaryVector.AT_ENTRY, loaded.entry())
        .add(AuxiliaryVector.AT_UID, credentials.user())
        .add(AuxiliaryVector.AT_EUID, credentials.effectiveUser())
        .add(AuxiliaryVector.AT_GID, credentials.group())
        .add(AuxiliaryVector.AT_EGID, credentials.effectiveGroup())
        .add(AuxiliaryVector.AT_SECURE, 0)
        .add(AuxiliaryVector.AT_RANDOM, random)
        .add(AuxiliaryVector.AT_EXECFN, executed)
        .add(AuxiliaryVector.AT_NULL, 0);
  }

  private static long hardwareCapabilities() {
    long bits = 0;
    for (int i = 0; i < HWCAP_LETTERS.length(); i++) {
      bits |= 1L << HWCAP_LETTERS.charAt(i) - 'a';
    }
    return bits;
  }

  /** The limits of fs/exec.c: bprm_stack_limits, copy_strings. */
  private void checkSize(List<String> arguments, List<String> environment, String executed)
      throws ExecFailure {
    long limit = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, space.stackSize() / 4));
    long bytes = POINTER * ((long) arguments.size() + environment.size());
    bytes += executed.length() + 1 + length(arguments) + length(environment);
    if (bytes > limit) {
      throw new ExecFailure(program, "arguments and environment too long", Errno.E2BIG);
    }
  }

  private long length(List<String> strings) throws ExecFailure {
    long bytes = 0;
    for (int i = 0; i < strings.size(); i++) {
      int length = strings.get(i).length() + 1;
      if (length > LONGEST_STRING) {
        throw new ExecFailure(program, "an argument or variable is too long", Errno.E2BIG);
      }
      bytes += length;
    }
    return bytes;
  }

  private long push(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    pointer -= bytes.length + 1;
    // New memory is zero, which ends the string.
    HostMemory.copyIn(bytes, 0, space.hostAddress(pointer), bytes.length);
    return pointer;
  }

  /** Pushes strings so that they lie in order. */
  private long[] pushAll(List<String> strings) {
    long[] pointers = new long[strings.size()];
    for (int i = pointers.length - 1; i >= 0; i--) {
      pointers[i] = push(strings.get(i));
    }
    return pointers;
  }

  /** Stores pointers and a null after them, and returns the host address after that. */
  private static long storeAll(long host, long[] pointers) {
    long at = host;
    for (long stored : pointers) {
      HostMemory.putLong(at, stored);
      at += POINTER;
    }
    HostMemory.putLong(at, 0);
    return at + POINTER;
  }
}
