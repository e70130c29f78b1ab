package dev.isomorph.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Decoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommitLogTest {
  @TempDir Path directory;

  /** As riscv-isa-sim's execute.cc prints them. */
  private static final String SPIKE =
      """
      core   0: 3 0x0000000080000120 (0x00a28293) x5  0x0000000080001040
      core   0: 0 0x00000000000105e2 (0x6582) x11 0x0000000000000001 mem 0x0000003ffffff890
      core   1: 0 0x0000000000010790 (0xeca6) mem 0x0000003ffffff878 0x0000000000000000
      core   0: 0 0x0000000000010800 (0x00c50023) mem 0x0000000000020001 0xff
      core   0: 0 0x0000000000010804 (0x02a5f553) c1_fflags 0x0000000000000001 f10 0x3fd5555555555555
      core   0: 0 0x0000000000010808 (0x00351573) x10 0x0000000000000000 c1_fflags 0x0000000000000001 c2_frm 0x0000000000000002
      core   0: 0 0x000000000001080c (0x00c5a52f) x10 0x0000000000000007 mem 0x0000000000020000 mem 0x0000000000020000 0x0000000c
      core   0: 0 0x0000000000010810 (0x8082)
      core1000: 1 0xffffffe000000000 (0x00000013)
      """;

  @Test
  void spikesLinesAreWrittenAsTheyWereRead() throws IOException {
    assertEquals(SPIKE, rewritten(SPIKE));
  }

  @Test
  void whatAnInstructionDidIsRead() throws IOException {
    Commit commit = new Commit();
    CommitLogReader reader = reader(SPIKE);
    for (int i = 0; i < 7; i++) {
      assertTrue(reader.read(commit));
    }
    assertEquals(7, reader.line());
    assertEquals(0x1080c, commit.pc());
    assertEquals(0x00c5a52f, commit.encoding());
    assertEquals(1, commit.writes());
    assertEquals(10, commit.register(0));
    assertEquals(7, commit.value(0));
    assertEquals(0x20000, commit.loadAddress(0));
    assertEquals(0x20000, commit.storeAddress(0));
    assertEquals(12, commit.storeValue(0));
    assertEquals(4, commit.storeBytes(0));
  }

  @Test
  void otherLinesAndVectorStateArePassedOver() throws IOException {
    String log =
        """
        # a comment
        core   0: 0x0000000000010000 (0x00000013) nop
        core   0: >>>>  main
        core   0: exception trap_user_ecall, epc 0x0000000000010004
        core   0:           tval 0x0000000000000000

        core   0: 0 0x0000000000010008 (0x0205d457) e64 m1 l2 v8  0x00000000000000010000000000000002 x5  0x0000000000000003
        """;
    assertEquals(
        "core   0: 0 0x0000000000010008 (0x0205d457) x5  0x0000000000000003\n", rewritten(log));
  }

  @Test
  void aLineThatIsCutOffIsPassedOver() throws IOException {
    String line = "core   0: 0 0x0000000000010810 (0x8522) x10 0x0000000000000001";
    assertEquals(line + "\n", rewritten(line + "\r\n"));
    for (int length = 0; length <= line.length(); length++) {
      assertEquals(line + "\n", rewritten(line + "\n" + line.substring(0, length)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"log.gz", "log.xz", "log.zst"})
  void aCompressedLogThatIsCutOffIsNamed(String name) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = LogFiles.create(file)) {
      out.write(write(new Random(1), 20_000).getBytes(StandardCharsets.US_ASCII));
    }
    byte[] all = Files.readAllBytes(file);
    InputStream cut = new ByteArrayInputStream(all, 0, all.length / 2);
    CommitLogReader reader = new CommitLogReader(LogFiles.open(cut), name);
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              while (reader.read(new Commit())) {}
            });
    String start = name + ": after line " + reader.line() + ": ";
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
    assertFalse(e.getMessage().contains("Exception"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "core   0: 0 0x10810 8082",
        "core   0: 0 10810 (0x8082)",
        "core   0: 0 0x10810 (0x8082) x32 0x1",
        "core   0: 0 0x10810 (0x8082) x1  1",
        "core   0: 0 0x10810 (0x8082) x1  0x11112222333344445",
        "core   0: 0 0x10810 (0x8082) mem 5"
      })
  void malformedLinesAreNamed(String line) {
    CommitLogReader reader = reader(SPIKE + line + "\n");
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              while (reader.read(new Commit())) {}
            });
    assertTrue(e.getMessage().startsWith("test: line 10 is no commit log's: '"), e.getMessage());
  }

  @Property(tries = 300)
  void whatIsWrittenIsReadBack(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    String text = write(random, 1 + random.nextInt(2000));
    assertEquals(text, rewritten(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "log.gz", "log.xz", "log.zst"})
  void logsAreCompressedByTheirNameAndReadByTheirContents(String name) throws IOException {
    Path file = directory.resolve(name);
    String text = write(new Random(1), 20_000);
    try (OutputStream out = LogFiles.create(file)) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals(!name.equals("log"), Files.size(file) < text.length() * 3L / 4, "compressed");
    Path renamed = Files.move(file, directory.resolve("renamed"));
    try (CommitLogReader in =
        new CommitLogReader(LogFiles.open(Files.newInputStream(renamed)), name)) {
      assertEquals(text, rewritten(in));
    }
  }

  @Test
  void anEmptyFileIsALogWithoutCommits() throws IOException {
    try (CommitLogReader in =
        new CommitLogReader(LogFiles.open(new ByteArrayInputStream(new byte[0])), "empty")) {
      assertFalse(in.read(new Commit()));
    }
  }

  private static String write(Random random, int lines) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CommitLogWriter writer = new CommitLogWriter(out)) {
      Commit commit = new Commit();
      for (int i = 0; i < lines; i++) {
        int encoding = random.nextInt();
        commit.begin(
            random.nextInt(3),
            random.nextInt(4),
            random.nextLong(),
            Decoder.decode(encoding).bits());
        for (int j = random.nextInt(4); j > 0; j--) {
          commit.write(
              random.nextInt(5) == 0 ? Commit.CSR + random.nextInt(4096) : random.nextInt(64),
              random.nextLong());
        }
        for (int j = random.nextInt(3); j > 0; j--) {
          commit.load(random.nextLong());
        }
        for (int j = random.nextInt(6); j > 0; j--) {
          commit.store(random.nextLong(), random.nextLong(), 1 << random.nextInt(4));
        }
        writer.write(commit);
      }
    }
    return out.toString(StandardCharsets.US_ASCII);
  }

  private static CommitLogReader reader(String text) {
    return new CommitLogReader(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)), "test");
  }

  private static String rewritten(String text) throws IOException {
    return rewritten(reader(text));
  }

  private static String rewritten(CommitLogReader reader) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CommitLogWriter writer = new CommitLogWriter(out)) {
      Commit commit = new Commit();
      while (reader.read(commit)) {
        writer.write(commit);
      }
    }
    return out.toString(StandardCharsets.US_ASCII);
  }
}
