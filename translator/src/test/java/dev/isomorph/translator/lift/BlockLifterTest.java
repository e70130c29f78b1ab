package dev.isomorph.translator.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import dev.isomorph.translator.ir.TrapKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockLifterTest {
  private static final long BASE = 0x1000;
  private static final int C_NOP = 0x0001;
  private static final int C_RET = 0x8082;
  private static final int ADDI = 0x00150513; // addi a0,a0,1
  private static final int ECALL = 0x00000073;
  private static final int FENCE = 0x0ff0000f;
  private static final int BEQ_BACK_4 = 0xfe000ee3; // beq x0,x0,.-4

  private final IrBlock block = new IrBlock();

  @Test
  void endsWhereAnInstructionEndsTheBlock() {
    lift(64, code(ADDI), half(C_NOP), half(C_RET), half(C_NOP));
    assertEquals(List.of(0x1000L, 0x1004L, 0x1006L), pcs());
    assertEquals(IrOp.RETURN, last());
    assertEquals(0x1008, block.endPc());
  }

  @Test
  void goesOnBehindConditionalBranches() {
    lift(64, code(beq(8)), code(ADDI), code(ECALL));
    assertEquals(List.of(0x1000L, 0x1004L, 0x1008L), pcs());
    assertEquals(IrOp.TRAP, last());
    assertEquals(TrapKind.SYSTEM_CALL.ordinal(), block.imm(block.size() - 1));
  }

  @Test
  void goesOnBehindABranchThatGoesNowhereElse() {
    lift(64, code(beq(4)), code(ADDI));
    assertEquals(List.of(0x1000L, 0x1004L), pcs());
  }

  @Test
  void endsBehindABranchBack() {
    lift(64, code(ADDI), code(BEQ_BACK_4), code(ADDI));
    assertEquals(List.of(0x1000L, 0x1004L), pcs());
    assertJumpTo(0x1008);
  }

  @Test
  void endsBeforeWhatIsTranslated() {
    for (int first : new int[] {ADDI, FENCE}) {
      block.clear();
      liftBefore(BASE + 4, code(first), code(ADDI));
      assertEquals(List.of(0x1000L), pcs());
      assertJumpTo(0x1004);
    }
  }

  @Test
  void hasABranchBackThatIsTranslated() {
    liftBefore(BASE + 4, code(ADDI), code(BEQ_BACK_4), code(ADDI));
    assertEquals(List.of(0x1000L, 0x1004L), pcs());
    assertJumpTo(0x1008);
  }

  @Test
  void startsWithWhatIsTranslated() {
    liftBefore(BASE, code(ADDI), code(ADDI));
    assertEquals(List.of(0x1000L, 0x1004L), pcs());
  }

  @Test
  void zerosAreAnIllegalInstruction() {
    lift(64, half(0));
    assertEquals(IrOp.TRAP, last());
    assertEquals(TrapKind.ILLEGAL_INSTRUCTION.ordinal(), block.imm(block.size() - 1));
  }

  @Test
  void endsAtTheLimitWithAJumpToTheNext() {
    lift(3, code(ADDI), half(C_NOP), code(ADDI), code(ADDI));
    assertEquals(3, block.instructionCount());
    assertJumpTo(0x100a);
  }

  @Test
  void jumpsToCodeThatCannotBeFetched() {
    lift(64, code(ADDI));
    assertEquals(1, block.instructionCount());
    assertJumpTo(0x1004);
  }

  @Test
  void jumpsToAnInstructionWhoseUpperHalfCannotBeFetched() {
    lift(64, half(C_NOP), half(ADDI & 0xffff));
    assertEquals(1, block.instructionCount());
    assertJumpTo(0x1002);
  }

  @Test
  void reportsThatTheFirstInstructionCannotBeFetched() {
    BlockLifter lifter = new BlockLifter();
    assertFalse(lifter.lift(source(), BASE, LiftMode.TRANSLATE, block));
    assertFalse(lifter.lift(source(half(ADDI & 0xffff)), BASE, LiftMode.TRANSLATE, block));
    assertEquals(0, block.size());
    assertEquals(0, block.instructionCount());
  }

  @Test
  void followsAPlainJump() {
    lift(64, code(jump(8)), code(ECALL), code(ADDI), half(C_RET));
    assertEquals(List.of(0x1000L, 0x1008L, 0x100cL), pcs());
    assertEquals(IrOp.RETURN, last());
  }

  @Test
  void followsNoMoreThanTwoJumps() {
    int[] jump = code(jump(8));
    lift(64, jump, code(ECALL), jump, code(ECALL), jump, code(ECALL), code(ADDI));
    assertEquals(List.of(0x1000L, 0x1008L, 0x1010L), pcs());
    assertJumpTo(0x1018);
  }

  @Test
  void doesNotFollowAJumpIntoTheBlock() {
    lift(64, code(ADDI), code(jump(-4)));
    assertEquals(List.of(0x1000L, 0x1004L), pcs());
    assertJumpTo(0x1000);
  }

  @Test
  void doesNotFollowAJumpToItself() {
    lift(64, code(jump(0)));
    assertEquals(List.of(0x1000L), pcs());
    assertJumpTo(0x1000);
  }

  @Test
  void doesNotFollowAJumpBack() {
    CodeSource code = source(half(C_NOP), half(C_NOP), code(ADDI), code(jump(-8)));
    assertTrue(new BlockLifter().lift(code, BASE + 4, LiftMode.TRANSLATE, block));
    assertEquals(List.of(0x1004L, 0x1008L), pcs());
    assertJumpTo(0x1000);
  }

  @Test
  void doesNotFollowAJumpThatEndsTheBlockAnyway() {
    lift(1, code(jump(8)), code(ADDI), code(ADDI));
    assertEquals(List.of(0x1000L), pcs());
    assertJumpTo(0x1008);
  }

  @Test
  void jumpsToAFollowedTargetThatCannotBeFetched() {
    lift(64, code(jump(0x100)));
    assertEquals(List.of(0x1000L), pcs());
    assertJumpTo(0x1100);
  }

  @Test
  void randomCodeGivesWellFormedBlocksWithoutRepetition() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      int[] parcels = new int[200];
      for (int i = 0; i < parcels.length; i++) {
        parcels[i] = random.nextInt(1 << 16);
      }
      // Jumps are what makes blocks twist; random bits hold few.
      for (int i = 0; i < 40; i++) {
        int at = random.nextInt(parcels.length - 1);
        int jump = jump((random.nextInt(parcels.length) - at) * 2);
        parcels[at] = jump & 0xffff;
        parcels[at + 1] = jump >>> 16;
      }
      block.clear();
      CodeSource code = pc -> pc >= 0 && pc < 400 ? parcels[(int) pc / 2] : -1;
      int limit = 1 + random.nextInt(64);
      if (new BlockLifter(limit)
          .lift(
              code,
              random.nextInt(200) * 2,
              LiftMode.values()[round % LiftMode.values().length],
              block)) {
        assertTrue(IrVerifier.verify(block));
        assertTrue(block.instructionCount() <= limit);
        assertEquals(block.instructionCount(), new HashSet<>(pcs()).size());
      }
    }
  }

  @Test
  void refusesALimitOfNothing() {
    assertThrows(IllegalArgumentException.class, () -> new BlockLifter(0));
  }

  private void lift(int limit, int[]... code) {
    assertTrue(new BlockLifter(limit).lift(source(code), BASE, LiftMode.TRANSLATE, block));
    assertTrue(IrVerifier.verify(block));
  }

  /** Lifts code of which a translation starts at {@code translated}. */
  private void liftBefore(long translated, int[]... code) {
    CodeSource bytes = source(code);
    CodeSource source =
        new CodeSource() {
          @Override
          public int parcel(long pc) {
            return bytes.parcel(pc);
          }

          @Override
          public boolean isTranslated(long pc) {
            return pc == translated;
          }
        };
    assertTrue(new BlockLifter().lift(source, BASE, LiftMode.TRANSLATE, block));
    assertTrue(IrVerifier.verify(block));
  }

  private static int[] code(int bits) {
    return new int[] {bits & 0xffff, bits >>> 16};
  }

  private static int[] half(int bits) {
    return new int[] {bits};
  }

  private static int beq(int offset) {
    return 0x63 | (offset & 0x1e) << 7;
  }

  private static int jump(int offset) {
    return 0x6f
        | (offset >> 20 & 1) << 31
        | (offset >> 1 & 0x3ff) << 21
        | (offset >> 11 & 1) << 20
        | (offset >> 12 & 0xff) << 12;
  }

  private static CodeSource source(int[]... code) {
    List<Integer> parcels = new ArrayList<>();
    for (int[] instruction : code) {
      for (int parcel : instruction) {
        parcels.add(parcel);
      }
    }
    return pc -> {
      long index = (pc - BASE) / 2;
      return pc >= BASE && index < parcels.size() ? parcels.get((int) index) : -1;
    };
  }

  private List<Long> pcs() {
    List<Long> pcs = new ArrayList<>();
    for (int i = 0; i < block.instructionCount(); i++) {
      pcs.add(block.pc(i));
    }
    return pcs;
  }

  private IrOp last() {
    return block.op(block.size() - 1);
  }

  private void assertJumpTo(long pc) {
    assertEquals(IrOp.JUMP, last());
    assertEquals(pc, block.imm(block.size() - 1));
  }
}
