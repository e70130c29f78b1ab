package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import java.io.File;
import java.util.zip.CRC32;

/**
 * A file of translations: a head, the records of a {@link TranslationStore} one after the other,
 * and its table. It is replaced as a whole, so that whoever reads it sees the old one or the new
 * one. What is damaged, of another build, or could have been written by others counts as not there;
 * what cannot be written is not written.
 */
final class TranslationFile {
  /** A folder of files beyond this many bytes loses its oldest ones. */
  private static final long FOLDER_LIMIT = 256L << 20;

  private static final String SUFFIX = ".translations";
  private static final long MAGIC = 0x31_736e617274_6f73L;

  // The head.
  private static final int KEY = 8;
  private static final int RECORD_BYTES = 16;
  private static final int SLOTS = 20;
  private static final int COUNT = 24;
  private static final int CHECKSUM = 28;
  private static final int HEAD = 32;

  private static final int SLOT = Integer.BYTES;

  // struct stat of x86-64 (asm/stat.h).
  private static final int STAT_SIZE = 144;
  private static final int ST_MODE = 24;
  private static final int ST_UID = 28;
  private static final int ST_SIZE = 48;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;

  private static final int PRIVATE_FOLDER = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int CHUNK = 64 << 10;

  /** Milliseconds after which nobody is still writing a file. */
  private static final long ABANDONED = 3_600_000;

  private final String directory;
  private final String path;
  private final long key;

  TranslationFile(String directory, String identity) {
    this.directory = directory;
    this.key = hash(identity);
    this.path = directory + '/' + Long.toHexString(key) + SUFFIX;
  }

  /** FNV-1a, 64 bits. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** What was in a file; the table has been allocated. */
  record Content(int recordBytes, long table, int slots, int count) {
    /** Nothing of use. Not null: so its class is among those that every start needs. */
    static final Content NONE = new Content(0, 0, 0, 0);
  }

  /**
   * Reads the file.
   *
   * @param records where the records go, {@code room} bytes
   * @return {@link Content#NONE} if there is none of use
   */
  Content read(long records, int room) {
    // O_NONBLOCK: a pipe of that name is not waited for.
    long fd = open(path, HostLinux.O_NOFOLLOW | HostLinux.O_CLOEXEC | HostLinux.O_NONBLOCK, 0);
    if (fd < 0) {
      return Content.NONE;
    }
    long head = HostMemory.allocate(STAT_SIZE);
    try {
      long size = trustedSize(fd, head);
      if (size < HEAD || !readAll(fd, head, HEAD)) {
        return Content.NONE;
      }
      int recordBytes = HostMemory.getInt(head + RECORD_BYTES);
      int slots = HostMemory.getInt(head + SLOTS);
      int count = HostMemory.getInt(head + COUNT);
      if (HostMemory.getLong(head) != MAGIC
          || HostMemory.getLong(head + KEY) != key
          || recordBytes < 0
          || recordBytes > room
          || slots <= 0
          || Integer.bitCount(slots) != 1
          || size != HEAD + recordBytes + (long) SLOT * slots) {
        return Content.NONE;
      }
      long table = HostMemory.allocate((long) SLOT * slots);
      if (readAll(fd, records, recordBytes)
          && readAll(fd, table, (long) SLOT * slots)
          && checksum(head, records, recordBytes, table, slots)
              == HostMemory.getInt(head + CHECKSUM)) {
        // The oldest ones go first when there are too many.
        HostCalls.syscall(HostLinux.UTIMENSAT, fd, 0, 0, 0, 0, 0);
        return new Content(recordBytes, table, slots, count);
      }
      HostMemory.free(table, (long) SLOT * slots);
      return Content.NONE;
    } finally {
      HostMemory.free(head, STAT_SIZE);
      HostCalls.syscall(HostLinux.CLOSE, fd, 0, 0, 0, 0, 0);
    }
  }

