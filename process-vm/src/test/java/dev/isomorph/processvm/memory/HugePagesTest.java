package dev.isomorph.processvm.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which memory asks the host for huge pages, by the flag {@code hg} of proc_pid_smaps(5). */
class HugePagesTest {
  private static final int RW = Mman.PROT_READ | Mman.PROT_WRITE;
  private static final long MIB = 1 << 20;

  private final AddressSpace space = new AddressSpace(8 * MIB, (start, end) -> {});

  @AfterEach
  void release() {
    space.release();
  }

  @ParameterizedTest
  @CsvSource({
    "4, 0, 0, true",
    "64, 0, 0, true",
    "3, 0, 0, false",
    "64, PROT_NONE, 0, false",
    "64, PROT_READ, 0, false",
    "64, 0, MAP_STACK, false",
    "64, 0, MAP_NORESERVE, false",
    "64, 0, MAP_SHARED, false"
  })
  void whatIsUsedFromEndToEndDoes(long size, String protection, String flag, boolean asks)
      throws IOException {
    int accesses =
        switch (protection) {
          case "PROT_NONE" -> Mman.PROT_NONE;
          case "PROT_READ" -> Mman.PROT_READ;
          default -> RW;
        };
    int flags =
        switch (flag) {
          case "MAP_STACK" -> Mman.MAP_PRIVATE | Mman.MAP_STACK;
          case "MAP_NORESERVE" -> Mman.MAP_PRIVATE | Mman.MAP_NORESERVE;
          case "MAP_SHARED" -> Mman.MAP_SHARED;
          default -> Mman.MAP_PRIVATE;
        };
    long address = space.mmap(0, size * MIB, accesses, flags | Mman.MAP_ANONYMOUS, -1, 0, null);
    assertEquals(asks, asksForHugePages(space.hostAddress(address)));
  }

  private static boolean asksForHugePages(long address) throws IOException {
    boolean isHere = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      String[] words = line.split("[ -]", 3);
      if (line.startsWith("VmFlags:")) {
        if (isHere) {
          return line.contains(" hg");
        }
      } else if (words[0].matches("[0-9a-f]+")) {
        isHere =
            Long.parseUnsignedLong(words[0], 16) <= address
                && address < Long.parseUnsignedLong(words[1], 16);
      }
    }
    throw new IOException("nothing mapped at " + Long.toHexString(address));
  }
}
