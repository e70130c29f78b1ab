package dev.isomorph.processvm.tree;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalAction;
import dev.isomorph.processvm.signal.SignalInfo;
import java.util.HashMap;
import java.util.Map;

/**
 * The processes of a virtual machine. The first one is the host process as far as the host can tell
 * and goes by its ids. The others go by the host's ids of their first threads, which no other
 * process of the host can have; their groups and sessions exist here alone.
 *
 * <p>Safe for use by several threads. Whoever holds the monitor may ask for that of a process's
 * signals, but not the other way round; so what {@link SignalRouter} needs goes without.
 */
public final class ProcessTree {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int GETPID = 39;
  private static final int GETUID = 102;
  private static final int GETPPID = 110;
  private static final int GETPGID = 121;
  private static final int GETSID = 124;

  /** What processes without a parent are children of. */
  private static final int INIT = 1;

  private final ProcessNode first;
  private final int parentOfFirst;
  private final Map<Integer, ProcessNode> byPid = new HashMap<>();

  /** What {@link #byPid} holds, for those who must not wait for the monitor. */
  private volatile ProcessNode[] all;

  private int living = 1;

  /** The group that the terminal's signals go to, 0 for the first process's own. */
  private volatile int foreground;

  /** Signals that the first process was sent by processes outside of the tree, a sigset_t. */
  private volatile long sentFromOutside;

  /** Signals that the first process was sent by its terminal, a sigset_t. */
  private volatile long sentByTerminal;

  /**
   * Makes a tree of one process, which is the host's.
   *
   * @param group its process group
   * @param session its session
   * @param parent its parent's id
   */
  public ProcessTree(int pid, int uid, int group, int session, int parent) {
    first = new ProcessNode(pid, uid, 0, null);
    first.group = group;
    first.session = session;
    parentOfFirst = parent;
    enter(first);
  }

  private void enter(ProcessNode process) {
    byPid.put(process.pid(), process);
    all = byPid.values().toArray(ProcessNode[]::new);
  }

  private void strike(ProcessNode process) {
    byPid.remove(process.pid());
    all = byPid.values().toArray(ProcessNode[]::new);
  }

  /** Makes the tree of the process that runs this. */
  public static ProcessTree ofHost() {
    return new ProcessTree(ask(GETPID), ask(GETUID), ask(GETPGID), ask(GETSID), ask(GETPPID));
  }

  private static int ask(int call) {
    return (int) HostCalls.syscall(call, 0, 0, 0, 0, 0, 0);
  }

  /** The process that the host sees. */
  public ProcessNode first() {
    return first;
  }

  /** Tells where signals for a process go. */
  public synchronized void receiveBy(ProcessNode process, GuestSignals signals) {
    process.signals = signals;
  }

  /** Whether there is just one process that has not ended. */
  public synchronized boolean isSingle() {
    return living == 1;
  }

  /** Whether all processes have ended. */
  public synchronized boolean isEmpty() {
    return living == 0;
  }

  // ---- Birth and end ----

  /**
   * Adds a child.
   *
   * @param exitSignal what its parent is sent when it ends, 0 for nothing
   */
  public synchronized ProcessNode add(ProcessNode parent, int pid, int exitSignal) {
    ProcessNode child = new ProcessNode(pid, parent.uid(), exitSignal, parent);
    child.group = parent.group;
    child.session = parent.session;
    parent.children.add(child);
    enter(child);
    living++;
    return child;
  }

  /** A process runs another program from now on. */
  public synchronized void executed(ProcessNode process) {
    process.hasExecuted = true;
  }

  /** A process has ended, as {@code change} tells. */
  public synchronized void ended(ProcessNode process, ChildChange change) {
    process.ended = true;
    process.change = change;
    living--;
    for (ProcessNode child : process.children) {
      child.parent = null;
      if (child.ended) {
        strike(child);
      } else if (child.parentDeathSignal != 0) {
        int signal = child.parentDeathSignal;
        send(child, SignalInfo.sent(signal, SignalInfo.SI_USER, process.pid(), process.uid()));
      }
    }
    process.children.clear();
    notifyParent(process, process.exitSignal, change);
  }

  /** A process was stopped by a signal. */
  public void stopped(ProcessNode process, int signal) {
    changed(process, ChildChange.stopped(process.pid(), process.uid(), signal));
  }