  /** The size of a file that only this user can have written, else -1. */
  private static long trustedSize(long fd, long buffer) {
    return isOwn(fd, buffer) && (HostMemory.getInt(buffer + ST_MODE) & TYPE) == REGULAR
        ? HostMemory.getLong(buffer + ST_SIZE)
        : -1;
  }

  /** Whether a file or folder belongs to this user and nobody else can write to it. */
  private static boolean isOwn(long fd, long buffer) {
    return HostCalls.syscall(HostLinux.FSTAT, fd, buffer, 0, 0, 0, 0) == 0
        && HostMemory.getInt(buffer + ST_UID) == user()
        && (HostMemory.getInt(buffer + ST_MODE) & WRITABLE_BY_OTHERS) == 0;
  }

  /** The user; nobody where one acts for another (set-user-ID programs). */
  private static int user() {
    long user = HostCalls.syscall(HostLinux.GETEUID, 0, 0, 0, 0, 0, 0);
    return HostCalls.syscall(HostLinux.GETUID, 0, 0, 0, 0, 0, 0) == user ? (int) user : -1;
  }

  private static boolean readAll(long fd, long to, long length) {
    long done = 0;
    while (done < length) {
      long n = HostCalls.syscall(HostLinux.READ, fd, to + done, length - done, 0, 0, 0);
      if (n <= 0 && n != -HostLinux.EINTR) {
        return false;
      }
      done += Math.max(n, 0);
    }
    return true;
  }

  private static boolean writeAll(long fd, long from, long length) {
    long done = 0;
    while (done < length) {
      long n = HostCalls.syscall(HostLinux.WRITE, fd, from + done, length - done, 0, 0, 0);
      if (n <= 0 && n != -HostLinux.EINTR) {
        return false;
      }
      done += Math.max(n, 0);
    }
    return true;
  }

  /** Of all but itself. */
  private static int checksum(long head, long records, int recordBytes, long table, int slots) {
    CRC32 sum = new CRC32();
    byte[] chunk = new byte[CHUNK];
    update(sum, chunk, head, CHECKSUM);
    update(sum, chunk, records, recordBytes);
    update(sum, chunk, table, (long) SLOT * slots);
    return (int) sum.getValue();
  }

  private static void update(CRC32 sum, byte[] chunk, long from, long length) {
    for (long done = 0; done < length; done += CHUNK) {
      int n = (int) Math.min(CHUNK, length - done);
      HostMemory.copyOut(from + done, chunk, 0, n);
      sum.update(chunk, 0, n);
    }
  }

  /** A negative error number when it cannot be opened. */
  private static long open(String path, int flags, int mode) {
    return withPath(HostLinux.OPEN, path, flags, mode);
  }

  private static long withPath(int call, String path, long b, long c) {
    long name = allocate(path);
    long result = HostCalls.syscall(call, name, b, c, 0, 0, 0);
    HostMemory.free(name, path.length() + 1);
    return result;
  }

  private static long allocate(String path) {
    long name = HostMemory.allocate(path.length() + 1);
    HostMemory.putString(name, path);
    return name;
  }

  /** Makes a new file of the given content; nothing is seen of it before it is complete. */
  Writer writer(int recordBytes, int slots, int count) {
    return new Writer(recordBytes, slots, count);
  }

  /** A file in the making. */
  final class Writer implements AutoCloseable {
    private final int recordBytes;
    private final int slots;
    private final long size;
    private final long image;
    private final long table;
    private long next;

    private Writer(int recordBytes, int slots, int count) {
      this.recordBytes = recordBytes;
      this.slots = slots;
      size = HEAD + recordBytes + (long) SLOT * slots;
      image = HostMemory.allocate(size);
      next = image + HEAD;
      table = next + recordBytes;
      HostMemory.putLong(image, MAGIC);
      HostMemory.putLong(image + KEY, key);
      HostMemory.putInt(image + RECORD_BYTES, recordBytes);
      HostMemory.putInt(image + SLOTS, slots);
      HostMemory.putInt(image + COUNT, count);
    }

