package dev.isomorph.processvm;

import dev.isomorph.decoder.Registers;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.hostbackend.lower.DirectCalls;
import dev.isomorph.hostbackend.signal.HostProcess;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.Program;
import dev.isomorph.processvm.elf.ProgramFiles;
import dev.isomorph.processvm.procfs.ProcessFiles;
import dev.isomorph.processvm.report.CrashReport;
import dev.isomorph.processvm.report.ExecutionReport;
import dev.isomorph.processvm.report.StatsReport;
import dev.isomorph.processvm.report.TextSink;
import dev.isomorph.processvm.signal.Alarm;
import dev.isomorph.processvm.signal.GuestRegisters;
import dev.isomorph.processvm.signal.KickAlarm;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.syscall.Execution;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.processvm.syscall.ProcessHost;
import dev.isomorph.processvm.syscall.SystemCalls;
import dev.isomorph.processvm.tree.ProcessTree;

/**
 * The threads of a guest process. Each is a hart and the thread of the host's that runs it: the
 * first one of the first process is whoever calls {@link #runFirst}, the others get threads of
 * their own.
 */
final class GuestThreads implements ProcessHost {
  /** What the translator and the system calls need; guest code has its own stack. */
  private static final long STACK_BYTES = 1 << 20;

  private static final int STATUS_OF_INTERNAL_ERROR = 1;

  /** How long processes may go on that were left behind by one whose end was asked for. */
  private static final long GRACE_MILLIS = 3000;

  private final VmContext vm;
  private final SignalRelay relay;

  /** What the process runs; its only thread replaces it. */
  private volatile Image image;

  /** The very first thread, which outlives all others. */
  private Life veryFirst;

  /** How the first process ended, null as long as it has not. */
  private volatile ProcessEnd firstEnd;

  /** Told of the first program's end; null for none. */
  private ProcessObserver observer;

  private GuestThreads(VmContext vm, Image image, SignalRelay relay, ProcessObserver observer) {
    this.vm = vm;
    this.image = image;
    this.relay = relay;
    this.observer = observer;
  }

  /** The threads of the first process; the calling one is to be its first. */
  static GuestThreads ofFirst(VmContext vm, Image image, ProcessObserver observer) {
    return new GuestThreads(vm, image, new SignalRelay(vm.inbox()), observer);
  }

  /** Frees what the very first thread had; there is no other thread. */
  void close() {
    veryFirst.image.release();
  }

  /** What the process lives in. */
  Home home() {
    Image current = image;
    return new Home(current.space, new ProcessFiles(current.process()), current.code, this);
  }

  /** The alarm of the calling thread. */
  Alarm alarm(Hart hart) {
    return new KickAlarm(vm.inbox(), hart.pollFlagAddress(), HostThread.id());
  }

  @Override
  public void refused(ExecFailure failure) {
    vm.sayOnce(failure.getMessage() + " (--root names a folder with programs that are)");
  }

  @Override
  public ProgramFiles programs() {
    return vm.files();
  }

  // ---- Lives ----

  /**
   * Runs the first thread of the first process, and waits for the end of all processes.
   *
   * @return how the first process ended. If it has threads left but there are no other processes,
   *     this does not return: the host process ends at once, whatever those threads do
   */
  ProcessEnd runFirst(Hart hart, SystemCalls calls) {
    Life life = new Life(image, hart, calls);
    veryFirst = life;
    life.run();
    if (life.calls.end() != null) {
      ProcessTree tree = life.calls.family().tree();
      endFirst(life);
      if (tree.isSingle()) {
        return firstEnd; // What it has open is left to those who look at this process afterwards.
      }
      life.calls.finishProcess();
      if (tree.isEmpty()) {
        return firstEnd;
      }
      hurryOthers(tree);
    }
    relay.run(life.calls);
    return firstEnd;
  }

  @Override
  public boolean startThread(GuestRegisters registers, Birth birth) {
    Image shared = image;
    shared.share();
    Hart hart = shared.engine.newHart();
    HartRegisters copy = new HartRegisters(hart);
    copy.copyFrom(registers);
    boolean started =
        start(
            hart,
            () -> {
              Alarm alarm = alarm(hart);
              live(new Life(shared, hart, birth.prepare(copy, hart.pollFlagAddress(), alarm)));
            });
    if (!started) {
      shared.release();
    }
    return started;
  }

