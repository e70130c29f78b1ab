package dev.isomorph.systemvm.ninep;

import java.util.ArrayList;
import java.util.List;

/** What clients know files by: kind, version and number. */
final class Qids {
  static final int FOLDER = 0x80;
  static final int LINK = 2;

  private final List<Long> devices = new ArrayList<>();

  void put(Message answer, Attributes attributes) {
    int type =
        switch (attributes.type()) {
          case Attributes.FOLDER -> FOLDER;
          case Attributes.LINK -> LINK;
          default -> 0;
        };
    Attributes.Time modified = attributes.modified();
    int version = (int) (modified.seconds() * 31 + modified.nanoseconds());
    if (!devices.contains(attributes.device())) {
      devices.add(attributes.device());
    }
    // Files of other file systems below the folder may have the same numbers.
    long path = attributes.inode() ^ (long) devices.indexOf(attributes.device()) << 48;
    answer.qid(type, version, path);
  }
}
