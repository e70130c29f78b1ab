package dev.isomorph.processvm.procfs;

import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.MappedFile;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.processvm.memory.Vma;

/** {@code /proc/PID/maps} (fs/proc/task_mmu.c: show_map_vma). */
public final class MapsText {
  private static final int ADDRESS_DIGITS = 8;
  private static final int NAME_COLUMN = 73;

  private MapsText() {}

  static String of(AddressSpace space) {
    StringBuilder text = new StringBuilder();
    for (Vma area : space.areas()) {
      appendLine(text, area, space.nameOf(area));
    }
    return text.toString();
  }

  /** Returns the line for one area, without its end, for messages. */
  public static String line(AddressSpace space, Vma area) {
    StringBuilder text = new StringBuilder();
    appendLine(text, area, space.nameOf(area));
    text.setLength(text.length() - 1);
    return text.toString();
  }

  private static void appendLine(StringBuilder text, Vma area, String name) {
    int start = text.length();
    appendHex(text, area.start(), ADDRESS_DIGITS);
    text.append('-');
    appendHex(text, area.end(), ADDRESS_DIGITS);
    int protection = area.protection();
    text.append(' ').append((protection & Mman.PROT_READ) != 0 ? 'r' : '-');
    text.append((protection & Mman.PROT_WRITE) != 0 ? 'w' : '-');
    text.append((protection & Mman.PROT_EXEC) != 0 ? 'x' : '-');
    text.append(area.shared() ? 's' : 'p').append(' ');
    appendHex(text, area.offset(), 8);
    text.append(' ');
    MappedFile file = area.file();
    long device = file == null ? 0 : file.device();
    appendHex(text, major(device), 2);
    text.append(':');
    appendHex(text, minor(device), 2);
    text.append(' ').append(file == null ? "0" : Long.toUnsignedString(file.inode())).append(' ');
    if (name != null) {
      while (text.length() - start < NAME_COLUMN) {
        text.append(' ');
      }
      text.append(name.replace("\n", "\\012"));
    }
    text.append('\n');
  }

  // Device numbers are split as in linux/kdev_t.h: new_decode_dev.

  private static long major(long device) {
    return device >>> 8 & 0xfff;
  }

  private static long minor(long device) {
    return device & 0xff | device >>> 12 & 0xfff00;
  }

  private static void appendHex(StringBuilder text, long number, int digits) {
    String hex = Long.toHexString(number);
    for (int i = hex.length(); i < digits; i++) {
      text.append('0');
    }
    text.append(hex);
  }
}
