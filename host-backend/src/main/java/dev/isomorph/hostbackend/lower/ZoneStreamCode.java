package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.hostbackend.lower.PageStream.Way;
import java.util.Arrays;

/**
 * The code of {@link PageStream}s that have a zone of {@link Aliases}. The register file has the
 * ends of a stream's zone, less a margin, and the distance from guest addresses to host addresses.
 * Once an address is known to be between the ends, its accesses are the host's affair: pages that
 * have no alias fault, and so do the margins and what is around.
 *
 * <p>An address of no zone gets a distance by which its accesses fault. The fault has the evaluator
 * run the instruction, and the region is left; one that often is left so is given up.
 */
final class ZoneStreamCode {
  private static final int NO_ADDRESS = -1;

  private final Emission out;

  /** For each stream the address that is known to be in its zone, in this stretch. */
  private final int[] seen = new int[PageStream.COUNT];

  ZoneStreamCode(Emission out) {
    this.out = out;
  }

  private Mem high(int stream) {
    return state(RegisterFile.turn(set(), stream));
  }

  private Mem low(int stream) {
    return state(RegisterFile.otherEnd(set(), stream));
  }

  private Mem distance(int stream) {
    return state(RegisterFile.distance(set(), stream));
  }

  private int set() {
    return PageStream.setOf(out.block.startPc());
  }

  /** A stretch of code starts that is only entered at its start. */
  void begin() {
    Arrays.fill(seen, NO_ADDRESS);
  }

  /** A loop is entered with the address of a {@linkplain Way#STEADY steady} stream. */
  void start(int stream, int address) {
    Gpr base = out.regs.useGpr(address);
    Gpr zone = out.regs.scratchGpr();
    Gpr end = out.regs.scratchGpr();
    look(stream, base, zone, end);
    out.regs.unlock(zone);
    out.regs.unlock(end);
  }

  /**
   * Has the distance of an access.
   *
   * @param address its address's value
   * @param base the register that is in
   */
  void distance(PageStream stream, int address, Gpr base, Gpr distance) {
    int index = stream.index();
    if (stream.way() == Way.FAR && seen[index] != address) {
      Gpr end = out.regs.scratchGpr();
      look(index, base, distance, end);
      out.regs.unlock(end);
      seen[index] = address;
    }
    out.asm.mov(8, distance, distance(index));
  }

  /** Sees whether an address is in the stream's zone, and finds the one it is in otherwise. */
  private void look(int stream, Gpr base, Gpr zone, Gpr end) {
    Label found = new Label();
    Label other = out.cold(() -> find(stream, base, zone, end, found));
    out.asm.cmp(8, base, high(stream));
    out.asm.jcc(Cond.AE, other);
    out.asm.cmp(8, base, low(stream));
    out.asm.jcc(Cond.BE, other);
    out.asm.bind(found);
  }

  private void find(int stream, Gpr base, Gpr zone, Gpr end, Label found) {
    Assembler asm = out.asm;
    Label none = new Label();
    asm.mov(8, zone, base);
    asm.shift(ShiftOp.SHR, 8, zone, Aliases.OFFSET_SHIFT);
    asm.and(4, zone, Aliases.OFFSET_MASK);
    asm.mov(8, end, inZone(zone, Aliases.HIGH));
    asm.cmp(8, base, end);
    asm.jcc(Cond.AE, none);
    asm.cmp(8, base, inZone(zone, Aliases.LOW));
    asm.jcc(Cond.BE, none);
    asm.mov(8, high(stream), end);
    asm.mov(8, end, inZone(zone, Aliases.LOW));
    asm.mov(8, low(stream), end);
    asm.mov(8, end, inZone(zone, Aliases.DISTANCE));
    asm.mov(8, distance(stream), end);
    asm.jmp(found);
    asm.bind(none);
    asm.mov(8, high(stream), 0);
    asm.movImm(end, Zones.NOTHING);
    asm.sub(8, end, base);
    asm.mov(8, distance(stream), end);
    asm.jmp(found);
  }

  private static Mem inZone(Gpr zone, int field) {
    return Mem.of(RegisterMap.MEMORY, zone, 1, Tlb.ZONES + field);
  }
}
