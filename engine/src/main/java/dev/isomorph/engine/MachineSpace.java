package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.hostbackend.lower.Tlb;
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
  private static final int FRAME_SHIFT = 2;

  private final Frames frames;
  private final Page page = new Page();

  /** Code of one page. */
  private final class Page implements CodeSource {
    private long start;
    private long host;

    @Override
    public int parcel(long pc) {
      long offset = pc - start;
      return offset >= 0 && offset < Frames.SIZE ? HostMemory.getShort(host + offset) & 0xffff : -1;
    }
  }

  MachineSpace(Frames frames) {
    this.frames = frames;
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
    if (frame == Mmu.NO_FRAME) {
      return NO_MODE;
    }
    if (!hart.mmu().floats()) {
      return frame << FRAME_SHIFT | NO_FLOATS;
    }
    return frame << FRAME_SHIFT
        | (isUnusual(hart.state().slot(StateSlot.FRM)) ? UNUSUAL_ROUNDING : 0);
  }

  static int frame(int mode) {
    return mode >>> FRAME_SHIFT;
  }

  @Override
  long page(int mode) {
    return frame(mode);
  }

  @Override
  LiftMode translation(int mode) {
    if ((mode & NO_FLOATS) != 0) {
      return LiftMode.TRANSLATE_MACHINE_WITHOUT_FLOATS;
    }
    return (mode & UNUSUAL_ROUNDING) != 0
        ? LiftMode.TRANSLATE_MACHINE_UNUSUAL_ROUNDING
        : LiftMode.TRANSLATE_MACHINE;
  }

  @Override
  LiftMode evaluation(Hart hart) {
    return hart.mmu().floats()
        ? LiftMode.EVALUATE_MACHINE
        : LiftMode.EVALUATE_MACHINE_WITHOUT_FLOATS;
  }

  @Override
  CodeSource code(long pc, int mode) {
    page.start = pc & -Tlb.PAGE_SIZE;
    page.host = frames.hostAddress(frame(mode));
    return page;
  }

  @Override
  CodeSource codeFor(Hart hart) {
    return pc -> {
      int frame = hart.mmu().frame(pc);
      return frame == Mmu.NO_FRAME
          ? -1
          : HostMemory.getShort(frames.hostAddress(frame) + (pc & Frames.SIZE - 1)) & 0xffff;
    };
  }

  @Override
  DataMemory dataFor(Hart hart) {
    return hart.mmu().memory();
  }
}
