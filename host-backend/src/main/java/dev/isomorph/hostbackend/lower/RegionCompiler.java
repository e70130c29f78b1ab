package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.translator.ir.IrBlock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The region tier: emits the stretches of a region one after the other. Its code is entered as a
 * block's is, with guest registers in the fixed map.
 */
public final class RegionCompiler {
  private static final int LOOP_ALIGNMENT = 16;

  private final BlockCompiler blocks;

  /**
   * Where in a region's code the guest's instructions are: from the end of what only runs when it
   * is entered to the start of what leaves it.
   *
   * @param start offset in the code
   * @param end offset in the code
   */
  public record Extent(int start, int end) {}

  /** A compiler that uses what {@code blocks} does; they take turns. */
  public RegionCompiler(BlockCompiler blocks) {
    this.blocks = blocks;
  }

  /**
   * Compiles a region for host address {@code origin}, a multiple of 16; the code is in the {@link
   * BlockCompiler} then, as a block's would be.
   *
   * @param stretches in the order in which they are emitted, the one that is entered first
   * @param counter which of the {@link RegisterFile#entries} is for what is {@linkplain
   *     RegionCode#counts counted}
   * @return where in the code the guest's instructions are
   */
  public Extent compile(List<RegionCode> stretches, long origin, int counter) {
    Emission out = blocks.emission();
    int loopStart = -1;
    int loopEnd = -1;
    RegionLabels labels = new RegionLabels();
    out.start(origin, labels);
    IrBlock first = stretches.getFirst().block();
    if (out.addressing == Addressing.PAGED && !isInOnePage(first)) {
      blocks.gate(first.startPc());
    }
    out.entry(first.startPc());
    for (int i = 0; i < stretches.size(); i++) {
      RegionCode code = stretches.get(i);
      if (code.first() != RegionCode.NONE && !code.leaves()) {
        loopStart = loopStart < 0 ? out.asm.position() : loopStart;
        loopEnd = -1;
      } else if (loopEnd < 0) {
        loopEnd = out.asm.position();
      }
      labels.next(i + 1 < stretches.size() ? stretches.get(i + 1).label() : -1);
      out.inside(!code.leaves());
      labels.comesBack(code.comesBack());
      if (code.poll() >= 0 && !code.isCopy()) {
        out.asm.align(LOOP_ALIGNMENT);
      }
      if (!code.isCopy()) {
        out.asm.bind(labels.label(code.label()));
      }
      out.block = code.block();
      out.executesFrom(code.first());
      out.streams(code.streams());
      out.partOf(code.owner());
      out.part(kind(code, i == 0));
      if (code.counts() > 0) {
        out.countEntries(counter, code.counts());
      }
      if (i == 0) {
        blocks.claim(streams(stretches));
      }
      if (code.poll() >= 0) {
        out.comparePoll();
        out.asm.jcc(Cond.NE, out.stopLater(ExitReason.POLL, code.poll()));
        out.part(CodeMap.Kind.BODY);
      }
      blocks.lower(code.block());
    }
    Extent extent = new Extent(loopStart, loopEnd < 0 ? out.asm.position() : loopEnd);
    out.finish();
    return extent;
  }

  /** What in the code that was compiled last depends on where it lies, and on its counter. */
  public RegionFields fields() {
    return blocks.emission().fields();
  }

  private static Set<PageStream> streams(List<RegionCode> stretches) {
    Set<PageStream> found = new LinkedHashSet<>();
    for (RegionCode code : stretches) {
      found.addAll(code.streams().values());
    }
    return found;
  }

  private static boolean isInOnePage(IrBlock code) {
    long page = code.startPc() >>> JumpCache.PAGE_SHIFT;
    for (int i = 0; i < code.instructionCount(); i++) {
      long last = code.pc(i) + Instruction.lengthOf(code.encoding(i)) - 1;
      if (code.pc(i) >>> JumpCache.PAGE_SHIFT != page || last >>> JumpCache.PAGE_SHIFT != page) {
        return false;
      }
    }
    return true;
  }

  private static CodeMap.Kind kind(RegionCode code, boolean isFirst) {
    if (isFirst) {
      return CodeMap.Kind.ENTRY;
    }
    if (code.leaves()) {
      return CodeMap.Kind.WAY_OUT;
    }
    if (code.poll() >= 0) {
      return CodeMap.Kind.POLL;
    }
    return code.first() == RegionCode.NONE ? CodeMap.Kind.MOVES : CodeMap.Kind.BODY;
  }
}
