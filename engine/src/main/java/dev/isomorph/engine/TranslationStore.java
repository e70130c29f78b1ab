package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;

/**
 * Translations of one program, kept beyond the engine that made them: for other processes that run
 * it, and in a file for the next time. Nothing found here may be used before guest memory has been
 * seen to hold {@linkplain TranslationRecord#isCurrent the same code}.
 *
 * <p>For any number of engines and threads.
 */
public final class TranslationStore implements AutoCloseable {
  /** Bytes of records in a store, and about the greatest size of a file. */
  static final int CAPACITY = 48 << 20;

  /** The records beyond which those go that were not used this time. */
  private static final int CROWDED = CAPACITY / 2;

  private static final int MIN_SLOTS = 1 << 10;
  private static final int SLOT = Integer.BYTES;
  private static final byte[] NO_REGION = {};

  /** A file is written again when one in this many blocks is new. */
  private static final int NEWS = 32;

  /** So many blocks a region counts as: to find and to make it takes as long as to write those. */
  private static final int REGION_WORTH = 1024;

  /** Null if they are for this run alone. */
  private final TranslationFile file;

  private final long records;
  private int used;

  /** Open-addressed, by pc and mode: the offset of a record by 8, and 1; 0 where there is none. */
  private long table;

  private int slots;
  private int count;

  /** What has been added since the file was read or written, in blocks. */
  private int added;

  /** Whether regions have been forgotten since. */
  private boolean hasForgotten;

  private TranslationStore(TranslationFile file, long records) {
    this.file = file;
    this.records = records;
  }

  /**
   * The translations in a file, none if there is no such file or it is of no use.
   *
   * @param directory a folder of the host, one byte per char; made if need be
   * @param identity what the translations depend on: this build of Isomorph, the program
   * @return null if the host has no memory for it
   */
  public static TranslationStore open(String directory, String identity) {
    return of(new TranslationFile(directory, identity));
  }

  /**
   * A store for as long as this process of the host runs.
   *
   * @return null if the host has no memory for it
   */
  public static TranslationStore ofThisRun() {
    return of(null);
  }

  private static TranslationStore of(TranslationFile file) {
    long records;
    try {
      records = HostMemory.allocate(CAPACITY);
    } catch (IllegalStateException refused) {
      return null;
    }
    TranslationStore store = new TranslationStore(file, records);
    TranslationFile.Content content =
        file == null ? TranslationFile.Content.NONE : file.read(records, CAPACITY);
    if (content != TranslationFile.Content.NONE) {
      store.used = content.recordBytes();
      store.table = content.table();
      store.slots = content.slots();
      store.count = content.count();
    } else {
      store.table = HostMemory.allocate(SLOT * MIN_SLOTS);
      store.slots = MIN_SLOTS;
    }
    return store;
  }

  /** The record of a translation, or 0; it stays where it is. */
  synchronized long find(long pc, int mode) {
    int entry = HostMemory.getInt(table + slot(pc, mode));
    return entry == 0 || TranslationRecord.isForgotten(record(entry)) ? 0 : record(entry);
  }

  /**
   * Keeps a translation, instead of one of the same pc and mode, unless the store is full.
   *
   * @param shift to be added to displacements to the stubs, so that they do not depend on where it
   *     lies
   */
  void add(int mode, long[] pcs, int[] encodings, TranslationRecord.Code code, int shift) {
    write(mode, pcs, encodings, code, shift, NO_REGION, 1);
  }

  /** As {@link #add}, for a region of a mode. */
  void addRegion(
      int mode,
      long[] pcs,
      int[] encodings,
      TranslationRecord.Code code,
      int shift,
      byte[] region) {
    int key = TranslationRecord.REGION + mode;
    write(key, pcs, encodings, code, shift, region, REGION_WORTH);
  }

  /** The record of a region that may be used, or 0; it stays where it is. */
  long findRegion(long pc, int mode) {
    return find(pc, TranslationRecord.REGION + mode);
  }

