package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.region.RandomLoop;
import dev.isomorph.translator.region.TestRegion;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class IfConversionTest {
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int A3 = 13;

  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label skipped = new RiscvAssembler.Label();

  /** What the code in front of the label, and a store behind it, becomes; null if it stays. */
  private IrBlock converted() {
    code.bind(skipped).emit(Opcode.SD, A0, 0, A1).ret();
    IrBlock block = new IrBlock();
    CodeSource source = TestRegion.source(code);
    new BlockLifter(64).lift(source, TestRegion.PC, LiftMode.TRANSLATE, block);
    IrBlock result = new IrBlock();
    if (!new IfConversion(new Selections(Set.of())).run(block, result)) {
      return null;
    }
    assertTrue(IrVerifier.verify(result));
    return result;
  }

  private static int count(IrBlock block, IrOp op) {
    int count = 0;
    for (int id = 0; id < block.size(); id++) {
      count += block.op(id) == op ? 1 : 0;
    }
    return count;
  }

  @Example
  void aSkippedMoveIsSelected() {
    code.branch(Opcode.BLT, A2, A3, skipped).emit(Opcode.ADDI, A0, A2, 0);
    IrBlock block = converted();
    assertEquals(0, count(block, IrOp.EXIT_LT), block::toString);
    assertEquals(1, count(block, IrOp.CMPLT), block::toString);
    assertEquals(1, count(block, IrOp.SELECT), block::toString);
  }

  @Example
  void eachOfSeveralBranchesIs() {
    RiscvAssembler.Label first = new RiscvAssembler.Label();
    code.branch(Opcode.BEQ, A2, A3, first).emit(Opcode.ADDI, A0, A0, 1).bind(first);
    code.branch(Opcode.BGEU, A2, A3, skipped).emit(Opcode.ADDI, A0, A0, 2);
    IrBlock block = converted();
    assertEquals(2, count(block, IrOp.SELECT), block::toString);
  }

  @Example
  void twoRegistersAreSelectedOnTheSameCondition() {
    code.branch(Opcode.BNE, A2, A3, skipped);
    code.emit(Opcode.ADDI, A2, A2, 1).emit(Opcode.ADDI, A0, A0, 2);
    IrBlock block = converted();
    assertEquals(1, count(block, IrOp.CMPNE), block::toString);
    assertEquals(2, count(block, IrOp.SELECT), block::toString);
  }

  @Example
  void whatMayFaultStaysSkipped() {
    code.branch(Opcode.BEQ, A2, 0, skipped).emit(Opcode.LD, A0, 0, A2);
    assertEquals(null, converted());
  }

  @Example
  void whatCostsMoreThanABranchStays() {
    code.branch(Opcode.BEQ, A2, 0, skipped).emit(Opcode.DIVU, A0, A0, A2);
    assertEquals(null, converted());
  }

  @Example
  void manyOperationsStay() {
    code.branch(Opcode.BEQ, A2, 0, skipped);
    for (int i = 0; i < 4; i++) {
      code.emit(Opcode.XOR, A0, A0, A2);
    }
    assertEquals(null, converted());
  }

  @Example
  void manyRegistersStay() {
    code.branch(Opcode.BEQ, A2, 0, skipped);
    code.emit(Opcode.LUI, A0, 4096).emit(Opcode.LUI, A2, 8192).emit(Opcode.LUI, A3, 4096);
    code.emit(Opcode.LUI, A1, 8192);
    assertEquals(null, converted());
  }

  @Example
  void floatsStay() {
    code.branch(Opcode.BEQ, A2, 0, skipped).emit(Opcode.FSGNJ_D, 1, 2, 2);
    assertEquals(null, converted());
  }

  @Example
  void aBranchThatSkipsABranchStaysAndTheOtherGoes() {
    code.branch(Opcode.BEQ, A2, 0, skipped).branch(Opcode.BEQ, A3, 0, skipped);
    code.emit(Opcode.ADDI, A0, 0, 1);
    IrBlock block = converted();
    assertEquals(1, count(block, IrOp.EXIT_EQ), block::toString);
    assertEquals(1, count(block, IrOp.SELECT), block::toString);
  }

  @Example
  void whatIsWrittenIsNotWhatIsCompared() {
    code.branch(Opcode.BNE, A0, A2, skipped).emit(Opcode.ADDI, A0, A2, 5);
    code.bind(skipped).emit(Opcode.ADD, A0, A0, A2).ret();
    CodeSource source = TestRegion.source(code);
    for (long seed = 0; seed < 200; seed++) {
      assertEquals(
          Observation.of(source, TestRegion.PC, null, seed, -1),
          Observation.of(source, TestRegion.PC, new Optimizer(), seed, -1));
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 3000)
  void runsAsBefore(@ForAll long seed, @ForAll @IntRange(min = -1, max = 8) int good) {
    CodeSource source = TestRegion.source(RandomLoop.forwards(new Random(seed)));
    // No access may be saved, or another one would fail.
    Optimizer optimizer = new Optimizer(Pass.ALL, LoadJoining.NEVER);
    assertEquals(
        Observation.of(source, TestRegion.PC, null, seed, good),
        Observation.of(source, TestRegion.PC, optimizer, seed, good));
  }
}
