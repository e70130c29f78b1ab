package dev.isomorph.processvm.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.DirectCalls;
import dev.isomorph.processvm.Errno;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FdTableTest {
  private static final int LIMIT = 100;

  private record Step(int kind, int descriptor) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 3);
    Arbitrary<Integer> descriptors = Arbitraries.integers().between(0, LIMIT - 1);
    return Combinators.combine(kinds, descriptors).as(Step::new).list().ofMaxSize(300);
  }

  @Property(tries = 200)
  void alwaysGivesTheLowestFreeNumber(@ForAll("steps") List<Step> steps) {
    FdTable table = new FdTable(LIMIT);
    TreeMap<Integer, Integer> model = new TreeMap<>();
    int host = 1000;
    for (Step step : steps) {
      switch (step.kind) {
        case 0, 1 -> {
          int lowest = lowestFree(model, 0);
          assertEquals(lowest < LIMIT ? lowest : -Errno.EMFILE, table.add(++host));
          if (lowest < LIMIT) {
            model.put(lowest, host);
          }
        }
        case 2 -> {
          Integer removed = model.remove(step.descriptor);
          assertEquals(removed == null ? -Errno.EBADF : removed, table.remove(step.descriptor));
        }
        default -> {
          int lowest = lowestFree(model, step.descriptor);
          assertEquals(lowest < LIMIT ? lowest : -Errno.EMFILE, table.lowestFree(step.descriptor));
        }
      }
    }
    for (int i = 0; i < LIMIT; i++) {
      assertEquals(model.getOrDefault(i, -Errno.EBADF), table.host(i));
    }
    FdTable copy = table.copy();
    for (int i = 0; i < DirectCalls.DESCRIPTORS; i++) {
      int expected = model.getOrDefault(i, -1);
      assertEquals(expected, HostMemory.getInt(table.hosts() + (long) Integer.BYTES * i));
      assertEquals(expected, HostMemory.getInt(copy.hosts() + (long) Integer.BYTES * i));
    }
    copy.release();
    table.release();
    int next = -1;
    for (int descriptor : model.keySet()) {
      next = table.next(next + 1);
      assertEquals(descriptor, next);
      assertEquals(descriptor, table.guestOf(model.get(descriptor)));
    }
    assertEquals(-1, table.next(next + 1));
  }

  private static int lowestFree(TreeMap<Integer, Integer> model, int from) {
    int lowest = from;
    while (model.containsKey(lowest)) {
      lowest++;
    }
    return lowest;
  }

  @Test
  void emittedCodeSeesTheFirstDescriptorsOnly() {
    FdTable table = new FdTable(2 * DirectCalls.DESCRIPTORS);
    table.set(DirectCalls.DESCRIPTORS - 1, 7);
    table.set(DirectCalls.DESCRIPTORS, 8);
    assertEquals(8, table.host(DirectCalls.DESCRIPTORS));
    long last = table.hosts() + Integer.BYTES * (DirectCalls.DESCRIPTORS - 1L);
    assertEquals(7, HostMemory.getInt(last));
    table.release();
    assertEquals(7, table.remove(DirectCalls.DESCRIPTORS - 1));
  }

  @Test
  void descriptorsAboveALoweredLimitStay() {
    FdTable table = new FdTable(10);
    table.set(9, 1009);
    table.limit(5);
    assertEquals(1009, table.host(9));
    assertEquals(-Errno.EINVAL, table.lowestFree(5));
    for (int i = 0; i < 5; i++) {
      assertEquals(i, table.add(i));
    }
    assertEquals(-Errno.EMFILE, table.add(7));
  }

  @Test
  void strangeNumbersAreNotOpen() {
    FdTable table = new FdTable(10);
    assertEquals(-Errno.EBADF, table.host(-1));
    assertEquals(-Errno.EBADF, table.host(Integer.MIN_VALUE));
    assertEquals(-Errno.EBADF, table.host(Integer.MAX_VALUE));
    assertEquals(-Errno.EBADF, table.remove(-1));
    assertEquals(-1, table.guestOf(-1));
  }

  @Test
  void closingEndsBeingAListing() {
    FdTable table = new FdTable(10);
    table.set(3, 30);
    table.markListing(3);
    assertTrue(table.isListing(3));
    assertFalse(table.isListing(-1));
    table.remove(3);
    assertFalse(table.isListing(3));
  }

  @Test
  void addingAndReplacingAreOneStep() {
    FdTable table = new FdTable(10);
    assertEquals(0, table.add(100));
    assertEquals(5, table.add(101, 5));
    assertEquals(6, table.add(102, 5));
    assertEquals(-Errno.EINVAL, table.add(103, 10));
    assertEquals(101, table.replace(5, 104));
    assertEquals(104, table.host(5));
    assertEquals(-Errno.EBADF, table.replace(1, 105));
    assertEquals(105, table.host(1));
    assertEquals(2, table.lowestFree());
  }

  @Test
  void aCopyGoesItsOwnWay() {
    FdTable table = new FdTable(10);
    table.set(0, 40);
    table.set(3, 41);
    table.markListing(3);
    FdTable copy = table.copy();
    assertEquals(1, copy.add(42));
    assertEquals(41, copy.remove(3));
    assertEquals(-Errno.EBADF, table.host(1));
    assertEquals(41, table.host(3));
    assertTrue(table.isListing(3));
    copy.limit(2);
    assertEquals(1, table.add(43));
    assertEquals(2, table.add(44));
    assertEquals(-Errno.EMFILE, copy.add(45));
  }
}
