package dev.isomorph.tools.explain;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Profile;
import dev.isomorph.engine.Profiler;
import dev.isomorph.engine.RegionRefusal;
import dev.isomorph.hostbackend.lower.ExecutionCounts;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.processvm.ProcessObserver;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers what is translated while a program runs, and has the report written at its end. */
final class Recorder implements ProcessObserver {
  private final String command;
  private final boolean counts;
  private final ReportFiles files;
  private final long started = System.nanoTime();

  /** By translation; {@link #latest} has those of a guest address, told apart by kind. */
  private final Map<TranslatedBlock, HotCode> translations = new LinkedHashMap<>();

  private final Map<Long, HotCode> latestRegions = new LinkedHashMap<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private Stubs stubs;
  private Engine engine;
  private Profiler profiler;
  private FunctionNames names;
  private boolean isDone;

  /** Why something is no region. */
  record Refusal(long pc, RegionRefusal reason) {}

  /** What is known at the end. */
  record Run(
      String command,
      String end,
      long nanoseconds,
      Engine engine,
      Stubs stubs,
      List<HotCode> translations,
      List<Refusal> refusals,
      Profile profile,
      ExecutionCounts counts,
      FunctionNames names) {}

  Recorder(String command, boolean counts, ReportFiles files) {
    this.command = command;
    this.counts = counts;
    this.files = files;
  }

  @Override
  public int blockLimit() {
    return BlockLifter.DEFAULT_LIMIT;
  }

  @Override
  public boolean allowsChaining() {
    return true;
  }

  @Override
  public boolean allowsRegions() {
    return true;
  }

  @Override
  public boolean wantsCounts() {
    return counts;
  }

  @Override
  public void started(Stubs by) {
    stubs = by;
  }

  @Override
  public void started(Hart hart, AddressSpace space, Names symbols) {
    engine = hart.engine();
    names = new FunctionNames(symbols, space);
    profiler = Profiler.start(engine);
  }

  @Override
  public synchronized void translated(
      IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
    translations.put(block, HotCode.block(block));
  }

  @Override
  public synchronized void regionTranslated(
      RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
    HotCode hot = HotCode.region(region, outline, counter);
    translations.put(region, hot);
    latestRegions.put(region.pc(), hot);
  }

  @Override
  public synchronized void regionRefused(long pc, RegionRefusal reason) {
    refusals.add(new Refusal(pc, reason));
    if (reason == RegionRefusal.GIVEN_UP && latestRegions.containsKey(pc)) {
      latestRegions.get(pc).giveUp();
    }
  }

  @Override
  public void ended(ProcessEnd end) {
    report(
        end.signal() == null
            ? "exit status " + end.status()
            : "killed by signal " + end.signal().signal());
  }

  @Override
  public void replaced() {
    report("replaced itself by another program, which is not looked at");
  }

  private synchronized void report(String end) {
    if (isDone) {
      return;
    }
    isDone = true;
    long nanoseconds = System.nanoTime() - started;
    profiler.close();
    Profile profile = profiler.profile();
    profile
        .code()
        .forEach((block, times) -> translations.computeIfAbsent(block, HotCode::block).add(times));
    files.write(
        new Run(
            command,
            end,
            nanoseconds,
            engine,
            stubs,
            List.copyOf(translations.values()),
            List.copyOf(refusals),
            profile,
            engine.executionCounts(),
            names));
  }
}
