package dev.isomorph.hostbackend.region;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which addresses are likely to be near to where they were in the round of the loop before: sums
 * and products of what the region does not change, of what moves by little from round to round, and
 * of indices into small tables. Of pointers that have been loaded nothing is known.
 */
final class NearAddresses {
  /** Bits of an index into a table that is small: two pages at most. */
  private static final int SMALL = 12;

  private static final int UNKNOWN = Long.SIZE;
  private static final int DEEPEST = 8;

  /** Values that are looked at for one address. */
  private static final int MOST_VISITS = 300;

  private final RegionGraph graph;
  private final IrBlock code;
  private final RegionStates states;
  private final Map<Integer, Boolean> found = new HashMap<>();
  private int visits;

  NearAddresses(RegionGraph graph, RegionStates states) {
    this.graph = graph;
    this.states = states;
    code = graph.code();
  }

  boolean contains(int address) {
    return found.computeIfAbsent(
        address,
        value -> {
          visits = 0;
          return isNear(value, DEEPEST);
        });
  }

  private boolean isNear(int value, int depth) {
    if (depth == 0 || ++visits > MOST_VISITS) {
      return false;
    }
    if (width(value, depth) <= SMALL) {
      return true;
    }
    return switch (code.op(value)) {
      case CONST -> true;
      case GET -> !graph.isPhi(value) || isNearFromRoundToRound(value, depth);
      case ADD, SUB, MUL, ADD32, SUB32, MUL32 ->
          isNear(code.a(value), depth - 1) && isNear(code.b(value), depth - 1);
      case SEXT32, ZEXT32 -> isNear(code.a(value), depth - 1);
      case SHL, SHR, SAR, SHL32, SHR32, SAR32 ->
          code.isConstant(code.b(value)) && isNear(code.a(value), depth - 1);
      default -> false;
    };
  }

  private boolean isNearFromRoundToRound(int phi, int depth) {
    BitSet seen = new BitSet();
    seen.set(phi);
    return isMovedOnAllWays(phi, seen, depth);
  }

  /**
   * Whether what comes to a phi from later code is what it was, or another one of these phis, with
   * something added, and what comes from before is near.
   */
  private boolean isMovedOnAllWays(int phi, BitSet seen, int depth) {
    RegionNode node = graph.nodeOf(phi);
    for (RegionEdge edge : node.in()) {
      int input = states.input(phi, edge);
      boolean isBack = edge.from().index() >= node.index();
      if (!isMoved(input, seen, depth) && (isBack || !isNear(input, depth - 1))) {
        return false;
      }
    }
    return true;
  }

  private boolean isMoved(int value, BitSet seen, int depth) {
    if (seen.get(value)) {
      return true;
    }
    if (++visits > MOST_VISITS) {
      return false;
    }
    seen.set(value);
    boolean is =
        switch (code.op(value)) {
          case ADD, ADD32, SUB, SUB32 ->
              isMoved(code.a(value), seen, depth) && isNear(code.b(value), depth - 1);
          case SEXT32, ZEXT32 -> isMoved(code.a(value), seen, depth);
          case SELECT -> isMoved(code.b(value), seen, depth) && isMoved(code.c(value), seen, depth);
          case GET -> graph.isPhi(value) && isMovedOnAllWays(value, seen, depth);
          default -> false;
        };
    seen.set(value, is);
    return is;
  }

  /** All bits of a value from this one up are zero. */
  private int width(int value, int depth) {
    if (depth == 0) {
      return UNKNOWN;
    }
    return switch (code.op(value)) {
      case CMPEQ, CMPNE, CMPLT, CMPGE, CMPLTU, CMPGEU -> 1;
      case ZEXT8, LD8U -> Byte.SIZE;
      case CONST -> Long.SIZE - Long.numberOfLeadingZeros(code.imm(value));
      case AND -> Math.min(width(code.a(value), depth - 1), width(code.b(value), depth - 1));
      case OR, XOR -> Math.max(width(code.a(value), depth - 1), width(code.b(value), depth - 1));
      case SELECT -> Math.max(width(code.b(value), depth - 1), width(code.c(value), depth - 1));
      case SHL, SHL32 -> width(code.a(value), depth - 1) + shift(value, UNKNOWN);
      case SHR -> Long.SIZE - shift(value, 0);
      case SHR32 -> Integer.SIZE - shift(value, 0);
      default -> UNKNOWN;
    };
  }

  private int shift(int value, int ifNotKnown) {
    int by = code.b(value);
    return code.isConstant(by) ? (int) code.imm(by) & Long.SIZE - 1 : ifNotKnown;
  }
}
