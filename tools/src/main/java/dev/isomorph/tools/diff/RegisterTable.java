package dev.isomorph.tools.diff;

import dev.isomorph.engine.Hart;
import dev.isomorph.processvm.ProcessObserver;
import dev.isomorph.translator.ir.StateSlot;

/** Registers that differ, as a table. */
final class RegisterTable {
  private static final int NAME_WIDTH = 6;
  private static final int VALUE_WIDTH = 20;

  private RegisterTable() {}

  /**
   * The table.
   *
   * @param withoutPc whether the witness's pc is not known
   */
  static String of(
      Hart hart, GuestState witness, boolean withoutPc, String name, ProcessObserver.Names names) {
    StringBuilder out = new StringBuilder();
    row(out, "", "Isomorph", name);
    if (!withoutPc && hart.pc() != witness.pc) {
      row(out, "pc", hex(hart.pc()), address(witness.pc, names));
    }
    for (int i = 1; i < GuestState.REGISTERS; i++) {
      long ours = hart.evaluatorView().get(i);
      if (ours != witness.registers[i]) {
        row(out, StateSlot.name(i), hex(ours), hex(witness.registers[i]));
      }
    }
    if (witness.fcsrKnown && hart.fcsr() != witness.fcsr) {
      row(out, "fcsr", hex(hart.fcsr()), hex(witness.fcsr));
    }
    return out.toString();
  }

  /** An address with its name, if it has one. */
  static String address(long address, ProcessObserver.Names names) {
    String name = names.nameOf(address);
    return hex(address) + (name == null ? "" : " <" + name + ">");
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private static void row(StringBuilder out, String name, String ours, String theirs) {
    out.append("  ").append(name).append(" ".repeat(NAME_WIDTH - name.length()));
    out.append(ours).append(" ".repeat(Math.max(1, VALUE_WIDTH - ours.length())));
    out.append(theirs).append('\n');
  }
}
