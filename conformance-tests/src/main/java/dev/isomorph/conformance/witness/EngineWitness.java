package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.Hart;

/** Emitted code, run by an engine. */
public final class EngineWitness implements Witness, AutoCloseable {
  /** So many scenarios have code that can be put together among them. */
  private static final int ENOUGH = 100;

  private final String name;
  private final HostWindow window = new HostWindow();
  private final TranslationLog translations = new TranslationLog();
  private final Engine engine;
  private final Hart hart;
  private Scenario loaded;
  private int scenarios;

  /** Whether it is to put code together, which an engine that is watched does not. */
  private final boolean isQuick;

  /**
   * @param options how the engine works; its observer is replaced
   */
  public EngineWitness(String name, EngineOptions options) {
    this.name = name;
    isQuick = options.quickFrom() != EngineOptions.NEVER_QUICK;
    engine = new Engine(window, isQuick ? options : options.withObserver(translations));
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
    scenarios++;
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
    HartAccess.start(hart, scenario);
    Ending ending = HartAccess.ending(hart.run());
    return HartAccess.observe(hart, ending, window.takeData());
  }

  @Override
  public String listing(Scenario scenario) {
    return isQuick ? "" : translations.of(this, scenario);
  }

  /**
   * Ends the engine.
   *
   * @throws IllegalStateException if it has not run what it is a witness of, in many scenarios
   */
  @Override
  public void close() {
    boolean isWitness = !isQuick || scenarios < ENOUGH || engine.stats().putTogether() > 0;
    hart.close();
    engine.close();
    window.close();
    if (!isWitness) {
      throw new IllegalStateException(name + ": nothing was put together");
    }
  }
}
