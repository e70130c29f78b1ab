package dev.isomorph.systemvm.machine;

/** The console, for firmware that writes to it before there are drivers. */
interface ConsolePort {
  void print(byte[] text, int length);

  /** A byte that was typed, or -1. */
  int typed();
}
