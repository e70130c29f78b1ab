package dev.isomorph.systemvm.firmware;

import java.util.List;

/**
 * Functions that come together.
 *
 * @param id the number by which software asks for them
 */
record SbiExtension(int id, String name, List<SbiFunction> functions) {
  SbiExtension {
    functions = List.copyOf(functions);
  }

  /** Runs a function; there may be none of that number. */
  SbiResult call(int hart, long number, long[] arguments) {
    for (SbiFunction each : functions) {
      if (each.number() == number) {
        return each.body().call(hart, arguments);
      }
    }
    return SbiError.NOT_SUPPORTED.result();
  }

  /** The number that stands for up to four letters. */
  static int id(String letters) {
    int id = 0;
    for (int i = 0; i < letters.length(); i++) {
      id = id << 8 | letters.charAt(i);
    }
    return id;
  }
}
