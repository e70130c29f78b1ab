package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.RegionOutline;

/** Two observers, told of everything one after the other. */
record ObserverPair(EngineObserver first, EngineObserver second) implements EngineObserver {
  @Override
  public void started(Stubs stubs) {
    first.started(stubs);
    second.started(stubs);
  }

  @Override
  public void translated(IrBlock lifted, IrBlock optimised, TranslatedBlock block, byte[] code) {
    first.translated(lifted, optimised, block, code);
    second.translated(lifted, optimised, block, code);
  }

  @Override
  public boolean allowsRegions() {
    return first.allowsRegions() && second.allowsRegions();
  }

  @Override
  public void regionTranslated(
      RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
    first.regionTranslated(outline, counter, region, code);
    second.regionTranslated(outline, counter, region, code);
  }

  @Override
  public void regionRefused(long pc, RegionRefusal reason) {
    first.regionRefused(pc, reason);
    second.regionRefused(pc, reason);
  }

  @Override
  public void entering(Hart hart, TranslatedBlock block) {
    first.entering(hart, block);
    second.entering(hart, block);
  }

  @Override
  public void left(Hart hart, TranslatedBlock block, Stop stop) {
    first.left(hart, block, stop);
    second.left(hart, block, stop);
  }
}
