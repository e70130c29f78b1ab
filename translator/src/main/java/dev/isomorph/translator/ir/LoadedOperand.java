package dev.isomorph.translator.ir;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which operations one host instruction can do together with the load of their last operand. */
public final class LoadedOperand {
  private static final Map<IrOp, Set<IrOp>> LOADS = loads();

  private static final Set<IrOp> COMMUTATIVE =
      EnumSet.of(
          IrOp.ADD,
          IrOp.AND,
          IrOp.OR,
          IrOp.XOR,
          IrOp.MUL,
          IrOp.ADD32,
          IrOp.MUL32,
          IrOp.FADD_S,
          IrOp.FMUL_S,
          IrOp.FADD_D,
          IrOp.FMUL_D);

  private LoadedOperand() {}

  private static Map<IrOp, Set<IrOp>> loads() {
    Map<IrOp, Set<IrOp>> loads = new EnumMap<>(IrOp.class);
    Set<IrOp> word = EnumSet.of(IrOp.LD32S, IrOp.LD32U);
    add(loads, EnumSet.of(IrOp.LD64), IrOp.ADD, IrOp.SUB, IrOp.AND, IrOp.OR, IrOp.XOR, IrOp.MUL);
    add(loads, word, IrOp.ADD32, IrOp.SUB32, IrOp.MUL32);
    add(loads, EnumSet.of(IrOp.LDF_S), IrOp.FADD_S, IrOp.FSUB_S, IrOp.FMUL_S, IrOp.FDIV_S);
    add(loads, EnumSet.of(IrOp.LDF_D), IrOp.FADD_D, IrOp.FSUB_D, IrOp.FMUL_D, IrOp.FDIV_D);
    return loads;
  }

  private static void add(Map<IrOp, Set<IrOp>> loads, Set<IrOp> from, IrOp... users) {
    for (IrOp user : users) {
      loads.put(user, from);
    }
  }

  /** Whether there is a load that such an operation can do. */
  public static boolean isTakenBy(IrOp user) {
    return LOADS.containsKey(user);
  }

  /**
   * Whether an operation can do a load of its operand.
   *
   * @param isFirst whether that is the first of two
   */
  public static boolean isTakenBy(IrOp user, IrOp load, boolean isFirst) {
    return isTakenBy(user)
        && LOADS.get(user).contains(load)
        && (!isFirst || COMMUTATIVE.contains(user));
  }
}
