package dev.isomorph.processvm.syscall;

public final class Strace {
  void attach(Guest guest) {}
  void enter(Syscall call, long number, long[] a) {}
  void leave(Syscall call, long number, long[] a, long result) {}
  void ended(ProcessEnd end) {}
}
