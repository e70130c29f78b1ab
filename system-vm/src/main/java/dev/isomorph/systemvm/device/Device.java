package dev.isomorph.systemvm.device;

/**
 * A device's registers in guest physical memory. Harts call from their own threads, several at a
 * time: a device guards its state itself, and never keeps its lock while it waits for the host.
 *
 * <p>Offsets lie within the range at which the device was put; accesses are of 1, 2, 4 or 8 bytes
 * and naturally aligned.
 */
public interface Device extends Snapshotable {
  /**
   * Reads a register.
   *
   * @return the value, zero-extended
   * @throws BusFault if there is nothing that answers to such an access: the hart takes an access
   *     fault
   */
  long read(long offset, int bytes);

  /**
   * Writes a register.
   *
   * @param value zero-extended
   * @throws BusFault as {@link #read}
   */
  void write(long offset, int bytes, long value);

  /** Goes back to the state after power-on. */
  void reset();
}
