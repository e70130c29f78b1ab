package dev.isomorph.hostbackend.asm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels, branches, patching, padding and data. */
final class CodeBufferTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final Assembler assembler = new Assembler();

  private String hex() {
    return HEX.formatHex(assembler.code());
  }

  @Test
  void dataIsLittleEndian() {
    assembler.emitByte(0x1ff);
    assembler.emitShort(0x0203);
    assembler.emitInt(0x04050607);
    assembler.emitLong(0x08090a0b0c0d0e0fL);
    assertEquals("ff 03 02 07 06 05 04 0f 0e 0d 0c 0b 0a 09 08", hex());
  }

  @Test
  void growsAndStartsOver() {
    for (int i = 0; i < 100_000; i++) {
      assembler.emitInt(i);
    }
    assertEquals(400_000, assembler.position());
    byte[] code = assembler.code();
    assertEquals((byte) (99_999 >> 8), code[399_997]);
    byte[] target = new byte[400_004];
    assembler.copyTo(target, 4);
    assertArrayEquals(code, Arrays.copyOfRange(target, 4, target.length));
    assertArrayEquals(code, Arrays.copyOf(assembler.buffer(), assembler.position()));
    assembler.reset();
    assertEquals(0, assembler.code().length);
  }

  @Test
  void forwardBranchesAreLongAndFilledInByTheBinding() {
    Label end = new Label();
    assembler.jmp(end);
    assembler.jcc(Cond.NE, end);
    assembler.call(end);
    assembler.cmp(4, Mem.rip(end), 0x1000);
    assembler.cmp(8, Mem.rip(end), 1);
    assembler.lea(8, Gpr.RAX, Mem.rip(end));
    assertFalse(end.isBound());
    assembler.bind(end);
    assertTrue(end.isBound());
    assertEquals(41, end.position());
    assertEquals(
        "e9 24 00 00 00 0f 85 1e 00 00 00 e8 19 00 00 00 81 3d 0f 00 00 00 00 10 00 00"
            + " 48 83 3d 07 00 00 00 01 48 8d 05 00 00 00 00",
        hex());
  }

  @Test
  void backwardBranchesAreShortInRange() {
    Label start = new Label();
    assembler.bind(start);
    assembler.jmp(start);
    assembler.jcc(Cond.B, start);
    assembler.call(start);
    assertEquals("eb fe 72 fc e8 f7 ff ff ff", hex());
  }

  @ParameterizedTest
  @ValueSource(ints = {126, 127, 128})
  void backwardBranchesAreLongOutOfRange(int distance) {
    Label start = new Label();
    assembler.bind(start);
    assembler.nop(distance);
    assembler.jmp(start);
    assertEquals(distance + (distance <= 126 ? 2 : 5), assembler.position());
    assembler.reset();
    Label again = new Label();
    assembler.bind(again);
    assembler.nop(distance);
    assembler.jcc(Cond.G, again);
    assertEquals(distance + (distance <= 126 ? 2 : 6), assembler.position());
  }

  @Test
  void explicitFormsKeepTheirLength() {
    Label start = new Label();
    Label end = new Label();
    assembler.bind(start);
    assembler.jmpNear(start);
    assembler.jccNear(Cond.S, start);
    assembler.jmpShort(end);
    assembler.jmpNear(end);
    assembler.jccShort(Cond.P, end);
    assembler.bind(end);
    assertEquals("e9 fb ff ff ff 0f 88 f5 ff ff ff eb 07 e9 02 00 00 00 7a 00", hex());
  }

  @ParameterizedTest
  @ValueSource(ints = {127, 128})
  void shortBranchesReach127Bytes(int distance) {
    Label end = new Label();
    assembler.jmpShort(end);
    assembler.nop(distance);
    if (distance <= 127) {
      assembler.bind(end);
      assertEquals(127, assembler.code()[1]);
    } else {
      assertThrows(IllegalStateException.class, () -> assembler.bind(end));
    }
  }

  @Test
  void shortBranchesOutOfRangeAreRefusedEarly() {
    Label end = new Label();
    assembler.jmpShort(end);
    assembler.nop(127);
    assertThrows(IllegalStateException.class, () -> assembler.jmpShort(end));
    Label start = new Label();
    assembler.bind(start);
    assembler.nop(127);
    assertThrows(IllegalStateException.class, () -> assembler.jmpShort(start));
  }

  @Test
  void labelsAreBoundOnceAndBeforeTheCodeIsTaken() {
    Label label = new Label();
    assertThrows(IllegalStateException.class, label::position);
    assembler.jmp(label);
    assembler.jmpShort(label);
    assertThrows(IllegalStateException.class, assembler::code);
    assertThrows(IllegalStateException.class, assembler::buffer);
    assertThrows(IllegalStateException.class, () -> assembler.copyTo(new byte[16], 0));
    assembler.bind(label);
    assertEquals("e9 02 00 00 00 eb 00", hex());
    assertThrows(IllegalStateException.class, () -> assembler.bind(label));
    assembler.reset();
    assembler.jmp(new Label());
    assembler.reset();
    assertEquals("", hex());
  }

  @Test
  void relativeBranchesCanBePatched() {
    int jump = assembler.jmpRel32(0);
    int call = assembler.callRel32(0x10);
    int branch = assembler.jccRel32(Cond.A, -1);
    assertEquals("1 6 12", jump + " " + call + " " + branch);
    assembler.patchRel32(jump, 0);
    assembler.patchRel32(call, 16);
    assembler.patch(branch, 0x01020304);
    assertEquals("e9 fb ff ff ff e8 06 00 00 00 0f 87 04 03 02 01", hex());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 15, 62, 63})
  void patchableBranchesHaveDisplacementsWithinALine(int before) {
    for (int form = 0; form < 3; form++) {
      assembler.reset();
      assembler.nop(before);
      int offset =
          switch (form) {
            case 0 -> assembler.jmpRel32Whole();
            case 1 -> assembler.callRel32Whole();
            default -> assembler.jccRel32Whole(Cond.LE);
          };
      assertTrue(offset % CodeBuffer.PATCH_LINE <= CodeBuffer.PATCH_LINE - 4, "within a line");
      assertEquals(offset + 4, assembler.position());
      int opcodeLength = form == 2 ? 2 : 1;
      assertTrue(offset - opcodeLength - before < 4, "padding");
      byte[] code = assembler.code();
      String opcode = HEX.formatHex(code, offset - opcodeLength, offset);
      assertEquals(new String[] {"e9", "e8", "0f 8e"}[form], opcode);
    }
  }

  @Test
  void aligns() {
    assembler.align(16);
    assertEquals(0, assembler.position());
    assembler.ret();
    assembler.align(16);
    assertEquals("c3 66 0f 1f 84 00 00 00 00 00 66 0f 1f 44 00 00", hex());
    assembler.align(64);
    assertEquals(64, assembler.position());
  }

  @ParameterizedTest
  @EnumSource(Cond.class)
  void negationIsItsOwnInverse(Cond cond) {
    assertEquals(cond, cond.negate().negate());
    String name = cond.name();
    String negated = name.startsWith("N") ? name.substring(1) : "N" + name;
    // The same condition under its other name, as in L = not GE.
    String canonical =
        switch (negated) {
          case "NB" -> "AE";
          case "NAE" -> "B";
          case "NA" -> "BE";
          case "NBE" -> "A";
          case "NL" -> "GE";
          case "NGE" -> "L";
          case "NLE" -> "G";
          case "NG" -> "LE";
          default -> negated;
        };
    assertEquals(canonical, cond.negate().name());
  }

  @Test
  void registersKeepTheirNumbers() {
    for (int code = 0; code < 16; code++) {
      assertEquals(code, Gpr.of(code).code());
      assertEquals(code, Xmm.of(code).code());
    }
  }

  @Test
  void impossibleOperandsAreRefused() {
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    assertThrows(refused, () -> Mem.of(Gpr.RAX, Gpr.RSP, 1, 0));
    assertThrows(refused, () -> Mem.index(Gpr.RSP, 2, 0));
    for (int scale : new int[] {-1, 0, 3, 16, Integer.MIN_VALUE}) {
      assertThrows(refused, () -> Mem.of(Gpr.RAX, Gpr.RBX, scale, 0));
    }
    for (int imm : new int[] {-129, 256, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThrows(refused, () -> assembler.add(1, Gpr.RAX, imm));
    }
    for (int imm : new int[] {-32769, 65536}) {
      assertThrows(refused, () -> assembler.mov(2, Mem.of(Gpr.RAX), imm));
    }
    assertThrows(refused, () -> assembler.movsx(4, 4, Gpr.RAX, Gpr.RAX));
    assertThrows(refused, () -> assembler.movsx(2, 4, Gpr.RAX, Mem.of(Gpr.RAX)));
    assertThrows(refused, () -> assembler.movzx(8, Gpr.RAX, Gpr.RAX));
    assertEquals(0, assembler.position());
  }
}
