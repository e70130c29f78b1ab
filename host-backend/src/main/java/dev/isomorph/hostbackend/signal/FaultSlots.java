package dev.isomorph.hostbackend.signal;

/**
 * Where in the register file a fault is described: byte offsets from rbp.
 *
 * @param address 8 bytes: the faulting data address; 0 if {@code code} is 128, which is how the
 *     processor reports an address that is not canonical
 * @param hostPc 8 bytes: address of the host instruction that faulted
 * @param signal 4 bytes: the signal's number
 * @param code 4 bytes: si_code (sigaction(2))
 * @param error 4 bytes: what the processor says of the access, {@link #STORED} among it
 */
public record FaultSlots(int address, int hostPc, int signal, int code, int error) {
  /** Bit of the error that tells a store. */
  public static final int STORED = 1 << 1;
}
