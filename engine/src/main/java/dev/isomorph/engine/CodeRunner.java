package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.ExecutionCounts;
import dev.isomorph.hostbackend.lower.ExitReason;
import dev.isomorph.hostbackend.lower.GuestState;
import dev.isomorph.hostbackend.lower.HartState;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.lower.Stubs;

/** Runs emitted code on a hart, on its thread and without the turn. */
final class CodeRunner {
  private final Stubs stubs;
  private final CodeCache cache;

  /** Null unless asked for. */
  private final ExecutionCounts counts;

  CodeRunner(Stubs stubs, CodeCache cache, ExecutionCounts counts) {
    this.stubs = stubs;
    this.cache = cache;
    this.counts = counts;
  }

  /** Runs emitted code until it needs more than a page; the state is exact afterwards. */
  ExitReason run(Hart hart) {
    HartState state = hart.state();
    state.field(RegisterFile.FAULT_PC, 0);
    ExitReason reason = runUntilLeft(hart);
    while (reason == ExitReason.MISS && fill(hart) || reason == ExitReason.FAULT && alias(hart)) {
      state.field(RegisterFile.ENTRY, stubs.resume());
      reason = runUntilLeft(hart);
    }
    int place = reason == ExitReason.MISS ? RegisterFile.MISSED_AT : RegisterFile.FAULT_PC;
    long leftAt = state.field(place);
    if (leftAt != 0) {
      TranslatedBlock block = cache.at(leftAt);
      if (reason == ExitReason.FAULT || reason == ExitReason.MISS) {
        if (counts != null) {
          counts.faulted(leftAt);
        }
        if (block != null) {
          hart.pc(block.pcAtFault(leftAt));
        }
      }
      state.takeOver(block == null ? GuestState.FIXED : block.stateAt(leftAt));
    }
    return reason;
  }

  private ExitReason runUntilLeft(Hart hart) {
    ExitReason reason = ExitReason.of(HostCalls.enter(stubs.enter(), hart.state().origin()));
    if (hart.mmu() != null) {
      hart.mmu().left(hart);
    }
    return reason;
  }

  /** Whether the page that an access has faulted at is where the access looks for it now. */
  private static boolean alias(Hart hart) {
    HartState state = hart.state();
    HostFault fault = HostFault.of(state);
    if (hart.mmu() == null
        || !fault.isWithoutMemory()
        || !hart.mmu().fillAlias(fault.address(), fault.stores())) {
      return false;
    }
    hart.aliases++;
    state.field(RegisterFile.MISSED_AT, fault.pc());
    state.field(RegisterFile.FAULT_PC, 0);
    return true;
  }

  /** Whether the page that emitted code has missed is there now. */
  private static boolean fill(Hart hart) {
    HartState state = hart.state();
    int bytes = HostMemory.getInt(state.address(RegisterFile.MISSED_BYTES));
    long address = state.field(RegisterFile.MISSED_ADDRESS);
    if (!hart.mmu().fill(address, Math.abs(bytes), bytes < 0)) {
      return false;
    }
    hart.fills++;
    return true;
  }
}
