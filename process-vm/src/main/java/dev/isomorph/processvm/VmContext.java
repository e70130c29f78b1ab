package dev.isomorph.processvm;

import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.TranslationStore;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.signal.SignalInbox;
import dev.isomorph.processvm.report.CodeNames;
import dev.isomorph.processvm.report.EngineReport;
import dev.isomorph.processvm.report.PerfMap;
import dev.isomorph.processvm.report.TextSink;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What all processes of a virtual machine have in common. */
final class VmContext {
  private static final int STANDARD_ERROR = 2;

  private final RunOptions options;
  private final GuestFiles files;
  private final long started = System.nanoTime();

  /** Where reports go; null while nothing is to be reported. */
  private volatile TextSink reports;

  /** Null while perf is not to be told of anything. */
  private PerfMap perfMap;

  private SignalInbox inbox;
  private Thread inboxThread;
  private boolean prepared;
  private int threads;

  /** Kept translations by the executable of which they are; null if they are not kept yet. */
  private final Map<String, TranslationStore> translations = new HashMap<>();

  private final List<String> said = new ArrayList<>();

  VmContext(RunOptions options, GuestFiles files) {
    this.options = options;
    this.files = files;
    if (options.stats() != null || options.crashReport()) {
      reports(); // By the end the guest may have closed its standard error.
    }
  }

  RunOptions options() {
    return options;
  }

  GuestFiles files() {
    return files;
  }

  /** Where the host's signals arrive. */
  SignalInbox inbox() {
    return inbox;
  }

  /** Signals arrive there, and the calling thread is told of them. */
  void inbox(SignalInbox opened) {
    inbox = opened;
    inboxThread = Thread.currentThread();
  }

  /** Whether the calling thread is the one that is told of signals from the host. */
  boolean isInboxThread() {
    return Thread.currentThread() == inboxThread;
  }

  /** Says something to the user that need not be said again. */
  synchronized void sayOnce(String line) {
    if (!said.contains(line)) {
      said.add(line);
      reports().print("isomorph: ").print(line).newLine().flush();
    }
  }

  /** How long the machine has been running, in nanoseconds. */
  long age() {
    return System.nanoTime() - started;
  }

  synchronized TextSink reports() {
    if (reports == null) {
      reports = new TextSink(STANDARD_ERROR);
    }
    return reports;
  }

  /**
   * Opens what must be open before threads get descriptors of their own: the class path, of which
   * all threads load classes through the same descriptors, and the standard error of now.
   */
  synchronized void prepareForProcesses() {
    if (!prepared) {
      prepared = true;
      reports();
      // Only a search that finds nothing looks everywhere.
      ClassLoader.getSystemResource("dev/isomorph/nowhere");
    }
  }

  /** Whether there have been other processes than the first. */
  synchronized boolean hasProcesses() {
    return prepared;
  }

  /** A thread of the host's is about to run guest code. */
  synchronized void threadStarts() {
    threads++;
  }

  /** The last thing that a thread does. */
  synchronized void threadOver() {
    threads--;
    notifyAll();
  }

  /** Waits until all threads but the calling one are over, which have run their guest's code. */
  synchronized void awaitThreads() {
    while (threads > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody interrupts it; the condition is tested again.
      }
    }
  }

  /** Says what went wrong in Isomorph itself. */
  void reportBug(Throwable bug) {
    StringWriter text = new StringWriter();
    bug.printStackTrace(new PrintWriter(text));
    reports().print(text.toString()).flush();
  }

  /** Hands out what is held back of reports; without a lock, as every system call comes by. */
  void flushReports() {
    TextSink open = reports;
    if (open != null) {
      open.flush();
    }
  }

  /**
   * The kept translations of a program, null if there is no memory for them. To keep them takes a
   * tenth of the time to make them: where they are for this run alone, a program's first process
   * does not, for mostly there is no second one.
   */
  private synchronized TranslationStore translationsOf(String executable) {
    TranslationStore store = translations.get(executable);
    boolean isFirst = !translations.containsKey(executable);
    if (store == null && !(isFirst && options.translations() == null)) {
      store = openTranslations(executable);
    }
    translations.put(executable, store);
    return store;
  }

  private TranslationStore openTranslations(String executable) {
    RunOptions.Translations wanted = options.translations();
    if (wanted == null) {
      return TranslationStore.ofThisRun();
    }
    String root = options.root() == null ? "/" : options.root();
    String identity =
        wanted.build()
            + '\0'
            + CpuFeatures.detect().mask()
            + '\0'
            + HostArguments.bytesOf(root)
            + '\0'
            + executable;
    return TranslationStore.open(HostArguments.bytesOf(wanted.directory()), identity);
  }

  /** A process that has run a program is over: keeps the translations for the next time. */
  synchronized void keepTranslations(String executable) {
    TranslationStore store = translations.get(executable);
    if (store != null) {
      store.save();
    }
  }

  /** What tells perf of translations; null if it cannot be told. */
  private synchronized EngineObserver perfObserver(CodeNames names) {
    if (perfMap == null) {
      perfMap = PerfMap.open();
      if (perfMap == null) {
        sayOnce("--perf: cannot write /tmp/perf-PID.map");
        return null;
      }
    }
    return perfMap.observer(names::nameOf);
  }

  /**
   * The options for an engine.
   *
   * @param executable its guest path with no symbolic links
   * @param names of the code it runs
   * @param observer told of what it does; null for none
   */
  EngineOptions engineOptions(String executable, CodeNames names, ProcessObserver observer) {
    EngineOptions wanted =
        EngineOptions.DEFAULT
            .withOptimise(options.execution() != RunOptions.Execution.UNOPTIMISED)
            .withPasses(options.passes())
            .withTranslation(options.execution() != RunOptions.Execution.EVALUATED)
            .withEvaluateFirst(options.execution() == RunOptions.Execution.TIERED)
            .withQuickFrom(
                options.execution() == RunOptions.Execution.TIERED
                    ? EngineOptions.USUAL_QUICK
                    : EngineOptions.NEVER_QUICK)
            .withRegions(
                options.execution() == RunOptions.Execution.REGIONS
                    ? EngineOptions.Regions.ALWAYS
                    : EngineOptions.Regions.HOT)
            .withTranslations(translationsOf(executable))
            .withCounting(options.stats() != null && options.stats().dynamic());
    if (options.codeCacheBytes() > 0) {
      wanted = wanted.withCodeCache((int) Math.min(options.codeCacheBytes(), Integer.MAX_VALUE));
    }
    if (observer != null) {
      return wanted
          .withBlockLimit(observer.blockLimit())
          .withChaining(observer.allowsChaining())
          .withCounting(observer.wantsCounts())
          .withObserver(observer);
    }
    if (options.perfMap()) {
      wanted = wanted.withObserver(perfObserver(names));
    }
    boolean instructions = options.trace() == RunOptions.Trace.INSTRUCTION;
    boolean blocks = options.trace() == RunOptions.Trace.BLOCK;
    if (instructions) {
      wanted = wanted.withBlockLimit(1);
    }
    if (instructions || blocks || options.dumpCode()) {
      wanted =
          wanted
              .withChaining(!instructions && !blocks)
              .withObserver(
                  EngineObserver.both(
                      EngineReport.of(reports(), names, blocks, instructions, options.dumpCode()),
                      wanted.observer()));
    }
    return wanted;
  }
}
