package dev.isomorph.tools.trace;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;

/**
 * One line of a commit log: an instruction that has been executed and what it did. Objects are
 * reused from line to line, since logs have millions of them.
 */
public final class Commit {
  /** Added to a CSR's number to make a register; below it are the numbers of {@link StateSlot}. */
  public static final int CSR = 0x1000;

  private static final int INITIAL = 4;

  private int core;
  private int privilege;
  private long pc;
  private int encoding;

  private int writes;
  private int[] registers = new int[INITIAL];
  private long[] values = new long[INITIAL];

  private int loads;
  private long[] loadAddresses = new long[INITIAL];

  private int stores;
  private long[] storeAddresses = new long[INITIAL];
  private long[] storeValues = new long[INITIAL];
  private int[] storeBytes = new int[INITIAL];

  public Commit() {}

  /**
   * Starts a line with no effects.
   *
   * @param core number of the hart
   * @param privilege 0 for user, 1 for supervisor, 3 for machine mode
   * @param encoding the bits of the instruction, 16 if they do not end in 11
   */
  public Commit begin(int core, int privilege, long pc, int encoding) {
    this.core = core;
    this.privilege = privilege;
    this.pc = pc;
    this.encoding = encoding;
    writes = 0;
    loads = 0;
    stores = 0;
    return this;
  }

  /** Adds a register that was written: a {@link StateSlot} below 64 or {@link #CSR} and more. */
  public void write(int register, long value) {
    if (writes == registers.length) {
      registers = Arrays.copyOf(registers, 2 * writes);
      values = Arrays.copyOf(values, 2 * writes);
    }
    registers[writes] = register;
    values[writes++] = value;
  }

  /** Turns the order of the writes round, for a log that has the last one first. */
  void reverseWrites() {
    for (int i = 0, j = writes - 1; i < j; i++, j--) {
      int register = registers[i];
      registers[i] = registers[j];
      registers[j] = register;
      long value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  /** Adds an address that was loaded from. */
  public void load(long address) {
    if (loads == loadAddresses.length) {
      loadAddresses = Arrays.copyOf(loadAddresses, 2 * loads);
    }
    loadAddresses[loads++] = address;
  }

  /** Adds a store of 1, 2, 4 or 8 bytes. */
  public void store(long address, long value, int bytes) {
    if (stores == storeAddresses.length) {
      storeAddresses = Arrays.copyOf(storeAddresses, 2 * stores);
      storeValues = Arrays.copyOf(storeValues, 2 * stores);
      storeBytes = Arrays.copyOf(storeBytes, 2 * stores);
    }
    storeAddresses[stores] = address;
    storeValues[stores] = value;
    storeBytes[stores++] = bytes;
  }

  /** Adds stores of zero to each of so many bytes. */
  void zero(long address, int bytes) {
    for (int i = 0; i < bytes; i++) {
      store(address + i, 0, 1);
    }
  }

  public int core() {
    return core;
  }

  public int privilege() {
    return privilege;
  }

  public long pc() {
    return pc;
  }

  public int encoding() {
    return encoding;
  }

  /** Length of the instruction in bytes. */
  public int length() {
    return Instruction.lengthOf(encoding);
  }

  /** Number of registers written. */
  public int writes() {
    return writes;
  }

  /** The register of write {@code i}, in the order in which they were written. */
  public int register(int i) {
    return registers[i];
  }

  public long value(int i) {
    return values[i];
  }

  /** Number of addresses loaded from. */
  public int loads() {
    return loads;
  }

  public long loadAddress(int i) {
    return loadAddresses[i];
  }

  /** Number of stores. */
  public int stores() {
    return stores;
  }

  public long storeAddress(int i) {
    return storeAddresses[i];
  }

  public long storeValue(int i) {
    return storeValues[i];
  }

  public int storeBytes(int i) {
    return storeBytes[i];
  }

  /** The name of a register as the commit log has it. */
  public static String nameOf(int register) {
    return register >= CSR ? "csr" + (register - CSR) : StateSlot.name(register);
  }
}
