package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.ExecutionCounts;
import dev.isomorph.hostbackend.lower.ExitReason;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.lower.StencilCompiler;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.hostbackend.lower.Zones;
import dev.isomorph.hostbackend.signal.FaultHandler;
import dev.isomorph.hostbackend.signal.FaultSlots;
import dev.isomorph.translator.opt.Pass;
import java.util.Collection;
import java.util.List;

/**
 * Runs guest code: translates what is not yet translated, enters it, and finds out why it came
 * back. What the engine cannot settle itself it returns as a {@link Stop}.
 */
public final class Engine implements AutoCloseable {
  /** The frequency of the time CSR, as the kernel reports it for qemu's machines: 10 MHz. */
  private static final long NANOSECONDS_PER_TICK = 100;

  private static final int CSR_TIME = 0xc01;

  private static final int FENCE_LENGTH = 4;

  /** Enough to make turns cheap, few enough that waiting for one is short. */
  private static final int EVALUATED_PER_TURN = 64;

  /**
   * How often a translation is compared with guest code that may have changed before it is set
   * aside: to enter it again then takes as long as some ten comparisons.
   */
  private static final int PATIENCE = 8;

  /** Null for a machine. */
  private final GuestMemory memory;

  private final GuestSpace space;
  private final EngineOptions options;
  private final EngineStats stats = new EngineStats();
  private final Stubs stubs;
  private final CodeCache cache;
  private final FaultHandler faults;
  private final Translator translator;
  private final RegionTranslator regions;
  private final BlockFinder finder;
  private final CodeRunner runner;

  /** Null if nothing is run before it is translated. */
  private final FirstRuns firstRuns;

  private final Rendezvous rendezvous = new Rendezvous();
  private final Breakpoints breakpoints = new Breakpoints();

  private volatile boolean profiled;

  /** Null unless asked for. */
  private final ExecutionCounts counts;

  /** Null in a process. */
  private final CodeFrames codeFrames;

  /**
   * An engine for one guest memory.
   *
   * @throws IllegalStateException if the host's processor lacks what emitted code needs
   */
  public Engine(GuestMemory memory, EngineOptions options) {
    this(memory, new WindowSpace(memory), null, options);
  }

  /**
   * An engine for a whole machine, whose harts have an {@link Mmu} each.
   *
   * @param frames its memory
   * @throws IllegalStateException if the host's processor lacks what emitted code needs
   */
  public Engine(Frames frames, EngineOptions options) {
    this(
        null,
        new MachineSpace(frames),
        frames,
        (frames.mayHaveAliases() ? options : options.without(Pass.ALIASES))
            .withTranslations(null)
            .withQuickFrom(EngineOptions.NEVER_QUICK));
  }

  private Engine(GuestMemory memory, GuestSpace space, Frames frames, EngineOptions options) {
    CpuFeatures cpu = CpuFeatures.detect().without(options.absentFeatures());
    cpu.requireBaseline();
    this.memory = memory;
    this.space = space;
    this.options = options;
    ExecutableMemory code =
        new ExecutableMemory(Math.max(options.codeCacheBytes(), CodeCache.MIN_SIZE));
    stubs = new Stubs(code.rx(0));
    byte[] stubCode = stubs.code();
    code.copyIn(stubCode, 0, 0, stubCode.length);
    WrittenFrames written = frames == null ? null : new WrittenFrames(frames.count());
    cache =
        new CodeCache(
            code,
            stubCode.length,
            new CacheUpkeep(rendezvous, written, code.size() / CodeCache.MAX_SEGMENTS));
    faults =
        FaultHandler.install(
            code.rx(0),
            code.size(),
            stubs.fault(),
            new FaultSlots(
                RegisterFile.FAULT_ADDRESS,
                RegisterFile.FAULT_PC,
                RegisterFile.FAULT_SIGNAL,
                RegisterFile.FAULT_CODE,
                RegisterFile.FAULT_ERROR));
    counts = options.counting() ? new ExecutionCounts() : null;
    BlockCompiler compiler = new BlockCompiler(stubs, space.addressing(), cpu, counts);
    Reviver reviver =
        options.keepsTranslations()
            ? new Reviver(
                options.translations(), cache, new GuestCode(memory), stats, stubs.enter())
            : null;
    translator = new Translator(space, cache, compiler, options, stats, breakpoints, reviver);
    codeFrames =
        frames == null ? null : new CodeFrames(frames, written, cache, space, rendezvous, stats);
    regions =
        new RegionTranslator(
            space, cache, compiler, options, stats, rendezvous, breakpoints, reviver);
    finder = new BlockFinder(space, cache, translator, regions, options, stats);
    runner = new CodeRunner(stubs, cache, counts);
    if (regions.isActive() && options.regions() == EngineOptions.Regions.HOT) {
      Sampler.watch(this);
    }
    firstRuns =
        frames == null && options.evaluatesFirst()
            ? new FirstRuns(memory, translator, stats)
            : null;
    if (options.observer() != null) {
      options.observer().started(stubs);
    }
  }

