package dev.isomorph.systemvm.firmware;

/** What a call of the firmware leaves in the hart's registers. */
public sealed interface SbiResult {
  /** Of a call that succeeded and has nothing to tell. */
  SbiResult SUCCESS = of(0);

  /** Since version 0.2: a0 is 0 or a negative number for what was wrong, a1 is the value. */
  record Standard(long error, long value) implements SbiResult {}

  /** Before version 0.2: a0 is the value, a1 stays as it is. */
  record Legacy(long value) implements SbiResult {}

  /** Of a call that succeeded. */
  static SbiResult of(long value) {
    return new Standard(0, value);
  }
}
