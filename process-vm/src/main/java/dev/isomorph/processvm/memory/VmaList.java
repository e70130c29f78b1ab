package dev.isomorph.processvm.memory;

import java.util.Arrays;

/**
 * The areas of an address space in ascending order, disjoint, and merged wherever one continues
 * another. It knows nothing of the host.
 */
final class VmaList {
  /** What search functions return when there is no room; never a page address. */
  static final long NO_GAP = -1;

  private Vma[] areas = new Vma[64];
  private int size;

  int size() {
    return size;
  }

  Vma get(int index) {
    return areas[index];
  }

  Vma[] snapshot() {
    return Arrays.copyOf(areas, size);
  }

  /**
   * Returns the index of the first area that ends after {@code address}, or size() if none does.
   */
  int indexFrom(long address) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (areas[middle].end() > address) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Returns the area that contains {@code address}, or null. */
  Vma find(long address) {
    int index = indexFrom(address);
    return index < size && areas[index].start() <= address ? areas[index] : null;
  }

  /** How many bytes of [start, end) areas cover. */
  long bytes(long start, long end) {
    long bytes = 0;
    for (int i = indexFrom(start); i < size && areas[i].start() < end; i++) {
      bytes += Math.min(areas[i].end(), end) - Math.max(areas[i].start(), start);
    }
    return bytes;
  }

  /** Whether nothing is mapped in the range, nor an area that grows down within the guard above. */
  boolean isFree(long start, long end, long guard) {
    int index = indexFrom(start);
    return index == size || guardedStart(index, guard) >= end;
  }

  /**
   * Returns how far from {@code start} on, at most to {@code limit}, memory is mapped without a gap
   * and with all bits of {@code protection}; {@code start} itself if it is not.
   */
  long extent(long start, long limit, int protection) {
    long reached = start;
    for (int i = indexFrom(start); i < size && reached < limit; i++) {
      Vma area = areas[i];
      if (area.start() > reached || (area.protection() & protection) != protection) {
        break;
      }
      reached = area.end();
    }
    return Math.min(reached, limit);
  }

  /** Adds an area whose range is free. */
  void insert(Vma area) {
    int index = indexFrom(area.start());
    splice(index, index, area);
    merge(index, index + 1);
  }

  /** Removes everything between two page addresses. */
  void remove(long start, long end) {
    splitAt(start);
    splitAt(end);
    splice(indexFrom(start), indexFrom(end), null);
  }

  /** Changes the protection of whatever is mapped between two page addresses. */
  void protect(long start, long end, int protection) {
    splitAt(start);
    splitAt(end);
    int from = indexFrom(start);
    int to = from;
    while (to < size && areas[to].start() < end) {
      areas[to] = areas[to].protectedAs(protection);
      to++;
    }
    merge(from, to);
  }

  /**
   * Finds the highest gap of {@code length} bytes between {@code low} and {@code high}, keeping
   * {@code guard} bytes below areas that grow down.
   */
  long highestGap(long length, long low, long high, long guard) {
    long top = high;
    for (int i = indexFrom(high - 1); i >= 0; i--) {
      if (i < size) {
        top = Math.min(top, guardedStart(i, guard));
      }
      long bottom = Math.max(low, i == 0 ? 0 : areas[i - 1].end());
      if (top - length >= bottom) {
        return top - length;
      }
      if (bottom <= low) {
        break;
      }
    }
    return NO_GAP;
  }

  /** Finds the lowest gap of {@code length} bytes, otherwise as {@link #highestGap}. */
  long lowestGap(long length, long low, long high, long guard) {
    long bottom = low;
    for (int i = indexFrom(low); ; i++) {
      long top = i == size ? high : Math.min(high, guardedStart(i, guard));
      if (top - length >= bottom) {
        return bottom;
      }
      if (i == size || areas[i].end() >= high) {
        return NO_GAP;
      }
      bottom = Math.max(low, areas[i].end());
    }
  }

  private long guardedStart(int index, long guard) {
    Vma area = areas[index];
    return area.growsDown() ? area.start() - guard : area.start();
  }

  private void splitAt(long address) {
    int index = indexFrom(address);
    if (index < size && areas[index].start() < address) {
      Vma area = areas[index];
      areas[index] = area.part(address, area.end());
      splice(index, index, area.part(area.start(), address));
    }
  }

  /** Joins areas that continue each other across the borders of the index range. */
  private void merge(int from, int to) {
    for (int i = Math.min(to, size - 1); i >= Math.max(from, 1); i--) {
      Vma left = areas[i - 1];
      Vma right = areas[i];
      if (left.continuedBy(right)) {
        areas[i - 1] = left.movedTo(left.start(), right.end() - left.start());
        splice(i, i + 1, null);
      }
    }
  }

  /** Replaces the index range by one area, or by nothing if that is null. */
  private void splice(int from, int to, Vma replacement) {
    int added = replacement == null ? 0 : 1;
    int newSize = size - (to - from) + added;
    if (newSize > areas.length) {
      areas = Arrays.copyOf(areas, areas.length * 2);
    }
    System.arraycopy(areas, to, areas, from + added, size - to);
    if (replacement != null) {
      areas[from] = replacement;
    }
    if (newSize < size) {
      Arrays.fill(areas, newSize, size, null);
    }
    size = newSize;
  }
}
