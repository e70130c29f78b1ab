package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.ir.StateSlot;

/**
 * The layout of the off-heap struct that holds one hart's state: byte displacements from rbp.
 *
 * <p>rbp points at x16, so that all 32 integer registers lie within an 8-bit displacement.
 */
public final class RegisterFile {
  /** Size of the struct in bytes. */
  public static final int SIZE = 32896;

  /** Where rbp points within the struct, which starts a page: its lowest byte is 0. */
  public static final int ORIGIN = 256;

  private static final int FLOATS = 128;

  /** Guest pc at an exit. */
  public static final int PC = 384;

  /** Host address of the rel32 field of the exit taken, for linking. */
  public static final int LINK_SITE = 392;

  /** Dynamic rounding mode, 8 bytes. */
  public static final int FRM = 400;

  /** MXCSR while guest code runs: rounding control and accrued flags. */
  public static final int GUEST_MXCSR = 408;

  /** MXCSR of the Java thread. */
  public static final int HOST_MXCSR = 412;

  /**
   * Below this host stack pointer, the return stack is full; all stack pointers are below it when
   * the {@link #POLL} flag in it is set, so that who compares with it has polled.
   */
  public static final int RETURN_STACK_LIMIT = 416;

  /**
   * A byte that is non-zero when guest code shall stop at its next poll: the highest byte of {@link
   * #RETURN_STACK_LIMIT}, where host addresses are 0.
   */
  public static final int POLL = RETURN_STACK_LIMIT + 7;

  /** Host stack pointer while no guest call is on the return stack. */
  public static final int HOST_RSP = 424;

  /** Address of the jump cache. */
  public static final int JUMP_CACHE = 440;

  /** What r15 holds: the host address of guest address 0, or that of the {@link Tlb}. */
  public static final int MEMORY_BASE = 448;

  /** Host code address at which {@link Stubs} enters. */
  public static final int ENTRY = 456;

  /** Host address a fault reports (si_addr). */
  public static final int FAULT_ADDRESS = 464;

  /** Host pc of a fault, or of a stop within a region; the others leave it alone. */
  public static final int FAULT_PC = 472;

  /** Signal number of a fault (int). */
  public static final int FAULT_SIGNAL = 480;

  /** si_code of a fault (int). */
  public static final int FAULT_CODE = 484;

  /** Address of the LR reservation, or -1. */
  public static final int RESERVATION_ADDRESS = 488;

  /** Value loaded by LR. */
  public static final int RESERVATION_VALUE = 496;

  /** 8-byte scratch for MXCSR manipulation. */
  public static final int TEMP = 504;

  /** Table of 64 bytes: MXCSR flags to fflags. */
  public static final int FLAGS_FROM_MXCSR = 512;

  /** Table of 32 bytes: fflags to MXCSR flags. */
  public static final int FLAGS_TO_MXCSR = 576;

  /** Float constants used by emitted code, 16 bytes each; see {@link FloatConstants}. */
  public static final int CONSTANTS = 640;

  /** Spill slots, 8 bytes each. */
  public static final int SPILLS = 1024;

  /** Number of spill slots. */
  public static final int SPILL_COUNT = 256;

  /** The host's registers at a fault, 8 bytes each. */
  private static final int SAVED = SPILLS + 8 * SPILL_COUNT;

  private static final int ENTRIES = SAVED + 8 * 32;

  /** Number of counters of entries into regions. */
  public static final int ENTRY_COUNTERS = 64;

  /** 8-byte scratch of code that counts its executions. */
  static final int COUNTING = ENTRIES + 4 * ENTRY_COUNTERS;

  /** Address of the rows of {@link DirectCalls}, 0 for none. */
  static final int DIRECT_CALLS = COUNTING + 8;

  /** Address of the host's descriptors by the guest's, {@link DirectCalls#DESCRIPTORS} ints. */
  static final int DESCRIPTORS = DIRECT_CALLS + 8;

  /** The least guest address that a direct call does not take as a pointer. */
  static final int POINTER_LIMIT = DESCRIPTORS + 8;

  /** Address of the code that enters the kernel (HostCalls.interruptibleSyscall). */
  static final int CALL_WINDOW = POINTER_LIMIT + 8;

  /**
   * 1 while emitted code makes a system call, an int: it may take long, and needs no block. As long
   * as the poll flag is set it stays 1 until the hart is back in Java.
   */
  public static final int IN_CALL = CALL_WINDOW + 8;

  /** The host's answer to the call at pc, for {@link ExitReason#CALL_MADE}. */
  public static final int CALL_RESULT = IN_CALL + 8;

  /** Guest address that a {@link ExitReason#MISS} is about. */
  public static final int MISSED_ADDRESS = CALL_RESULT + 8;

  /** How many bytes are to be accessed there, an int; negative for a store. */
  public static final int MISSED_BYTES = MISSED_ADDRESS + 8;

  /** What the host's processor says of a fault (int). */
  public static final int FAULT_ERROR = MISSED_BYTES + 4;

  /** Host pc of a {@link ExitReason#MISS}, where emitted code goes on when it is resumed. */
  public static final int MISSED_AT = MISSED_BYTES + 8;

  /** The slots from {@link StateSlot#STATUS} on, 8 bytes each. */
  private static final int SUPERVISOR = MISSED_AT + 8;

  /**
   * Where an ecall in user mode traps to, in supervisor mode; 0 if that is for Java to find out.
   */
  public static final int CALL_VECTOR = SUPERVISOR + 8 * (StateSlot.COUNT - StateSlot.STATUS);

