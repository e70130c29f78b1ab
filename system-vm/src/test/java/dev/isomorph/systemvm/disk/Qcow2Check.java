package dev.isomorph.systemvm.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Counts by itself how often each cluster of an image is used and compares that with what the image
 * says. Knows images without compressed clusters and snapshots.
 */
final class Qcow2Check {
  private final ByteBuffer image;
  private final int cluster;
  private final TreeMap<Long, Integer> uses = new TreeMap<>();
  final List<String> errors = new ArrayList<>();
  int leaks;

  Qcow2Check(byte[] bytes) {
    image = ByteBuffer.wrap(bytes);
    cluster = 1 << image.getInt(20);
    use(0, 1);
    long l1 = image.getLong(40);
    int l1Entries = image.getInt(36);
    use(l1, (l1Entries * 8 + cluster - 1) / cluster);
    for (int i = 0; i < l1Entries; i++) {
      long entry = image.getLong((int) l1 + 8 * i);
      if (entry != 0) {
        long l2 = entry & ClusterMap.OFFSET;
        use(l2, 1);
        for (int j = 0; j < cluster / 8; j++) {
          long data = at(l2 + 8 * j);
          if ((data & ClusterMap.OFFSET) != 0) {
            use(data & ClusterMap.OFFSET, 1);
          }
        }
      }
    }
    long table = image.getLong(48);
    int clusters = image.getInt(56);
    use(table, clusters);
    for (int i = 0; i < clusters * cluster / 8; i++) {
      if (at(table + 8 * i) != 0) {
        use(at(table + 8 * i), 1);
      }
    }
    compare(table, clusters);
  }

  private void compare(long table, int clusters) {
    int order = image.getInt(4) == 2 ? 4 : image.getInt(96);
    int perBlock = cluster * 8 >> order;
    long covered = (long) clusters * cluster / 8 * perBlock;
    for (long number = 0; number < covered; number++) {
      long block = at(table + 8 * (number / perBlock));
      if (block == 0) {
        number += perBlock - 1 - number % perBlock;
        continue;
      }
      long bit = (number % perBlock) << order;
      long count = 0;
      if (order >= 3) {
        for (int i = 0; i < 1 << order - 3; i++) {
          count = count << 8 | byteAt(block + bit / 8 + i);
        }
      } else {
        count = byteAt(block + bit / 8) >> bit % 8 & (1 << (1 << order)) - 1;
      }
      int used = uses.getOrDefault(number, 0);
      leaks += count > used ? 1 : 0;
      if (count < used) {
        errors.add("cluster " + number + " is used " + used + " times, counted " + count);
      }
    }
    uses.forEach(
        (number, count) -> {
          if (number >= covered || at(table + 8 * (number / perBlock)) == 0) {
            errors.add("cluster " + number + " is not counted");
          }
          if (count > 1) {
            errors.add("cluster " + number + " is used " + count + " times");
          }
        });
  }

  private long at(long offset) {
    return offset + 8 <= image.capacity() ? image.getLong((int) offset) : 0;
  }

  private int byteAt(long offset) {
    return offset < image.capacity() ? image.get((int) offset) & 0xff : 0;
  }

  private void use(long offset, int count) {
    if (offset % cluster != 0) {
      errors.add("0x" + Long.toHexString(offset) + " is not a cluster");
    }
    for (int i = 0; i < count; i++) {
      uses.merge(offset / cluster + i, 1, Integer::sum);
    }
  }
}
