package dev.isomorph.translator.eval;

import static dev.isomorph.translator.eval.ArrayMemory.BASE;
import static dev.isomorph.translator.eval.ArrayMemory.READ_ONLY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.AmoKind;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MemorySemanticsTest {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(32);
  private static final BigInteger DOUBLEWORD = BigInteger.ONE.shiftLeft(64);

  private final ArrayState state = new ArrayState();
  private final ArrayMemory memory = new ArrayMemory();

  private long apply(IrOp op, long a, long b, long imm) {
    return MemorySemantics.apply(op, a, b, imm, state, memory);
  }

  @ParameterizedTest
  @CsvSource({
    "LD8S,  ffffffffffffff82",
    "LD8U,  0000000000000082",
    "LD16S, ffffffffffff9382",
    "LD16U, 0000000000009382",
    "LD32S, ffffffffb5a49382",
    "LD32U, 00000000b5a49382",
    "LD64,  f9e8d7c6b5a49382",
    "LDF_S, 00000000b5a49382",
    "LDF_D, f9e8d7c6b5a49382"
  })
  void loadsLittleEndianAtAnyAlignment(IrOp op, String expected) {
    for (int offset = 0; offset < 8; offset++) {
      memory.set(BASE + 16 + offset, 0x82, 0x93, 0xa4, 0xb5, 0xc6, 0xd7, 0xe8, 0xf9);
      long value = apply(op, BASE, 0, 16 + offset);
      assertEquals(Long.parseUnsignedLong(expected, 16), value);
    }
  }

  @ParameterizedTest
  @CsvSource({"ST8, 1", "ST16, 2", "ST32, 4", "ST64, 8", "STF_S, 4", "STF_D, 8"})
  void storesOnlyTheBytesOfItsWidth(IrOp op, int bytes) {
    apply(op, BASE + 11, 0x8877_6655_4433_2211L, -8);
    byte[] expected = new byte[2 * ArrayMemory.PAGE];
    for (int i = 0; i < bytes; i++) {
      expected[3 + i] = (byte) (0x11 * (i + 1));
    }
    assertArrayEquals(expected, memory.contents());
  }

  @Test
  void wrapsAddresses() {
    memory.set(BASE, 7);
    assertEquals(7, apply(IrOp.LD8U, BASE + Long.MIN_VALUE, 0, Long.MIN_VALUE));
  }

  @ParameterizedTest
  @CsvSource({"AMO32, false", "AMO64, true"})
  void amoGivesTheOldValueAndStoresTheNew(IrOp op, boolean wide) {
    for (AmoKind kind : AmoKind.values()) {
      for (long old : IntegerCorners.CORNERS) {
        for (long operand : IntegerCorners.CORNERS) {
          memory.store(BASE + 8, 8, old);
          long result = apply(op, BASE + 8, operand, kind.ordinal());
          BigInteger modulus = wide ? DOUBLEWORD : WORD;
          BigInteger upper = BigInteger.valueOf(old).mod(DOUBLEWORD).divide(modulus);
          BigInteger stored = model(kind, old, operand, modulus).add(upper.multiply(modulus));
          assertEquals(wide ? old : (int) old, result, kind::name);
          assertEquals(stored.longValue(), memory.load(BASE + 8, 8), kind::name);
        }
      }
    }
  }

  private static BigInteger model(AmoKind kind, long old, long operand, BigInteger modulus) {
    BigInteger a = BigInteger.valueOf(old).mod(modulus);
    BigInteger b = BigInteger.valueOf(operand).mod(modulus);
    boolean less = signed(a, modulus).compareTo(signed(b, modulus)) < 0;
    return switch (kind) {
      case SWAP -> b;
      case ADD -> a.add(b).mod(modulus);
      case XOR -> a.xor(b);
      case AND -> a.and(b);
      case OR -> a.or(b);
      case MIN -> less ? a : b;
      case MAX -> less ? b : a;
      case MINU -> a.min(b);
      case MAXU -> a.max(b);
    };
  }

  private static BigInteger signed(BigInteger x, BigInteger modulus) {
    return x.multiply(BigInteger.TWO).compareTo(modulus) < 0 ? x : x.subtract(modulus);
  }

  @Provide
  Arbitrary<Long> values() {
    return IntegerCorners.values();
  }

  @Property
  void storeConditionalSucceedsOnceAfterLoadReserved(
      @ForAll("values") long old, @ForAll("values") long value) {
    memory.store(BASE, 8, old);
    assertEquals(old, apply(IrOp.LR64, BASE, 0, 0));
    assertEquals(0, apply(IrOp.SC64, BASE, value, 0));
    assertEquals(value, memory.load(BASE, 8));
    assertEquals(1, apply(IrOp.SC64, BASE, old, 0));
    assertEquals(value, memory.load(BASE, 8));
  }

  @Property
  void storeConditionalOfAWordLeavesItsNeighbour(
      @ForAll("values") long old, @ForAll("values") long value) {
    memory.store(BASE, 8, old);
    assertEquals((int) old, apply(IrOp.LR32, BASE, 0, 0));
    assertEquals(0, apply(IrOp.SC32, BASE, value, 0));
    assertEquals(value & 0xffff_ffffL, memory.load(BASE, 4));
    assertEquals(old >>> 32, memory.load(BASE + 4, 4));
  }

  @Test
  void storeConditionalFailsAtAnotherAddress() {
    apply(IrOp.LR32, BASE, 0, 0);
    assertEquals(1, apply(IrOp.SC32, BASE + 4, 9, 0));
    assertEquals(0, memory.load(BASE + 4, 4));
    assertEquals(1, apply(IrOp.SC32, BASE, 9, 0), "a failed one ends the reservation");
  }

  @Test
  void storeConditionalFailsIfTheValueChanged() {
    apply(IrOp.LR32, BASE, 0, 0);
    memory.store(BASE, 4, 1);
    assertEquals(1, apply(IrOp.SC32, BASE, 9, 0));
    assertEquals(1, memory.load(BASE, 4));
  }

  @Test
  void zeroesTheBlockAroundTheAddress() {
    for (int i = 0; i < 256; i++) {
      memory.store(BASE + i, 1, 0xff);
    }
    apply(IrOp.ZERO_BLOCK, BASE + 64 + 63, 0, 0);
    byte[] expected = new byte[256];
    Arrays.fill(expected, (byte) 0xff);
    Arrays.fill(expected, 64, 128, (byte) 0);
    assertArrayEquals(expected, Arrays.copyOf(memory.contents(), 256));
  }

  @ParameterizedTest
  @CsvSource({
    "LR32, 1",
    "LR32, 2",
    "LR64, 4",
    "SC32, 3",
    "SC64, 4",
    "AMO32, 2",
    "AMO64, 1",
    "AMO64, 4"
  })
  void atomicsMustBeAligned(IrOp op, int offset) {
    MisalignedAccess access =
        assertThrows(MisalignedAccess.class, () -> apply(op, BASE + offset, 0, 0));
    assertEquals(BASE + offset, access.address());
    Outcome outcome = run(op, BASE + offset);
    assertEquals(Outcome.Kind.MISALIGNED, outcome.kind());
    assertEquals(BASE + offset, outcome.address());
    assertEquals(op != IrOp.LR32 && op != IrOp.LR64, outcome.write());
  }

  @ParameterizedTest
  @EnumSource(names = {"AMO32", "AMO64", "ST8", "ST16", "ST32", "ST64", "STF_S", "STF_D"})
  void storesToReadOnlyMemoryFault(IrOp op) {
    Outcome outcome = run(op, READ_ONLY);
    assertEquals(Outcome.Kind.MEMORY_FAULT, outcome.kind());
    assertEquals(READ_ONLY, outcome.address());
    assertTrue(outcome.write());
  }

  @ParameterizedTest
  @CsvSource({
    "LD8U, false",
    "LD64, false",
    "LR32, false",
    "AMO64, true",
    "ZERO_BLOCK, true",
    "PROBE, true"
  })
  void accessesToNothingFault(IrOp op, boolean write) {
    Outcome outcome = run(op, 0x108);
    assertEquals(Outcome.Kind.MEMORY_FAULT, outcome.kind());
    assertEquals(0x108, outcome.address());
    assertEquals(write, outcome.write());
  }

  @Test
  void probingNeedsNoRightToStore() {
    assertEquals(Outcome.Kind.EXIT, run(IrOp.PROBE, READ_ONLY).kind());
  }

  @Test
  void aFaultingStoreConditionalIsAStore() {
    state.reserve(READ_ONLY, 0);
    Outcome outcome = run(IrOp.SC64, READ_ONLY);
    assertEquals(Outcome.Kind.MEMORY_FAULT, outcome.kind());
    assertTrue(outcome.write());
  }

  @Test
  void aFailingLoadReservedMakesNoReservation() {
    run(IrOp.LR64, 0x100);
    assertFalse(state.reservationValid());
  }

  @Test
  void aStoreAcrossTheEndChangesNothing() {
    Outcome outcome = run(IrOp.ST64, READ_ONLY - 4);
    assertEquals(Outcome.Kind.MEMORY_FAULT, outcome.kind());
    assertArrayEquals(new byte[2 * ArrayMemory.PAGE], memory.contents());
  }

  private Outcome run(IrOp op, long address) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0x1000, 0, 4);
    block.emit(op, block.constant(address), op.operands() > 1 ? block.constant(-1) : -1, 0L);
    block.emit(IrOp.JUMP, IrBlock.NONE, 0x1004L);
    return new Evaluator().run(block, state, memory);
  }
}