  @Override
  public int startProcess(GuestRegisters registers, boolean sharesMemory, ProcessBirth birth) {
    vm.prepareForProcesses();
    Image parentImage = image;
    Image childImage;
    if (sharesMemory) {
      childImage = parentImage;
      childImage.share();
    } else {
      try {
        childImage = parentImage.copy(vm);
      } catch (IllegalStateException noRoom) {
        return -Errno.ENOMEM;
      }
    }
    GuestThreads child = new GuestThreads(vm, childImage, relay, null);
    Hart hart = childImage.engine.newHart();
    HartRegisters copy = new HartRegisters(hart);
    copy.copyFrom(registers);
    boolean started =
        start(
            hart,
            () -> {
              if (!HostThread.leaveOthers()) {
                vm.sayOnce(
                    "this host forbids unshare(CLONE_FS): guest processes share one current"
                        + " directory and umask");
              }
              Alarm alarm = child.alarm(hart);
              child.live(
                  child
                  .new Life(
                      childImage,
                      hart,
                      birth.prepare(copy, hart.pollFlagAddress(), alarm, child.home())));
            });
    if (!started) {
      childImage.release();
      return -Errno.EAGAIN;
    }
    return 0;
  }

  /** Starts a thread of the host's; false, with the hart closed, if there is none to be had. */
  private boolean start(Hart hart, Runnable life) {
    Runnable guarded =
        () -> {
          try {
            life.run();
            vm.threadOver();
          } catch (RuntimeException | Error bug) {
            vm.reportBug(bug);
            HostProcess.exit(STATUS_OF_INTERNAL_ERROR);
          }
        };
    Thread thread = new Thread(null, guarded, HostThread.name(), STACK_BYTES);
    thread.setDaemon(true);
    vm.threadStarts();
    try {
      thread.start();
      return true;
    } catch (OutOfMemoryError noThread) {
      vm.threadOver();
      hart.close();
      return false;
    }
  }

  /** The life of a thread other than the very first. */
  private void live(Life life) {
    life.run();
    if (life.calls.end() != null) {
      if (life.calls.family().isFirst()) {
        endFirst(life);
      } else {
        report(life);
      }
      life.calls.finishProcess();
      if (life.calls.family().isFirst()) {
        hurryOthers(life.calls.family().tree());
      }
      relayIfNeeded(life);
    }
    life.hart.close();
    life.image.release();
    life.calls.release();
  }

  /** Lets the very first thread go once no process is left. */
  private void relayIfNeeded(Life life) {
    if (life.calls.family().tree().isEmpty()) {
      relay.end();
    }
  }

  /** The first process has ended; if only threads of its own are left, so does the host's. */
  private void endFirst(Life life) {
    report(life);
    firstEnd = life.calls.end();
    if (life.calls.family().tree().isSingle() && !life.calls.isAlone()) {
      endHost(firstEnd);
    }
  }

