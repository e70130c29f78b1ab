package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import dev.isomorph.translator.region.StateForm;
import java.util.BitSet;

/**
 * Which values of a region are words, and of which nobody wants more than the low 32 bits: then
 * their extension need not be computed round after round of a loop.
 *
 * <p>A value that comes in from outside of the region may be anything. Phis that it flows into are
 * words if somebody looks at them and all else that flows in is; that is to be checked where the
 * region is entered. Those that nobody looks at but the guest's state, such as of registers that
 * the loop writes anew in each round, may be anything at first.
 */
final class WordValues {
  private static final int SIGN = 31;

  private final RegionGraph graph;
  private final IrBlock code;
  private final RegionStates states;
  private final boolean mayCheck;
  private final BitSet phis = new BitSet();

  /** Phis whose words alone are to go from node to node. */
  private final BitSet members = new BitSet();

  /** Values that are sign extensions of words, if what is checked holds. */
  private final BitSet words = new BitSet();

  /** Operations that need not be computed where they stand, if at all. */
  private final BitSet idle = new BitSet();

  /** Values that some operation uses, and phis by way of which one does. */
  private final BitSet live = new BitSet();

  /** What phis are made of. */
  private final BitSet flows = new BitSet();

  /** Values all of whose bits are used where they are made, or as often. */
  private final BitSet whole = new BitSet();