    /** Adds a record. */
    void add(long record) {
      int length = TranslationRecord.size(record);
      HostMemory.copy(record, next, length);
      TranslationRecord.used(next, false);
      int slot =
          TranslationStore.firstSlot(
              TranslationRecord.pc(record), TranslationRecord.mode(record), slots);
      while (HostMemory.getInt(table + (long) SLOT * slot) != 0) {
        slot = slot + 1 & slots - 1;
      }
      HostMemory.putInt(table + (long) SLOT * slot, TranslationStore.entry(next - image - HEAD));
      next += length;
    }

    /** Puts the file in its place. */
    void commit() {
      HostMemory.putInt(image + CHECKSUM, checksum(image, image + HEAD, recordBytes, table, slots));
      makeDirectory();
      if (!isFolderOwn()) {
        return;
      }
      long process = HostCalls.syscall(HostLinux.GETPID, 0, 0, 0, 0, 0, 0);
      String draft = path + '.' + process + '.' + System.nanoTime();
      long fd =
          open(
              draft,
              HostLinux.O_WRONLY | HostLinux.O_CREAT | HostLinux.O_EXCL | HostLinux.O_CLOEXEC,
              PRIVATE_FILE);
      if (fd < 0) {
        return;
      }
      boolean written = writeAll(fd, image, size);
      HostCalls.syscall(HostLinux.CLOSE, fd, 0, 0, 0, 0, 0);
      if (!written || !rename(draft, path)) {
        withPath(HostLinux.UNLINK, draft, 0, 0);
      }
      prune();
    }

    @Override
    public void close() {
      HostMemory.free(image, size);
    }
  }

  private static boolean rename(String from, String to) {
    long name = allocate(to);
    boolean done = withPath(HostLinux.RENAME, from, name, 0) == 0;
    HostMemory.free(name, to.length() + 1);
    return done;
  }

  private void makeDirectory() {
    for (int end = directory.indexOf('/', 1); end >= 0; end = directory.indexOf('/', end + 1)) {
      withPath(HostLinux.MKDIR, directory.substring(0, end), PRIVATE_FOLDER, 0);
    }
    withPath(HostLinux.MKDIR, directory, PRIVATE_FOLDER, 0);
  }

  /** Elsewhere nothing is written or deleted: a folder may belong to whom the user acts for. */
  private boolean isFolderOwn() {
    long fd = open(directory, HostLinux.O_DIRECTORY | HostLinux.O_CLOEXEC, 0);
    if (fd < 0) {
      return false;
    }
    long buffer = HostMemory.allocate(STAT_SIZE);
    boolean isOwn = isOwn(fd, buffer);
    HostMemory.free(buffer, STAT_SIZE);
    HostCalls.syscall(HostLinux.CLOSE, fd, 0, 0, 0, 0, 0);
    return isOwn;
  }

  /** Deletes the files that have not been used for longest, and what was never completed. */
  private void prune() {
    File[] files = new File(directory).listFiles();
    if (files == null) {
      return;
    }
    long total = 0;
    long now = System.currentTimeMillis();
    for (int i = 0; i < files.length; i++) {
      if (isDraft(files[i]) && now - files[i].lastModified() > ABANDONED && files[i].delete()) {
        files[i] = null;
      } else {
        total += files[i].length();
      }
    }
    while (total > FOLDER_LIMIT) {
      int oldest = oldest(files);
      if (oldest < 0) {
        return;
      }
      total -= files[oldest].length();
      if (!files[oldest].delete()) {
        return;
      }
      files[oldest] = null;
    }
  }

  private static boolean isDraft(File file) {
    return file.getName().contains(SUFFIX + '.');
  }

  /** Index of the oldest file of translations, -1 if there is none. */
  private static int oldest(File[] files) {
    int oldest = -1;
    for (int i = 0; i < files.length; i++) {
      if (files[i] != null
          && files[i].getName().contains(SUFFIX)
          && (oldest < 0 || files[i].lastModified() < files[oldest].lastModified())) {
        oldest = i;
      }
    }
    return oldest;
  }
}
