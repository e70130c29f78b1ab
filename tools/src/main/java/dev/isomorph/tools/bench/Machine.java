package dev.isomorph.tools.bench;

import java.util.Locale;

/**
 * Where a program runs.
 *
 * @param name as reports have it, such as {@code qemu 10.0.2}
 */
record Machine(Kind kind, String name) {
  enum Kind {
    NATIVE,
    ISOMORPH,
    QEMU;

    /** Its name in reports. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Machine NATIVE = new Machine(Kind.NATIVE, Kind.NATIVE.text());
  static final Machine ISOMORPH = new Machine(Kind.ISOMORPH, Kind.ISOMORPH.text());

  static Machine qemu(String version) {
    return new Machine(Kind.QEMU, Kind.QEMU.text() + " " + version);
  }
}
