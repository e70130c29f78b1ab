package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.hostbackend.signal.PcProbe;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds out where time goes. A thread looks for each hart once a millisecond, at random times so
 * that it does not keep step with anything else: one that is in emitted code is asked for its host
 * pc by a signal, of another one it is known what it does.
 *
 * <p>Each sample stands for the time since the one before, so the sums are right even when the
 * machine is too busy to look as often. Time counts as it passes, waiting included.
 */
public final class Profiler implements AutoCloseable {
  /** In nanoseconds. */
  private static final int SHORTEST_INTERVAL = 500_000;

  private static final int LONGEST_INTERVAL = 1_500_000;

  /** Room for the answers of so many harts; those beyond are not looked for. */
  private static final int MOST_HARTS = 4096;

  private final Engine engine;
  private final PcProbe probe = PcProbe.open();

  /** Never given back: an answer may come late. */
  private final long answers = HostMemory.allocate((long) MOST_HARTS * Long.BYTES);

  private final Map<Hart, Watch> watches = new HashMap<>();
  private final Profile profile = new Profile();
  private final Thread thread = new Thread(this::run, "profiler");
  private int answersUsed;
  private volatile boolean closed;

  /** How often code was found. */
  private volatile int found;

  /** What is known of a hart. */
  private static final class Watch {
    final long answer;

    /** For how long an answer has not come, 0 if none is awaited. */
    long unanswered;

    Watch(long answer) {
      this.answer = answer;
    }
  }

  private Profiler(Engine engine) {
    this.engine = engine;
    thread.setDaemon(true);
  }

  /** Looks at an engine whose harts have not run yet. */
  public static Profiler start(Engine engine) {
    Profiler profiler = new Profiler(engine);
    engine.profiled();
    profiler.thread.start();
    return profiler;
  }

  private void run() {
    Random random = new Random();
    long before = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(random.nextInt(SHORTEST_INTERVAL, LONGEST_INTERVAL));
      long now = System.nanoTime();
      look(engine.harts(), now - before);
      before = now;
    }
  }

  private void look(List<Hart> harts, long span) {
    for (Iterator<Hart> known = watches.keySet().iterator(); known.hasNext(); ) {
      if (!harts.contains(known.next())) {
        known.remove();
      }
    }
    for (Hart hart : harts) {
      Watch watch = watches.get(hart);
      if (watch == null) {
        if (answersUsed == MOST_HARTS) {
          continue;
        }
        watch = new Watch(answers + (long) Long.BYTES * answersUsed++);
        watches.put(hart, watch);
      }
      look(hart, watch, span);
    }
  }

  private void look(Hart hart, Watch watch, long span) {
    if (watch.unanswered != 0) {
      long pc = HostMemory.getLongVolatile(watch.answer);
      if (pc == 0) {
        watch.unanswered += span;
        return;
      }
      add(pc, watch.unanswered);
      watch.unanswered = 0;
    }
    if (hart.isInCall()) {
      profile.add(HartActivity.OUTSIDE, span);
    } else if (hart.inCode) {
      HostMemory.putLongVolatile(watch.answer, 0);
      watch.unanswered = span;
      probe.ask(hart.hostThread, watch.answer);
    } else {
      profile.add(hart.activity, span);
    }
  }

  private void add(long pc, long time) {
    TranslatedBlock block = engine.codeCache().at(pc);
    if (block != null) {
      profile.addCode(block, (int) (pc - block.address()), time);
      found++;
      return;
    }
    for (Stubs.Stub stub : engine.stubs().all()) {
      if (pc >= stub.address() && pc < stub.address() + stub.length()) {
        profile.addStub(stub.name(), time);
        return;
      }
    }
    // On its way to emitted code, or from there.
    profile.add(HartActivity.DISPATCH, time);
  }

  /** How often a hart has been found in a translation so far. */
  int found() {
    return found;
  }

  /** Looks no more; to be called before {@link #profile}. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What has been found. */
  public Profile profile() {
    return profile;
  }
}
