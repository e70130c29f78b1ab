package dev.isomorph.systemvm.options;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What is in memory when the machine starts.
 *
 * @param kernel null for none: then only firmware of the user's can start
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
      if (initrd != null) {
        throw new IllegalArgumentException("an initial RAM disk needs a kernel");
      }
      if (!append.isEmpty()) {
        throw new IllegalArgumentException("a command line needs a kernel");
      }
    }
  }

  /** Whether there is anything that a machine could start with. */
  public boolean isSomething() {
    return kernel != null || firmware instanceof FirmwareChoice.Image;
  }

  /** A kernel alone, under the built-in firmware. */
  public static BootOptions of(Path kernel) {
    return new BootOptions(new FirmwareChoice.BuiltIn(), kernel, null, "", null);
  }
}
