package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.GuestState;
import dev.isomorph.hostbackend.lower.GuestStateTable;
import dev.isomorph.hostbackend.lower.GuestStates;
import dev.isomorph.hostbackend.lower.RegionFields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link TranslationRecord} has of a region besides what it has of a block:
 *
 * <pre>
 * long first; int shape, traits; int own addresses, counters, indirect calls; 4 bytes unused
 * long indirect calls[]
 * int own addresses[], counters[]       padded to 8
 * the states, as in a GuestStateTable
 * </pre>
 *
 * <p>Of a region that has been given up it has the traits alone.
 */
final class RegionRecord {
  private static final int FIRST = 0;
  private static final int SHAPE = 8;
  private static final int TRAITS = 12;
  private static final int ADDRESSES = 16;
  private static final int COUNTERS = 20;
  private static final int CALLS = 24;
  private static final int HEAD = 32;

  private static final int HAS_COPIES = 1;
  private static final int HAS_CHOICES = 2;
  private static final int CHECKS_VALUES = 4;
  private static final int REFUSED = 8;
  private static final int BUSY = 16;

  private static final RegionFields NO_FIELDS = new RegionFields(new int[0], new int[0]);
  private static final byte[] NO_STATES = {};

  private final long at;
  private final int calls;
  private final int addresses;
  private final int counters;

  /** What was kept at an address. */
  RegionRecord(long at) {
    this.at = at;
    calls = HostMemory.getInt(at + CALLS);
    addresses = HostMemory.getInt(at + ADDRESSES);
    counters = HostMemory.getInt(at + COUNTERS);
  }

  /** What is to be kept of a region; null if that is too much. */
  static byte[] bytes(RegionTraits traits, RegionFields fields, GuestState[] states) {
    byte[] table = GuestStateTable.bytes(states);
    if (table == null) {
      return null;
    }
    return bytes(traits, 0, fields, table);
  }

  /** What is to be kept of a region that has been given up. */
  static byte[] refusal(RegionTraits traits) {
    return bytes(traits, REFUSED, NO_FIELDS, NO_STATES);
  }

  private static byte[] bytes(RegionTraits traits, int refused, RegionFields fields, byte[] table) {
    List<Long> calls = traits.indirectCalls();
    int before = statesAt(calls.size(), fields.addresses().length, fields.counters().length);
    ByteBuffer out = ByteBuffer.allocate(before + table.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(traits.first()).putInt(traits.shape());
    out.putInt(
        refused
            | (traits.hasCopies() ? HAS_COPIES : 0)
            | (traits.hasChoices() ? HAS_CHOICES : 0)
            | (traits.isBusy() ? BUSY : 0)
            | (traits.checksValues() ? CHECKS_VALUES : 0));
    out.putInt(fields.addresses().length).putInt(fields.counters().length).putInt(calls.size());
    out.position(HEAD);
    for (long call : calls) {
      out.putLong(call);
    }
    for (int address : fields.addresses()) {
      out.putInt(address);
    }
    for (int counter : fields.counters()) {
      out.putInt(counter);
    }
    out.position(before);
    return out.put(table).array();
  }

  private static int statesAt(int calls, int addresses, int counters) {
    int size = HEAD + Long.BYTES * calls + Integer.BYTES * (addresses + counters);
    return size + 7 & -8;
  }

  /** Whether it has been given up. */
  boolean isRefusal() {
    return (HostMemory.getInt(at + TRAITS) & REFUSED) != 0;
  }

  RegionTraits traits() {
    int traits = HostMemory.getInt(at + TRAITS);
    List<Long> targets = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      targets.add(HostMemory.getLong(at + HEAD + (long) Long.BYTES * i));
    }
    return new RegionTraits(
        HostMemory.getLong(at + FIRST),
        HostMemory.getInt(at + SHAPE),
        (traits & HAS_COPIES) != 0,
        (traits & HAS_CHOICES) != 0,
        (traits & BUSY) != 0,
        (traits & CHECKS_VALUES) != 0,
        targets);
  }

  RegionFields fields() {
    long from = at + HEAD + (long) Long.BYTES * calls;
    int[] first = ints(from, addresses);
    return new RegionFields(first, ints(from + (long) Integer.BYTES * addresses, counters));
  }

  private static int[] ints(long from, int count) {
    int[] ints = new int[count];
    for (int i = 0; i < count; i++) {
      ints[i] = HostMemory.getInt(from + (long) Integer.BYTES * i);
    }
    return ints;
  }

  /**
   * The states, read when they are asked for.
   *
   * @param instructions how many the record has
   */
  GuestStates states(int instructions) {
    return new GuestStateTable(at + statesAt(calls, addresses, counters), instructions);
  }
}
