package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept is found again, in this run and the next; what may be wrong is not. */
class TranslationStoreTest {
  private static final String IDENTITY = "this build, this program";
  private static final int BLOCKS = 3000;
  private static final int SHIFT = 0x12340;

  @TempDir Path folder;

  private Path directory() {
    return folder.resolve("a/b");
  }

  private TranslationStore open(String identity) {
    return TranslationStore.open(directory().toString(), identity);
  }

  /** A block of random content; its pc, mode and instructions are made from {@code n}. */
  private static TranslationRecord.Code code(int n) {
    Random random = new Random(n);
    byte[] bytes = new byte[40 + random.nextInt(200)];
    random.nextBytes(bytes);
    return new TranslationRecord.Code(
        bytes,
        bytes.length - random.nextInt(3),
        random.ints(2L * random.nextInt(5), 0, 0x8000).toArray(),
        new int[] {4, 12, 21},
        random.ints(random.nextInt(3), 0, 0x10000).toArray());
  }

  private static long[] pcs(int n) {
    // Three instructions, then a jump to two more.
    long pc = 0x10000 + 0x40L * (n / 2);
    return new long[] {pc, pc + 2, pc + 6, pc + 0x1000, pc + 0x1004};
  }

  private static int[] encodings(int n) {
    return new int[] {0x4501, 0x00150513 | n << 20, 0xa009, 0x00000013, 0x8082};
  }

  private static int mode(int n) {
    return n & 1;
  }

  private static void add(TranslationStore store, int n) {
    store.add(mode(n), pcs(n), encodings(n), code(n), SHIFT);
  }

  private static void assertHas(TranslationStore store, int n) {
    long record = store.find(pcs(n)[0], mode(n));
    assertNotEquals(0, record);
    assertEquals(pcs(n)[0], TranslationRecord.pc(record));
    assertEquals(mode(n), TranslationRecord.mode(record));
    long[] pcs = new long[TranslationRecord.instructionCount(record)];
    int[] encodings = new int[pcs.length];
    TranslationRecord.instructions(record, pcs, encodings);
    assertArrayEquals(pcs(n), pcs);
    assertArrayEquals(encodings(n), encodings);
    TranslationRecord.Code kept = TranslationRecord.code(record, new byte[1 << 15], -SHIFT);
    TranslationRecord.Code code = code(n);
    assertEquals(code.length(), kept.length());
    assertArrayEquals(
        Arrays.copyOf(code.bytes(), code.length()), Arrays.copyOf(kept.bytes(), kept.length()));
    assertArrayEquals(code.faultMap(), kept.faultMap());
    assertArrayEquals(code.stubReferences(), kept.stubReferences());
    assertArrayEquals(code.links(), kept.links());
  }

  private void save(int blocks) {
    TranslationStore store = open(IDENTITY);
    for (int n = 0; n < blocks; n++) {
      add(store, n);
    }
    store.save();
  }

  private Path file() throws Exception {
    try (var files = Files.list(directory())) {
      return files.reduce((a, b) -> a.resolve("two files")).orElseThrow();
    }
  }

  @Test
  void findsWhatWasAdded() {
    TranslationStore store = open(IDENTITY);
    for (int n = 0; n < BLOCKS; n++) {
      assertEquals(0, store.find(pcs(n)[0], mode(n)));
      add(store, n);
    }
    for (int n = 0; n < BLOCKS; n++) {
      assertHas(store, n);
    }
    assertFalse(Files.exists(directory()), "nothing is written before it is saved");
  }

  @Test
  void findsItTheNextTime() {
    save(BLOCKS);
    TranslationStore store = open(IDENTITY);
    for (int n = 0; n < BLOCKS; n++) {
      assertHas(store, n);
    }
    assertEquals(0, store.find(pcs(BLOCKS)[0], 0));
  }

  @Test
  void addsToWhatThereIs() {
    save(10);
    save(30);
    TranslationStore store = open(IDENTITY);
    for (int n = 0; n < 30; n++) {
      assertHas(store, n);
    }
  }

  @Test
  void aNewTranslationReplacesTheOldOne() {
    save(4);
    TranslationStore store = open(IDENTITY);
    store.add(mode(2), pcs(2), encodings(9), code(2), SHIFT);
    store.save();
    store = open(IDENTITY);
    long record = store.find(pcs(2)[0], mode(2));
    int[] encodings = new int[5];
    TranslationRecord.instructions(record, new long[5], encodings);
    assertArrayEquals(encodings(9), encodings);
    assertHas(store, 3);
  }

  @Test
  void littleNewIsNotWritten() throws Exception {
    save(BLOCKS);
    Object before = Files.readAttributes(file(), "unix:ino").get("ino");
    TranslationStore store = open(IDENTITY);
    add(store, BLOCKS);
    store.save();
    assertEquals(before, Files.readAttributes(file(), "unix:ino").get("ino"));
  }

  /** A region is as much as many blocks; what is not to be used any more goes in any case. */
  @Test
  void aSingleRegionIsWritten() {
    save(BLOCKS);
    TranslationStore store = open(IDENTITY);
    byte[] region = {1, 2, 3};
    assertEquals(0, store.findRegion(pcs(7)[0], 1));
    store.addRegion(1, pcs(7), encodings(7), code(7), SHIFT, region);
    store.save();
    store = open(IDENTITY);
    assertNotEquals(0, store.findRegion(pcs(7)[0], 1));
    assertHas(store, 7);
    store.forgetRegion(pcs(7)[0], 1);
    assertEquals(0, store.findRegion(pcs(7)[0], 1));
    store.save();
    store = open(IDENTITY);
    assertEquals(0, store.findRegion(pcs(7)[0], 1));
    assertHas(store, 7);
  }

