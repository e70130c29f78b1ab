package dev.isomorph.systemvm.firmware;

/**
 * A function of an extension.
 *
 * @param number its number in the extension
 * @param name as the specification has it
 */
record SbiFunction(int number, String name, Body body) {
  /** What a function does. */
  @FunctionalInterface
  interface Body {
    /**
     * @param hart the one that calls
     * @param arguments a0 to a5
     */
    SbiResult call(int hart, long[] arguments);
  }
}
