package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;

/**
 * Translates what an engine's guest has met once, in case it is met again, while the guest goes on.
 * What is made goes to the engine's {@link TranslationStore}, so the guest's thread compares it
 * with the code that is there before it uses it, and neither waits for the other.
 */
final class BackgroundTranslator implements CodeSource, AutoCloseable {
  private final CodeCache cache;
  private final TranslationStore store;
  private final EngineStats stats;
  private final GuardedCode code;
  private boolean closed;

  BackgroundTranslator(
      GuestMemory memory, CodeCache cache, TranslationStore store, EngineStats stats) {
    this.cache = cache;
    this.store = store;
    this.stats = stats;
    code = new GuardedCode(memory);
  }

  /** Has the code at a pc translated some time, unless there is too much to do. */
  void offer(long pc) {
    Worker.offer(this, pc);
  }

  /** For the thread in the background. */
  private synchronized void translate(Worker worker, long pc) {
    if (closed || isTranslated(pc)) {
      return;
    }
    code.refresh();
    IrBlock lifted = worker.lift(this, pc);
    if (lifted != null) {
      closed = !worker.compile(lifted, store);
      stats.background++;
    }
  }

  @Override
  public int parcel(long pc) {
    return code.parcel(pc);
  }

  /** As far as can be seen from here. */
  @Override
  public boolean isTranslated(long pc) {
    return cache.mayHave(pc) || store.find(pc, 0) != 0;
  }

  @Override
  public synchronized void close() {
    closed = true;
    code.close();
  }

  /** The thread, one for all engines. What has been met last goes first. */
  private static final class Worker {
    private static final int SYS_SETPRIORITY = 141; // x86-64 (asm/unistd_64.h).

    /** The guest, and the JVM's compiler, are more urgent. */
    private static final int NICE = 10;

    /** Pcs that wait, at most; beyond that, those that wait for longest are forgotten. */
    private static final int ROOM = 1 << 13;

    /** Programs that meet less are not worth a thread. */
    private static final int FEW = 256;

    /** Where the code is as if it lay; records do not depend on it. */
    private static final long STUBS = 1 << 20;

    private static final long ORIGIN = 2 * STUBS;

    private static final long[] PCS = new long[ROOM];
    private static final BackgroundTranslator[] OWNERS = new BackgroundTranslator[ROOM];

    /** Where the next goes; those that wait are before it. */
    private static int next;

    private static int waiting;
    private static Thread thread;
    private static boolean isIdle;

    private final BlockLifter lifter = new BlockLifter();
    private final Optimizer optimizer = new Optimizer(Pass.ALL);
    private final Stubs stubs = new Stubs(STUBS);
    private final BlockCompiler compiler =
        new BlockCompiler(stubs, Addressing.WINDOW, CpuFeatures.detect(), null);
    private final IrBlock lifted = new IrBlock();

    static void offer(BackgroundTranslator owner, long pc) {
      synchronized (PCS) {
        PCS[next] = pc;
        OWNERS[next] = owner;
        next = next + 1 & ROOM - 1;
        waiting = Math.min(waiting + 1, ROOM);
        if (thread == null && waiting < FEW) {
          return;
        }
        if (thread == null) {
          thread = new Thread(Worker::run, "translator");
          thread.setDaemon(true);
          thread.start();
        } else if (isIdle) {
          PCS.notify();
        }
      }
    }

    private static void run() {
      HostCalls.syscall(SYS_SETPRIORITY, 0, 0, NICE, 0, 0, 0);
      Worker worker = new Worker();
      try {
        while (true) {
          worker.translateNext();
        }
      } catch (InterruptedException e) {
        // Nobody interrupts it but the JVM at its end.
      }
    }

    private void translateNext() throws InterruptedException {
      long pc;
      BackgroundTranslator owner;
      synchronized (PCS) {
        while (waiting == 0) {
          isIdle = true;
          PCS.wait();
          isIdle = false;
        }
        waiting--;
        next = next - 1 & ROOM - 1;
        pc = PCS[next];
        owner = OWNERS[next];
        OWNERS[next] = null;
      }
      owner.translate(this, pc);
    }

    /** Returns null if the first instruction cannot be fetched. */
    IrBlock lift(CodeSource code, long pc) {
      lifted.clear();
      return lifter.lift(code, pc, LiftMode.TRANSLATE, lifted) ? lifted : null;
    }

    /** Returns false if the store is full. */
    boolean compile(IrBlock source, TranslationStore store) {
      compiler.compile(optimizer.optimise(source), ORIGIN);
      return store.add(source, 0, compiler, (int) (ORIGIN - stubs.enter()));
    }
  }
}
