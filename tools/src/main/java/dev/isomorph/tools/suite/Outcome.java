package dev.isomorph.tools.suite;

import java.util.Locale;

/** How a test ended; of several the worst counts, which comes last here. */
enum Outcome {
  SKIP,
  PASS,
  FAIL;

  /** As reports have it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Outcome worse(Outcome other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
