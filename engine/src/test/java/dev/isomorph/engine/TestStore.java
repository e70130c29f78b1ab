package dev.isomorph.engine;

import java.nio.file.Path;

/** A store of translations in a folder, for one run after the other of a program. */
final class TestStore implements AutoCloseable {
  private final Path folder;
  private final String program;
  private TranslationStore store;

  TestStore(Path folder, String program) {
    this.folder = folder;
    this.program = program;
    open();
  }

  private void open() {
    store = TranslationStore.open(folder.toString(), program);
  }

  /** That of the present run. */
  TranslationStore now() {
    return store;
  }

  /** The options of who uses it. */
  EngineOptions keeping() {
    return EngineOptions.DEFAULT.withTranslations(store);
  }

  /** The next run, which knows what has been saved. */
  void next() {
    store.save();
    store.close();
    open();
  }

  @Override
  public void close() {
    store.close();
  }
}