  /** A process that was stopped goes on. */
  public void continued(ProcessNode process) {
    changed(process, ChildChange.continued(process.pid(), process.uid()));
  }

  private synchronized void changed(ProcessNode process, ChildChange change) {
    process.change = change;
    notifyParent(process, Signal.SIGCHLD, change);
  }

  /** The parent's signal is there before the parent can know of the change by waiting. */
  private void notifyParent(ProcessNode process, int signal, ChildChange change) {
    ProcessNode parent = process.parent;
    if (parent == null) {
      if (change.kind().isEnd()) {
        strike(process);
      }
      return;
    }
    boolean told = signal != 0;
    if (signal == Signal.SIGCHLD) {
      SignalAction action = parent.signals.action(signal);
      if (!change.kind().isEnd()) {
        told = !action.has(SignalAction.SA_NOCLDSTOP);
      } else if (action.handler() == SignalAction.IGNORE) {
        remove(process);
        told = false; // Even if it is blocked and could wait.
      } else if (action.has(SignalAction.SA_NOCLDWAIT)) {
        remove(process);
      }
    }
    if (told) {
      send(parent, change.info(signal));
    }
    for (GuestSignals waiter : parent.waiters) {
      waiter.wake();
    }
    parent.waiters.clear();
  }

  private static void send(ProcessNode to, SignalInfo info) {
    GuestSignals receiver = to.signals;
    if (!to.ended && receiver != null) {
      receiver.sendFromOutside(info);
    }
  }

  private void remove(ProcessNode child) {
    strike(child);
    if (child.parent != null) {
      child.parent.children.remove(child);
    }
  }

  /** Has a signal sent to a process when its parent ends; 0 for none (PR_SET_PDEATHSIG). */
  public synchronized void signalAtParentsEnd(ProcessNode process, int signal) {
    process.parentDeathSignal = signal;
  }

  /** The signal that {@link #signalAtParentsEnd} set. */
  public synchronized int signalAtParentsEnd(ProcessNode process) {
    return process.parentDeathSignal;
  }

  // ---- Waiting ----

  /**
   * Looks for a change of a child; if there is none, {@code waiter} is woken at the next.
   *
   * @return null if no child has changed in a wanted way yet
   * @throws NoChildException if there is no such child, so that none ever will
   */
  public synchronized ChildChange findChange(
      ProcessNode parent, ChildSelector selector, GuestSignals waiter) throws NoChildException {
    boolean any = false;
    for (int i = 0; i < parent.children.size(); i++) {
      ProcessNode child = parent.children.get(i);
      if (!selector.covers(child)) {
        continue;
      }
      any = true;
      ChildChange change = child.change;
      if (change != null && selector.wants(change)) {
        if (!selector.keep()) {
          child.change = null;
          if (change.kind().isEnd()) {
            remove(child);
            parent.childrenTime.add(change.time());
          }
        }
        return change;
      }
    }
    if (!any) {
      throw NoChildException.INSTANCE;
    }
    if (!parent.waiters.contains(waiter)) {
      parent.waiters.add(waiter);
    }
    return null;
  }

  // ---- Groups and sessions ----

  /** The id of a process's parent. */
  public synchronized int parentOf(ProcessNode process) {
    if (process == first) {
      return parentOfFirst;
    }
    return process.parent == null ? INIT : process.parent.pid();
  }

  /** Whether an id is that of a process here. */
  public synchronized boolean has(int pid) {
    return byPid.containsKey(pid);
  }

  /** Whether an id is that of a group that exists here alone. */
  public synchronized boolean hasOwnGroup(int group) {
    return group != first.group && hasMember(group, 0);
  }

  private boolean hasMember(int group, int session) {
    for (ProcessNode process : byPid.values()) {
      if (process.group == group && (session == 0 || process.session == session)) {
        return true;
      }
    }
    return false;
  }

  /** The group of a process, -ESRCH if it is not here. */
  public synchronized int groupOf(int pid) {
    ProcessNode process = byPid.get(pid);
    return process == null ? -Errno.ESRCH : process.group;
  }

  /** The session of a process, -ESRCH if it is not here. */
  public synchronized int sessionOf(int pid) {
    ProcessNode process = byPid.get(pid);
    return process == null ? -Errno.ESRCH : process.session;
  }

