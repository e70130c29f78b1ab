package dev.isomorph.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Properties of the table as a whole. */
class InstructionTableTest {
  private static final List<Opcode> ROWS =
      List.of(Opcode.values()).stream().filter(row -> row != Opcode.ILLEGAL).toList();

  @Test
  void everyBitOfARowIsFixedOrPartOfOneField() {
    for (Opcode row : ROWS) {
      Encoding layout = row.encoding();
      List<Integer> parts = new ArrayList<>();
      parts.add(layout.mask);
      parts.add(layout.modifierMask);
      parts.add(layout.ignoredMask);
      parts.add(layout.immediate.fieldMask());
      Set<Field> fields =
          new java.util.HashSet<>(List.of(layout.rd, layout.rs1, layout.rs2, layout.rs3));
      for (Field field : fields) {
        parts.add(field.mask() << field.shift());
      }
      int union = 0;
      for (int part : parts) {
        assertEquals(0, union & part, row + ": two fields share bits");
        union |= part;
      }
      assertEquals(row.length() == 4 ? -1 : 0xffff, union, row + ": bits without meaning");
      assertEquals(0, layout.match & ~layout.mask, row.name());
    }
  }

  @Test
  void lengthAgreesWithTheTwoLowestBits() {
    for (Opcode row : ROWS) {
      Encoding layout = row.encoding();
      assertEquals(3, layout.mask & 3, row.name());
      assertEquals(row.length() == 4, (layout.match & 3) == 3, row.name());
      assertEquals(row.length() == 2, row.name().startsWith("C_"), row.name());
    }
  }

  /** Hints with a row of their own lie inside the instruction they are hints of. */
  @Test
  void wideRowsOverlapOnlyWhereOneIsASpecialCase() {
    Set<String> overlaps = new TreeSet<>();
    for (Opcode a : ROWS) {
      for (Opcode b : ROWS) {
        Encoding first = a.encoding();
        Encoding second = b.encoding();
        if (a.ordinal() < b.ordinal()
            && a.length() == 4
            && b.length() == 4
            && ((first.match ^ second.match) & first.mask & second.mask) == 0) {
          overlaps.add(a + " " + b);
          assertEquals(second.mask, first.mask & second.mask, a + " must be narrower than " + b);
        }
      }
    }
    assertEquals(
        Set.of("PREFETCH_I ORI", "PREFETCH_R ORI", "PREFETCH_W ORI", "PAUSE FENCE"), overlaps);
  }

  @Test
  void atMostOneRowMatchesA16BitEncoding() {
    for (int bits = 0; bits < 0x10000; bits++) {
      Opcode found = null;
      for (Opcode row : ROWS) {
        if ((bits & 3) != 3 && row.length() == 2 && row.encoding().matches(bits)) {
          assertSame(null, found, Integer.toHexString(bits) + " is also " + row);
          found = row;
        }
      }
    }
  }

  @Test
  void compressedRowsExpandToWideOnes() {
    for (Opcode row : ROWS) {
      assertSame(row.base(), row.base().base(), row.name());
      assertEquals(4, row.base().length(), row.name());
      assertEquals(row.length() == 2, row != row.base(), row.name());
    }
  }

  @Test
  void registerFieldsAreThoseThatTheSyntaxNames() {
    for (Opcode row : ROWS) {
      Encoding layout = row.encoding();
      List<Operand> operands = Syntax.of(row).operands();
      assertEquals(
          layout.rd.present(),
          operands.contains(Operand.RD) || operands.contains(Operand.FD),
          row.name());
      assertEquals(
          layout.rs2.present(),
          operands.contains(Operand.RS2) || operands.contains(Operand.FS2),
          row.name());
      assertEquals(layout.rs3.present(), operands.contains(Operand.FS3), row.name());
      assertEquals(row.hasRoundingMode(), operands.contains(Operand.RM), row.name());
      assertEquals(
          layout.immediate.present(),
          operands.stream()
              .anyMatch(
                  operand ->
                      switch (operand) {
                        case IMM, UPPER, TARGET, SHAMT, CSR, PRED, SUCC, N -> true;
                        default -> false;
                      }),
          row.name());
    }
  }

  @Test
  void illegalIsNoEncoding() {
    assertEquals(0, Opcode.ILLEGAL.length());
    assertFalse(Opcode.ILLEGAL.hasRoundingMode());
    assertNotEquals(Opcode.ILLEGAL, Decoder.decode(0x13).opcode());
    assertTrue(ROWS.size() > 280);
  }
}
