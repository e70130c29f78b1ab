package dev.isomorph.processvm;

import dev.isomorph.engine.Hart;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.signal.SignalInbox;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.Program;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.InboxSignals;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.syscall.Family;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.processvm.syscall.Strace;
import dev.isomorph.processvm.syscall.SystemCalls;
import dev.isomorph.processvm.tree.ProcessTree;
import dev.isomorph.processvm.tree.SignalRouter;
import dev.isomorph.processvm.tree.TimerOwners;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtual machine for a riscv64 Linux program and the processes that come of it, all of which run
 * as part of this process.
 */
public final class ProcessVm {
  private static final int GETRLIMIT = 97; // x86-64 system call number (asm/unistd_64.h).
  private static final int RLIMIT_STACK = 3;
  private static final int STANDARD_ERROR = 2;

  private final RunOptions options;
  private final VmContext context;

  /** Null for none. */
  private final Strace trace;

  /** Null for none. */
  private final ProcessObserver observer;

  private ProcessVm(RunOptions options, ProcessObserver observer) throws ExecFailure {
    this.options = options;
    this.observer = observer;
    this.trace = options.strace() ? new Strace(STANDARD_ERROR) : null;
    this.context = new VmContext(options, new GuestFiles(HostArguments.bytesOf(options.root())));
  }

  /**
   * Runs a program to its end and that of all processes it has left behind. A program that a signal
   * kills takes this process with it, so that whoever waits for this process sees the same; and so
   * does one that ends with threads that are still at it.
   *
   * @return the program's exit status, or what a shell gives for a program that cannot be run,
   *     after a line on standard error
   */
  public static int run(RunOptions options) {
    return run(options, null);
  }

  /**
   * Runs a program as {@link #run(RunOptions)} does, and tells an observer of it, but not of other
   * processes or programs that come of it. Blocks are not chained then, unless it allows it.
   *
   * @param observer null for none. An exception of its ends the run and is thrown on
   */
  public static int run(RunOptions options, ProcessObserver observer) {
    try {
      ProcessEnd end = new ProcessVm(options, observer).runProgram();
      if (end.signal() != null) {
        GuestThreads.endHost(end);
      }
      return end.status();
    } catch (ExecFailure failure) {
      System.err.println(HostArguments.textOf(failure.message()));
      return failure.status();
    }
  }

  private ProcessEnd runProgram() throws ExecFailure {
    if (options.directory() != null) {
      context.files().changeDirectory(HostArguments.bytesOf(options.directory()));
    }
    Image image = load();
    HostThread.nameAfter(image.contents.path());
    Hart hart = image.engine.newHart();
    GuestThreads.begin(hart, image);
    if (observer != null) {
      observer.started(hart, image.space, image.names::nameOf);
    }
    GuestThreads threads;
    ProcessEnd end;
    try (SignalInbox inbox = SignalInbox.open(hart.pollFlagAddress())) {
      context.inbox(inbox);
      threads = GuestThreads.ofFirst(context, image, observer);
      end = threads.runFirst(hart, firstCalls(threads, image, hart, inbox));
      context.awaitThreads();
    }
    threads.close();
    return end;
  }

  private Image load() throws ExecFailure {
    GuestFiles files = context.files();
    List<String> environment = environment();
    List<String> words = new ArrayList<>(options.arguments().size() + 1);
    words.add(options.program());
    words.addAll(options.arguments());
    List<String> arguments = HostArguments.bytesOf(words);
    String path = files.find(arguments.get(0), environment);
    try (Program program = Program.open(files, path, arguments, AddressSpace.DEFAULT_SIZE)) {
      Image image = Image.load(context, path, program, environment, stackLimit(), observer);
      if (trace != null) {
        // Behind argc, the arguments and their null pointer.
        long skipped = Long.BYTES * (program.arguments().size() + 2L);
        trace.started(
            path, arguments, image.contents.stack().pointer() + skipped, environment.size());
      }
      return image;
    }
  }

  private SystemCalls firstCalls(GuestThreads threads, Image image, Hart hart, SignalInbox inbox) {
    ProcessTree tree = ProcessTree.ofHost();
    TimerOwners timers = new TimerOwners();
    SignalRouter router = new SignalRouter(new InboxSignals(inbox), tree, timers);
    GuestSignals signals =
        new GuestSignals(image.space, router, image.contents.trampoline(), threads.alarm(hart));
    // The JVM blocks SIGQUIT in its threads, whatever it inherited.
    signals.blocked(inbox.registerCurrentThread() & ~Signal.bit(Signal.SIGQUIT));
    return new SystemCalls(
        new SystemCalls.Process(
            threads.home(),
            context.files().paths(),
            signals,
            hart.pollFlagAddress(),
            trace,
            Family.first(tree, timers, router)));
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
}
