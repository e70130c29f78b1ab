package dev.isomorph.tools;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A7;
import static dev.isomorph.decoder.Registers.S0;
import static dev.isomorph.decoder.Registers.T0;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small guest programs as ELF files with symbols. */
public final class GuestElf {
  public static final long BASE = 0x10000;
  public static final int HEADERS = 64 + 56;

  private static final int EXIT = 93;
  private static final int ABSOLUTE = 0xfff1;

  private byte elfClass = 2;
  private short type = 2;
  private short machine = 243;
  private final byte[] code;
  private final Map<String, Long> symbols = new LinkedHashMap<>();

  private GuestElf(byte[] code) {
    this.code = code;
  }

  /** Runs code from its first instruction on. */
  public static GuestElf of(RiscvAssembler code) {
    return new GuestElf(code.bytes());
  }

  /** Ends at once. */
  public static GuestElf exit(int status) {
    return of(exit(new RiscvAssembler(), status));
  }

  private static RiscvAssembler exit(RiscvAssembler code, int status) {
    return code.li(A0, status).li(A7, EXIT).emit(Opcode.ECALL);
  }

  /** Stores values in its signature and ends. */
  public static GuestElf signature(int status, int... values) {
    RiscvAssembler code = new RiscvAssembler();
    RiscvAssembler.Label start = new RiscvAssembler.Label();
    code.la(S0, start);
    for (int i = 0; i < values.length; i++) {
      code.li(T0, values[i]).emit(Opcode.SW, T0, 4L * i, S0);
    }
    exit(code, status).align(16).bind(start);
    code.data(new byte[4 * values.length]);
    GuestElf elf = of(code);
    elf.symbol("begin_signature", BASE + HEADERS + code.offset(start));
    return elf.symbol("end_signature", BASE + HEADERS + code.offset());
  }

  public GuestElf symbol(String name, long address) {
    symbols.put(name, address);
    return this;
  }

  public GuestElf elfClass(int value) {
    elfClass = (byte) value;
    return this;
  }

  public GuestElf type(int value) {
    type = (short) value;
    return this;
  }

  public GuestElf machine(int value) {
    machine = (short) value;
    return this;
  }

  public long address(String symbol) {
    return symbols.get(symbol);
  }

  public Path write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes());
    file.toFile().setExecutable(true);
    return file;
  }

  private byte[] bytes() {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    names.write(0);
    ByteBuffer table = ByteBuffer.allocate(24 * (symbols.size() + 1));
    table.order(ByteOrder.LITTLE_ENDIAN).position(24);
    symbols.forEach(
        (name, address) -> {
          table.putInt(names.size()).put((byte) 0x10).put((byte) 0).putShort((short) ABSOLUTE);
          table.putLong(address).putLong(0);
          names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
          names.write(0);
        });
    int end = HEADERS + code.length;
    int sections = end + table.capacity() + names.size();
    ByteBuffer file = ByteBuffer.allocate(sections + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', elfClass, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    file.putShort(type).putShort(machine).putInt(1);
    file.putLong(BASE + HEADERS).putLong(64).putLong(sections).putInt(0);
    file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    file.putShort((short) 64).putShort((short) 3).putShort((short) 0);
    file.putInt(1).putInt(7).putLong(0).putLong(BASE).putLong(BASE);
    file.putLong(end).putLong(end).putLong(4096);
    file.put(code).put(table.array()).put(names.toByteArray());
    section(file.position(sections + 64), 2, end, table.capacity(), 2);
    section(file, 3, end + table.capacity(), names.size(), 0);
    return file.array();
  }

  private static void section(ByteBuffer file, int type, long offset, long size, int link) {
    file.putInt(0).putInt(type).putLong(0).putLong(0).putLong(offset).putLong(size);
    file.putInt(link).putInt(0).putLong(1).putLong(0);
  }
}
