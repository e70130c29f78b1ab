package dev.isomorph.engine;

import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.Entrance;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.LoopUnrolling;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.LoadJoining;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.opt.RegionOptimizer;
import dev.isomorph.translator.region.RegionBuilder;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionPassObserver;
import java.util.HashSet;
import java.util.Set;

/**
 * A region up to the point where only its host address is missing.
 *
 * @param source of which the guest instructions count
 * @param entry guest address at which it is entered
 * @param code what is to be emitted
 * @param checksValues whether it is entered only with certain values in registers
 */
record CompiledRegion(IrBlock source, long entry, RegionWriter.Result code, boolean checksValues)
    implements LoopOutcome {
  /** Optimises a region and allocates its registers. */
  static LoopOutcome of(RegionOutline outline, LiftMode mode, Set<Pass> passes) {
    return of(outline, mode, passes, RegionPassObserver.NONE);
  }

  /** As {@link #of(RegionOutline, LiftMode, Set)}, with somebody who looks on. */
  static LoopOutcome of(
      RegionOutline outline, LiftMode mode, Set<Pass> passes, RegionPassObserver observer) {
    LoadJoining joining = mode.isMachine() ? LoadJoining.NEVER : LoadJoining.SEEN;
    Optimizer optimizer = new Optimizer(passes, joining, outline.steady());
    // Streams know only addresses that a loop goes through once each time round.
    boolean unrolls = passes.contains(Pass.UNROLLING) && !mode.isMachine();
    RegionOutline whole = unrolls ? LoopUnrolling.unroll(outline) : outline;
    RegionGraph graph = RegionBuilder.build(whole, mode, RegionSlots.fixed(), optimizer);
    if (graph == null) {
      return RegionRefusal.UNSUITABLE;
    }
    graph.suppose(outline.likely());
    if (outline.entrance() == Entrance.BUSY) {
      graph.busy();
    }
    observer.after("built", graph);
    RegionOptimizer.optimise(graph, passesOf(outline, mode, passes), observer);
    RegionWriter.Result code =
        RegionWriter.write(
            graph,
            mode.isMachine() ? Addressing.PAGED : Addressing.WINDOW,
            mode.isSupervisor() ? Pass.without(passes, Pass.ALIASES) : passes);
    return code == null
        ? RegionRefusal.TOO_MANY_PLACES
        : new CompiledRegion(graph.code(), outline.pc(), code, graph.checksValues());
  }

  private static Set<Pass> passesOf(RegionOutline outline, LiftMode mode, Set<Pass> passes) {
    Set<Pass> fewer = new HashSet<>(passes);
    if (outline.entrance() != Entrance.CHECKED) {
      fewer.remove(Pass.FLOATS);
    }
    if (outline.entrance() == Entrance.BUSY) {
      fewer.remove(Pass.WORDS);
      fewer.remove(Pass.INVARIANTS);
    }
    if (mode.isMachine()) {
      fewer.remove(Pass.STORED_PIECES);
      fewer.remove(Pass.JOINED_STORES);
      fewer.remove(Pass.REDUNDANT_STORES);
    }
    return fewer;
  }
}
