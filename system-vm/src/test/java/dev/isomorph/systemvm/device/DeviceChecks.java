package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;

/** What every device must stand. */
public final class DeviceChecks {
  private static final int[] SIZES = {1, 2, 4, 8};

  private DeviceChecks() {}

  /** Reads and writes anything anywhere: nothing but a bus fault may come out. */
  public static void bombard(Device device, long size, Random random, int accesses) {
    for (int i = 0; i < accesses; i++) {
      int bytes = SIZES[random.nextInt(SIZES.length)];
      // Most devices have few registers and much nothing.
      long bound = random.nextBoolean() ? Math.min(size, 64) : size;
      if (bytes > bound) {
        continue;
      }
      long offset = random.nextLong(bound / bytes) * bytes;
      long mask = -1L >>> 64 - 8 * bytes;
      try {
        if (random.nextBoolean()) {
          device.write(offset, bytes, value(random) & mask);
        } else {
          long read = device.read(offset, bytes);
          assertEquals(read & mask, read, "read is zero-extended");
        }
      } catch (BusFault e) {
        continue;
      }
    }
  }

  private static long value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt(256);
      case 2 -> 1L << random.nextInt(64);
      default -> -random.nextInt(3);
    };
  }

  public static byte[] saved(Snapshotable device) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      device.save(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  /** What one saves the other restores, wholly; what is cut off is refused. */
  public static void carryOver(Snapshotable from, Snapshotable to) {
    byte[] saved = saved(from);
    assertThrows(
        IOException.class,
        () ->
            to.restore(
                new DataInputStream(new ByteArrayInputStream(saved, 0, saved.length - 1)),
                from.version()));
    restored(saved, to);
    assertArrayEquals(saved, saved(to));
  }

  /** What was saved in the device's version is restored, wholly. */
  public static void restored(byte[] saved, Snapshotable to) {
    ByteArrayInputStream in = new ByteArrayInputStream(saved);
    try {
      to.restore(new DataInputStream(in), to.version());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertEquals(0, in.available(), "all was read");
  }
}
