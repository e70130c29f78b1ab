package dev.isomorph.translator.eval;

/**
 * Guest memory as instructions access it: little endian, by guest address. Any address may be
 * misaligned unless said otherwise. An aligned access is atomic; loads acquire and stores release.
 * Every method throws {@link GuestMemoryFault} where the guest has no right to the access, and then
 * has changed nothing.
 */
public interface DataMemory {
  /** Bytes that {@link #zeroBlock} clears: the cache-block size of Zicboz. */
  int BLOCK_SIZE = 64;

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  long load(long address, int bytes);

  /** Stores the low 1, 2, 4 or 8 bytes of {@code value}. */
  void store(long address, int bytes, long value);

  /**
   * Atomically replaces 4 or 8 aligned bytes by those of {@code value} if they equal the low bytes
   * of {@code expected}, with sequentially consistent ordering. Needs the right to write, whether
   * or not they are equal.
   *
   * @return whether they were equal
   */
  boolean compareAndSet(long address, int bytes, long expected, long value);

  /** Clears the {@link #BLOCK_SIZE} bytes from {@code address}, which is a multiple of that. */
  void zeroBlock(long address);
}
