package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A block that a test writes line by line, to see how it accesses memory once it is optimised. */
final class WrittenBlock {
  private static final int STATES = 8;

  private final StringBuilder text = new StringBuilder();

  void line(String format, Object... arguments) {
    text.append(String.format(format, arguments)).append('\n');
  }

  /** Begins another one. */
  void clear() {
    text.setLength(0);
  }

  /** Checks that the block does the same as before; returns its accesses to memory by kind. */
  Map<IrOp, Integer> accesses(Optimizer optimizer) {
    IrBlock block = IrText.parse(text.toString());
    IrBlock optimised = optimizer.optimise(block);
    IrVerifier.verify(optimised);
    for (long seed = 0; seed < STATES; seed++) {
      assertEquals(
          Observation.of(block, seed, -1),
          Observation.of(optimised, seed, -1),
          () -> block + "became\n" + optimised);
    }
    Map<IrOp, Integer> found = new EnumMap<>(IrOp.class);
    for (int id = 0; id < optimised.size(); id++) {
      if (optimised.op(id).accessesMemory()) {
        found.merge(optimised.op(id), 1, Integer::sum);
      }
    }
    return found;
  }

  /** The numbers below {@code count} in some order. */
  static List<Integer> shuffled(int count, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }
}
