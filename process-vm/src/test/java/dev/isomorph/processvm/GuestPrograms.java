package dev.isomorph.processvm;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A7;
import static dev.isomorph.decoder.Registers.S0;
import static dev.isomorph.decoder.Registers.S1;
import static dev.isomorph.decoder.Registers.SP;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.ZERO;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Programs of a few instructions as ELF files. */
final class GuestPrograms {
  private static final int CLOSE = 57;
  private static final int READ = 63;
  private static final int WRITE = 64;
  private static final int EXIT_GROUP = 94;
  private static final long BASE = 0x10000;
  private static final int HEADERS = 64 + 56;

  private GuestPrograms() {}

  /** Writes an executable file with one readable and executable segment. */
  static void write(Path path, byte[] code) throws IOException {
    int size = HEADERS + code.length;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    file.putShort((short) 2).putShort((short) 243).putInt(1);
    file.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0);
    file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
    file.putLong(size).putLong(size).putLong(4096);
    file.put(code);
    Files.write(path, file.array());
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Exits with a status. */
  static byte[] exit(int status) {
    return exit(new RiscvAssembler(), status);
  }

  private static byte[] exit(RiscvAssembler code, int status) {
    code.emit(Opcode.ADDI, A0, ZERO, status);
    code.emit(Opcode.ADDI, A7, ZERO, EXIT_GROUP);
    return code.emit(Opcode.ECALL).bytes();
  }

  /** Closes its standard error, as coreutils do, and exits with 0. */
  static byte[] closeErrors() {
    RiscvAssembler code = new RiscvAssembler();
    code.emit(Opcode.ADDI, A0, ZERO, 2);
    code.emit(Opcode.ADDI, A7, ZERO, CLOSE);
    code.emit(Opcode.ECALL);
    return exit(code, 0);
  }

  /** Writes to an address that is not mapped. */
  static byte[] fault() {
    RiscvAssembler code = new RiscvAssembler();
    code.emit(Opcode.ADDI, A1, ZERO, 77);
    code.emit(Opcode.SW, A0, 40, ZERO);
    return exit(code, 0);
  }

  /** Reads a byte from standard input and exits with 0 when there is one, else with the errno. */
  static byte[] read() {
    RiscvAssembler code = new RiscvAssembler();
    code.emit(Opcode.ADDI, A0, ZERO, 0);
    code.emit(Opcode.ADDI, A1, SP, -16);
    code.emit(Opcode.ADDI, A2, ZERO, 1);
    code.emit(Opcode.ADDI, A7, ZERO, READ);
    code.emit(Opcode.ECALL);
    code.emit(Opcode.SLTI, T0, A0, 0);
    code.emit(Opcode.SUB, T0, ZERO, T0);
    code.emit(Opcode.AND, A0, A0, T0);
    code.emit(Opcode.SUB, A0, ZERO, A0);
    code.emit(Opcode.ADDI, A7, ZERO, EXIT_GROUP);
    return code.emit(Opcode.ECALL).bytes();
  }

  /** Writes its arguments and its environment, a line each, and exits with 0. */
  static byte[] printStrings() {
    RiscvAssembler code = new RiscvAssembler();
    Label list = new Label();
    Label next = new Label();
    Label length = new Label();
    Label end = new Label();
    Label out = new Label();
    code.emit(Opcode.ADDI, S0, SP, 8);
    code.emit(Opcode.ADDI, S1, ZERO, 2);
    code.bind(list);
    code.emit(Opcode.LD, A1, 0, S0);
    code.emit(Opcode.ADDI, S0, S0, 8);
    code.branch(Opcode.BNE, A1, ZERO, next);
    code.emit(Opcode.ADDI, S1, S1, -1);
    code.branch(Opcode.BNE, S1, ZERO, list);
    code.jump(out);
    code.bind(next);
    code.emit(Opcode.ADDI, A2, A1, 0);
    code.bind(length);
    code.emit(Opcode.LBU, T0, 0, A2);
    code.branch(Opcode.BEQ, T0, ZERO, end);
    code.emit(Opcode.ADDI, A2, A2, 1);
    code.jump(length);
    code.bind(end);
    // The string's zero is overwritten by the end of the line.
    code.emit(Opcode.ADDI, T0, ZERO, '\n');
    code.emit(Opcode.SB, T0, 0, A2);
    code.emit(Opcode.SUB, A2, A2, A1);
    code.emit(Opcode.ADDI, A2, A2, 1);
    code.emit(Opcode.ADDI, A0, ZERO, 1);
    code.emit(Opcode.ADDI, A7, ZERO, WRITE);
    code.emit(Opcode.ECALL);
    code.jump(list);
    code.bind(out);
    return exit(code, 0);
  }
}
