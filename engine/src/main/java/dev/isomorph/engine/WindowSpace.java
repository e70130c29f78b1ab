package dev.isomorph.engine;

import dev.isomorph.codecache.PageMap;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;

/** A process: all harts see the same window of host memory. */
final class WindowSpace extends GuestSpace {
  private final GuestMemory memory;
  private final GuestCode code;
  private final WindowMemory data;

  WindowSpace(GuestMemory memory) {
    this.memory = memory;
    code = new GuestCode(memory);
    data = new WindowMemory(memory);
  }

  @Override
  Addressing addressing() {
    return Addressing.WINDOW;
  }

  @Override
  long memoryBase() {
    return memory.windowBase();
  }

  @Override
  int mode(Hart hart) {
    return isUnusual(hart.state().slot(StateSlot.FRM)) ? 1 : 0;
  }

  @Override
  int mode(int mode, PageMap pages, long pc) {
    return mode;
  }

  @Override
  MappedCode straddling(Hart hart) {
    return null;
  }

  @Override
  boolean staysWhole(Hart hart) {
    return true;
  }

  @Override
  MappedCode recent(Hart hart) {
    return code;
  }

  @Override
  boolean isWhole(Hart hart, TranslatedBlock block) {
    return true;
  }

  @Override
  CodeSource code(TranslatedBlock block) {
    return code(block.pc(), block.mode());
  }

  @Override
  boolean movesCode() {
    return false;
  }

  @Override
  LiftMode translation(int mode) {
    return mode == 0 ? LiftMode.TRANSLATE : LiftMode.TRANSLATE_UNUSUAL_ROUNDING;
  }

  @Override
  LiftMode evaluation(Hart hart) {
    return LiftMode.EVALUATE;
  }

  @Override
  MappedCode code(long pc, int mode) {
    code.refresh();
    return code;
  }

  @Override
  CodeSource codeFor(Hart hart) {
    code.refresh();
    return code;
  }

  @Override
  DataMemory dataFor(Hart hart) {
    return data;
  }

  @Override
  int faultSignal() {
    return data.faultSignal();
  }

  @Override
  void close() {
    data.close();
  }
}
