package dev.isomorph.systemvm.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random operations on a qcow2 image and on an array of bytes: the same is read from both. */
class Qcow2ModelTest {
  private static final int SIZE = 300 * 1024 + 512;

  /** An image, what it should have, and what a crash may leave. */
  static final class Pair {
    final RecordingFile file;
    final Random random;
    final Disk backing;
    byte[] model = new byte[SIZE];
    Qcow2Disk disk;

    Pair(int clusterBits, int version, int order, boolean backed, long seed) throws IOException {
      random = new Random(seed);
      file = new RecordingFile(Qcow2Creator.image(SIZE, clusterBits, version, order, null, null));
      byte[] behind = new byte[200 * 1024];
      random.nextBytes(behind);
      backing = backed ? new RawDisk(new RecordingFile(behind), true, false) : null;
      if (backed) {
        System.arraycopy(behind, 0, model, 0, behind.length);
      }
      open();
    }

    void open() throws IOException {
      disk = new Qcow2Disk(file, Qcow2Header.read(file), backing, false);
    }

    void step() throws IOException {
      int at = random.nextInt(SIZE / 512) * 512;
      int length =
          Math.min(SIZE - at, (1 + random.nextInt(random.nextInt(8) == 0 ? 200 : 9)) * 512);
      switch (random.nextInt(12)) {
        case 0 -> {
          disk.zero(at, length, random.nextBoolean());
          Arrays.fill(model, at, at + length, (byte) 0);
        }
        case 1 -> discard(at, length);
        case 2 -> disk.flush();
        case 3 -> {
          if (random.nextInt(5) == 0) {
            disk.close();
            open();
          }
        }
        case 4, 5, 6 -> {
          byte[] read = new byte[length + 2];
          disk.read(at, read, 1, length);
          assertArrayEquals(
              Arrays.copyOfRange(model, at, at + length), Arrays.copyOfRange(read, 1, length + 1));
        }
        default -> {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          disk.write(at, bytes, 0, length);
          System.arraycopy(bytes, 0, model, at, length);
        }
      }
    }

    /** Afterwards each sector is as before or zero. */
    private void discard(int at, int length) throws IOException {
      disk.discard(at, length);
      byte[] now = new byte[length];
      disk.read(at, now, 0, length);
      byte[] zeros = new byte[512];
      for (int i = 0; i < length; i += 512) {
        byte[] sector = Arrays.copyOfRange(now, i, i + 512);
        if (Arrays.equals(sector, zeros)) {
          Arrays.fill(model, at + i, at + i + 512, (byte) 0);
        } else {
          assertArrayEquals(Arrays.copyOfRange(model, at + i, at + i + 512), sector);
        }
      }
    }

    byte[] all() throws IOException {
      byte[] all = new byte[SIZE];
      disk.read(0, all, 0, SIZE);
      return all;
    }
  }

  @Property(tries = 80)
  void readsWhatWasWritten(
      @ForAll @IntRange(min = 9, max = 14) int clusterBits,
      @ForAll @IntRange(min = 0, max = 6) int order,
      @ForAll boolean backed,
      @ForAll boolean old,
      @ForAll long seed)
      throws IOException {
    Pair pair = new Pair(clusterBits, old ? 2 : 3, old ? 4 : order, backed, seed);
    for (int i = 0; i < 120; i++) {
      pair.step();
    }
    assertArrayEquals(pair.model, pair.all());
    pair.disk.close();
    Qcow2Check check = new Qcow2Check(pair.file.content());
    assertEquals(List.of(), check.errors);
    assertEquals(0, check.leaks);
    pair.open();
    assertArrayEquals(pair.model, pair.all());
  }

  /** The disk as it was at a flush: after {@code events}, it must not be older than that. */
  private record Flushed(int events, byte[] model) {}

  @Property(tries = 12)
  void aCrashLosesNothingThatWasFlushed(
      @ForAll @IntRange(min = 9, max = 12) int clusterBits,
      @ForAll @IntRange(min = 0, max = 6) int order,
      @ForAll boolean backed,
      @ForAll long seed)
      throws IOException {
    Pair pair = new Pair(clusterBits, 3, order, backed, seed);
    List<Flushed> flushed = new java.util.ArrayList<>();
    List<byte[]> states = new java.util.ArrayList<>();
    List<Integer> stateEvents = new java.util.ArrayList<>();
    flushed.add(new Flushed(0, pair.model.clone()));
    for (int i = 0; i < 40; i++) {
      pair.step();
      states.add(pair.model.clone());
      stateEvents.add(pair.file.events.size());
      if (i % 8 == 7) {
        pair.disk.flush();
        flushed.add(new Flushed(pair.file.events.size(), pair.model.clone()));
      }
    }
    Random random = new Random(seed);
    for (int cut = 0; cut <= pair.file.events.size(); cut++) {
      for (Random lost : new Random[] {null, random}) {
        RecordingFile file = new RecordingFile(pair.file.after(cut, lost));
        Qcow2Check check = new Qcow2Check(file.content());
        assertEquals(List.of(), check.errors, "cut " + cut);
        Qcow2Disk disk = new Qcow2Disk(file, Qcow2Header.read(file), pair.backing, false);
        byte[] found = new byte[SIZE];
        disk.read(0, found, 0, SIZE);
        requireNoOlder(found, cut, flushed, states, stateEvents);
      }
    }
  }

  /** Each sector is as at the last flush or as at some time since. */
  private static void requireNoOlder(
      byte[] found, int cut, List<Flushed> flushed, List<byte[]> states, List<Integer> events) {
    Flushed last = flushed.getFirst();
    for (Flushed each : flushed) {
      last = each.events <= cut ? each : last;
    }
    for (int at = 0; at < SIZE; at += 512) {
      int from = at;
      int to = at + 512;
      boolean known = Arrays.equals(found, from, to, last.model, from, to);
      for (int i = 0; i < states.size() && !known; i++) {
        known =
            events.get(i) >= last.events && Arrays.equals(found, from, to, states.get(i), from, to);
      }
      assertEquals(true, known, "sector " + at / 512 + " after cut " + cut);
    }
  }
}
