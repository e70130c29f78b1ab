package dev.isomorph.systemvm.gdb;

/** Something that a session has to see to. */
sealed interface Event {
  /** A packet whose checksum is right; escapes are undone. */
  record Packet(byte[] content) implements Event {}

  /** A packet that is damaged or too long. */
  record Damaged() implements Event {}

  /** The last packet sent has come as it should. */
  record Acknowledged() implements Event {}

  /** The last packet sent was damaged. */
  record Rejected() implements Event {}

  /** The debugger wants the machine to halt. */
  record Interrupt() implements Event {}

  /** The target may have halted. */
  record Halted() implements Event {}

  /** The debugger has gone. */
  record Gone() implements Event {}

  /** The machine has been turned off. */
  record Ended(int status) implements Event {}
}
