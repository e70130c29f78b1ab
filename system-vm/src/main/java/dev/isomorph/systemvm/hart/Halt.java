package dev.isomorph.systemvm.hart;

/** Why a hart has come to a halt for whoever debugs it; pc is that of the next instruction. */
public sealed interface Halt {
  /** The next instruction has a breakpoint. */
  record Breakpoint() implements Halt {}

  /** The last instruction has accessed watched data. */
  record Watched(Watchpoint watchpoint) implements Halt {}

  /** The one instruction that was asked for has been executed. */
  record Stepped() implements Halt {}

  /** Somebody asked for it. */
  record Requested() implements Halt {}
}
