package dev.isomorph.systemvm.options;

import java.nio.file.Path;

/**
 * What a machine tells of itself, and how it may be looked at.
 *
 * @param statistics whether to tell at the end how it ran
 * @param trace where a log of every instruction goes, null for nowhere
 * @param deterministic whether the machine runs by itself alone: its clock counts instructions, its
 *     harts take turns, so that two runs are the same
 * @param recordInput where a deterministic machine writes down what comes from the host, null for
 *     nowhere
 * @param replayInput what was written down so, to come again in place of the host's, null for none
 * @param snapshotLoad a saved machine to go on with in place of starting, null to start
 * @param snapshotSave where the machine is saved when it is asked to be, null for nowhere
 * @param debugger where a debugger may come, null for nowhere
 * @param stopped whether the machine waits at its first instruction for a debugger or the monitor
 * @param dumpDeviceTree where the device tree is written instead of starting, null for nowhere
 */
public record Diagnostics(
    boolean statistics,
    Path trace,
    boolean deterministic,
    Path recordInput,
    Path replayInput,
    Path snapshotLoad,
    Path snapshotSave,
    NetworkOptions.SocketAddress debugger,
    boolean stopped,
    Path dumpDeviceTree) {
  /** Nothing of all that. */
  public static final Diagnostics NONE =
      new Diagnostics(false, null, false, null, null, null, null, null, false, null);
}
