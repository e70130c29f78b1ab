package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.Hart;

/** Emitted code, run by an engine. */
public final class EngineWitness implements Witness, AutoCloseable {
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
    HartAccess.start(hart, scenario);
    Ending ending = HartAccess.ending(hart.run());
    return HartAccess.observe(hart, ending, window.takeData());
  }

  @Override
  public String listing(Scenario scenario) {
    return translations.of(this, scenario);
  }

  @Override
  public void close() {
    hart.close();
    engine.close();
    window.close();
  }
}
