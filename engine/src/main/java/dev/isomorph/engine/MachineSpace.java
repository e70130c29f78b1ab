package dev.isomorph.engine;

import dev.isomorph.codecache.PageMap;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;

/**
 * A whole machine: each hart has its {@link Mmu}. Translations belong to a page of physical memory
 * at one virtual address; the mode tells the page, so that they outlive changes of the mapping.
 */
final class MachineSpace extends GuestSpace {
  private static final int UNUSUAL_ROUNDING = 1;
  private static final int NO_FLOATS = 2;
  private static final int SUPERVISOR = 4;
  private static final int FRAME_SHIFT = 3;
  private static final int PAGE_SHIFT = 12;

  /** Where in a page an instruction begins that may end in the next. */
  private static final int LAST_PARCEL = Frames.SIZE - 2;

  private final Frames frames;
  private final Page page = new Page();
  private final MappedCode pageCode;

  /** A single page. */
  private static final class Page implements CodePages {
    long start;
    int frame;

    @Override
    public int frame(long address) {
      return (address & -Frames.SIZE) == start ? frame : NO_FRAME;
    }
  }

  MachineSpace(Frames frames) {
    this.frames = frames;
    pageCode = new MachineCode(frames, page);
  }

  @Override
  Addressing addressing() {
    return Addressing.PAGED;
  }

  @Override
  long memoryBase() {
    return 0;
  }

  @Override
  int mode(Hart hart) {
    int frame = hart.mmu().frame(hart.pc());
    if (frame == Mmu.NO_FRAME || !hart.mmu().isWholePage()) {
      return NO_MODE;
    }
    int mode = frame << FRAME_SHIFT | (hart.mmu().supervisor() ? SUPERVISOR : 0);
    if (!hart.mmu().floats()) {
      return mode | NO_FLOATS;
    }
    return mode | (isUnusual(hart.state().slot(StateSlot.FRM)) ? UNUSUAL_ROUNDING : 0);
  }

  @Override
  int mode(int mode, PageMap pages, long pc) {
    int rest = mode & (1 << FRAME_SHIFT) - 1;
    return (int) pages.page(pc >>> PAGE_SHIFT) << FRAME_SHIFT | rest;
  }

  static int frame(int mode) {
    return mode >>> FRAME_SHIFT;
  }

  @Override
  MappedCode straddling(Hart hart) {
    return (hart.pc() & Frames.SIZE - 1) == LAST_PARCEL
        ? new MachineCode(frames, hart.mmu())
        : null;
  }

  @Override
  boolean staysWhole(Hart hart) {
    Mmu mmu = hart.mmu();
    return mmu.frame(hart.pc() + 2) != Mmu.NO_FRAME && mmu.isWholePage();
  }

  @Override
  MappedCode recent(Hart hart) {
    return new MachineCode(frames, hart.mmu().recentCode());
  }

  @Override
  boolean isWhole(Hart hart, TranslatedBlock block) {
    for (int i = 1; i < block.pageCount(); i++) {
      int frame = hart.mmu().frame(block.guestPage(i) << PAGE_SHIFT);
      if (frame != block.page(i) || !hart.mmu().isWholePage()) {
        return false;
      }
    }
    return true;
  }

  @Override
  boolean movesCode() {
    return true;
  }

  @Override
  LiftMode translation(int mode) {
    boolean supervisor = (mode & SUPERVISOR) != 0;
    if ((mode & NO_FLOATS) != 0) {
      return supervisor
          ? LiftMode.TRANSLATE_SUPERVISOR_WITHOUT_FLOATS
          : LiftMode.TRANSLATE_MACHINE_WITHOUT_FLOATS;
    }
    if ((mode & UNUSUAL_ROUNDING) != 0) {
      return supervisor
          ? LiftMode.TRANSLATE_SUPERVISOR_UNUSUAL_ROUNDING
          : LiftMode.TRANSLATE_MACHINE_UNUSUAL_ROUNDING;
    }
    return supervisor ? LiftMode.TRANSLATE_SUPERVISOR : LiftMode.TRANSLATE_MACHINE;
  }

  @Override
  LiftMode evaluation(Hart hart) {
    return hart.mmu().floats()
        ? LiftMode.EVALUATE_MACHINE
        : LiftMode.EVALUATE_MACHINE_WITHOUT_FLOATS;
  }

  @Override
  MappedCode code(long pc, int mode) {
    page.start = pc & -Frames.SIZE;
    page.frame = frame(mode);
    return pageCode;
  }

  @Override
  CodeSource code(TranslatedBlock block) {
    return new MachineCode(frames, address -> frame(block, address));
  }

  private static int frame(TranslatedBlock block, long address) {
    for (int i = 0; i < block.pageCount(); i++) {
      if (block.guestPage(i) == address >>> PAGE_SHIFT) {
        return (int) block.page(i);
      }
    }
    return Mmu.NO_FRAME;
  }

  @Override
  CodeSource codeFor(Hart hart) {
    return new MachineCode(frames, hart.mmu());
  }

  @Override
  DataMemory dataFor(Hart hart) {
    return hart.mmu().memory();
  }
}
