package dev.isomorph.systemvm.gdb;

/** What a hart does when a debugger lets its machine go on. */
public enum Motion {
  /** Nothing. */
  STAY,
  /** One instruction; then the machine halts. */
  STEP,
  RUN
}
