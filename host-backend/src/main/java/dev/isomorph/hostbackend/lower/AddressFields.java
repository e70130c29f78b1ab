package dev.isomorph.hostbackend.lower;

import java.nio.ByteBuffer;

/**
 * Where code has guest addresses, and what follows from them. It is found by comparing what the
 * same instructions were compiled to at two addresses: numbers that differ as these do.
 */
final class AddressFields {
  private static final int PLACE_FACTS = 3;

  /** Offsets of guest addresses. */
  private final int[] addresses;

  /**
   * Three numbers for each place in the jump cache: its offset, that of the guest address, and how
   * far the place is behind the start of the address's entry.
   */
  private final int[] places;

  private AddressFields(int[] addresses, int[] places) {
    this.addresses = addresses;
    this.places = places;
  }

  /**
   * Compares code.
   *
   * @param there code of the same length
   * @param distance from its address to that of {@code here}
   * @return null if anything else is different, or too little to tell
   */
  static AddressFields find(ByteBuffer here, ByteBuffer there, long distance) {
    // Of addresses that select the same entries nobody sees where these are in the code.
    if ((distance & JumpCache.PC_MASK) == 0) {
      return null;
    }
    OffsetList addresses = new OffsetList();
    OffsetList places = new OffsetList();
    int lowest = Long.numberOfTrailingZeros(distance) / Byte.SIZE;
    int lastAddress = -1;
    int at = mismatch(here, there, 0);
    while (at >= 0) {
      int address = at - lowest;
      int place = lastAddress < 0 ? -1 : place(here, there, lastAddress, at);
      int next;
      if (isAddress(here, there, address, distance)) {
        addresses.add(address);
        lastAddress = address;
        next = address + Long.BYTES;
      } else if (place >= 0) {
        places.add(place);
        places.add(lastAddress);
        places.add(here.getInt(place) - JumpCache.firstEntry(here.getLong(lastAddress)));
        next = place + Integer.BYTES;
      } else {
        return null;
      }
      at = mismatch(here, there, next);
    }
    return new AddressFields(addresses.toArray(), places.toArray());
  }

  private static int mismatch(ByteBuffer here, ByteBuffer there, int from) {
    int length = here.capacity() - from;
    int at = here.slice(from, length).mismatch(there.slice(from, length));
    return at < 0 ? -1 : from + at;
  }

  private static boolean isAddress(ByteBuffer here, ByteBuffer there, int at, long distance) {
    return at >= 0
        && at + Long.BYTES <= here.capacity()
        && here.getLong(at) - there.getLong(at) == distance;
  }

  /** The offset of the place that a byte is part of, in the entry of an address; -1 if in none. */
  private static int place(ByteBuffer here, ByteBuffer there, int address, int part) {
    int own = JumpCache.firstEntry(here.getLong(address));
    int others = JumpCache.firstEntry(there.getLong(address));
    int first = Math.max(address + Long.BYTES, part - Integer.BYTES + 1);
    int last = Math.min(part, here.capacity() - Integer.BYTES);
    for (int at = first; at <= last; at++) {
      int behind = here.getInt(at) - own;
      boolean isPlace = behind == JumpCache.PC || behind == JumpCache.CODE;
      if (isPlace && there.getInt(at) - others == behind) {
        return at;
      }
    }
    return -1;
  }

  /** Makes code what it is for addresses that much higher. */
  void move(ByteBuffer code, long distance) {
    for (int address : addresses) {
      code.putLong(address, code.getLong(address) + distance);
    }
    for (int i = 0; i < places.length; i += PLACE_FACTS) {
      int entry = JumpCache.firstEntry(code.getLong(places[i + 1]));
      code.putInt(places[i], entry + places[i + 2]);
    }
  }
}
