package dev.isomorph.tools.trace;

import dev.isomorph.decoder.Csrs;
import dev.isomorph.translator.ir.StateSlot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes commits as Spike's {@code --log-commits} does (riscv-isa-sim, riscv/execute.cc:
 * commit_log_print_insn). Of several registers that one instruction writes, the last written stands
 * first, as Spike's hash table mostly has it.
 */
public final class CommitLogWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  /** Most bytes a field takes: a register's name and its value. */
  private static final int FIELD = 64;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private int held;

  public CommitLogWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes a line. */
  public void write(Commit commit) throws IOException {
    reserve();
    text("core");
    decimal(commit.core(), 4);
    text(": ");
    decimal(commit.privilege(), 1);
    text(" 0x");
    hex(commit.pc(), 8);
    text(" (0x");
    hex(commit.encoding(), commit.length());
    put(')');
    for (int i = commit.writes() - 1; i >= 0; i--) {
      reserve();
      register(commit.register(i));
      hex(commit.value(i), 8);
    }
    for (int i = 0; i < commit.loads(); i++) {
      reserve();
      text(" mem 0x");
      hex(commit.loadAddress(i), 8);
    }
    for (int i = 0; i < commit.stores(); i++) {
      reserve();
      text(" mem 0x");
      hex(commit.storeAddress(i), 8);
      text(" 0x");
      hex(commit.storeValue(i), commit.storeBytes(i));
    }
    put('\n');
  }

  private void register(int register) {
    put(' ');
    if (register >= Commit.CSR) {
      int number = register - Commit.CSR;
      put('c');
      decimal(number, 1);
      put('_');
      text(Csrs.name(number));
    } else {
      int number = register < StateSlot.F0 ? register : register - StateSlot.F0;
      put(register < StateSlot.F0 ? 'x' : 'f');
      decimal(number, 1);
      if (number < 10) {
        put(' ');
      }
    }
    text(" 0x");
  }

  /** Makes room for a field; a line's end needs no more than what is left of it. */
  private void reserve() throws IOException {
    if (held > BUFFER - FIELD) {
      drain();
    }
  }

  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  private void put(int character) {
    buffer[held++] = (byte) character;
  }

  private void decimal(int number, int width) {
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    for (int i = digits; i < width; i++) {
      put(' ');
    }
    held += digits;
    int rest = number;
    for (int i = 1; i <= digits; i++) {
      buffer[held - i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private void hex(long value, int bytes) {
    for (int shift = 8 * bytes - 4; shift >= 0; shift -= 4) {
      buffer[held++] = DIGITS[(int) (value >>> shift) & 15];
    }
  }

  private void drain() throws IOException {
    // Closed twice: a compressing stream takes nothing more, not even nothing.
    if (held > 0) {
      out.write(buffer, 0, held);
      held = 0;
    }
  }

  /** Hands on what has been written. */
  public void flush() throws IOException {
    drain();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    drain();
    out.close();
  }
}
