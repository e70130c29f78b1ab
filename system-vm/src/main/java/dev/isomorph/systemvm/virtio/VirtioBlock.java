package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A disk (virtio 1.2, section 5.2). Requests are done in order, one at a time. Where the driver
 * knows no flush, each write is safe before it is said to be done.
 */
public final class VirtioBlock extends VirtioDevice {
  /** Bytes of a serial number at most. */
  public static final int SERIAL_BYTES = 20;

  static final long SEGMENT_COUNT = 1L << 2;
  static final long READ_ONLY = 1L << 5;
  static final long BLOCK_SIZE = 1L << 6;
  static final long FLUSH = 1L << 9;
  static final long DISCARD = 1L << 13;
  static final long WRITE_ZEROES = 1L << 14;

  static final int OK = 0;
  static final int IO_ERROR = 1;
  static final int UNSUPPORTED = 2;

  private static final int QUEUE_SIZE = 256;
  private static final int HEADER_BYTES = 16;
  private static final int RANGE_BYTES = 16;
  private static final int MOST_RANGES = 64;

  /** Bounds how long one request takes: 1 GiB. */
  private static final int MOST_SECTORS_OF_RANGE = 1 << 21;

  /** Bytes that are moved at once. */
  private static final int PIECE = 256 << 10;

  private static final int RELEASE = 1;

  private final Disk disk;
  private final byte[] serial;
  private final Consumer<String> warnings;
  private final Shape shape;
  private final byte[] piece = new byte[PIECE];
  private boolean warned;

  /**
   * @param disk read or written by this device alone; who made it closes it
   * @param serial what the guest reads as the disk's number, ASCII, at most {@link #SERIAL_BYTES}
   * @param discard whether the guest may give back parts of the disk
   * @param warnings hears, once, why the disk fails
   */
  public VirtioBlock(
      String name, Disk disk, String serial, boolean discard, Consumer<String> warnings) {
    super(name);
    this.disk = disk;
    this.warnings = warnings;
    this.serial = Arrays.copyOf(serial.getBytes(StandardCharsets.US_ASCII), SERIAL_BYTES);
    long features = SEGMENT_COUNT | BLOCK_SIZE | FLUSH;
    features |= disk.readOnly() ? READ_ONLY : WRITE_ZEROES | (discard ? DISCARD : 0);
    shape = new Shape(DeviceType.BLOCK, features, List.of(QUEUE_SIZE));
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public byte[] config() {
    return ByteBuffer.allocate(60)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, disk.size() / Disk.SECTOR)
        .putInt(12, QUEUE_SIZE - 2)
        .putInt(20, Disk.SECTOR)
        .putInt(36, MOST_SECTORS_OF_RANGE)
        .putInt(40, MOST_RANGES)
        .putInt(44, 1)
        .putInt(48, MOST_SECTORS_OF_RANGE)
        .putInt(52, MOST_RANGES)
        .put(56, (byte) 1)
        .array();
  }

  @Override
  protected void serve(VirtQueue queue) {
    handleEach(queue, this::request);
  }

  private long request(Chain chain) {
    if (chain.writable() < 1) {
      throw new BadChain("a request to a disk without room for its status");
    }
    ByteBuffer header = chain.read(0, HEADER_BYTES);
    int status;
    try {
      status = execute(header.getInt(0), header.getLong(8), chain);
    } catch (IOException e) {
      if (!warned) {
        warned = true;
        warnings.accept(e.getMessage());
      }
      status = IO_ERROR;
    }
    chain.write(chain.writable() - 1, status);
    return chain.writable();
  }

  private int execute(int type, long sector, Chain chain) throws IOException {
    return switch (type) {
      case 0 -> transfer(sector, chain, chain.writable() - 1, false);
      case 1 -> transfer(sector, chain, chain.readable() - HEADER_BYTES, true);
      case 4 -> {
        disk.flush();
        yield OK;
      }
      case 8 -> {
        chain.write(0, serial, 0, (int) Math.min(serial.length, chain.writable() - 1));
        yield OK;
      }
      case 11 -> (shape.features() & DISCARD) == 0 ? UNSUPPORTED : ranges(chain, true);
      case 13 -> ranges(chain, false);
      default -> UNSUPPORTED;
    };
  }

  private int transfer(long sector, Chain chain, long length, boolean write) throws IOException {
    if (length % Disk.SECTOR != 0
        || !onDisk(sector, length / Disk.SECTOR)
        || write && disk.readOnly()) {
      return IO_ERROR;
    }
    long position = sector * Disk.SECTOR;
    for (long done = 0; done < length; done += PIECE) {
      int bytes = (int) Math.min(PIECE, length - done);
      if (write) {
        chain.read(HEADER_BYTES + done, piece, 0, bytes);
        disk.write(position + done, piece, 0, bytes);
      } else {
        disk.read(position + done, piece, 0, bytes);
        chain.write(done, piece, 0, bytes);
      }
    }
    return write ? written() : OK;
  }

  /** Discards or zeroes; nothing if any of the ranges is not as it should be. */
  private int ranges(Chain chain, boolean discard) throws IOException {
    long count = (chain.readable() - HEADER_BYTES) / RANGE_BYTES;
    if (count > MOST_RANGES || (chain.readable() - HEADER_BYTES) % RANGE_BYTES != 0) {
      return IO_ERROR;
    }
    ByteBuffer ranges = chain.read(HEADER_BYTES, (int) count * RANGE_BYTES);
    for (int at = 0; at < ranges.capacity(); at += RANGE_BYTES) {
      int flags = ranges.getInt(at + 12);
      if ((flags & (discard ? -1 : ~RELEASE)) != 0) {
        return UNSUPPORTED;
      }
      long sectors = ranges.getInt(at + 8) & 0xffff_ffffL;
      if (disk.readOnly()
          || sectors > MOST_SECTORS_OF_RANGE
          || !onDisk(ranges.getLong(at), sectors)) {
        return IO_ERROR;
      }
    }
    for (int at = 0; at < ranges.capacity(); at += RANGE_BYTES) {
      long position = ranges.getLong(at) * Disk.SECTOR;
      long length = (long) ranges.getInt(at + 8) * Disk.SECTOR;
      if (discard) {
        disk.discard(position, length);
      } else {
        disk.zero(position, length, (ranges.getInt(at + 12) & RELEASE) != 0);
      }
    }
    return written();
  }

  private int written() throws IOException {
    if (!negotiated(FLUSH)) {
      disk.flush();
    }
    return OK;
  }

  private boolean onDisk(long sector, long count) {
    long all = disk.size() / Disk.SECTOR;
    return sector >= 0 && count <= all && sector <= all - count;
  }
}
