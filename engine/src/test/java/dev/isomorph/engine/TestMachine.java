package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.SharedMemory;
import dev.isomorph.hostbackend.lower.JumpCache;
import dev.isomorph.hostbackend.lower.Tlb;
import dev.isomorph.hostbackend.lower.Zones;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;
import java.util.HashMap;
import java.util.Map;

/** A machine for tests: some frames of memory, an engine, and harts that see what is mapped. */
final class TestMachine implements AutoCloseable {
  static final int PAGE = Frames.SIZE;

  private static final int FRAMES = 64;

  /** Rights to a page. */
  enum Rights {
    CODE,
    READ,
    WRITE,
    ALL
  }

  private record Mapping(int frame, Rights rights) {
    boolean readable() {
      return rights != Rights.CODE;
    }

    boolean writable() {
      return rights == Rights.WRITE || rights == Rights.ALL;
    }

    boolean executable() {
      return rights == Rights.CODE || rights == Rights.ALL;
    }
  }

  private static final int ZONES = 3;

  /** Pages around one that gets an alias. */
  private static final int AROUND = 4;

  private final SharedMemory shared;
  private final long memory;
  private final Engine engine;

  TestMachine(EngineOptions options) {
    this(options, false);
  }

  /**
   * @param aliases whether harts have aliases of their pages
   */
  TestMachine(EngineOptions options, boolean aliases) {
    shared = new SharedMemory(FRAMES * PAGE, aliases);
    memory = shared.address();
    engine =
        new Engine(
            new Frames() {
              @Override
              public int count() {
                return FRAMES;
              }

              @Override
              public long hostAddress(int frame) {
                return memory + (long) frame * PAGE;
              }

              @Override
              public boolean mayHaveAliases() {
                return shared.isShared();
              }
            },
            options);
  }

  Engine engine() {
    return engine;
  }

  /** Puts bytes into a frame. */
  void write(int frame, int offset, byte[] bytes) {
    HostMemory.copyIn(bytes, 0, host(frame) + offset, bytes.length);
  }

  long read64(int frame, int offset) {
    return HostMemory.getLong(host(frame) + offset);
  }

  void write64(int frame, int offset, long value) {
    HostMemory.putLong(host(frame) + offset, value);
  }

  private long host(int frame) {
    return memory + (long) frame * PAGE;
  }

  /** A hart that has nothing mapped. */
  View newHart() {
    return new View();
  }

  @Override
  public void close() {
    engine.close();
    shared.close();
  }

  /** A hart and what it sees. */
  final class View implements Mmu, DataMemory, AutoCloseable {
    private final Zones zones = shared.isShared() ? new Zones(shared, ZONES) : Zones.NONE;
    final Tlb tlb = new Tlb(zones);
    final JumpCache jumps = new JumpCache();
    final Hart hart = engine.newHart(this);
    private final Map<Long, Mapping> mappings = new HashMap<>();
    private boolean floats = true;
    private int fills;
    private int aliases;
    private long lastAsked;
    private long forbidden = -1;

    /** Run whenever a page is asked for. */
    Runnable onFill = () -> {};

    View() {
      hart.use(tlb);
      hart.use(jumps);
    }

    /** Maps a page; what was known of the page before is forgotten. */
    View map(long page, int frame, Rights rights) {
      mappings.put(page, new Mapping(frame, rights));
      return flushed(page);
    }

    View unmap(long page) {
      mappings.remove(page);
      return flushed(page);
    }

    private View flushed(long page) {
      tlb.forget(page);
      jumps.clear();
      return this;
    }

    View floats(boolean on) {
      floats = on;
      jumps.clear();
      return this;
    }

    /** Code in a page ends in the middle: it cannot be fetched from an address on. */
    View forbidFrom(long address) {
      forbidden = address;
      return flushed(address & -PAGE);
    }

    /** How often emitted code has missed a page. */
    int fills() {
      return fills;
    }

    /** How often emitted code has faulted at a page that has an alias since. */
    int aliases() {
      return aliases;
    }

    /** The pc whose frame was asked for last. */
    long lastAsked() {
      return lastAsked;
    }