  /** The host has moved the first process to another group or session. */
  public synchronized void movedFirst(int group, int session) {
    first.group = group;
    first.session = session;
  }

  /**
   * setpgid(2), for any process but the first.
   *
   * @return 0 or a negative errno
   */
  public synchronized int moveToGroup(ProcessNode caller, int pid, int group) {
    ProcessNode process = byPid.get(pid);
    if (group < 0) {
      return -Errno.EINVAL;
    }
    if (process == null || process != caller && process.parent != caller) {
      return -Errno.ESRCH;
    }
    if (process != caller && process.hasExecuted) {
      return -Errno.EACCES;
    }
    int wanted = group == 0 ? pid : group;
    boolean leads = process.session == process.pid();
    if (leads
        || process.session != caller.session
        || wanted != pid && !hasMember(wanted, process.session)) {
      return -Errno.EPERM;
    }
    process.group = wanted;
    return 0;
  }

  /**
   * setsid(2), for any process but the first.
   *
   * @return the new session or a negative errno
   */
  public synchronized int startSession(ProcessNode process) {
    if (hasMember(process.pid(), 0) && process.group == process.pid()) {
      return -Errno.EPERM;
    }
    process.session = process.pid();
    process.group = process.pid();
    return process.pid();
  }

  /** Makes a group that exists here alone the terminal's foreground group; 0 for none of them. */
  public synchronized void foreground(int group) {
    foreground = group;
  }

  /** The group that {@link #foreground(int)} set while it has members, else 0. */
  public int foreground() {
    int group = foreground;
    for (ProcessNode process : all) {
      if (process.group == group) {
        return group;
      }
    }
    return 0;
  }

  // ---- Signals ----

  /**
   * Sends a process a signal.
   *
   * @param info null to find out only whether there is such a process
   * @return whether there is, ended but not waited for included
   */
  public synchronized boolean send(int pid, SignalInfo info) {
    ProcessNode process = byPid.get(pid);
    if (process != null && info != null) {
      send(process, info);
    }
    return process != null;
  }

  /**
   * Sends every process of a group a signal.
   *
   * @param group 0 for all processes
   * @param except a process that is left out, or null
   * @return how many there were
   */
  public int sendToGroup(int group, SignalInfo info, ProcessNode except) {
    int count = 0;
    for (ProcessNode process : all) {
      if ((group == 0 || process.group == group) && process != except) {
        count++;
        if (info != null) {
          send(process, info);
        }
      }
    }
    return count;
  }

  /**
   * Hands a signal that the terminal has sent the host process on to whom it is for.
   *
   * @return whether it is for the first process, too, to which nothing is sent
   */
  boolean sendFromTerminal(SignalInfo info) {
    int own = foreground();
    int group = own != 0 ? own : first.group;
    sendToGroup(group, info, first);
    sentByTerminal |= Signal.bit(info.signal());
    return first.group == group && !first.ended;
  }

  /** Takes note of what the host has brought for the first process; for one thread at a time. */
  void arrived(SignalInfo info) {
    if (info.isSent() && info.pid() != first.pid()) {
      sentFromOutside |= Signal.bit(info.signal());
    }
  }

  // ---- The end of all ----

  /**
   * The signal by which somebody outside of the tree has asked for the first process's end: the one
   * that has killed it; or SIGTERM, if that was sent and the process exits.
   *
   * @param fatal what kills the first process, null if it exits
   * @return 0 if nobody has asked
   */
  public int requestOf(SignalInfo fatal) {
    int signal = fatal == null ? Signal.SIGTERM : fatal.signal();
    long asking = fatal == null ? sentFromOutside : sentFromOutside | sentByTerminal;
    return (asking & Signal.bit(signal)) == 0 ? 0 : signal;
  }

  /**
   * Tells the processes that the first one has left behind that somebody has asked for the end, by
   * the same signal; the terminal has told them itself.
   */
  public void requestEnd(int signal) {
    if ((sentFromOutside & Signal.bit(signal)) != 0) {
      sendToGroup(0, new SignalInfo(signal, 0, SignalInfo.SI_KERNEL, 0, 0, 0, 0), first);
    }
  }

  /** Whether the first process has ended, so that signals from outside go to the others. */
  boolean hasFirstEnded() {
    return first.ended;
  }
}
