package dev.isomorph.translator.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.translator.ir.IrOp;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatBitsTest {
  /** Of single-precision results other than boxed ones only the low half is specified. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT_TO_BITS, fff0000000000001, 0, fff0000000000001",
    "BITS_TO_FLOAT, 0123456789abcdef, 0, 0123456789abcdef",
    "BOX_S,   123456783f800000, 0, ffffffff3f800000",
    "UNBOX_S, ffffffff3f800000, 0, 3f800000",
    "UNBOX_S, ffffffffff800001, 0, ff800001",
    "UNBOX_S, fffffffe3f800000, 0, 7fc00000",
    "UNBOX_S, 000000003f800000, 0, 7fc00000",
    "CANON_S, 12345678ff800001, 0, 7fc00000",
    "CANON_S, 12345678ffc00000, 0, 7fc00000",
    "CANON_S, 12345678ff800000, 0, ff800000",
    "CANON_S, 7ff8000000000001, 0, 00000001",
    "CANON_D, fff0000000000001, 0, 7ff8000000000000",
    "CANON_D, fff0000000000000, 0, fff0000000000000",
    "CANON_D, 800000007fc00000, 0, 800000007fc00000",
    "FSGNJ_S,  800000003f800000, 00000000c0000000, bf800000",
    "FSGNJ_S,  00000000bf800000, 8000000040000000, 3f800000",
    "FSGNJN_S, 800000003f800000, 00000000c0000000, 3f800000",
    "FSGNJN_S, 00000000bf800000, 8000000040000000, bf800000",
    "FSGNJX_S, 800000003f800000, 00000000c0000000, bf800000",
    "FSGNJX_S, 00000000bf800000, 00000000c0000000, 3f800000",
    "FSGNJX_S, 00000000bf800000, 8000000040000000, bf800000",
    "FSGNJ_D,  3ff0000000000000, c000000000000000, bff0000000000000",
    "FSGNJ_D,  fff0000000000001, 4000000000000000, 7ff0000000000001",
    "FSGNJN_D, 3ff0000000000000, c000000000000000, 3ff0000000000000",
    "FSGNJN_D, 3ff0000000000000, 4000000000000000, bff0000000000000",
    "FSGNJX_D, bff0000000000000, c000000000000000, 3ff0000000000000",
    "FSGNJX_D, bff0000000000000, 4000000000000000, bff0000000000000",
    "FCLASS_S, 123456787f800000, 0, 80",
    "FCLASS_D, 7ff0000000000000, 0, 80"
  })
  void knownResults(IrOp op, String a, String b, String expected) {
    long result = FloatBits.apply(op, hex(a), hex(b));
    long mask = expected.length() == 8 ? 0xffff_ffffL : -1;
    assertEquals(Long.toHexString(hex(expected)), Long.toHexString(result & mask));
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }

  @Test
  void coversAllPureOperationsThatAreNoIntegerOnes() {
    Set<IrOp> others = EnumSet.of(IrOp.CONST, IrOp.GET, IrOp.GETF);
    for (IrOp op : IrOp.values()) {
      boolean pure = op.effect() == IrOp.Effect.PURE && !IntegerSemantics.defines(op);
      if (pure && !others.contains(op)) {
        FloatBits.apply(op, 0, 0);
      } else {
        assertThrows(IllegalArgumentException.class, () -> FloatBits.apply(op, 0, 0), op::name);
      }
    }
  }
}
