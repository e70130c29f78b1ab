package dev.isomorph.translator.opt;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What translating does to make code better and can do without. All of it is on, unless somebody
 * looks for what a pass gains or for the one that is wrong.
 */
public enum Pass {
  /** Operations on constants are done while translating. */
  CONSTANTS,
  /** Algebraic identities and idioms: rotations, remainders from quotients, shifts for products. */
  RULES,
  /** Extensions of what is extended already go. */
  KNOWN_BITS,
  /** Branches that skip a few operations become selections. */
  SELECTS,
  /** Regions: branches whose two sides are short and meet again become selections. */
  DIAMONDS,
  /** Regions of processes: so do those whose two sides access memory, or end, alike. */
  TWINS,
  /** Processes: loads of bytes that are put together to a number become one load. */
  JOINED_LOADS,
  /** Processes: loads of what has just been stored in pieces put these together. */
  STORED_PIECES,
  /** Processes: stores of the bytes of a number become one store. */
  JOINED_STORES,
  /** Processes: a store that another one of the same bytes follows goes. */
  REDUNDANT_STORES,
  /** What alone uses a loaded value takes it from memory. */
  FUSED_LOADS,
  /** What nobody uses goes, and writes of registers that are written again. */
  DEAD_CODE,
  /** Regions: phis that are no choice go. */
  PHIS,
  /** Regions: equal values are computed once. */
  VALUES,
  /** Regions: products, quotients and remainders of constants, and pairs of both, cost less. */
  STRENGTH,
  /** Regions: words and floats without the extension or canonical NaN that nobody looks at. */
  NARROWING,
  /** Regions: loads of what has been loaded or stored before go. */
  LOADS,
  /** Regions: what a loop does not change is computed in front of it. */
  INVARIANTS,
  /** Regions: what is only wanted behind a loop is computed there. */
  SINKING,
  /** Regions: addresses take in constants that only they and the guest's state add. */
  DISPLACEMENTS,
  /** Regions: what registers have been seen to hold is relied on, and checked at the entry. */
  SUPPOSITIONS,
  /** Regions: words go from node to node, and are compared, without their extension. */
  WORDS,
  /** Regions: floats go from node to node without their canonical NaN and box. */
  FLOATS,
  /** Regions: what a branch tells of a comparison of floats is a constant behind it. */
  FLOAT_BRANCHES,
  /** Regions: forms that only the guest's state asks for are made when it is asked for. */
  LATE_STATE,
  /** Regions: a phi shares a register with what flows into it. */
  COALESCING,
  /** Regions of machines: accesses that go through a page in one direction look at its end only. */
  STREAMS,
  /** Regions of machines: pages of users are found by the host's MMU. */
  ALIASES,
  /** Regions: small functions are part of the loop that calls them. */
  CALLS,
  /** Regions of processes: small loops are there twice. */
  UNROLLING;

  /** All passes. No EnumSet: that would ask for them by reflection, at each start. */
  public static final Set<Pass> ALL = Set.of(values());

  /** Some passes but for one. */
  public static Set<Pass> without(Set<Pass> some, Pass one) {
    Set<Pass> others = new HashSet<>(some);
    others.remove(one);
    return others;
  }

  /** What people call it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The pass of a name, null if there is none. */
  public static Pass named(String name) {
    for (Pass pass : values()) {
      if (pass.toString().equals(name)) {
        return pass;
      }
    }
    return null;
  }

  /** All names, by commas. */
  public static String names() {
    StringBuilder names = new StringBuilder();
    for (Pass pass : values()) {
      names.append(names.isEmpty() ? "" : ", ").append(pass);
    }
    return names.toString();
  }
}