  /** A new hart with all registers zero. */
  public Hart newHart() {
    return newHart(null);
  }

  /** A new hart of a machine with all registers zero; it is to be told what tables to use. */
  public Hart newHart(Mmu mmu) {
    int counters = counts == null ? 0 : ExecutionCounts.COUNTERS;
    if (options.isQuick() || options.keepsTranslations()) {
      counters = StencilCompiler.COUNTERS / 2;
    }
    Hart hart = new Hart(this, mmu, space, counters, options.exact());
    rendezvous.add(hart);
    return hart;
  }

  /** On a machine: where it is noted that a frame may be written. */
  public WrittenFrames writtenFrames() {
    return codeFrames.written();
  }

  /** Within a turn of its own: whoever has the turn may be looking after all harts there are. */
  void forget(Hart hart) {
    rendezvous.takeTurn();
    if (counts != null) {
      counts.collect(hart.state());
    }
    rendezvous.remove(hart);
    rendezvous.endTurn();
  }

  /** What has been done so far. */
  public EngineStats stats() {
    return stats;
  }

  /**
   * The instructions executed so far, null unless {@link EngineOptions#counting} is on. Harts that
   * run are made to leave emitted code for a moment.
   */
  public ExecutionCounts executionCounts() {
    if (counts == null) {
      return null;
    }
    rendezvous.takeTurn();
    try {
      rendezvous.clear();
      for (Hart hart : rendezvous.harts()) {
        counts.collect(hart.state());
      }
    } finally {
      rendezvous.endTurn();
    }
    return counts;
  }

  /** The code cache, for those who look. */
  public CodeCache codeCache() {
    return cache;
  }

  /**
   * The code in guest addresses [start, end) may have changed: translations that no longer agree
   * with it are dropped. In a process, those that have been looked at in vain several times are set
   * aside until they are wanted: a program that makes code all the time may have a great many that
   * it does not run any more.
   */
  public void flushCode(long start, long end) {
    rendezvous.takeTurn();
    try {
      for (TranslatedBlock block : cache.overlapping(start, end)) {
        if (!space.isCurrent(block)) {
          stats.invalidated++;
          cache.remove(block);
        } else if (codeFrames == null && block.agreed() >= PATIENCE) {
          cache.setAside(block);
        }
      }
    } finally {
      rendezvous.endTurn();
    }
  }

  /** On a machine, fence.i: code is fetched as memory holds it from now on. */
  public void synchroniseCode() {
    rendezvous.takeTurn();
    try {
      codeFrames.synchronise();
    } finally {
      rendezvous.endTurn();
    }
  }

  /** What fence.i does, whoever runs it; within a turn. */
  private void refetch() {
    if (codeFrames != null) {
      codeFrames.synchronise();
    } else {
      flushCode(0, Long.MAX_VALUE);
    }
  }

  /**
   * On a machine: from now on harts stop with {@link Stop.AtBreakpoint} before the instructions at
   * these addresses, and no others.
   */
  public void breakAt(Collection<Long> addresses) {
    rendezvous.takeTurn();
    try {
      breakpoints.set(addresses);
      for (long page : cache.pages()) {
        for (TranslatedBlock block : cache.inPage(page)) {
          if (breakpoints.isIn(block)) {
            cache.remove(block);
          }
        }
      }
    } finally {
      rendezvous.endTurn();
    }
  }

  /** Runs one instruction of a machine, whatever breakpoint is there; as {@link Hart#step}. */
  Stop stepOnce(Hart hart) {
    rendezvous.takeTurn();
    try {
      return step(hart);
    } finally {
      hart.activity = HartActivity.OUTSIDE;
      rendezvous.endTurn();
    }
  }

  long counter(int csr) {
    long now = System.nanoTime();
    return csr == CSR_TIME ? now / NANOSECONDS_PER_TICK : now;
  }

  /** Whether it counts what harts execute. */
  public boolean isExact() {
    return options.exact();
  }