    Stop run(long pc) {
      hart.pc(pc);
      return hart.run();
    }

    private Mapping mapping(long address) {
      return mappings.get(address & -PAGE);
    }

    @Override
    public CodePages recentCode() {
      Map<Long, Mapping> now = Map.copyOf(mappings);
      return address -> frame(now.get(address & -PAGE));
    }

    private static int frame(Mapping mapping) {
      return mapping == null || !mapping.executable() ? NO_FRAME : mapping.frame;
    }

    @Override
    public int frame(long pc) {
      lastAsked = pc;
      boolean isForbidden = !isWholePage() && pc >= forbidden;
      return isForbidden ? NO_FRAME : frame(mapping(pc));
    }

    @Override
    public boolean isWholePage() {
      return (lastAsked & -PAGE) != (forbidden & -PAGE);
    }

    @Override
    public boolean supervisor() {
      return false;
    }

    @Override
    public boolean floats() {
      return floats;
    }

    @Override
    public boolean fill(long address, int bytes, boolean store) {
      fills++;
      onFill.run();
      Mapping mapping = mapping(address);
      boolean crosses = (address & PAGE - 1) + bytes > PAGE;
      if (mapping == null || crosses || !(store ? mapping.writable() : mapping.readable())) {
        return false;
      }
      if (store) {
        engine.writtenFrames().note(mapping.frame);
      }
      tlb.fill(address, host(mapping.frame), mapping.readable(), store);
      return true;
    }

    @Override
    public boolean fillAlias(long host, boolean store) {
      long address = tlb.guestAt(host);
      if (address == Tlb.NOWHERE || !Tlb.mayAlias(address) || !fill(address, 1, store)) {
        return false;
      }
      aliases++;
      long first = address & -AROUND * PAGE;
      long[] hosts = new long[AROUND];
      for (int i = 0; i < AROUND; i++) {
        Mapping mapping = mapping(first + i * PAGE);
        if (Tlb.mayAlias(first + i * PAGE) && mapping != null && mapping.readable()) {
          boolean stores = mapping.writable() && engine.writtenFrames().isNoted(mapping.frame);
          hosts[i] = host(mapping.frame) + (stores ? Tlb.STORES : 0);
        }
      }
      return tlb.alias(first, hosts);
    }

    @Override
    public boolean isAlias(long host) {
      return tlb.guestAt(host) != Tlb.NOWHERE;
    }

    @Override
    public void sampled() {
      tlb.provideZones();
    }

    @Override
    public DataMemory memory() {
      return this;
    }

    private long hostOf(long address, boolean write) {
      Mapping mapping = mapping(address);
      if (mapping == null || !(write ? mapping.writable() : mapping.readable())) {
        throw new GuestMemoryFault(address, write);
      }
      if (write) {
        engine.writtenFrames().note(mapping.frame);
      }
      return host(mapping.frame) + (address & PAGE - 1);
    }

    @Override
    public long load(long address, int bytes) {
      long value = 0;
      for (int i = bytes - 1; i >= 0; i--) {
        hostOf(address, false); // The lowest bad byte is the one to report.
        value = value << 8 | HostMemory.getByte(hostOf(address + i, false)) & 0xff;
      }
      return value;
    }

    @Override
    public void store(long address, int bytes, long value) {
      hostOf(address, true);
      hostOf(address + bytes - 1, true);
      for (int i = 0; i < bytes; i++) {
        HostMemory.putByte(hostOf(address + i, true), (byte) (value >>> 8 * i));
      }
    }

    @Override
    public boolean compareAndSet(long address, int bytes, long expected, long value) {
      long host = hostOf(address, true);
      return bytes == 4
          ? HostMemory.compareAndSetInt(host, (int) expected, (int) value)
          : HostMemory.compareAndSetLong(host, expected, value);
    }

    @Override
    public void zeroBlock(long address) {
      HostMemory.fill(hostOf(address, true), BLOCK_SIZE, (byte) 0);
    }

    @Override
    public void close() {
      hart.close();
      tlb.close();
      zones.close();
      jumps.close();
    }
  }
}
