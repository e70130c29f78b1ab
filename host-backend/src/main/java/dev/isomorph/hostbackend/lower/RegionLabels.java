package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.translator.ir.IrBlock;
import java.util.HashMap;
import java.util.Map;

/** Where the stretches of a region are in its code. */
final class RegionLabels {
  private final Map<Integer, Label> labels = new HashMap<>();
  private final Map<IrBlock, Label> tables = new HashMap<>();
  private int next = -1;
  private int comesBack = -1;

  Label label(int of) {
    return labels.computeIfAbsent(of, l -> new Label());
  }

  /** The table of the choice at the end of a stretch; null if there is none yet. */
  Label table(IrBlock of) {
    return tables.get(of);
  }

  /** Tells where that will be. */
  void table(IrBlock of, Label table) {
    tables.put(of, table);
  }

  /** Tells which stretch will be emitted behind the current one; -1 for none. */
  void next(int label) {
    next = label;
  }

  boolean isNext(int label) {
    return next == label;
  }

  /** Tells which stretch goes on when what the current one calls has returned; -1 for none. */
  void comesBack(int label) {
    comesBack = label;
  }

  /** The stretch that goes on when what the current one calls has returned; -1 for none. */
  int comesBack() {
    return comesBack;
  }
}