  /** Whether emitted code may make system calls that nobody watches. */
  boolean allowsDirectCalls() {
    return options.observer() == null && !options.counting() && !options.exact();
  }

  Stop run(Hart hart) {
    if (profiled) {
      hart.hostThread = (int) HostCalls.syscall(HostLinux.GETTID, 0, 0, 0, 0, 0, 0);
    }
    hart.activity = HartActivity.DISPATCH;
    try {
      return options.translate() ? translateAndRun(hart) : evaluate(hart);
    } finally {
      hart.activity = HartActivity.OUTSIDE;
    }
  }

  private Stop translateAndRun(Hart hart) {
    rendezvous.takeTurn();
    try {
      ExitReason reason = null;
      while (true) {
        if (options.exact() && hart.isEnough()) {
          return new Stop.Polled();
        }
        if (firstRuns != null && firstRuns.takes(hart.pc(), space.mode(hart))) {
          Stop stop = runFirst(hart);
          if (stop != null) {
            return stop;
          }
          reason = null;
          continue;
        }
        if (breakpoints.isAt(hart.pc())) {
          return new Stop.AtBreakpoint();
        }
        TranslatedBlock block = finder.next(hart, reason);
        if (block == null || options.exact() && hart.left() < block.instructionCount()) {
          Stop stop = block == null ? runWithoutBlock(hart) : step(hart);
          if (stop != null) {
            return stop;
          }
          reason = null;
          continue;
        }
        if (options.observer() != null) {
          options.observer().entering(hart, block);
        }
        stats.dispatches++;
        hart.state().field(RegisterFile.ENTRY, block.entry());
        reason = enter(hart);
        stats.misses += hart.fills;
        hart.fills = 0;
        stats.aliases += hart.aliases;
        hart.aliases = 0;
        if (options.exact()) {
          hart.addExecuted(block, reason);
        }
        Stop stop = settle(hart, reason);
        if (options.observer() != null) {
          options.observer().left(hart, block, stop);
        }
        if (stop != null) {
          return stop;
        }
      }
    } finally {
      rendezvous.endTurn();
    }
  }

  /** Has the evaluator run what is at the hart's pc for the first time. */
  private Stop runFirst(Hart hart) {
    if (hart.isAsked() && hart.takePoll() == Hart.POLLED) {
      return new Stop.Polled();
    }
    rendezvous.giveWay();
    hart.activity = HartActivity.EVALUATION;
    Stop stop = firstRuns.run(hart);
    hart.activity = HartActivity.DISPATCH;
    return stop;
  }

  /**
   * Runs the instruction at pc, of which no block can be made: it cannot be fetched, or lies in two
   * pages. Such instructions may be a loop, so this is where it can be stopped.
   */
  private Stop runWithoutBlock(Hart hart) {
    if (codeFrames == null) {
      return hart.stepper().fetchFault(hart);
    }
    return hart.takePoll() == Hart.POLLED ? new Stop.Polled() : step(hart);
  }

  /**
   * Runs guest code by the evaluator; between turns of some instructions other harts get theirs.
   */
  private Stop evaluate(Hart hart) {
    while (true) {
      rendezvous.takeTurn();
      try {
        for (int i = 0; i < EVALUATED_PER_TURN; i++) {
          if (hart.isEnough()) {
            return new Stop.Polled();
          }
          if (breakpoints.isAt(hart.pc())) {
            return new Stop.AtBreakpoint();
          }
          Stop stop = step(hart);
          if (stop != null) {
            return stop;
          }
        }
      } finally {
        rendezvous.endTurn();
      }
      Thread.yield();
    }
  }

  /**
   * Runs emitted code without the turn, which it has again afterwards; what depends on the code is
   * read before others may go.
   */
  private ExitReason enter(Hart hart) {
    // Not each time: a branch may begin with a poll, and must get beyond it.
    if (options.regions() == EngineOptions.Regions.AT_ONCE && (stats.dispatches & 1) == 0) {
      hart.askWhere();
    }
    rendezvous.enterCode(hart);
    try {
      ExitReason reason = runner.run(hart);
      if (options.regions() == EngineOptions.Regions.ALWAYS && hart.mmu() != null) {
        hart.mmu().sampled();
      }
      hart.evictionsSeen = cache.evictions();
      return reason;
    } finally {
      rendezvous.leaveCode(hart);
    }
  }

