package dev.isomorph.systemvm.disk;

/** Formats of images. */
public enum DiskFormat {
  RAW,
  QCOW2;

  /** What people call it. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The format people call {@code label}; null if there is none. */
  public static DiskFormat of(String label) {
    for (DiskFormat format : values()) {
      if (format.label().equals(label)) {
        return format;
      }
    }
    return null;
  }
}
