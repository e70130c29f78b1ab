package dev.isomorph.systemvm.options;

import java.nio.file.Path;
import java.util.Objects;

/** What runs in machine mode. */
public sealed interface FirmwareChoice {
  /** The machine itself answers the supervisor's calls (SBI); no guest code is in machine mode. */
  record BuiltIn() implements FirmwareChoice {}

  /** Nothing: the kernel starts in machine mode, where firmware would have been. */
  record None() implements FirmwareChoice {}

  /** A firmware's image, such as OpenSBI's. */
  record Image(Path file) implements FirmwareChoice {
    public Image {
      Objects.requireNonNull(file);
    }
  }
}
