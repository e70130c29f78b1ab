package dev.isomorph.systemvm.options;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What is in memory when the machine starts.
 *
 * @param kernel null for none, which only a firmware of its own makes sense of
 * @param initrd an initial RAM disk for the kernel, null for none
 * @param append the kernel's command line, maybe empty
 * @param deviceTree a flattened device tree in place of the generated one, null for that
 */
public record BootOptions(
    FirmwareChoice firmware, Path kernel, Path initrd, String append, Path deviceTree) {
  /**
   * @throws IllegalArgumentException with a line for the user, if this cannot start
   */
  public BootOptions {
    Objects.requireNonNull(firmware);
    Objects.requireNonNull(append);
    if (kernel == null) {
      if (!(firmware instanceof FirmwareChoice.Image)) {
        throw new IllegalArgumentException("nothing to run: name a kernel or a firmware's image");
      }
      if (initrd != null) {
        throw new IllegalArgumentException("an initial RAM disk needs a kernel");
      }
      if (!append.isEmpty()) {
        throw new IllegalArgumentException("a command line needs a kernel");
      }
    }
  }

  /** A kernel alone, under the built-in firmware. */
  public static BootOptions of(Path kernel) {
    return new BootOptions(new FirmwareChoice.BuiltIn(), kernel, null, "", null);
  }
}
