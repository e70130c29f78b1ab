package dev.isomorph.tools.trace;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.systemvm.hart.HartObserver;
import dev.isomorph.systemvm.hart.SystemHart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Writes what the harts of a machine commit, in all privilege modes. Blocks are single
 * instructions. Traps have no line, as in Spike's logs, nor have instructions that trap; what a
 * trap writes shows when it is read.
 */
public final class MachineTrace implements EngineObserver, HartObserver, AutoCloseable {
  /** What translated code must be like for this. */
  public static final int BLOCK_LIMIT = 1;

  private static final int MSTATUS = 0x300;
  private static final int MIE = 0x304;
  private static final int MIP = 0x344;
  private static final int SSTATUS = 0x100;
  private static final int SIE = 0x104;
  private static final int SIP = 0x144;
  private static final int FFLAGS = 1;
  private static final int FRM = 2;
  private static final int FCSR = 3;
  private static final int A0 = 10;
  private static final int CACHE_BLOCK = 64;

  private final CommitLogWriter log;
  private final Map<Hart, Track> tracks = new IdentityHashMap<>();
  private final Map<SystemHart, Track> byHart = new IdentityHashMap<>();
  private final EffectsTable table = new EffectsTable();

  /**
   * @param log closed with this
   */
  public MachineTrace(CommitLogWriter log) {
    this.log = log;
  }

  private static final class Track {
    final SystemHart hart;
    final InstructionCommit instruction;

    /** Whether the float unit has been switched on for the next instruction to be executed. */
    boolean dirtied;

    Track(SystemHart hart, Hart engineHart) {
      this.hart = hart;
      instruction = new InstructionCommit(engineHart, hart::load);
    }

    int privilege() {
      return hart.state().privilege().code();
    }

    /** Machine mode's register of which one of the supervisor's is a part. */
    void writes(int csr) {
      int whole =
          switch (csr) {
            case SSTATUS -> MSTATUS;
            case SIE -> MIE;
            case SIP -> MIP;
            default -> csr;
          };
      instruction.commit.write(Commit.CSR + whole, hart.state().readAsMachine(whole));
    }
  }

  @Override
  public synchronized void observes(SystemHart hart, Hart engineHart) {
    Track track = new Track(hart, engineHart);
    tracks.put(engineHart, track);
    byHart.put(hart, track);
  }

  @Override
  public synchronized void entering(Hart hart, TranslatedBlock block) {
    Track track = tracks.get(hart);
    Effects effects = table.of(block.encoding(0));
    track.instruction.begin(
        effects, track.hart.number(), track.privilege(), block.pc(), block.encoding(0));
    if (track.dirtied) {
      track.dirtied = false;
      track.writes(MSTATUS);
    }
  }

  @Override
  public synchronized void left(Hart hart, TranslatedBlock block, Stop stop) {
    Track track = tracks.get(hart);
    if (track.instruction.end(stop)) {
      write(track);
    }
  }

  @Override
  public synchronized void executing(SystemHart hart, int encoding) {
    Track track = byHart.get(hart);
    track.instruction.commit.begin(
        hart.number(), track.privilege(), hart.registers().pc(), encoding);
  }

  @Override
  public synchronized void executed(SystemHart hart, boolean retired) {
    Track track = byHart.get(hart);
    Commit commit = track.instruction.commit;
    if (!retired) {
      // Tried again: a float instruction, which has made mstatus.FS Dirty.
      track.dirtied = hart.registers().pc() == commit.pc();
      return;
    }
    Instruction i = Decoder.decode(commit.encoding());
    switch (i.opcode()) {
      case MRET, SRET -> track.writes(MSTATUS);
      case CSRRW, CSRRS, CSRRC, CSRRWI, CSRRSI, CSRRCI -> register(track, i);
      case CBO_ZERO -> commit.zero(hart.registers().x(i.rs1()) & -CACHE_BLOCK, CACHE_BLOCK);
      case ECALL -> {
        // The built-in firmware's answer.
        commit.write(A0, hart.registers().x(A0));
        commit.write(A0 + 1, hart.registers().x(A0 + 1));
      }
      default -> {
        // Waits and fences change no register.
      }
    }
    write(track);
  }

  private static void register(Track track, Instruction i) {
    int csr = (int) i.imm();
    boolean writes =
        switch (i.opcode()) {
          case CSRRW, CSRRWI -> true;
          default -> i.rs1() != 0;
        };
    if (writes) {
      switch (csr) {
        case FFLAGS, FRM -> {
          track.writes(MSTATUS);
          track.writes(csr);
        }
        case FCSR -> {
          track.writes(MSTATUS);
          track.writes(FRM);
          track.writes(FFLAGS);
        }
        default -> track.writes(csr);
      }
    }
    if (i.rd() != 0) {
      track.instruction.commit.write(i.rd(), track.hart.registers().x(i.rd()));
    }
  }

  private void write(Track track) {
    try {
      log.write(track.instruction.commit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what is left; harts must have stopped. */
  @Override
  public synchronized void close() throws IOException {
    log.close();
  }
}
