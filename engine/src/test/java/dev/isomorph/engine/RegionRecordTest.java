package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.GuestState;
import dev.isomorph.hostbackend.lower.RegionFields;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a region is read as it was written. */
class RegionRecordTest {
  private static RegionTraits traits(int n) {
    List<Long> calls = List.of(0x1234L, -2L, 0x5678_0000_0000L).subList(0, n % 4);
    boolean isBusy = n % 3 == 1;
    return new RegionTraits(
        0x10000L + n, 17 + n, (n & 1) != 0, (n & 2) != 0, isBusy, (n & 4) != 0, calls);
  }

  private static RegionRecord read(byte[] bytes) {
    long at = HostMemory.allocate(bytes.length);
    HostMemory.copyIn(bytes, 0, at, bytes.length);
    return new RegionRecord(at);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void regions(int n) {
    RegionFields fields = new RegionFields(new int[] {8 * n, 24}, new int[n]);
    RegionRecord record = read(RegionRecord.bytes(traits(n), fields, new GuestState[3]));
    assertEquals(traits(n), record.traits());
    assertArrayEquals(fields.addresses(), record.fields().addresses());
    assertArrayEquals(fields.counters(), record.fields().counters());
    assertFalse(record.isRefusal());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 7})
  void refusals(int n) {
    RegionRecord record = read(RegionRecord.refusal(traits(n)));
    assertEquals(traits(n), record.traits());
    assertTrue(record.isRefusal());
  }
}
