package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterMap.HOST_REGISTERS;
import static dev.isomorph.hostbackend.lower.RegisterMap.XMM0;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Label;
import java.util.HashMap;
import java.util.Map;

/** What the nodes of a region have in common: the register map, and where each other is. */
final class RegionFrame {
  private final RegisterMap map;
  private final Map<Long, Label> nodes = new HashMap<>();
  private final Label exit = new Label();
  private long next;

  RegionFrame(RegisterMap map, long[] pcs) {
    this.map = map;
    for (long pc : pcs) {
      nodes.put(pc, new Label());
    }
  }

  RegisterMap map() {
    return map;
  }

  /** The start of the node at a guest pc, null if there is none. */
  Label node(long pc) {
    return nodes.get(pc);
  }

  /** Jumped to with a reason in rax to leave to Java. */
  Label exit() {
    return exit;
  }

  boolean isNext(long pc) {
    return next == pc;
  }

  /** Tells which node will be emitted behind the current one; -1 for none. */
  void next(long pc) {
    next = pc;
  }

  /** Whether moving between the maps is any work. */
  boolean hasMoves() {
    for (int host = 0; host < HOST_REGISTERS; host++) {
      if (map.slotOf(host) != RegisterMap.FIXED.slotOf(host)) {
        return true;
      }
    }
    return false;
  }

  /** From the fixed map to the region's. */
  void enter(Assembler asm) {
    move(asm, RegisterMap.FIXED, map);
  }

  /** From the region's map to the fixed one. */
  void leave(Assembler asm) {
    move(asm, map, RegisterMap.FIXED);
  }

  private static void move(Assembler asm, RegisterMap from, RegisterMap to) {
    for (int host = 0; host < HOST_REGISTERS; host++) {
      if (from.slotOf(host) != to.slotOf(host)) {
        store(asm, from, host);
      }
    }
    for (int host = 0; host < HOST_REGISTERS; host++) {
      int slot = to.slotOf(host);
      if (slot >= 0 && from.slotOf(host) != slot) {
        if (host < XMM0) {
          asm.mov(8, RegisterMap.gpr(host), state(RegisterFile.slot(slot)));
        } else {
          asm.vmovsd(RegisterMap.xmm(host), state(RegisterFile.slot(slot)));
        }
      }
    }
  }

  /** Stores all guest registers that have homes. */
  void store(Assembler asm) {
    for (int host = 0; host < HOST_REGISTERS; host++) {
      store(asm, map, host);
    }
  }

  private static void store(Assembler asm, RegisterMap map, int host) {
    int slot = map.slotOf(host);
    if (slot >= 0) {
      if (host < XMM0) {
        asm.mov(8, state(RegisterFile.slot(slot)), RegisterMap.gpr(host));
      } else {
        asm.vmovsd(state(RegisterFile.slot(slot)), RegisterMap.xmm(host));
      }
    }
  }
}