  /** Does what an exit asks for; null if the guest can go on. */
  private Stop settle(Hart hart, ExitReason reason) {
    return switch (reason) {
      case LINK, LOOKUP -> null;
      case OFTEN -> {
        hart.activity = HartActivity.TRANSLATION;
        translator.improve(hart.pc(), space.mode(hart));
        hart.activity = HartActivity.DISPATCH;
        yield null;
      }
      case POLL -> {
        if (hart.takePoll() == Hart.POLLED) {
          yield new Stop.Polled();
        }
        if (regions.looks().begin(hart)) {
          yield regions.looks().run(hart, space, this);
        }
        hart.activity = HartActivity.TRANSLATION;
        regions.sample(hart, space.mode(hart));
        hart.state().renewTurns();
        if (hart.mmu() != null) {
          hart.mmu().sampled();
        }
        hart.activity = HartActivity.DISPATCH;
        yield null;
      }
      case SYSTEM_CALL -> new Stop.SystemCall();
      case CALL_MADE -> new Stop.CallMade(hart.state().field(RegisterFile.CALL_RESULT));
      case BREAKPOINT -> new Stop.Breakpoint();
      case ILLEGAL_INSTRUCTION -> hart.stepper().illegal(hart);
      case PRIVILEGED -> hart.stepper().privileged(hart);
      case FENCE_I -> {
        refetch();
        hart.pc(hart.pc() + FENCE_LENGTH);
        hart.addExecuted(1);
        yield null;
      }
      case EVALUATE, MISS -> takeOver(hart);
      case FAULT -> fault(hart);
    };
  }

  /**
   * Has the evaluator run what emitted code has handed over. A loop may come to that each time
   * before it comes to where it polls.
   */
  private Stop takeOver(Hart hart) {
    return hart.state().poll() == Hart.POLLED && hart.takePoll() == Hart.POLLED
        ? new Stop.Polled()
        : step(hart);
  }

  /** Has the evaluator run the instruction at pc, within a turn. */
  Stop step(Hart hart) {
    stats.evaluated++;
    hart.activity = HartActivity.EVALUATION;
    Stop stop;
    if (codeFrames == null) {
      stop = hart.stepper().step(hart);
    } else {
      // Devices may take their time, and the stores count as emitted code's.
      rendezvous.enterCode(hart);
      try {
        stop = hart.stepper().step(hart);
      } finally {
        rendezvous.leaveCode(hart);
      }
    }
    if (hart.stepper().hasFenced()) {
      refetch();
    }
    hart.activity = HartActivity.DISPATCH;
    if (stop == null) {
      hart.addExecuted(1);
    }
    if (counts != null && (stop == null || stop instanceof Stop.SystemCall)) {
      counts.evaluated();
    }
    boolean watched = stop == null && codeFrames != null && hart.mmu().hasTripped();
    return watched ? new Stop.Watched() : stop;
  }

  /** Settles a host signal in emitted code; null if the guest can go on. */
  private Stop fault(Hart hart) {
    stats.faults++;
    HostFault fault = HostFault.of(hart.state());
    if (!fault.isOfAccess()) {
      throw new IllegalStateException(
          "signal " + fault.signal() + " in emitted code at 0x" + Long.toHexString(fault.pc()));
    }
    if (fault.isNowhere()) {
      return takeOver(hart);
    }
    long host = fault.address();
    if (memory == null) {
      if (Zones.isNothing(host)) {
        regions.strayed(hart, cache.at(fault.pc()));
        Stop stop = takeOver(hart);
        hart.mmu().sampled();
        return stop;
      }
      if (hart.mmu().isAlias(host)) {
        return takeOver(hart);
      }
      throw new IllegalStateException("emitted code has missed the machine's memory");
    }
    long address = host - memory.windowBase();
    if (hart.stepper().accessesElsewhere(hart, address)) {
      return takeOver(hart);
    }
    return new Stop.MemoryFault(address, Stop.Access.DATA, fault.signal());
  }

  /** Harts have to tell which thread runs them from now on. */
  void profiled() {
    profiled = true;
  }

  List<Hart> harts() {
    return rendezvous.harts();
  }

  Stubs stubs() {
    return stubs;
  }

  /** Asks the harts that are in emitted code where they are. */
  void requestSamples() {
    for (Hart hart : rendezvous.harts()) {
      hart.requestSample();
    }
  }

  @Override
  public void close() {
    Sampler.forget(this);
    rendezvous.takeTurn();
    regions.close();
    rendezvous.endTurn();
    faults.close();
    for (Hart hart : rendezvous.harts()) {
      hart.close();
    }
    cache.close();
    translator.close();
    space.close();
    if (firstRuns != null) {
      firstRuns.close();
    }
  }
}
