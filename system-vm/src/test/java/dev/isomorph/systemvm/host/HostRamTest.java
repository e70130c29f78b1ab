package dev.isomorph.systemvm.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostRamTest {
  private static final List<String> MEMINFO =
      List.of(
          "MemTotal:        4194304 kB",
          "MemFree:          123456 kB",
          "SwapTotal:       1048576 kB",
          "HugePages_Total:       0");

  @Test
  void memoryAndSwapTogetherAreWhatAGuestMayHave() throws IOException {
    HostRam.check(5L << 30, MEMINFO);
    IOException refusal =
        assertThrows(IOException.class, () -> HostRam.check((5L << 30) + 4096, MEMINFO));
    assertEquals(
        "5120 MiB of memory are more than this host has: 5120 MiB with its swap",
        refusal.getMessage());
  }

  @Test
  void thisHostHasSome() throws IOException {
    HostRam.check(1 << 20);
    assertThrows(IOException.class, () -> HostRam.check(Long.MAX_VALUE));
  }
}
