package dev.isomorph.systemvm.gdb;

import dev.isomorph.decoder.Registers;
import dev.isomorph.systemvm.gdb.DebugRegister.Feature;
import dev.isomorph.systemvm.hart.CsrName;
import dev.isomorph.systemvm.hart.Privilege;
import dev.isomorph.systemvm.hart.SystemHart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The table of a hart's registers as debuggers see them, numbered as GDB numbers them itself. */
final class DebugRegisters {
  /** Registers before this one come and go together; others are asked for one by one. */
  static final int END_OF_GENERAL = 65;

  private static final int PC = 32;
  private static final int FIRST_FLOAT = 33;
  private static final int FIRST_CSR = 65;
  private static final int PRIVILEGE = FIRST_CSR + 4096;
  private static final int MSTATUS = 0x300;
  private static final long FS = 3L << 13;

  /** The last register that belongs to the float unit: fcsr. */
  private static final int LAST_FLOAT_CSR = 3;

  private static final int CSR_BITS = 64;

  private static final SortedMap<Integer, DebugRegister> BY_NUMBER = table();

  private DebugRegisters() {}

  /** All of them, by number. */
  static Iterable<DebugRegister> all() {
    return BY_NUMBER.values();
  }

  /** Those that come and go together, by number. */
  static Iterable<DebugRegister> general() {
    return BY_NUMBER.headMap(END_OF_GENERAL).values();
  }

  /** The register of a number, or null. */
  static DebugRegister of(long number) {
    return number < 0 || number > PRIVILEGE ? null : BY_NUMBER.get((int) number);
  }

  private static SortedMap<Integer, DebugRegister> table() {
    List<DebugRegister> all = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      all.add(integer(i));
      all.add(floating(i));
    }
    all.add(
        new DebugRegister(
            PC,
            "pc",
            Long.SIZE,
            "code_ptr",
            "general",
            Feature.CPU,
            hart -> hart.registers().pc(),
            (hart, value) -> hart.registers().pc(value)));
    CsrName.all().forEach(csr -> all.add(csr(csr)));
    all.add(
        new DebugRegister(
            PRIVILEGE,
            "priv",
            Long.SIZE,
            "int",
            "general",
            Feature.VIRTUAL,
            hart -> hart.state().privilege().code(),
            DebugRegisters::setPrivilege));
    SortedMap<Integer, DebugRegister> table = new TreeMap<>();
    all.forEach(each -> table.put(each.number(), each));
    return Collections.unmodifiableSortedMap(table);
  }

  private static DebugRegister integer(int i) {
    String type =
        switch (i) {
          case Registers.RA -> "code_ptr";
          case Registers.SP, Registers.GP, Registers.TP -> "data_ptr";
          default -> "int";
        };
    return new DebugRegister(
        i,
        i == Registers.S0 ? "fp" : Registers.integerName(i),
        Long.SIZE,
        type,
        "general",
        Feature.CPU,
        hart -> hart.registers().x(i),
        (hart, value) -> hart.registers().x(i, value));
  }

  private static DebugRegister floating(int i) {
    return new DebugRegister(
        FIRST_FLOAT + i,
        Registers.floatName(i),
        Long.SIZE,
        "riscv_double",
        "float",
        Feature.FPU,
        hart -> hart.f(i),
        (hart, value) -> setFloat(hart, i, value));
  }

  /**
   * As any write of the hart's own it is to be noticed by an operating system that saves floats.
   */
  private static void setFloat(SystemHart hart, int i, long value) {
    hart.f(i, value);
    long status = hart.state().readAsMachine(MSTATUS);
    if ((status & FS) != 0) {
      hart.state().writeAsMachine(MSTATUS, status | FS);
    }
  }

  private static void setPrivilege(SystemHart hart, long value) {
    for (Privilege each : Privilege.values()) {
      if (each.code() == value) {
        hart.state().privilege(each);
      }
    }
  }

  private static boolean isReadOnly(CsrName csr) {
    return csr.number() >>> 10 == 3;
  }

  private static DebugRegister csr(CsrName csr) {
    boolean ofFloats = csr.number() <= LAST_FLOAT_CSR;
    return new DebugRegister(
        FIRST_CSR + csr.number(),
        csr.name(),
        CSR_BITS,
        "int",
        ofFloats ? "float" : "csr",
        ofFloats ? Feature.FPU : Feature.CSR,
        hart -> hart.state().readAsMachine(csr.number()),
        isReadOnly(csr)
            ? (hart, value) -> {}
            : (hart, value) -> hart.state().writeAsMachine(csr.number(), value));
  }
}
