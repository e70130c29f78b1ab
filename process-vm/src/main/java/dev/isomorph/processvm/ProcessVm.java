package dev.isomorph.processvm;

import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.Hart;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.signal.HostProcess;
import dev.isomorph.hostbackend.signal.SignalInbox;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.LoadedProgram;
import dev.isomorph.processvm.elf.Program;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.CodeInvalidator;
import dev.isomorph.processvm.procfs.GuestProcess;
import dev.isomorph.processvm.procfs.ProcessFiles;
import dev.isomorph.processvm.report.CodeNames;
import dev.isomorph.processvm.report.CrashReport;
import dev.isomorph.processvm.report.EngineReport;
import dev.isomorph.processvm.report.StatsReport;
import dev.isomorph.processvm.report.TextSink;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.InboxSignals;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.start.Credentials;
import dev.isomorph.processvm.start.InitialStack;
import dev.isomorph.processvm.start.StackLayout;
import dev.isomorph.processvm.start.SystemPage;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.processvm.syscall.Strace;
import dev.isomorph.processvm.syscall.SystemCalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A virtual machine for one riscv64 Linux program, which runs as part of this process. */
public final class ProcessVm implements CodeInvalidator {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int GETRLIMIT = 97;
  private static final int PRCTL = 157;

  private static final int RLIMIT_STACK = 3;
  private static final int PR_SET_NAME = 15;
  private static final int LONGEST_THREAD_NAME = 15;
  private static final int STACK_POINTER = 2;
  private static final int STANDARD_ERROR = 2;

  private final RunOptions options;

  /** Null for none. */
  private final ProcessObserver observer;

  private final AddressSpace space;
  private Engine engine;
  private CodeNames names;
  private GuestThreads threads;
  private long started;

  /** Where reports go; null while nothing is to be reported. */
  private TextSink reports;

  private ProcessVm(RunOptions options, ProcessObserver observer) throws ExecFailure {
    this.options = options;
    this.observer = observer;
    try {
      space = new AddressSpace(stackLimit(), this);
    } catch (IllegalStateException refused) {
      throw new ExecFailure(options.program(), refused.getMessage(), Errno.ENOMEM);
    }
  }

  /**
   * Runs a program to its end. A program that a signal kills takes this process with it, so that
   * whoever waits for this process sees the same; and so does one that had several threads, which
   * need not all have ended.
   *
   * @return the program's exit status, or what a shell gives for a program that cannot be run,
   *     after a line on standard error
   */
  public static int run(RunOptions options) {
    return run(options, null);
  }

  /**
   * Runs a program to its end as {@link #run(RunOptions)} does, and tells an observer of it. Blocks
   * are not chained then.
   *
   * @param observer null for none. An exception of its ends the run and is thrown on
   */
  public static int run(RunOptions options, ProcessObserver observer) {
    ProcessVm vm = null;
    try {
      vm = new ProcessVm(options, observer);
      ProcessEnd end = vm.runProgram();
      if (end.signal() != null) {
        HostProcess.dieBySignal(end.signal().signal());
      }
      return end.status();
    } catch (ExecFailure failure) {
      System.err.println(HostArguments.textOf(failure.message()));
      return failure.status();
    } finally {
      if (vm != null) {
        vm.close();
      }
    }
  }

  private void close() {
    if (threads != null && threads.areSeveral()) {
      return; // They may still be at it.
    }
    if (engine != null) {
      engine.close();
    }
    space.release();
  }

  @Override
  public void changed(long start, long end) {
    if (engine != null) {
      engine.flushCode(start, end);
    }
  }

  /** A program in memory, ready to run. */
  private record Start(
      String path, LoadedProgram loaded, StackLayout stack, String executable, long trampoline) {}

  private ProcessEnd runProgram() throws ExecFailure {
    started = System.nanoTime();
    GuestFiles files = new GuestFiles(HostArguments.bytesOf(options.root()));
    if (options.directory() != null) {
      files.changeDirectory(HostArguments.bytesOf(options.directory()));
    }
    Start start = load(files);
    nameThread(start.path);
    names = new CodeNames(space, files);
    engine = newEngine(start.path);
    try (Hart hart = engine.newHart()) {
      hart.pc(start.loaded.start());
      hart.x(STACK_POINTER, start.stack.pointer());
      if (observer != null) {
        observer.started(hart, space, names::nameOf);
      }
      try (SignalInbox inbox = SignalInbox.open(hart.pollFlagAddress())) {
        threads = new GuestThreads(engine, space, inbox, reports, new Reports(start.path));
        return threads.runFirst(hart, new SystemCalls(process(files, start, hart, inbox)));
      }
    }
  }

