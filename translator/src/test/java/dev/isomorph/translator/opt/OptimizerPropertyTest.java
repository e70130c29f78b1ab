package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Optimised blocks do what they did before, in every circumstance. */
class OptimizerPropertyTest {
  /**
   * All but the one that changes which exit is taken, for which {@link IfConversionTest} is, and
   * those that change how many accesses to memory there are.
   */
  private static final Set<Pass> PASSES =
      EnumSet.complementOf(
          EnumSet.of(Pass.SELECTS, Pass.STORED_PIECES, Pass.JOINED_STORES, Pass.REDUNDANT_STORES));

  @Provide
  Arbitrary<Recipe> recipes() {
    return Recipe.recipes();
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 3000)
  void endsAsBefore(@ForAll("recipes") Recipe recipe, @ForAll long seed) {
    IrBlock block = recipe.block();
    IrBlock optimised = optimise(block);
    assertEquals(Observation.of(block, seed, -1), Observation.of(optimised, seed, -1));
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 2000)
  void faultsAsBefore(
      @ForAll("recipes") Recipe recipe, @ForAll long seed, @ForAll @IntRange(max = 8) int good) {
    IrBlock block = recipe.block();
    IrBlock optimised = optimise(block);
    assertEquals(Observation.of(block, seed, good), Observation.of(optimised, seed, good));
  }

  /** Emitted code may hand back any instruction with such an operation: state is as before it. */
  @Property(edgeCases = EdgeCasesMode.NONE, tries = 300)
  void isPreciseWhereItMayLeave(@ForAll("recipes") Recipe recipe, @ForAll long seed) {
    IrBlock block = recipe.block();
    IrBlock optimised = optimise(block);
    for (int id = 0; id < optimised.size(); id++) {
      IrOp op = optimised.op(id);
      // A float operation before it in the same instruction has accrued flags, and will again.
      boolean first = id == 0 || optimised.instructionOf(id - 1) != optimised.instructionOf(id);
      if (optimised.mayLeave(id)
          && op.effect() != IrOp.Effect.EXIT
          && (first || !isCanonical(op))) {
        int start = firstOf(block, optimised.instructionOf(id));
        assertEquals(
            ends(Observation.prefix(block, start), seed),
            ends(Observation.prefix(optimised, id), seed),
            () -> op + " in\n" + optimised);
      }
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 500)
  void findsNothingMoreTheSecondTime(@ForAll("recipes") Recipe recipe) {
    IrBlock once = optimise(recipe.block());
    String text = once.toString();
    IrBlock twice = new Optimizer(PASSES).optimise(once);
    assertTrue(twice.size() <= once.size(), () -> text + "became\n" + twice);
  }

  /** An optimiser keeps its working memory, but nothing that it knows. */
  @Property(edgeCases = EdgeCasesMode.NONE, tries = 300)
  void remembersNothingOfEarlierBlocks(
      @ForAll("recipes") Recipe first, @ForAll("recipes") Recipe second) {
    Optimizer optimizer = new Optimizer(PASSES);
    optimizer.optimise(first.block());
    String afterAnother = optimizer.optimise(second.block()).toString();
    assertEquals(new Optimizer(PASSES).optimise(second.block()).toString(), afterAnother);
  }

  private static boolean isCanonical(IrOp op) {
    return op == IrOp.CANON_S || op == IrOp.CANON_D;
  }

  private static String ends(IrBlock block, long seed) {
    return Observation.of(block, seed, -1);
  }

  private static int firstOf(IrBlock block, int instruction) {
    int id = 0;
    while (block.instructionOf(id) < instruction) {
      id++;
    }
    return id;
  }

  private static IrBlock optimise(IrBlock block) {
    assertTrue(IrVerifier.verify(block));
    String before = block.toString();
    IrBlock optimised = new Optimizer(PASSES).optimise(block);
    assertTrue(IrVerifier.verify(optimised));
    assertEquals(before, block.toString(), "the block given is left as it is");
    return optimised;
  }
}
