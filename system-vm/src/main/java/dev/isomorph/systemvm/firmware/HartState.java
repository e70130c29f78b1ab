package dev.isomorph.systemvm.firmware;

/** What a hart is doing, with the numbers that the SBI's hart state management has for it. */
public enum HartState {
  STARTED,
  STOPPED,
  START_PENDING,
  STOP_PENDING,
  SUSPENDED,
  SUSPEND_PENDING,
  RESUME_PENDING
}
