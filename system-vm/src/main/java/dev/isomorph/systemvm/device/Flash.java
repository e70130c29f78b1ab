package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A bank of NOR flash memory: two chips of 16 bits side by side, with Intel's command set (CFI
 * primary vendor command set 1). Programming only clears bits; erasing sets those of a sector.
 * Every operation is over at once.
 */
public final class Flash implements Device {
  /** Bytes of a bank. */
  public static final int SIZE = 0x200_0000;

  /** Bytes erased together, of both chips. */
  static final int SECTOR_BYTES = 0x4_0000;

  /** What a chip takes in one buffered write, as a power of two of bytes. */
  static final int BUFFER_BITS = 11;

  private static final int BUFFER_WORDS = 1 << BUFFER_BITS - 1;
  private static final int SECTORS = SIZE / SECTOR_BYTES;
  private static final byte ERASED = -1;

  private static final int MANUFACTURER = 0x89;
  private static final int DEVICE = 0x18;

  private static final int STATUS_READY = 0x80;
  private static final int STATUS_SEQUENCE_ERROR = 0x30;

  private static final int CONFIRM = 0xd0;

  /** What a read gives. */
  private enum Shows {
    ARRAY,
    STATUS,
    IDENTIFIER,
    QUERY
  }

  /** What the next write is. */
  private enum Awaits {
    COMMAND,
    DATA,
    ERASE_CONFIRMATION,
    LOCK_ACTION,
    BUFFER_COUNT,
    BUFFER_DATA,
    BUFFER_CONFIRMATION
  }

  private final String name;

  /** Null where everything is erased. */
  private final byte[][] sectors = new byte[SECTORS][];

  private Shows shows = Shows.ARRAY;
  private Awaits awaits = Awaits.COMMAND;
  private int status = STATUS_READY;

  /** Words of the buffered write: how many, how many of them have come, where and what. */
  private int expected;

  private int buffered;
  private final int[] bufferOffsets = new int[BUFFER_WORDS];
  private final int[] bufferWords = new int[BUFFER_WORDS];

  /**
   * @param content from its first byte on; what is not given is erased
   */
  public Flash(String name, byte[] content) {
    if (content.length > SIZE) {
      throw new IllegalArgumentException(content.length + " bytes are more than " + SIZE);
    }
    this.name = name;
    for (int from = 0; from < content.length; from += SECTOR_BYTES) {
      byte[] sector = sector(from);
      System.arraycopy(content, from, sector, 0, Math.min(SECTOR_BYTES, content.length - from));
    }
  }

  private byte[] sector(int offset) {
    int index = offset / SECTOR_BYTES;
    if (sectors[index] == null) {
      sectors[index] = new byte[SECTOR_BYTES];
      Arrays.fill(sectors[index], ERASED);
    }
    return sectors[index];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized long read(long offset, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (readByte((int) offset + i) & 0xffL) << 8 * i;
    }
    return value;
  }

  /** Both chips answer the same, each on its half of the bus. */
  private int readByte(int offset) {
    int shift = (offset & 1) * 8;
    return switch (shows) {
      case ARRAY -> {
        byte[] sector = sectors[offset / SECTOR_BYTES];
        yield sector == null ? ERASED : sector[offset % SECTOR_BYTES];
      }
      case STATUS -> status >> shift;
      case IDENTIFIER -> identifier(offset >> 2) >> shift;
      case QUERY -> FlashQuery.at(offset >> 2) >> shift;
    };
  }

  private static int identifier(int index) {
    return switch (index & 0xff) {
      case 0 -> MANUFACTURER;
      case 1 -> DEVICE;
      default -> 0; // no block is locked
    };
  }

  @Override
  public synchronized void write(long offset, int bytes, long value) {
    int at = (int) offset;
    if (bytes == 8) {
      writeWord(at, 4, (int) value);
      writeWord(at + 4, 4, (int) (value >> 32));
    } else {
      writeWord(at, bytes, (int) value);
    }
  }