  /**
   * The first process has ended. Where that was asked for from outside, whoever did so waits for
   * the host process: the others are asked, too, and have some time to end by themselves.
   */
  private void hurryOthers(ProcessTree tree) {
    if (firstEnd.request() == 0 || tree.isEmpty()) {
      return;
    }
    tree.requestEnd(firstEnd.request());
    Runnable wait =
        () -> {
          try {
            Thread.sleep(GRACE_MILLIS);
          } catch (InterruptedException e) {
            // Nobody interrupts it; it would be the end of the grace.
          }
          endHost(firstEnd);
        };
    Thread thread = new Thread(null, wait, "grace", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
  }

  static void endHost(ProcessEnd end) {
    if (end.signal() != null) {
      HostProcess.dieBySignal(end.signal().signal());
    }
    HostProcess.exit(end.status());
  }

  /** What the user wants to know of a process that has ended. */
  private void report(Life life) {
    vm.keepTranslations(life.image.contents.executable());
    ProcessEnd end = life.calls.end();
    RunOptions options = vm.options();
    if (observer != null) {
      observer.ended(end);
    }
    if (end.signal() != null && options.crashReport()) {
      TextSink out = vm.reports();
      synchronized (out) {
        new CrashReport(out, life.image.space, life.image.names)
            .print(life.image.contents.path(), end.signal(), life.hart);
      }
    }
    if (options.memoryDump() != null && life.calls.family().isFirst()) {
      MemoryDumper.write(options.memoryDump(), life.image.space);
    }
    if (options.stats() != null) {
      reportStats(options.stats(), life.image, life.calls.family().self().pid());
    }
  }

  private void reportStats(RunOptions.Stats wanted, Image image, int pid) {
    ExecutionReport report =
        wanted.dynamic() ? new ExecutionReport(image.engine.executionCounts(), image.names) : null;
    if (wanted.file() != null) {
      report.append(wanted.file(), image.contents.path());
      return;
    }
    String program = vm.hasProcesses() ? image.contents.path() + " (pid " + pid + ")" : null;
    TextSink out = vm.reports();
    synchronized (out) {
      StatsReport.print(out, program, image.engine, vm.age());
      if (report != null) {
        report.print(out);
      }
    }
  }

  // ---- Running ----

  /** A thread as it goes from program to program. */
  private final class Life {
    /** No guest address: code is at even ones. */
    private static final long NOWHERE = -1;

    Image image;
    Hart hart;
    HartRegisters registers;
    SystemCalls calls;

    Life(Image image, Hart hart, SystemCalls calls) {
      this.image = image;
      this.hart = hart;
      this.registers = new HartRegisters(hart);
      this.calls = calls;
    }

    /** Runs the thread to its end. */
    void run() {
      runProgram();
      while (calls.execution() != null) {
        execute(calls.execution());
        runProgram();
      }
    }

    private void runProgram() {
      DirectCalls direct = calls.directCalls();
      if (direct != null) {
        hart.directCalls(direct, calls.descriptors(), image.space.size());
      }
      while (!calls.isOver()) {
        Stop stop = runCode();
        vm.flushReports();
        // As the kernel does it at every return from a trap: a handler's store must not go unseen.
        hart.endReservation();
        if (stop instanceof Stop.SystemCall) {
          calls.dispatch(registers);
        } else if (stop instanceof Stop.CallMade made) {
          calls.settle(registers, made.result());
        } else if (stop instanceof Stop.Polled) {
          calls.poll(registers);
        } else {
          calls.fault(registers, FaultSignals.of(stop, hart.pc(), image.space));
        }
      }
    }

    private Stop runCode() {
      long failed = NOWHERE;
      while (true) {
        try {
          return hart.run();
        } catch (InternalError codeGone) {
          long pc = hart.pc();
          if (image.space.fetchable(pc, Short.BYTES) == 0) {
            return new Stop.MemoryFault(pc, Stop.Access.EXECUTE, Signal.SIGSEGV);
          }
          if (pc == failed) {
            // Beyond the end of a mapped file that has become shorter.
            return new Stop.MemoryFault(pc, Stop.Access.EXECUTE, Signal.SIGBUS);
          }
          // Another thread may have unmapped code and mapped it again.
          failed = pc;
        }
      }
    }

    /** Replaces the program; no other thread runs it any more. */
    private void execute(Execution wanted) {
      Image next;
      try (Program program = wanted.program()) {
        next =
            Image.load(vm, wanted.path(), program, wanted.environment(), wanted.stackLimit(), null);
      } catch (ExecFailure tooLate) {
        calls.dieAtExecution();
        return;
      }
      Image former = image;
      Hart formerHart = hart;
      image = next;
      GuestThreads.this.image = next;
      if (observer != null) {
        observer.replaced();
        observer = null;
      }
      HostThread.nameAfter(wanted.path());
      hart = next.engine.newHart();
      registers = new HartRegisters(hart);
      begin(hart, next);
      if (vm.isInboxThread()) {
        vm.inbox().pollFlag(hart.pollFlagAddress());
      }
      calls =
          calls.newProgram(home(), next.contents.trampoline(), hart.pollFlagAddress(), alarm(hart));
      formerHart.close();
      vm.keepTranslations(former.contents.executable());
      former.release();
    }
  }

  /** Sets the registers with which a program starts; the others are zero. */
  static void begin(Hart hart, Image image) {
    hart.pc(image.contents.loaded().start());
    hart.x(Registers.SP, image.contents.stack().pointer());
  }
}
