package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.hart.SystemHart;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/** Shows a debugger harts, which are threads to it, with their registers and memory. */
final class HartCommands {
  private static final String BAD = "E16";
  private static final String NO_MEMORY = "E0e";
  private static final HexFormat HEX = HexFormat.of();

  private final DebugTarget target;
  private boolean physical;

  /** The hart whose registers and memory are meant. */
  private int general;

  /** The hart that is to go on, negative for all. */
  private int resumed = -1;

  HartCommands(DebugTarget target) {
    this.target = target;
  }

  Map<String, Command> table() {
    return Map.ofEntries(
        Map.entry("g", _ -> readGeneral()),
        Map.entry("G", this::writeGeneral),
        Map.entry("p", this::readRegister),
        Map.entry("P", this::writeRegister),
        Map.entry("m", this::readMemory),
        Map.entry("M", fields -> writeMemory(fields, false)),
        Map.entry("X", fields -> writeMemory(fields, true)),
        Map.entry("H", this::select),
        Map.entry("T", this::isAlive),
        Map.entry("qC", _ -> "QC" + ThreadIds.of(general)),
        Map.entry("qfThreadInfo", _ -> threads()),
        Map.entry("qsThreadInfo", _ -> "l"),
        Map.entry("qThreadExtraInfo", this::describe),
        Map.entry("qqemu.PhyMemMode", _ -> physical ? "1" : "0"),
        Map.entry("Qqemu.PhyMemMode", this::setPhysical));
  }

  /** A hart has come to a halt: it is the one of interest. */
  void select(int hart) {
    general = hart;
    resumed = -1;
  }

  /** The hart whose registers are meant. */
  int selected() {
    return general;
  }

  /** The hart that a command without a name moves. */
  int mover() {
    return resumed < 0 ? general : resumed;
  }

  /** Whether no other hart is to move. */
  boolean movesAlone() {
    return resumed >= 0;
  }

  private SystemHart hart(int number) {
    return target.harts().get(number);
  }

  private String select(Fields fields) throws BadPacket {
    boolean forGeneral = fields.skip('g');
    if (!forGeneral) {
      fields.expect('c');
    }
    if (fields.skip("-1") || fields.skip("0")) {
      resumed = forGeneral ? resumed : -1;
      return Command.OK;
    }
    int hart = ThreadIds.hart(fields, target.harts().size());
    if (forGeneral) {
      general = hart;
    } else {
      resumed = hart;
    }
    return Command.OK;
  }

  private String isAlive(Fields fields) throws BadPacket {
    ThreadIds.hart(fields, target.harts().size());
    return Command.OK;
  }

  private String threads() {
    StringBuilder text = new StringBuilder("m");
    for (int i = 0; i < target.harts().size(); i++) {
      text.append(i == 0 ? "" : ",").append(ThreadIds.of(i));
    }
    return text.toString();
  }

  private String describe(Fields fields) throws BadPacket {
    fields.expect(',');
    return hex(target.describe(ThreadIds.hart(fields, target.harts().size())));
  }

  // Registers.

  private static String hex(String text) {
    return HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(DebugRegister register, SystemHart hart) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(register.reader().applyAsLong(hart));
    return HEX.formatHex(bytes.array());
  }

  private void set(DebugRegister register, byte[] value) throws BadPacket {
    if (value.length != Long.BYTES) {
      throw new BadPacket();
    }
    long bits = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    register.setter().set(hart(general), bits);
  }

  private String readGeneral() {
    StringBuilder text = new StringBuilder();
    for (DebugRegister each : DebugRegisters.general()) {
      text.append(hex(each, hart(general)));
    }
    return text.toString();
  }

  private String writeGeneral(Fields fields) throws BadPacket {
    ByteBuffer values = ByteBuffer.wrap(fields.hexBytes());
    for (DebugRegister each : DebugRegisters.general()) {
      if (values.remaining() < Long.BYTES) {
        return values.hasRemaining() ? BAD : Command.OK;
      }
      byte[] value = new byte[Long.BYTES];
      values.get(value);
      set(each, value);
    }
    return Command.OK;
  }

  private static DebugRegister register(Fields fields) throws BadPacket {
    DebugRegister register = DebugRegisters.of(fields.number());
    if (register == null) {
      throw new BadPacket();
    }
    return register;
  }

  private String readRegister(Fields fields) throws BadPacket {
    return hex(register(fields), hart(general));
  }

  private String writeRegister(Fields fields) throws BadPacket {
    DebugRegister register = register(fields);
    fields.expect('=');
    set(register, fields.hexBytes());
    return Command.OK;
  }

  // Memory.

  private HartMemory memory() {
    return physical
        ? HartMemory.physical(target.bus())
        : HartMemory.of(hart(general), target.bus());
  }

  private String readMemory(Fields fields) throws BadPacket {
    long address = fields.number();
    fields.expect(',');
    int length = fields.count(Integer.MAX_VALUE);
    byte[] bytes = memory().read(address, Math.min(length, GdbSession.MOST_BYTES));
    return bytes.length == 0 && length > 0 ? NO_MEMORY : HEX.formatHex(bytes);
  }

  private String writeMemory(Fields fields, boolean binary) throws BadPacket {
    long address = fields.number();
    fields.expect(',');
    int length = fields.count(GdbSession.LONGEST_PACKET);
    fields.expect(':');
    byte[] bytes = binary ? fields.bytes() : fields.hexBytes();
    if (bytes.length != length) {
      throw new BadPacket();
    }
    boolean written = memory().write(address, bytes);
    target.memoryWritten();
    return written ? Command.OK : NO_MEMORY;
  }

  private String setPhysical(Fields fields) throws BadPacket {
    fields.expect(':');
    physical = fields.count(1) == 1;
    return Command.OK;
  }
}