  /** A region is not to be found any more. */
  synchronized void forgetRegion(long pc, int mode) {
    long record = findRegion(pc, mode);
    if (record != 0) {
      TranslationRecord.forget(record);
      hasForgotten = true;
    }
  }

  private synchronized void write(
      int mode,
      long[] pcs,
      int[] encodings,
      TranslationRecord.Code code,
      int shift,
      byte[] region,
      int worth) {
    long at = records + used;
    int size =
        TranslationRecord.write(at, CAPACITY - used, mode, pcs, encodings, code, shift, region);
    if (size == 0) {
      return;
    }
    if (2 * (count + 1) > slots) {
      grow();
    }
    used += size;
    added += worth;
    count += enter(at) ? 1 : 0;
  }

  /** Writes the file if there is enough that is new, or something that nobody should use again. */
  public synchronized void save() {
    boolean hasNews = added != 0 && NEWS * (long) added >= count;
    if (file == null || !hasNews && !hasForgotten) {
      return;
    }
    added = 0;
    hasForgotten = false;
    // Looked at once: other processes' harts say meanwhile that they use some.
    long[] kept = new long[count];
    int keptCount = 0;
    long size = 0;
    for (int i = 0; i < slots; i++) {
      long record = recordAt(i);
      if (isWorthIt(record)) {
        kept[keptCount++] = record;
        size += TranslationRecord.size(record);
      }
    }
    try (TranslationFile.Writer writer = file.writer((int) size, slotsFor(keptCount), keptCount)) {
      for (int i = 0; i < keptCount; i++) {
        writer.add(kept[i]);
      }
      writer.commit();
    }
  }

  /** Gives its memory back; no engine may have it any more. */
  @Override
  public synchronized void close() {
    HostMemory.free(records, CAPACITY);
    HostMemory.free(table, (long) SLOT * slots);
  }

  private boolean isWorthIt(long record) {
    return record != 0
        && !TranslationRecord.isForgotten(record)
        && (used < CROWDED || TranslationRecord.isUsed(record));
  }

  private static int slotsFor(int records) {
    return Math.max(MIN_SLOTS, Integer.highestOneBit(2 * records) << 1);
  }

  private long recordAt(int i) {
    int entry = HostMemory.getInt(table + (long) SLOT * i);
    return entry == 0 ? 0 : record(entry);
  }

  private long record(int entry) {
    return records + 8L * (entry - 1);
  }

  private void grow() {
    long old = table;
    int oldSlots = slots;
    slots = 2 * oldSlots;
    table = HostMemory.allocate((long) SLOT * slots);
    for (int i = 0; i < oldSlots; i++) {
      int entry = HostMemory.getInt(old + (long) SLOT * i);
      if (entry != 0) {
        enter(record(entry));
      }
    }
    HostMemory.free(old, (long) SLOT * oldSlots);
  }

  /** Returns whether there was no record of that pc and mode before. */
  private boolean enter(long record) {
    long at = table + slot(TranslationRecord.pc(record), TranslationRecord.mode(record));
    boolean isNew = HostMemory.getInt(at) == 0;
    HostMemory.putInt(at, entry(record - records));
    return isNew;
  }

  static int entry(long offset) {
    return (int) (offset >>> 3) + 1;
  }

  /** Offset in the table of the slot that has the record, or that would get it. */
  private long slot(long pc, int mode) {
    int i = firstSlot(pc, mode, slots);
    while (true) {
      int entry = HostMemory.getInt(table + (long) SLOT * i);
      if (entry == 0) {
        return (long) SLOT * i;
      }
      long record = record(entry);
      if (TranslationRecord.pc(record) == pc && TranslationRecord.mode(record) == mode) {
        return (long) SLOT * i;
      }
      i = i + 1 & slots - 1;
    }
  }

  /** Where the search for a record begins. */
  static int firstSlot(long pc, int mode, int slots) {
    return (int) ((pc | mode) * 0x9e3779b97f4a7c15L >>> 40) & slots - 1;
  }
}