  /**
   * For each {@link Context} of a machine's hart the address of the {@link Tlb} and that of the
   * {@link JumpCache}; 0 where Java is to be asked.
   */
  static final int CONTEXTS = CALL_VECTOR + 8;

  /** Address of the function behind {@link ClockCode}. */
  static final int CLOCK_FUNCTION = CONTEXTS + 2 * Long.BYTES * Context.COUNT;

  /** What makes the host's monotonic time the machine's, in nanoseconds. */
  static final int CLOCK_OFFSET = CLOCK_FUNCTION + 8;

  /** Displacement of the first {@link #turn} of the region that runs, an int. */
  static final int STREAM_SET = CLOCK_OFFSET + 8;

  /** For each set of {@link PageStream}s whose it is, an int; 0 for nobody's. */
  private static final int STREAM_OWNERS = STREAM_SET + 8;

  /**
   * For each {@link PageStream} of a set the address, 8 bytes, at which it comes to the end of its
   * page in the direction in which it goes, then the same for the other end, and what makes its
   * guest addresses host addresses.
   */
  private static final int STREAMS = STREAM_OWNERS + Integer.BYTES * PageStream.SETS;

  private static final int STREAM_ENDS = Long.BYTES * PageStream.COUNT;
  private static final int STREAM_SET_SIZE = 3 * STREAM_ENDS + Integer.BYTES * PageStream.COUNT;

  private RegisterFile() {}

  /** Displacement of whose a set of streams is. */
  static int streamOwner(int set) {
    return STREAM_OWNERS + Integer.BYTES * set;
  }

  /** Displacement of where a stream of a set has to look for another page. */
  static int turn(int set, int stream) {
    return STREAMS + STREAM_SET_SIZE * set + Long.BYTES * stream;
  }

  /** Displacement of the other end of a stream's page. */
  static int otherEnd(int set, int stream) {
    return turn(set, stream) + STREAM_ENDS;
  }

  /** Displacement of what is added to a stream's addresses. */
  static int distance(int set, int stream) {
    return otherEnd(set, stream) + STREAM_ENDS;
  }

  /** Displacement of how often a stream may still {@linkplain PageStreamCode turn}, an int. */
  static int turnsLeft(int set, int stream) {
    return turn(set, 0) + 3 * STREAM_ENDS + Integer.BYTES * stream;
  }

  /** Displacement of a {@link StateSlot}, or of one of the {@link RegionSlots} in memory. */
  public static int slot(int slot) {
    if (slot >= RegionSlots.FIRST_SPILL) {
      return spill(SPILL_COUNT - 1 - (slot - RegionSlots.FIRST_SPILL));
    }
    if (slot < StateSlot.F0) {
      return (slot - 16) * 8;
    }
    if (slot >= StateSlot.STATUS) {
      return SUPERVISOR + (slot - StateSlot.STATUS) * 8;
    }
    return slot == StateSlot.FRM ? FRM : FLOATS + (slot - StateSlot.F0) * 8;
  }

  /** Displacement of where a host register is saved at a fault. */
  static int saved(int host) {
    return SAVED + 8 * host;
  }

  /** Displacement of a counter of entries into a region, an int that wraps. */
  public static int entries(int counter) {
    return ENTRIES + 4 * counter;
  }

  /** Displacement of an execution counter, 8 bytes; these lie behind the struct. */
  static int counter(int index) {
    return SIZE - ORIGIN + 8 * index;
  }

  /** Displacement of a spill slot. */
  static int spill(int index) {
    return SPILLS + 8 * index;
  }

  /** What is at a displacement, for people; null for what emitted code does not name. */
  public static String nameAt(int displacement) {
    if (displacement < FLOATS) {
      return displacement < slot(0) ? null : StateSlot.name(16 + (displacement >> 3));
    }
    if (displacement < PC) {
      return StateSlot.name(StateSlot.F0 + (displacement - FLOATS >> 3));
    }
    if (displacement >= SPILLS && displacement < SAVED) {
      int index = displacement - SPILLS >> 3;
      int ofRegion = SPILL_COUNT - 1 - index;
      return "spill " + (ofRegion < RegionSlots.SPILLS ? ofRegion : index);
    }
    if (displacement >= ENTRIES && displacement < COUNTING) {
      return "entries counted";
    }
    return switch (displacement) {
      case PC -> "pc";
      case FRM -> "frm";
      case GUEST_MXCSR -> "guest's MXCSR";
      case POLL -> "poll flag";
      case HOST_RSP -> "bottom of the return stack";
      case RETURN_STACK_LIMIT -> "limit of the return stack";
      case JUMP_CACHE -> "jump cache";
      case RESERVATION_ADDRESS -> "reserved address";
      case RESERVATION_VALUE -> "reserved value";
      case TEMP -> "scratch";
      case MISSED_ADDRESS -> "missed address";
      case MISSED_BYTES -> "missed bytes";
      default -> displacement >= CONSTANTS && displacement < SPILLS ? "constant" : null;
    };
  }

  /** Whether a guest register is at a displacement. */
  public static boolean isGuestRegister(int displacement) {
    return displacement >= slot(0) && displacement < PC;
  }

  /** Whether a displacement is that of a spill slot. */
  public static boolean isSpill(int displacement) {
    return displacement >= SPILLS && displacement < SAVED;
  }
}
