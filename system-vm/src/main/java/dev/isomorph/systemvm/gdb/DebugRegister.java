package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.hart.SystemHart;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * A register that a debugger may see.
 *
 * @param number by which it is asked for
 * @param name as GDB knows it
 * @param bits of its value
 * @param type as target descriptions have it
 * @param group in which it is shown
 * @param feature of which it is part
 */
record DebugRegister(
    int number,
    String name,
    int bits,
    String type,
    String group,
    Feature feature,
    ToLongFunction<SystemHart> reader,
    Setter setter) {
  /** The features that GDB knows of RISC-V ("RISC-V Features" in its manual). */
  enum Feature {
    CPU,
    FPU,
    CSR,
    VIRTUAL;

    String text() {
      return "org.gnu.gdb.riscv." + name().toLowerCase(Locale.ROOT);
    }
  }

  /** Writes a register. */
  interface Setter {
    void set(SystemHart hart, long value);
  }

  int bytes() {
    return bits / Byte.SIZE;
  }
}
