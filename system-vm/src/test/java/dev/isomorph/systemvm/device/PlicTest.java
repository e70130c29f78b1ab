package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class PlicTest {
  private static final int CONTEXTS = 4;

  private final RecordedLine[] lines = lines();
  private final Plic plic = new Plic(List.of(lines));

  private static RecordedLine[] lines() {
    RecordedLine[] lines = new RecordedLine[CONTEXTS];
    Arrays.setAll(lines, i -> new RecordedLine());
    return lines;
  }

  private static long claim(int context) {
    return 0x20_0004 + context * 0x1000L;
  }

  private static long threshold(int context) {
    return 0x20_0000 + context * 0x1000L;
  }

  private static long enable(int context, int id) {
    return 0x2000 + context * 0x80L + id / 32 * 4;
  }

  private void enableOnly(int context, int id) {
    plic.write(enable(context, id), 4, 1L << id % 32);
  }

  @Test
  void anInterruptIsClaimedOnceAndComesAgainWhenItsLineIsRaisedAgain() {
    plic.write(4 * 10, 4, 1);
    enableOnly(1, 10);
    InterruptLine uart = plic.source(10);
    uart.set(true);
    assertTrue(lines[1].isHigh());
    assertFalse(lines[0].isHigh(), "has not enabled it");
    assertEquals(1 << 10, plic.read(0x1000, 4));
    assertEquals(10, plic.read(claim(1), 4));
    assertEquals(0, plic.read(0x1000, 4));
    assertFalse(lines[1].isHigh());
    assertEquals(0, plic.read(claim(1), 4));
    plic.write(claim(1), 4, 10);
    assertFalse(lines[1].isHigh(), "that it is still asserted is no request");
    uart.set(true);
    assertEquals(10, plic.read(claim(1), 4));
    uart.set(true);
    assertFalse(lines[1].isHigh(), "one is under way");
    uart.set(false);
    plic.write(claim(1), 4, 10);
    assertTrue(lines[1].isHigh());
    assertEquals(10, plic.read(claim(1), 4));
    plic.write(claim(1), 4, 10);
    assertFalse(lines[1].isHigh());
  }

  @Test
  void aRequestStaysWhenItsLineFalls() {
    plic.write(4 * 3, 4, 7);
    enableOnly(0, 3);
    plic.source(3).set(true);
    plic.source(3).set(false);
    assertTrue(lines[0].isHigh());
    assertEquals(3, plic.read(claim(0), 4));
  }

  @Test
  void completionByWhoHasNotEnabledTheSourceIsIgnored() {
    plic.write(4 * 3, 4, 7);
    enableOnly(0, 3);
    plic.source(3).set(true);
    plic.read(claim(0), 4);
    plic.source(3).set(true);
    plic.write(claim(1), 4, 3);
    plic.write(claim(0), 4, 4);
    assertFalse(lines[0].isHigh());
    plic.write(claim(0), 4, 3);
    assertTrue(lines[0].isHigh());
  }

  @Test
  void thresholdMasksTheLineButNotTheClaim() {
    plic.write(4 * 5, 4, 3);
    enableOnly(2, 5);
    plic.write(threshold(2), 4, 3);
    plic.source(5).set(true);
    assertFalse(lines[2].isHigh());
    plic.write(threshold(2), 4, 2);
    assertTrue(lines[2].isHigh());
    plic.write(threshold(2), 4, 7);
    assertEquals(5, plic.read(claim(2), 4));
  }

  @Test
  void registersKeepOnlyWhatThereIs() {
    plic.write(0, 4, 5);
    assertEquals(0, plic.read(0, 4), "source 0 is none");
    plic.write(4, 4, 0xfd);
    assertEquals(5, plic.read(4, 4), "three bits of priority");
    plic.write(threshold(3), 4, 0xfc);
    assertEquals(4, plic.read(threshold(3), 4));
    plic.write(enable(3, 0), 4, 0xffff_ffffL);
    assertEquals(0xffff_fffeL, plic.read(enable(3, 0), 4));
    plic.write(0x1000, 4, 0xff);
    assertEquals(0, plic.read(0x1000, 4), "pending bits are the gateways'");
    for (long nothing : new long[] {4 * 96, 0x100c, 0x200c, 0x2000 + 0x80 * 4, threshold(4)}) {
      plic.write(nothing, 4, 1);
      assertEquals(0, plic.read(nothing, 4));
    }
    assertThrows(BusFault.class, () -> plic.read(0, 8));
    assertThrows(BusFault.class, () -> plic.write(4, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> plic.source(0));
    assertThrows(IllegalArgumentException.class, () -> plic.source(96));
  }

  @Test
  void sizeOnTheVirtBoardIsAsInQemu() {
    assertEquals(0x60_0000, Plic.size(2 * 512));
  }

  /** The specification in the plainest words; sets instead of bits. */
  private static final class Model {
    final int[] priority = new int[Plic.SOURCES];
    final TreeSet<Integer> pending = new TreeSet<>();
    final TreeSet<Integer> inService = new TreeSet<>();
    final List<TreeSet<Integer>> enabled =
        List.of(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    final int[] threshold = new int[CONTEXTS];

    void line(int id, boolean on) {
      if (on) {
        pending.add(id);
      }
    }

    int best(int context) {
      return pending.stream()
          .filter(enabled.get(context)::contains)
          .filter(id -> !inService.contains(id))
          .filter(id -> priority[id] > 0)
          .reduce(0, (a, b) -> priority[b] > priority[a] ? b : a);
    }

    boolean raised(int context) {
      return priority[best(context)] > threshold[context];
    }

    int claim(int context) {
      int id = best(context);
      if (id != 0) {
        pending.remove(id);
        inService.add(id);
      }
      return id;
    }

    void complete(int context, int id) {
      if (enabled.get(context).contains(id)) {
        inService.remove(id);
      }
    }
  }

  @Property(tries = 200)
  void behavesAsItsModel(@ForAll long seed) {
    Random random = new Random(seed);
    Model model = new Model();
    RecordedLine[] lines = lines();
    Plic plic = new Plic(List.of(lines));
    for (int step = 0; step < 300; step++) {
      int context = random.nextInt(CONTEXTS);
      // Few sources, so that they meet; some in each word.
      int id = 1 + random.nextInt(5) * 23;
      int value = random.nextInt(8);
      switch (random.nextInt(6)) {
        case 0 -> {
          plic.write(4L * id, 4, value);
          model.priority[id] = value;
        }
        case 1 -> {
          plic.write(threshold(context), 4, value);
          model.threshold[context] = value;
        }
        case 2 -> {
          long bit = 1L << id % 32;
          long old = plic.read(enable(context, id), 4);
          boolean on = value > 2;
          plic.write(enable(context, id), 4, on ? old | bit : old & ~bit);
          if (on) {
            model.enabled.get(context).add(id);
          } else {
            model.enabled.get(context).remove(id);
          }
        }
        case 3 -> {
          plic.source(id).set(value > 3);
          model.line(id, value > 3);
        }
        case 4 -> assertEquals(model.claim(context), plic.read(claim(context), 4));
        default -> {
          plic.write(claim(context), 4, id);
          model.complete(context, id);
        }
      }
      for (int i = 0; i < CONTEXTS; i++) {
        assertEquals(model.raised(i), lines[i].isHigh());
      }
      assertEquals(
          model.pending.contains(id), (plic.read(0x1000 + id / 32 * 4, 4) >> id % 32 & 1) != 0);
    }
    RecordedLine[] otherLines = lines();
    Plic other = new Plic(List.of(otherLines));
    DeviceChecks.carryOver(plic, other);
    for (int i = 0; i < CONTEXTS; i++) {
      assertEquals(model.raised(i), otherLines[i].isHigh());
      assertEquals(model.claim(i), other.read(claim(i), 4));
    }
  }

  @Test
  void resetForgetsAllButTheLines() {
    plic.write(4 * 9, 4, 1);
    enableOnly(0, 9);
    plic.source(9).set(true);
    plic.read(claim(0), 4);
    plic.reset();
    assertFalse(lines[0].isHigh());
    assertEquals(0, plic.read(4 * 9, 4));
    plic.write(4 * 9, 4, 1);
    enableOnly(0, 9);
    assertTrue(lines[0].isHigh());
  }

  @Test
  void refusesTheStateOfAnotherMachine() {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(DeviceChecks.saved(plic)));
    assertThrows(IOException.class, () -> new Plic(List.of(new RecordedLine())).restore(in, 1));
  }

  @Property(tries = 50)
  void standsGarbage(@ForAll long seed) {
    DeviceChecks.bombard(plic, Plic.size(16), new Random(seed), 500);
  }
}
