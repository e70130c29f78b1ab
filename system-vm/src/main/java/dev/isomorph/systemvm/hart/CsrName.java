package dev.isomorph.systemvm.hart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A control and status register as people call it.
 *
 * @param number for {@link PrivilegedState#readAsMachine}
 * @param name as in the ISA manual
 */
public record CsrName(int number, String name) {
  /** All registers there are on a 64-bit hart, by number. */
  public static List<CsrName> all() {
    List<CsrName> names = new ArrayList<>();
    for (int number = 0; number < Csr.COUNT; number++) {
      Csr csr = Csr.of(number);
      boolean upperHalf = csr == Csr.PMPCFG && (number & 1) != 0;
      if (csr != null && !upperHalf) {
        names.add(new CsrName(number, name(csr, number - csr.number())));
      }
    }
    return names;
  }

  private static String name(Csr csr, int index) {
    String name = csr.name().toLowerCase(Locale.ROOT);
    return switch (csr) {
      case MHPMEVENT, MHPMCOUNTER, HPMCOUNTER -> name + (index + 3);
      case TDATA -> name + (index + 1);
      case PMPCFG, PMPADDR -> name + index;
      default -> name;
    };
  }
}
