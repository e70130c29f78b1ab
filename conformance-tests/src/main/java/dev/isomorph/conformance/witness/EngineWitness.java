package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;

/** Emitted code, run by an engine. */
public final class EngineWitness implements Witness, AutoCloseable {
  private static final int SIGSEGV = 11;

  private final String name;
  private final HostWindow window = new HostWindow();
  private final TranslationLog translations = new TranslationLog();
  private final Engine engine;
  private final Hart hart;
  private Scenario loaded;

  /**
   * @param options how the engine works; its observer is replaced
   */
  public EngineWitness(String name, EngineOptions options) {
    this.name = name;
    engine = new Engine(window, options.withObserver(translations));
    hart = engine.newHart();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void load(Scenario scenario) {
    window.load(scenario);
    flush();
    loaded = scenario;
    flush();
  }

  /** Drops the translations of what has been loaded. */
  private void flush() {
    if (loaded != null) {
      engine.flushCode(loaded.pc(), loaded.pc() + loaded.length());
    }
  }

  @Override
  public Observation run(Scenario scenario) {
    for (int i = 0; i < 32; i++) {
      hart.x(i, scenario.x()[i]);
      hart.f(i, scenario.f()[i]);
    }
    hart.fcsr(scenario.fcsr());
    hart.endReservation();
    hart.pc(scenario.pc());
    Stop stop = hart.run();
    long[] x = new long[32];
    long[] f = new long[32];
    for (int i = 0; i < 32; i++) {
      x[i] = hart.x(i);
      f[i] = hart.f(i);
    }
    return new Observation(ending(stop), hart.pc(), x, f, hart.fcsr(), 0, window.takeData());
  }

  /** Has a scenario translated anew and gives the IR and the host code of its blocks. */
  @Override
  public String listing(Scenario scenario) {
    load(scenario.withCode(Layout.FILLER & 0xffff));
    translations.start();
    try {
      observe(scenario);
    } catch (RuntimeException failed) {
      // That is what the report is about.
    }
    return translations.stop();
  }

  private static Ending ending(Stop stop) {
    return switch (stop) {
      case Stop.SystemCall() -> new Ending.SystemCall();
      case Stop.Breakpoint() -> new Ending.Breakpoint();
      case Stop.IllegalInstruction(int encoding) -> new Ending.IllegalInstruction(encoding);
      case Stop.Misaligned(long address, boolean write) -> new Ending.Misaligned(address);
      case Stop.MemoryFault(long address, Stop.Access access, int signal) when signal == SIGSEGV ->
          new Ending.MemoryFault(address, access(access));
      case Stop.MemoryFault fault -> throw new IllegalStateException("unexpected " + fault);
      case Stop.Privileged stopped -> throw new IllegalStateException("unexpected " + stopped);
      case Stop.CallMade made -> throw new IllegalStateException("unexpected " + made);
      case Stop.Polled polled -> throw new IllegalStateException("unexpected " + polled);
    };
  }

  /** Null for an access that the engine cannot tell. */
  private static Access access(Stop.Access access) {
    return switch (access) {
      case DATA -> null;
      case LOAD -> Access.READ;
      case STORE -> Access.WRITE;
      case EXECUTE -> Access.EXECUTE;
    };
  }

  @Override
  public void close() {
    hart.close();
    engine.close();
    window.close();
  }
}
