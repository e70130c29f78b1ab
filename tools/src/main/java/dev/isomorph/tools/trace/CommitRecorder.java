package dev.isomorph.tools.trace;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.ProcessObserver;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.tools.Failures;
import dev.isomorph.translator.ir.StateSlot;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Records what a running program commits. Blocks are single instructions, so that the registers are
 * current before and after each.
 *
 * <p>A system call is a commit that writes a0 and whatever other registers it changed; so is an
 * instruction after which a signal handler was entered. An instruction that faults commits nothing.
 */
final class CommitRecorder implements ProcessObserver {
  private static final int A0 = 10;

  private final CommitLogWriter log;
  private final TraceFilter filter;
  private final PrintStream messages;
  private final Map<TranslatedBlock, Code> codes = new IdentityHashMap<>();
  private final Map<Hart, Track> tracks = new IdentityHashMap<>();
  private final Set<String> present = new HashSet<>();
  private AddressSpace memory;
  private Names names;
  private Track current;
  private long executed;
  private long passed;
  private long written;

  /** An instruction in memory: what it does, and whether it is to be shown. */
  private record Code(Effects effects, boolean wanted) {}

  /**
   * Makes a recorder.
   *
   * @param log closed when the program has ended
   * @param messages where the user is told, then, of functions that were not found
   */
  CommitRecorder(CommitLogWriter log, TraceFilter filter, PrintStream messages) {
    this.log = log;
    this.filter = filter;
    this.messages = messages;
  }

  /** Instructions that were executed, shown or not. */
  long executed() {
    return executed;
  }

  /** Commits that were written. */
  long written() {
    return written;
  }

  @Override
  public int blockLimit() {
    return 1;
  }

  @Override
  public void started(Hart hart, AddressSpace memory, Names names) {
    this.memory = memory;
    this.names = names;
  }

  @Override
  public void entering(Hart hart, TranslatedBlock block) {
    executed++;
    Code code = codes.get(block);
    if (code == null) {
      code = learn(block);
    }
    Track track = current;
    if (track == null || track.hart != hart) {
      track = tracks.computeIfAbsent(hart, each -> new Track(each, tracks.size()));
      current = track;
    }
    track.resume();
    if (code.wanted && ++passed > filter.skip() && written < filter.count()) {
      written++;
      track.begin(code.effects, block);
    }
  }

  @Override
  public void left(Hart hart, TranslatedBlock block, Stop stop) {
    Track track = current.hart == hart ? current : tracks.get(hart);
    if (track.instruction.isOpen()) {
      track.finish(stop);
    }
  }

  @Override
  public void ended(ProcessEnd end) {
    close();
  }

  @Override
  public void replaced() {
    messages.println("isomorph trace: the program executes another, which is not logged");
    close();
  }

  private void close() {
    try {
      for (Track track : tracks.values()) {
        if (track.waiting) {
          track.write();
          track.waiting = false;
        }
      }
      log.close();
      for (String function : filter.functions()) {
        if (!present.contains(function)) {
          messages.println(
              "isomorph trace: no function "
                  + Failures.shown(function)
                  + " was executed ('isomorph disasm FILE' lists a file's; stripped ones have"
                  + " none; child processes are not logged)");
        }
      }
      messages.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Code learn(TranslatedBlock block) {
    String name = filter.functions().isEmpty() ? null : names.nameOf(block.pc());
    if (name != null) {
      present.add(TraceFilter.function(name));
    }
    Code code = new Code(Effects.of(block.encoding(0), block.pc()), filter.wants(block.pc(), name));
    codes.put(block, code);
    return code;
  }

  /** A hart's current instruction. */
  private final class Track {
    final Hart hart;
    final int core;
    final InstructionCommit instruction;
    private final long[] before = new long[2 * StateSlot.F0];

    /** Whether the commit is held back until the guest goes on, which the kernel may delay. */
    boolean waiting;

    private boolean afterSystemCall;

    Track(Hart hart, int core) {
      this.hart = hart;
      this.core = core;
      instruction = new InstructionCommit(hart, CommitRecorder.this::loaded);
    }

    void begin(Effects of, TranslatedBlock block) {
      instruction.begin(of, core, 0, block.pc(), block.encoding(0));
    }

    void finish(Stop stop) {
      boolean systemCall = stop instanceof Stop.SystemCall;
      if (systemCall || stop instanceof Stop.Polled) {
        for (int i = 0; i < before.length; i++) {
          before[i] = register(i);
        }
        waiting = true;
        afterSystemCall = systemCall;
      }
      boolean retired = instruction.end(stop);
      if (retired && !waiting) {
        write();
      } else if (!retired && !systemCall) {
        written--;
      }
    }

    private long register(int slot) {
      return hart.evaluatorView().get(slot);
    }

    /** Completes what was held back: the kernel has done its part. */
    void resume() {
      if (!waiting) {
        return;
      }
      waiting = false;
      for (int i = 0; i < before.length; i++) {
        if (before[i] != register(i) && !(afterSystemCall && i == A0)) {
          instruction.commit.write(i, register(i));
        }
      }
      if (afterSystemCall) {
        instruction.commit.write(A0, hart.x(A0));
      }
      write();
    }

    void write() {
      try {
        log.write(instruction.commit);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What is in memory now, where the guest has just stored. */
  private long loaded(long address, int bytes) {
    long host = memory.hostAddress(address);
    return switch (bytes) {
      case 1 -> HostMemory.getByte(host);
      case 2 -> HostMemory.getShort(host);
      case 4 -> HostMemory.getInt(host);
      default -> HostMemory.getLong(host);
    };
  }
}
