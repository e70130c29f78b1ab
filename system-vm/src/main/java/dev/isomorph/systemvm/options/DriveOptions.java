package dev.isomorph.systemvm.options;

import dev.isomorph.systemvm.disk.DiskFormat;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A disk.
 *
 * @param id its name among the machine's disks
 * @param readOnly whether the guest may not write
 * @param snapshot whether what the guest writes is forgotten when the machine ends
 * @param discard whether the guest may give back parts of the image
 */
public record DriveOptions(
    String id, Path file, DiskFormat format, boolean readOnly, boolean snapshot, boolean discard) {
  public DriveOptions {
    Objects.requireNonNull(id);
    Objects.requireNonNull(file);
    Objects.requireNonNull(format);
  }
}