  private Start load(GuestFiles files) throws ExecFailure {
    List<String> environment = environment();
    List<String> words = new ArrayList<>(options.arguments().size() + 1);
    words.add(options.program());
    words.addAll(options.arguments());
    List<String> arguments = HostArguments.bytesOf(words);
    String path = files.find(arguments.get(0), environment);
    try (Program program = Program.open(files, path, arguments, space.size())) {
      long top = space.mapStack(program.executableStack());
      if (top < 0) {
        throw new ExecFailure(path, "not enough memory for the stack", Errno.ENOMEM);
      }
      LoadedProgram loaded = program.load(space);
      long trampoline = SystemPage.map(space, path);
      StackLayout stack =
          InitialStack.build(
              space, top, loaded, program.arguments(), environment, path, Credentials.ofHost());
      return new Start(path, loaded, stack, program.path(), trampoline);
    }
  }

  private Engine newEngine(String path) throws ExecFailure {
    try {
      return new Engine(space, engineOptions());
    } catch (IllegalStateException unfit) {
      throw new ExecFailure(path, unfit.getMessage(), Errno.ENOEXEC);
    }
  }

  private SystemCalls.Process process(GuestFiles files, Start start, Hart hart, SignalInbox inbox) {
    GuestSignals signals =
        new GuestSignals(space, new InboxSignals(inbox), start.trampoline, threads.alarm(hart));
    // The JVM blocks SIGQUIT in its threads, whatever it inherited.
    signals.blocked(inbox.registerCurrentThread() & ~Signal.bit(Signal.SIGQUIT));
    return new SystemCalls.Process(
        space,
        files.paths(),
        new ProcessFiles(new GuestProcess(space, start.loaded, start.stack, start.executable)),
        signals,
        hart.pollFlagAddress(),
        this,
        options.strace() ? new Strace(STANDARD_ERROR) : null,
        threads);
  }

  /** What the user wants to know of a process that has ended. */
  private final class Reports implements GuestThreads.Conclusion {
    private final String path;

    Reports(String path) {
      this.path = path;
    }

    @Override
    public void ended(ProcessEnd end, Hart hart) {
      if (observer != null) {
        observer.ended(end);
      }
      if (end.signal() != null && (options.crashReport() || options.strace())) {
        new CrashReport(reports(), space, names).print(path, end.signal(), hart);
      }
      if (options.memoryDump() != null) {
        MemoryDumper.write(options.memoryDump(), space);
      }
      if (options.stats()) {
        StatsReport.print(reports(), engine, System.nanoTime() - started);
      }
    }
  }

  private EngineOptions engineOptions() {
    EngineOptions wanted =
        EngineOptions.DEFAULT
            .withOptimise(options.execution() != RunOptions.Execution.UNOPTIMISED)
            .withTranslation(options.execution() != RunOptions.Execution.EVALUATED);
    if (options.codeCacheBytes() > 0) {
      wanted = wanted.withCodeCache((int) Math.min(options.codeCacheBytes(), Integer.MAX_VALUE));
    }
    if (observer != null) {
      return wanted
          .withBlockLimit(observer.blockLimit())
          .withChaining(false)
          .withObserver(observer);
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
                  EngineReport.of(reports(), names, blocks, instructions, options.dumpCode()));
    }
    return wanted;
  }

  private TextSink reports() {
    if (reports == null) {
      reports = new TextSink(STANDARD_ERROR);
    }
    return reports;
  }

  private List<String> environment() {
    List<String> environment = HostArguments.environment();
    for (int i = 0; i < options.environment().size(); i++) {
      String added = HostArguments.bytesOf(options.environment().get(i));
      String prefix = added.substring(0, added.indexOf('=') + 1);
      int at = 0;
      while (at < environment.size() && !environment.get(at).startsWith(prefix)) {
        at++;
      }
      if (at < environment.size()) {
        environment.set(at, added);
      } else {
        environment.add(added);
      }
    }
    return environment;
  }

  private static long stackLimit() {
    long limits = HostMemory.allocate(2 * Long.BYTES);
    HostCalls.check(HostCalls.syscall(GETRLIMIT, RLIMIT_STACK, limits, 0, 0, 0, 0), "getrlimit");
    long soft = HostMemory.getLong(limits);
    HostMemory.free(limits, 2 * Long.BYTES);
    return soft;
  }

  /** Gives the thread the program's name, as exec does. */
  private static void nameThread(String path) {
    byte[] name = path.substring(path.lastIndexOf('/') + 1).getBytes(StandardCharsets.ISO_8859_1);
    int length = Math.min(name.length, LONGEST_THREAD_NAME);
    long buffer = HostMemory.allocate(LONGEST_THREAD_NAME + 1);
    HostMemory.copyIn(name, 0, buffer, length);
    HostCalls.syscall(PRCTL, PR_SET_NAME, buffer, 0, 0, 0, 0);
    HostMemory.free(buffer, LONGEST_THREAD_NAME + 1);
  }
}