  @Test
  void othersTranslationsAreNotFound() {
    save(4);
    assertEquals(0, open(IDENTITY + '2').find(pcs(0)[0], 0));
  }

  @Test
  void damagedFilesCountForNothing() throws Exception {
    save(40);
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      if (i < 100) {
        damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
      } else {
        // The head comes first, byte by byte.
        int at = i < 140 ? i - 100 : random.nextInt(whole.length);
        damaged[at] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file(), damaged);
      TranslationStore store = open(IDENTITY);
      assertEquals(0, store.find(pcs(0)[0], 0), "case " + i);
      add(store, 5);
      assertHas(store, 5);
    }
    Files.write(file(), whole);
    assertHas(open(IDENTITY), 0);
  }

  @Test
  void filesThatOthersMayWriteAreNotTrusted() throws Exception {
    save(4);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    for (String permissions : new String[] {"rw-rw----", "rw----rw-"}) {
      Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));
      assertEquals(0, open(IDENTITY).find(pcs(0)[0], 0));
    }
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    save(4);
    Path file = file();
    Path moved = folder.resolve("moved");
    Files.move(file, moved);
    Files.createSymbolicLink(file, moved);
    assertEquals(0, open(IDENTITY).find(pcs(0)[0], 0));
  }

  /** Nobody ever writes to the pipe, and a folder cannot be read. */
  @Test
  void onlyFilesAreRead() throws Exception {
    save(4);
    Path file = file();
    Files.delete(file);
    String pipe = file.toString();
    assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", pipe).start().waitFor());
    assertEquals(0, open(IDENTITY).find(pcs(0)[0], 0));
    Files.delete(file);
    Files.createDirectory(file);
    assertEquals(0, open(IDENTITY).find(pcs(0)[0], 0));
    save(4);
    assertEquals(file, file(), "and no draft is left");
  }

  @Test
  void foldersThatOthersMayWriteToAreLeftAlone() throws Exception {
    save(4);
    Files.delete(file());
    for (String permissions : new String[] {"rwxrwx---", "rwx----wx"}) {
      Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString(permissions));
      save(4);
      assertEquals(0, directory().toFile().list().length);
    }
  }

  @Test
  void whatWasNeverCompletedGoesAfterAWhile() throws Exception {
    save(4);
    Path old = Path.of(file() + ".1.1");
    Path fresh = Path.of(file() + ".2.2");
    Path other = directory().resolve("other");
    for (Path each : new Path[] {old, fresh, other}) {
      Files.createFile(each);
    }
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(old, longAgo);
    Files.setLastModifiedTime(other, longAgo);
    save(30);
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(fresh));
    assertTrue(Files.exists(other));
  }

  @Test
  void aStoreOfThisRunIsNotWritten() {
    TranslationStore store = TranslationStore.ofThisRun();
    for (int n = 0; n < BLOCKS; n++) {
      add(store, n);
      assertHas(store, n);
    }
    store.save();
    assertFalse(Files.exists(directory()));
  }

  @Test
  void whatCannotBeWrittenIsNotKept() throws Exception {
    Files.createFile(folder.resolve("a"));
    save(4);
    assertEquals(0, open(IDENTITY).find(pcs(0)[0], 0));
  }

  /** Of a store that is more than half full, only what was used this time stays. */
  @Test
  void whatIsNotUsedGoesWhenThereIsMuch() {
    TranslationStore store = open(IDENTITY);
    byte[] bytes = new byte[30_000];
    TranslationRecord.Code large =
        new TranslationRecord.Code(bytes, bytes.length, new int[0], new int[0], new int[0]);
    int many = TranslationStore.CAPACITY / 2 / bytes.length;
    for (int n = 0; n < many; n++) {
      store.add(mode(n), pcs(n), encodings(n), large, 0);
    }
    store.save();
    store = open(IDENTITY);
    assertNotEquals(0, store.find(pcs(0)[0], 0));
    TranslationRecord.used(store.find(pcs(0)[0], 0), true);
    for (int n = many; n < many + 100; n++) {
      store.add(mode(n), pcs(n), encodings(n), large, 0);
    }
    store.save();
    store = open(IDENTITY);
    assertNotEquals(0, store.find(pcs(0)[0], 0));
    assertEquals(0, store.find(pcs(2)[0], 0));
    assertNotEquals(0, store.find(pcs(many)[0], mode(many)));
  }

  @Test
  void isFullAtSomeTime() {
    TranslationStore store = open(IDENTITY);
    byte[] bytes = new byte[60_000];
    TranslationRecord.Code large =
        new TranslationRecord.Code(bytes, bytes.length, new int[0], new int[0], new int[0]);
    int more = TranslationStore.CAPACITY / bytes.length + 10;
    for (int n = 0; n < more; n++) {
      store.add(mode(n), pcs(n), encodings(n), large, 0);
    }
    assertEquals(0, store.find(pcs(more - 1)[0], mode(more - 1)));
    store.save();
    assertTrue(open(IDENTITY).find(pcs(0)[0], 0) != 0);
  }
}
