package dev.isomorph.engine;

/** What a hart's thread is doing while it is not in emitted code. */
public enum HartActivity {
  /** Not run by the engine: what its last stop asked for, such as a system call. */
  OUTSIDE("system calls and signals"),
  TRANSLATION("translation"),
  EVALUATION("the evaluator"),
  DISPATCH("the dispatcher, and waiting for other threads in it");

  private final String text;

  HartActivity(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }
}
