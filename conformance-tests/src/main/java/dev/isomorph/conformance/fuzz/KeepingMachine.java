package dev.isomorph.conformance.fuzz;

import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.TranslationStore;

/**
 * Isomorph's engine, with the blocks and regions that a run of the same program before has kept.
 */
final class KeepingMachine implements Machine {
  private final EngineMachine engine;

  KeepingMachine(String name, String command, EngineOptions options) {
    engine = new EngineMachine(name, command, options);
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public String command() {
    return engine.command();
  }

  @Override
  public Result run(Image image) throws InterruptedException {
    try (TranslationStore store = TranslationStore.ofThisRun()) {
      engine.run(image, store);
      return engine.run(image, store);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
