package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.hart.Halt;
import dev.isomorph.systemvm.hart.Watchpoint;

/** Tells a debugger why the machine has come to a halt ("Stop Reply Packets" in GDB's manual). */
final class StopReply {
  private static final int SIGINT = 2;
  private static final int SIGTRAP = 5;

  private StopReply() {}

  /**
   * The packet.
   *
   * @param breakpoint what the debugger calls a breakpoint, or null if it does not want to know
   */
  static String of(HaltedHart halted, String breakpoint) {
    String why =
        switch (halted.why()) {
          case Halt.Breakpoint() -> breakpoint == null ? "" : breakpoint + ":;";
          case Halt.Watched(Watchpoint data) ->
              kind(data) + ":" + Long.toHexString(data.address()) + ";";
          case Halt.Stepped(), Halt.Requested() -> "";
        };
    int signal = halted.why() instanceof Halt.Requested ? SIGINT : SIGTRAP;
    return "T0" + signal + why + "thread:" + ThreadIds.of(halted.hart()) + ";";
  }

  private static String kind(Watchpoint data) {
    if (!data.loads()) {
      return "watch";
    }
    return data.stores() ? "awatch" : "rwatch";
  }
}
