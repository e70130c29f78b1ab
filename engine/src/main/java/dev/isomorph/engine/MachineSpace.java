package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.HostMemory;
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

  /** Where in a page an instruction begins that may end in the next. */
  private static final int LAST_PARCEL = Frames.SIZE - 2;

  private final Frames frames;
  private final Page page = new Page();

  /** Code of one page, or of two that follow each other. */
  private final class Page implements CodeSource {
    private long start;
    private long host;

    /** 0 if there is only one. */
    private long secondHost;

    CodeSource at(long pc, long first, long second) {
      start = pc & -Frames.SIZE;
      host = frames.hostAddress((int) first);
      secondHost = second < 0 ? 0 : frames.hostAddress((int) second);
      return this;
    }

    @Override
    public int parcel(long pc) {
      long offset = pc - start;
      if (offset >= 0 && offset < Frames.SIZE) {
        return HostMemory.getShort(host + offset) & 0xffff;
      }
      boolean isNext = secondHost != 0 && offset >= 0 && offset < 2 * Frames.SIZE;
      return isNext ? HostMemory.getShort(secondHost + offset - Frames.SIZE) & 0xffff : -1;
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
    int mode = frame << FRAME_SHIFT | (hart.mmu().supervisor() ? SUPERVISOR : 0);
    if (!hart.mmu().floats()) {
      return mode | NO_FLOATS;
    }
    return mode | (isUnusual(hart.state().slot(StateSlot.FRM)) ? UNUSUAL_ROUNDING : 0);
  }

  static int frame(int mode) {
    return mode >>> FRAME_SHIFT;
  }

  @Override
  long[] pages(int mode) {
    return new long[] {frame(mode)};
  }

  @Override
  Straddling straddling(Hart hart, int mode) {
    long pc = hart.pc();
    if ((pc & Frames.SIZE - 1) != LAST_PARCEL) {
      return null;
    }
    int next = hart.mmu().frame(pc + 2);
    return next == Mmu.NO_FRAME
        ? null
        : new Straddling(page.at(pc, frame(mode), next), new long[] {frame(mode), next});
  }

  @Override
  boolean isWhole(Hart hart, TranslatedBlock block) {
    return block.pageCount() == 1 || hart.mmu().frame(block.pc() + 2) == block.page(1);
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
  CodeSource code(long pc, int mode) {
    return page.at(pc, frame(mode), Mmu.NO_FRAME);
  }

  @Override
  CodeSource code(TranslatedBlock block) {
    return page.at(
        block.pc(), block.page(0), block.pageCount() == 1 ? Mmu.NO_FRAME : block.page(1));
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
