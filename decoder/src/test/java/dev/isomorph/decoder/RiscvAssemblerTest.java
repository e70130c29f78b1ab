package dev.isomorph.decoder;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A7;
import static dev.isomorph.decoder.Registers.SP;
import static dev.isomorph.decoder.Registers.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.decoder.RiscvAssembler.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RiscvAssemblerTest {
  @Test
  void loopWithLabelsInBothDirections() {
    RiscvAssembler a = new RiscvAssembler();
    Label done = new Label();
    a.li(A0, 10);
    Label loop = a.here();
    a.branch(Opcode.BEQ, A0, ZERO, done)
        .emit(Opcode.C_ADDI, A0, -1)
        .emit(Opcode.SD, A0, 8, SP)
        .emit(Opcode.FADD_D, 1, 2, 3)
        .emitTo(Opcode.C_BNEZ, loop, A0)
        .jump(loop)
        .bind(done)
        .li(A7, 93)
        .emit(Opcode.ECALL);
    assertEquals(
        List.of(
            "0 li a0,10",
            "4 beqz a0,0x18",
            "8 addi a0,a0,-1",
            "a sd a0,8(sp)",
            "e fadd.d ft1,ft2,ft3",
            "12 bnez a0,0x4",
            "14 j 0x4",
            "18 li a7,93",
            "1c ecall"),
        listing(a.bytes()));
  }

  private static List<String> listing(byte[] code) {
    ByteBuffer buffer = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    List<String> lines = new ArrayList<>();
    int offset = 0;
    while (offset < code.length) {
      Instruction instruction = at(buffer, offset);
      String text = Disassembler.text(instruction, offset).replace('\t', ' ');
      lines.add(Integer.toHexString(offset) + " " + text);
      offset += instruction.length();
    }
    return lines;
  }

  private static Instruction at(ByteBuffer code, int offset) {
    int low = code.getShort(offset) & 0xffff;
    boolean wide = (low & 3) == 3;
    return Decoder.decode(wide ? code.getShort(offset + 2) << 16 | low : low);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        2047,
        2048,
        -2048,
        -2049,
        0x7ffff7ff,
        0x7ffff800,
        0x7fffffff,
        0x80000000L,
        0xffffffffL,
        -0x80000000L,
        -0x80000001L,
        0x123456789abcdef0L,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        0x5555555555555555L,
        1L << 38
      })
  void loadsConstants(long value) {
    assertEquals(value, loaded(value));
  }

  @Property
  void loadsAnyConstant(@ForAll long value) {
    assertEquals(value, loaded(value));
  }

  /** The value that the instructions of li leave, by the manual's definition of each. */
  private static long loaded(long value) {
    ByteBuffer code =
        ByteBuffer.wrap(new RiscvAssembler().li(A0, value).bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long register = 0x123;
    for (int offset = 0; offset < code.limit(); offset += 4) {
      Instruction i = at(code, offset);
      assertEquals(A0, i.rd());
      long source = i.rs1() == ZERO ? 0 : register;
      register =
          switch (i.opcode()) {
            case LUI -> i.imm();
            case ADDI -> source + i.imm();
            case ADDIW -> (int) (source + i.imm());
            case SLLI -> source << i.imm();
            default -> throw new AssertionError(i);
          };
    }
    return register;
  }

  @Test
  void addressesAndData() {
    RiscvAssembler a = new RiscvAssembler();
    Label text = new Label();
    Label before = a.here();
    a.la(A0, text).la(A1, before).ret().align(16).bind(text).data("hi").align(8).doublewords(-2);
    byte[] code = a.bytes();
    assertEquals(
        List.of("0 auipc a0,0x0", "4 addi a0,a0,32", "8 auipc a1,0x0", "c addi a1,a1,-8", "10 ret"),
        listing(Arrays.copyOf(code, 20)));
    assertEquals(32, a.offset(text));
    assertEquals(48, code.length);
    assertEquals('h', code[32]);
    assertEquals(-2L, ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).getLong(40));
  }

  @Test
  void mistakesAreReported() {
    RiscvAssembler unbound = new RiscvAssembler().jump(new Label());
    assertThrows(IllegalStateException.class, unbound::bytes);
    RiscvAssembler a = new RiscvAssembler();
    Label label = a.here();
    assertThrows(IllegalStateException.class, () -> a.bind(label));
    RiscvAssembler far = new RiscvAssembler();
    Label start = far.here();
    far.data(new byte[5000]).branch(Opcode.BNE, A0, A1, start);
    assertThrows(IllegalArgumentException.class, far::bytes);
  }
}