  private void writeWord(int offset, int bytes, int value) {
    int command = value & 0xff;
    switch (awaits) {
      case COMMAND -> command(command);
      case DATA -> {
        program(offset, bytes, value);
        awaits = Awaits.COMMAND;
      }
      case ERASE_CONFIRMATION -> {
        if (confirmed(command)) {
          sectors[offset / SECTOR_BYTES] = null;
        }
      }
      case LOCK_ACTION -> awaits = Awaits.COMMAND; // nothing can be locked
      case BUFFER_COUNT -> expect((value & 0xffff) + 1);
      case BUFFER_DATA -> {
        int shift = 8 * (offset & 3);
        buffer(offset & -4, bytes == 4 ? value : value << shift | ~((1 << 8 * bytes) - 1 << shift));
      }
      case BUFFER_CONFIRMATION -> {
        if (confirmed(command)) {
          for (int i = 0; i < expected; i++) {
            program(bufferOffsets[i], 4, bufferWords[i]);
          }
        }
      }
    }
  }

  private void expect(int words) {
    if (words > BUFFER_WORDS) {
      fail();
    } else {
      expected = words;
      buffered = 0;
      awaits = Awaits.BUFFER_DATA;
    }
  }

  /**
   * @param word with ones where it was not written
   */
  private void buffer(int offset, int word) {
    bufferOffsets[buffered] = offset;
    bufferWords[buffered] = word;
    buffered++;
    if (buffered == expected) {
      awaits = Awaits.BUFFER_CONFIRMATION;
    }
  }

  private boolean confirmed(int command) {
    awaits = Awaits.COMMAND;
    if (command != CONFIRM) {
      fail();
    }
    return command == CONFIRM;
  }

  private void fail() {
    status |= STATUS_SEQUENCE_ERROR;
    awaits = Awaits.COMMAND;
  }

  private void command(int command) {
    switch (command) {
      case 0x10, 0x40 -> begin(Awaits.DATA);
      case 0x20 -> begin(Awaits.ERASE_CONFIRMATION);
      case 0x60 -> begin(Awaits.LOCK_ACTION);
      case 0xe8 -> begin(Awaits.BUFFER_COUNT);
      case 0x50 -> {
        status = STATUS_READY;
        shows = Shows.ARRAY;
      }
      case 0x70 -> shows = Shows.STATUS;
      case 0x90 -> shows = Shows.IDENTIFIER;
      case 0x98 -> shows = Shows.QUERY;
      default -> shows = Shows.ARRAY;
    }
  }

  private void begin(Awaits next) {
    awaits = next;
    shows = Shows.STATUS;
  }

  private void program(int offset, int bytes, int value) {
    byte[] sector = sector(offset);
    for (int i = 0; i < bytes; i++) {
      sector[(offset + i) % SECTOR_BYTES] &= (byte) (value >> 8 * i);
    }
  }

  /** Content stays. */
  @Override
  public synchronized void reset() {
    shows = Shows.ARRAY;
    awaits = Awaits.COMMAND;
    status = STATUS_READY;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public synchronized void save(DataOutput out) throws IOException {
    out.writeByte(shows.ordinal());
    out.writeByte(awaits.ordinal());
    out.writeByte(status);
    out.writeShort(expected);
    out.writeShort(buffered);
    for (int i = 0; i < buffered; i++) {
      out.writeInt(bufferOffsets[i]);
      out.writeInt(bufferWords[i]);
    }
    for (byte[] sector : sectors) {
      out.writeBoolean(sector != null);
      if (sector != null) {
        out.write(sector);
      }
    }
  }

  @Override
  public synchronized void restore(DataInput in, int version) throws IOException {
    shows = constant(Shows.values(), in.readUnsignedByte());
    awaits = constant(Awaits.values(), in.readUnsignedByte());
    status = in.readUnsignedByte();
    expected = count(in);
    buffered = count(in);
    if (buffered > expected || buffered == expected && awaits == Awaits.BUFFER_DATA) {
      throw new IOException("a flash whose write buffer is too full");
    }
    for (int i = 0; i < buffered; i++) {
      bufferOffsets[i] = in.readInt() & SIZE - 4;
      bufferWords[i] = in.readInt();
    }
    for (int i = 0; i < SECTORS; i++) {
      sectors[i] = in.readBoolean() ? new byte[SECTOR_BYTES] : null;
      if (sectors[i] != null) {
        in.readFully(sectors[i]);
      }
    }
  }

  private static int count(DataInput in) throws IOException {
    int count = in.readUnsignedShort();
    if (count > BUFFER_WORDS) {
      throw new IOException("a flash with a write buffer of " + count + " words");
    }
    return count;
  }

  private static <T> T constant(T[] constants, int ordinal) throws IOException {
    if (ordinal >= constants.length) {
      throw new IOException("a flash in an unknown state");
    }
    return constants[ordinal];
  }
}