  WordValues(RegionGraph graph) {
    this.graph = graph;
    code = graph.code();
    states = new RegionStates(graph);
    int entries = 0;
    for (RegionNode node : graph.nodes()) {
      entries += node.isEntry() ? 1 : 0;
      for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
        if (code.op(id) == IrOp.GET && graph.slotOf(id) < StateSlot.F0) {
          phis.set(id);
        }
      }
    }
    mayCheck = entries == 1;
    members.or(phis);
    findUses();
    findMembers();
  }

  RegionStates states() {
    return states;
  }

  /** Whether a phi's word alone is to go from node to node. */
  boolean isMember(int phi) {
    return members.get(phi);
  }

  /** Whether an operation only makes what the guest's state may ask for, or nothing of use. */
  boolean isIdle(int id) {
    return idle.get(id);
  }

  /** Whether a value is a word of which nobody wants the signs where it is made. */
  boolean isBare(int value) {
    return words.get(value)
        && !whole.get(value)
        && (code.op(value) == IrOp.SEXT32 || isCombined(value) || members.get(value));
  }

  /** Whether an operation compares words, which is the same for their low 32 bits. */
  boolean comparesWords(int id) {
    return comparesIntegers(code.op(id)) && words.get(code.a(id)) && words.get(code.b(id));
  }

  /** Whether a word is made of words bit by bit, so that it can be without their signs. */
  boolean isCombined(int id) {
    return switch (code.op(id)) {
      case AND, OR, XOR, SELECT -> words.get(id) && areWords(id) && !isMasked(id);
      default -> false;
    };
  }

  /** The values from outside that have to be words, since they are what live phis are at first. */
  BitSet entering() {
    BitSet entering = new BitSet();
    forEachInput(
        (phi, input, edge) -> {
          if (members.get(phi) && live.get(phi) && isFromOutside(input)) {
            entering.set(input);
          }
        });
    return entering;
  }

  /** The phis that may be anything at first, and the values that they are then. */
  BitSet mixed() {
    BitSet checked = entering();
    BitSet mixed = new BitSet();
    int before = -1;
    while (mixed.cardinality() > before) {
      before = mixed.cardinality();
      forEachInput(
          (phi, input, edge) -> {
            if (members.get(phi) && !live.get(phi)) {
              if (mixed.get(input) || isFromOutside(input) && !checked.get(input)) {
                mixed.set(phi);
                mixed.set(input);
              }
            }
          });
    }
    return mixed;
  }

  private static boolean comparesIntegers(IrOp op) {
    return switch (op) {
      case EXIT_EQ, EXIT_NE, EXIT_LT, EXIT_GE, EXIT_LTU, EXIT_GEU -> true;
      case CMPEQ, CMPNE, CMPLT, CMPGE, CMPLTU, CMPGEU -> true;
      default -> false;
    };
  }

  private boolean isFromOutside(int value) {
    return code.op(value) == IrOp.GET && !graph.isPhi(value);
  }

  private void findUses() {
    BitSet put = new BitSet();
    forEachInput((phi, input, edge) -> flows.set(input));
    BitSet used = (BitSet) flows.clone();
    for (int id = code.size() - 1; id >= 0; id--) {
      IrOp op = code.op(id);
      if (op.effect() == IrOp.Effect.STATE) {
        put.set(code.a(id));
      } else if (op.effect() == IrOp.Effect.PURE
          && !used.get(id)
          && (!put.get(id) || StateForm.isStep(code, id))) {
        idle.set(id);
      } else {
        for (int i = 0; i < op.operands(); i++) {
          used.set(code.operand(id, i));
          live.set(code.operand(id, i));
        }
      }
    }
    boolean[] changed = {true};
    while (changed[0]) {
      changed[0] = false;
      forEachInput(
          (phi, input, edge) -> {
            if (live.get(phi) && !live.get(input)) {
              live.set(input);
              changed[0] = true;
            }
          });
    }
  }

  /** Told of a phi and of what flows into it on one way. */
  private interface Flow {
    void is(int phi, int input, RegionEdge edge);
  }

  private void forEachInput(Flow flow) {
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.in()) {
        for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
          flow.is(id, states.input(id, edge), edge);
        }
      }
    }
  }

  /** Takes out, from all phis, what cannot be; until all that are left can. */
  private void findMembers() {
    boolean changed = true;
    while (changed) {
      findWords();
      changed = removeUnless(this::canBe);
      if (!changed) {
        findWhole();
        changed = removeUnless(phi -> !whole.get(phi));
      }
      if (!changed) {
        BitSet useful = useful();
        changed = removeUnless(useful::get);
      }
    }
  }

  private interface Test {
    boolean holds(int phi);
  }

  private boolean removeUnless(Test test) {
    int before = members.cardinality();
    for (int phi = members.nextSetBit(0); phi >= 0; phi = members.nextSetBit(phi + 1)) {
      if (!test.holds(phi)) {
        members.clear(phi);
      }
    }
    return members.cardinality() < before;
  }

  private boolean canBe(int phi) {
    if (live.get(phi)) {
      return words.get(phi);
    }
    for (RegionEdge edge : graph.nodeOf(phi).in()) {
      int input = states.input(phi, edge);
      boolean isAnything = isFromOutside(input) ? mayCheck : members.get(input) && !live.get(input);
      if (!isAnything && !words.get(input)) {
        return false;
      }
    }
    return true;
  }

  /** Takes all for words that may be, and then out what is none. */
  private void findWords() {
    words.clear();
    for (int id = 0; id < code.size(); id++) {
      words.set(id, isAlways(id) || isByOperands(id) || phis.get(id));
    }
    boolean[] changed = {true};
    while (changed[0]) {
      changed[0] = false;
      for (int id = words.nextSetBit(0); id >= 0; id = words.nextSetBit(id + 1)) {
        if (!isAlways(id) && isByOperands(id) && !areWords(id)) {
          words.clear(id);
          changed[0] = true;
        }
      }
      forEachInput(
          (phi, input, edge) -> {
            boolean isChecked = mayCheck && members.get(phi) && live.get(phi);
            boolean isWord = isFromOutside(input) ? isChecked : words.get(input);
            if (words.get(phi) && !isWord) {
              words.clear(phi);
              changed[0] = true;
            }
          });
    }
  }

  private boolean isAlways(int id) {
    return KnownBits.isExtended(code, id, IrOp.SEXT32);
  }

  private boolean isByOperands(int id) {
    return switch (code.op(id)) {
      case AND, OR, XOR, SELECT -> true;
      default -> false;
    };
  }

  private boolean areWords(int id) {
    return code.op(id) == IrOp.SELECT
        ? words.get(code.b(id)) && words.get(code.c(id))
        : words.get(code.a(id)) && words.get(code.b(id));
  }

  private void findWhole() {
    whole.clear();
    forEachInput(
        (phi, input, edge) -> {
          RegionNode before = edge.from();
          if (flowsWhole(phi, input)
              && before.depthAt(edge.operation()) >= graph.nodeOf(input).depthAt(input)) {
            whole.set(input);
          }
        });
    // Uses first, since what is made of words bit by bit wants of them what is wanted of it.
    for (RegionNode node : graph.nodes().reversed()) {
      for (int id = node.end() - 1; id >= node.start(); id--) {
        if (code.op(id).effect() != IrOp.Effect.STATE && !idle.get(id)) {
          for (int i = 0; i < code.op(id).operands(); i++) {
            int value = code.operand(id, i);
            if (wantsAll(id, i) && node.depthAt(id) >= graph.nodeOf(value).depthAt(value)) {
              whole.set(value);
            }
          }
        }
      }
    }
  }

  /** Whether an operation looks at more of an operand than its low word. */
  boolean wantsAll(int id, int operand) {
    IrOp op = code.op(id);
    byte demand =
        switch (operand) {
          case 0 -> Demand.ofFirst(op, Demand.ALL);
          case 1 -> Demand.ofSecond(op, Demand.ALL);
          default -> Demand.ALL;
        };
    boolean isPart = isCombined(id) && !whole.get(id) && (op != IrOp.SELECT || operand > 0);
    return demand == Demand.ALL && !isPart && !comparesWords(id) && !isMasked(id);
  }

  /** Whether a phi gets more of a value than its low word. */
  boolean flowsWhole(int phi, int input) {
    return !members.get(phi) || !live.get(phi) && !isClean(input, new BitSet());
  }

  /** Whether only low bits of the operands can be in the result. */
  private boolean isMasked(int id) {
    return code.op(id) == IrOp.AND
        && code.isConstant(code.b(id))
        && code.imm(code.b(id)) >>> SIGN == 0;
  }

  /** Whether a word goes to other nodes as it is or zero-extended, with nothing else above. */
  private boolean isClean(int value, BitSet seen) {
    if (code.op(value) == IrOp.SEXT32) {
      return KnownBits.isExtended(code, code.a(value), IrOp.ZEXT32);
    }
    if (isCombined(value)) {
      return false;
    }
    if (members.get(value) && live.get(value) && !seen.get(value)) {
      seen.set(value);
      for (RegionEdge edge : graph.nodeOf(value).in()) {
        if (!isClean(states.input(value, edge), seen)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Those by which an extension is saved in a loop. */
  private BitSet useful() {
    BitSet useful = new BitSet();
    BitSet before = new BitSet();
    forEachInput(
        (phi, input, edge) -> {
          if (members.get(phi) && saves(input)) {
            useful.set(phi);
          }
        });
    for (int id = 0; id < code.size(); id++) {
      if (!idle.get(id) && isCombined(id) && saves(id)) {
        useful.set(code.a(id));
        useful.set(code.b(id));
      }
    }
    useful.and(members);
    // What is connected with them goes along.
    while (!useful.equals(before)) {
      before.or(useful);
      forEachInput(
          (phi, input, edge) -> {
            if (members.get(phi) && members.get(input) && (useful.get(phi) || useful.get(input))) {
              useful.set(phi);
              useful.set(input);
            }
          });
    }
    return useful;
  }

  private boolean saves(int value) {
    if (members.get(value) || whole.get(value)) {
      return false;
    }
    if (isCombined(value)) {
      int second = code.op(value) == IrOp.SELECT ? code.c(value) : code.a(value);
      return saves(code.b(value)) || saves(second);
    }
    // If another register goes on with the same word, it takes a move instead.
    return code.op(value) == IrOp.SEXT32
        && !flows.get(code.a(value))
        && graph.nodeOf(value).depthAt(value) > 0;
  }
}
