package dev.isomorph.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TraceFilterTest {
  @Test
  void addressesAreTakenFromTheFirstToBeforeTheLast() {
    TraceFilter filter = new TraceFilter(0x1000, 0x1004, List.of(), 0, Long.MAX_VALUE);
    assertFalse(filter.wants(0xffe, null));
    assertTrue(filter.wants(0x1000, null));
    assertTrue(filter.wants(0x1002, null));
    assertFalse(filter.wants(0x1004, null));
    assertTrue(TraceFilter.ALL.wants(-8, null));
  }

  @Test
  void functionsAreTakenWhole() {
    TraceFilter filter = new TraceFilter(0, -1, List.of("main", "a+b"), 0, Long.MAX_VALUE);
    assertTrue(filter.wants(0, "main"));
    assertTrue(filter.wants(0, "main+0x12"));
    assertTrue(filter.wants(0, "a+b+0x2"));
    assertFalse(filter.wants(0, "main2"));
    assertFalse(filter.wants(0, null));
  }

  @Test
  void addressesAreHexadecimalOrDecimal() throws Exception {
    assertEquals(0x10, new Address().convert("0x10"));
    assertEquals(10, new Address().convert("10"));
    assertEquals(-1, new Address().convert("0xffffffffffffffff"));
  }
}
