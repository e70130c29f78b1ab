package dev.isomorph.tools.boot;

import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.machine.Machine;
import dev.isomorph.systemvm.machine.TraceHash;
import dev.isomorph.tools.trace.CommitLogWriter;
import dev.isomorph.tools.trace.LogFiles;
import dev.isomorph.tools.trace.MachineTrace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Who looks on while a machine runs: a commit log, a hash of what is executed, or nobody. */
final class Watchers implements Closeable {
  /** Null if there is no log. */
  private final MachineTrace trace;

  /** Null if nobody wants it. */
  private final TraceHash hash;

  /**
   * @param log where instructions are logged, null for nowhere
   * @throws IOException if that cannot be written
   */
  Watchers(Path log, boolean hashes) throws IOException {
    trace = log == null ? null : new MachineTrace(new CommitLogWriter(LogFiles.create(log)));
    hash = hashes ? new TraceHash() : null;
  }

  /** The engine they need. */
  EngineOptions engine(EngineOptions usual) {
    EngineOptions watched = usual;
    if (trace != null) {
      watched = watched.withBlockLimit(MachineTrace.BLOCK_LIMIT).withChaining(false);
    }
    EngineObserver observer = trace == null ? hash : EngineObserver.both(trace, hash);
    return observer == null ? watched : watched.withObserver(observer);
  }

  /** Before the machine runs. */
  void watch(Machine machine) {
    if (trace != null) {
      machine.observe(trace);
    }
  }

  /** The machine has stopped. */
  void report(Machine machine) {
    if (hash != null) {
      System.err.printf(
          "isomorph boot: %d steps, %d blocks, hash %016x%n",
          machine.steps(), hash.blocks(), hash.value());
    }
  }

  @Override
  public void close() throws IOException {
    if (trace != null) {
      trace.close();
    }
  }
}
