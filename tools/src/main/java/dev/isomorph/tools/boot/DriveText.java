package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.disk.DiskFormat;
import dev.isomorph.systemvm.options.DriveOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The value of {@code --drive}.
 *
 * @param attached whether it is a device by itself; otherwise some {@code --device} names it
 */
record DriveText(DriveOptions drive, boolean attached) {
  private static final String OPTION = "--drive";
  private static final byte[] QCOW2_MAGIC = {'Q', 'F', 'I', (byte) 0xfb};

  /**
   * Reads a value.
   *
   * @param number which drive it is, for a name if it has none
   * @param temporary whether all that is written is to be forgotten
   */
  static DriveText parse(String text, int number, boolean temporary) {
    KeyValues values = KeyValues.parse(OPTION, text, false);
    Path file = Path.of(values.require("file"));
    String format = values.get("format", "");
    String place = values.oneOf("if", "virtio", "none");
    String id = values.get("id", "virtio" + number);
    boolean readOnly = values.isOn("readonly", false) | values.isOn("read-only", false);
    boolean snapshot = values.isOn("snapshot", temporary);
    boolean discard = values.oneOf("discard", "ignore", "unmap", "off", "on").matches("unmap|on");
    values.finish();
    return new DriveText(
        new DriveOptions(id, file, format(file, format), readOnly, snapshot, discard),
        place.equals("virtio"));
  }

  private static DiskFormat format(Path file, String name) {
    if (name.isEmpty()) {
      return guess(file);
    }
    DiskFormat format = DiskFormat.of(name);
    if (format == null) {
      throw new IllegalArgumentException("--drive takes format=raw or qcow2, not '" + name + "'");
    }
    return format;
  }

  /**
   * By the file's name. A guest decides what a raw disk begins with, so content alone, which could
   * name any file of the host's as a backing file, decides nothing.
   */
  private static DiskFormat guess(Path file) {
    boolean named = file.toString().endsWith(".qcow2");
    if (!named && startsLikeQcow2(file)) {
      throw new IllegalArgumentException(
          "--drive " + file + " looks like a qcow2 image: say format=qcow2 or format=raw");
    }
    return named ? DiskFormat.QCOW2 : DiskFormat.RAW;
  }

  private static boolean startsLikeQcow2(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(QCOW2_MAGIC.length), QCOW2_MAGIC);
    } catch (IOException e) {
      // Who opens it as a disk will tell.
      return false;
    }
  }
}
