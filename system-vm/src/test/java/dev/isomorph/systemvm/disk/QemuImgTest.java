package dev.isomorph.systemvm.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What qemu makes of images written here, and the other way round; skipped without qemu-img. */
class QemuImgTest {
  private static final int SIZE = 3 * 1024 * 1024;

  /** Exit code of qemu-img check for clusters that nobody uses, and nothing worse. */
  private static final int ONLY_LEAKS = 3;

  @TempDir Path folder;
  private Path image;

  @BeforeEach
  void requireQemuImg() {
    boolean there = false;
    for (String path : System.getenv().getOrDefault("PATH", "").split(":")) {
      there |= Files.isExecutable(Path.of(path, "qemu-img"));
    }
    assumeTrue(there, "there is no qemu-img");
    image = folder.resolve("image.qcow2");
  }

  /** Runs qemu-img and tells its exit code. */
  private int run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void qemu(String... arguments) throws IOException {
    int code = run(arguments);
    assertEquals(0, code, () -> String.join(" ", arguments) + ": " + output());
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private byte[] asQemuReads() throws IOException {
    Path raw = folder.resolve("raw");
    qemu("convert", "-O", "raw", image.toString(), raw.toString());
    return Files.readAllBytes(raw);
  }

  private static void change(Disk disk, byte[] model, Random random, int steps) throws IOException {
    for (int i = 0; i < steps; i++) {
      int at = random.nextInt(SIZE / 512) * 512;
      int length = Math.min(SIZE - at, (1 + random.nextInt(300)) * 512);
      switch (random.nextInt(5)) {
        case 0 -> {
          disk.zero(at, length, random.nextBoolean());
          Arrays.fill(model, at, at + length, (byte) 0);
        }
        case 1 -> disk.flush();
        default -> {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          disk.write(at, bytes, 0, length);
          System.arraycopy(bytes, 0, model, at, length);
        }
      }
    }
  }

  private static byte[] all(Disk disk) throws IOException {
    byte[] all = new byte[SIZE];
    disk.read(0, all, 0, SIZE);
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10",
        "compat=1.1",
        "cluster_size=512",
        "cluster_size=512,refcount_bits=64",
        "cluster_size=4k,refcount_bits=1",
        "cluster_size=4k,refcount_bits=8",
        "cluster_size=2M",
        "preallocation=metadata",
        "preallocation=full,cluster_size=4k",
        "lazy_refcounts=on"
      })
  void qemuReadsWhatIsWrittenIntoItsImages(String options) throws IOException {
    qemu("create", "-f", "qcow2", "-o", options, image.toString(), Integer.toString(SIZE));
    byte[] model = new byte[SIZE];
    Random random = new Random(options.hashCode());
    for (int round = 0; round < 2; round++) {
      try (Disk disk = DiskImages.open(image, null, false)) {
        assertArrayEquals(model, all(disk));
        change(disk, model, random, 40);
        assertArrayEquals(model, all(disk));
      }
      qemu("check", image.toString());
      assertArrayEquals(model, asQemuReads());
    }
  }

  @Test
  void qemuReadsImagesMadeHere() throws IOException {
    Path base = folder.resolve("base.raw");
    byte[] model = new byte[SIZE];
    new Random(1).nextBytes(model);
    Files.write(base, model);
    Qcow2Creator.create(image, SIZE, base, DiskFormat.RAW);
    qemu("check", image.toString());
    try (Disk disk = DiskImages.open(image, DiskFormat.QCOW2, false)) {
      assertArrayEquals(model, all(disk));
      change(disk, model, new Random(2), 20);
    }
    qemu("check", image.toString());
    assertArrayEquals(model, asQemuReads());
  }

  @Test
  void readsAndOverwritesWhatQemuHasCompressed() throws IOException {
    Path raw = folder.resolve("source");
    byte[] model = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      model[i] = (byte) (i >> 10 ^ i * i);
    }
    Files.write(raw, model);
    qemu("convert", "-c", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString());
    try (Disk disk = DiskImages.open(image, null, false)) {
      assertArrayEquals(model, all(disk));
      change(disk, model, new Random(3), 15);
      assertArrayEquals(model, all(disk));
    }
    qemu("check", image.toString());
    assertArrayEquals(model, asQemuReads());
  }

  @Test
  void leavesSnapshotsInTheImageAlone() throws IOException {
    qemu("create", "-f", "qcow2", image.toString(), Integer.toString(SIZE));
    byte[] model = new byte[SIZE];
    Random random = new Random(4);
    try (Disk disk = DiskImages.open(image, null, false)) {
      change(disk, model, random, 20);
    }
    qemu("snapshot", "-c", "before", image.toString());
    final byte[] before = model.clone();
    try (Disk disk = DiskImages.open(image, null, false)) {
      change(disk, model, random, 20);
      disk.discard(0, SIZE / 2 / 512 * 512);
      Arrays.fill(model, 0, SIZE / 2, (byte) 0);
      assertArrayEquals(model, all(disk));
    }
    qemu("check", image.toString());
    assertArrayEquals(model, asQemuReads());
    qemu("snapshot", "-a", "before", image.toString());
    assertArrayEquals(before, asQemuReads());
  }

  @Test
  void qemuFindsNothingWorseThanUnusedClustersAfterACrash() throws IOException {
    RecordingFile file = new RecordingFile(Qcow2Creator.image(SIZE, 9, 3, 6, null, null));
    try (Qcow2Disk disk = new Qcow2Disk(file, Qcow2Header.read(file), null, false)) {
      change(disk, new byte[SIZE], new Random(5), 12);
    }
    Random random = new Random(6);
    for (int i = 0; i < 60; i++) {
      int cut = random.nextInt(file.events.size() + 1);
      Files.write(image, file.after(cut, i % 2 == 0 ? null : random));
      int code = run("check", image.toString());
      assertTrue(code == 0 || code == ONLY_LEAKS, () -> "cut " + cut + ": " + output());
    }
  }

  @Test
  void seesThatQemuUsesAnImage() throws IOException {
    qemu("create", "-f", "qcow2", image.toString(), Integer.toString(SIZE));
    try (Disk disk = DiskImages.open(image, null, false)) {
      assertTrue(disk.size() > 0);
      assertEquals(1, run("info", image.toString()), this::output);
      assertTrue(output().contains("lock"), this::output);
    }
  }
}
