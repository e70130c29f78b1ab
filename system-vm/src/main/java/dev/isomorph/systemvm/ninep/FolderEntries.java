package dev.isomorph.systemvm.ninep;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Entries of a folder as Linux gives them: structs linux_dirent64. */
final class FolderEntries {
  /** What an entry takes in 9P beside its name: qid, offset, type, length of the name. */
  static final int FIXED_BYTES = 13 + 8 + 1 + 2;

  private static final int INODE = 0;
  private static final int OFFSET = 8;
  private static final int LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;

  private static final int FOLDER = 4;
  private static final int LINK = 10;

  private final ByteBuffer entries;
  private int at;
  private int next;

  FolderEntries(byte[] bytes) {
    entries = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes to the next entry; false if there is none. */
  boolean next() {
    at = next;
    if (at + NAME >= entries.capacity()) {
      return false;
    }
    next = at + (entries.getShort(at + LENGTH) & 0xffff);
    return true;
  }

  long inode() {
    return entries.getLong(at + INODE);
  }

  /** Where in the folder the entry behind this one is. */
  long offset() {
    return entries.getLong(at + OFFSET);
  }

  int type() {
    return entries.get(at + TYPE) & 0xff;
  }

  int qidType() {
    return switch (type()) {
      case FOLDER -> Qids.FOLDER;
      case LINK -> Qids.LINK;
      default -> 0;
    };
  }

  int nameBytes() {
    int length = 0;
    while (entries.get(at + NAME + length) != 0) {
      length++;
    }
    return length;
  }

  String name() {
    return new String(entries.array(), at + NAME, nameBytes(), StandardCharsets.ISO_8859_1);
  }
}
