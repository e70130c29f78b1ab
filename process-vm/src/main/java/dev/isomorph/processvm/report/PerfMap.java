package dev.isomorph.processvm.report;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.processvm.ProcessObserver.Names;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.RegionOutline;

/**
 * Tells perf(1) what translated code is: a file {@code /tmp/perf-PID.map} with a line for each
 * translation, its host address and length in hexadecimal and a name (linux,
 * tools/perf/Documentation/jit-interface.txt).
 */
public final class PerfMap {
  private static final int O_TRUNC = 0x200;
  private static final int READABLE_BY_ALL = 0644;
  private static final int PATH_BYTES = 64;

  private final TextSink out;

  /** A map written to {@code out}; each line is handed on at once. */
  public PerfMap(TextSink out) {
    this.out = out;
  }

  /**
   * Opens the file in which perf looks for this process.
   *
   * @return null if it cannot be written
   */
  public static PerfMap open() {
    long process = HostCalls.syscall(HostLinux.GETPID, 0, 0, 0, 0, 0, 0);
    long path = HostMemory.allocate(PATH_BYTES);
    HostMemory.putString(path, "/tmp/perf-" + process + ".map");
    int flags =
        HostLinux.O_WRONLY
            | HostLinux.O_CREAT
            | O_TRUNC
            | HostLinux.O_NOFOLLOW
            | HostLinux.O_CLOEXEC;
    long file = HostCalls.syscall(HostLinux.OPEN, path, flags, READABLE_BY_ALL, 0, 0, 0);
    HostMemory.free(path, PATH_BYTES);
    if (file < 0) {
      return null;
    }
    PerfMap map = new PerfMap(new TextSink((int) file));
    HostCalls.syscall(HostLinux.CLOSE, file, 0, 0, 0, 0, 0);
    return map;
  }

  /** What adds the translations of one engine, whose guest code has these names. */
  public EngineObserver observer(Names names) {
    return new Observer(names);
  }

  private synchronized void add(long address, long length, String name) {
    out.hex(address, 1).print(" ").hex(length, 1).print(" ").print(name).newLine().flush();
  }

  private final class Observer implements EngineObserver {
    private final Names names;

    Observer(Names names) {
      this.names = names;
    }

    @Override
    public boolean allowsRegions() {
      return true;
    }

    @Override
    public void started(Stubs stubs) {
      for (Stubs.Stub stub : stubs.all()) {
        add(stub.address(), stub.length(), "stub " + stub.name());
      }
    }

    @Override
    public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
      add(block.address(), block.length(), "block " + place(block.pc()));
    }

    @Override
    public void regionTranslated(
        RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
      add(
          region.address(),
          region.length(),
          "region "
              + place(outline.pc())
              + (outline.nodes().get(outline.head()).isHead() ? " (loop at 0x" : " (from 0x")
              + Long.toHexString(outline.pc())
              + ")");
    }

    private String place(long pc) {
      String name = names.nameOf(pc);
      return name == null ? "0x" + Long.toHexString(pc) : name;
    }
  }
}
