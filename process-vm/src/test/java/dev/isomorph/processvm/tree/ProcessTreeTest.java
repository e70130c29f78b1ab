package dev.isomorph.processvm.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.HostSignals;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalAction;
import dev.isomorph.processvm.signal.SignalInfo;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private static final int FIRST = 100;
  private static final int GROUP = 90;
  private static final int SESSION = 80;
  private static final long ALL = -1;

  private final ProcessTree tree = new ProcessTree(FIRST, 1000, GROUP, SESSION, 70);
  private final ProcessNode first = receiving(tree.first());

  private ProcessNode receiving(ProcessNode process) {
    GuestSignals signals = new GuestSignals(null, HostSignals.NONE, 0);
    signals.blocked(ALL);
    tree.receiveBy(process, signals);
    return process;
  }

  private ProcessNode child(ProcessNode parent, int pid) {
    return receiving(tree.add(parent, pid, Signal.SIGCHLD));
  }

  private static ChildChange exited(ProcessNode process, int status) {
    return new ChildChange(
        process.pid(), 1000, ChildChange.Kind.EXITED, status, new ProcessorTime());
  }

  private static ChildSelector ends(ChildSelector.Kind kind, int id) {
    return new ChildSelector(ChildSelector.Made.BY_FORK, kind, id, true, false, false, false);
  }

  private ChildChange find(ProcessNode parent, ChildSelector selector) throws NoChildException {
    return tree.findChange(parent, selector, parent.signals);
  }

  private static List<Integer> waiting(ProcessNode process) {
    long set = process.signals.pending();
    return java.util.stream.IntStream.rangeClosed(1, 64)
        .filter(signal -> (set & Signal.bit(signal)) != 0)
        .boxed()
        .toList();
  }

  @Test
  void anEndIsToldOnceAndTheParentIsSentItsSignal() throws Exception {
    ProcessNode child = child(first, 101);
    assertNull(find(first, ends(ChildSelector.Kind.ANY, 0)));
    tree.ended(child, exited(child, 7));
    assertEquals(List.of(Signal.SIGCHLD), waiting(first));
    ChildSelector keep =
        new ChildSelector(
            ChildSelector.Made.BY_FORK, ChildSelector.Kind.PROCESS, 101, true, true, true, true);
    assertEquals(7 << 8, find(first, keep).waitStatus());
    assertTrue(tree.has(101));
    assertEquals(7, find(first, ends(ChildSelector.Kind.ANY, 0)).status());
    assertFalse(tree.has(101));
    assertThrows(NoChildException.class, () -> find(first, ends(ChildSelector.Kind.ANY, 0)));
  }

  @Test
  void aSelectorCoversOnlyWhatItNames() throws Exception {
    ProcessNode one = child(first, 101);
    ProcessNode two = child(first, 102);
    assertEquals(0, tree.moveToGroup(first, 102, 102));
    tree.ended(two, exited(two, 0));
    assertNull(find(first, ends(ChildSelector.Kind.PROCESS, 101)));
    assertNull(find(first, ends(ChildSelector.Kind.GROUP, GROUP)));
    assertThrows(NoChildException.class, () -> find(first, ends(ChildSelector.Kind.PROCESS, 103)));
    ChildSelector stops =
        new ChildSelector(
            ChildSelector.Made.BY_FORK, ChildSelector.Kind.ANY, 0, false, true, false, false);
    assertNull(find(first, stops));
    tree.stopped(one, Signal.SIGTSTP);
    assertEquals(Signal.SIGTSTP << 8 | 0x7f, find(first, stops).waitStatus());
    assertNotNull(find(first, ends(ChildSelector.Kind.GROUP, 102)));
  }

  @Test
  void whoIgnoresItsChildrenNeedNotWaitForThem() {
    first.signals.action(Signal.SIGCHLD, new SignalAction(SignalAction.IGNORE, 0, 0));
    ProcessNode child = child(first, 101);
    tree.ended(child, exited(child, 0));
    assertFalse(tree.has(101));
    assertTrue(tree.isSingle());
    assertThrows(NoChildException.class, () -> find(first, ends(ChildSelector.Kind.ANY, 0)));
  }

  @Test
  void orphansBelongToInitAndVanishAtTheirEnd() {
    ProcessNode middle = child(first, 101);
    ProcessNode leaf = child(middle, 102);
    ProcessNode zombie = child(middle, 103);
    tree.signalAtParentsEnd(leaf, Signal.SIGTERM);
    tree.ended(zombie, exited(zombie, 0));
    assertTrue(tree.has(103));
    assertEquals(101, tree.parentOf(leaf));
    tree.ended(middle, exited(middle, 0));
    assertFalse(tree.has(103));
    assertEquals(1, tree.parentOf(leaf));
    assertEquals(List.of(Signal.SIGTERM), waiting(leaf));
    tree.ended(leaf, exited(leaf, 0));
    assertFalse(tree.has(102));
    assertEquals(70, tree.parentOf(first));
  }

  @Test
  void groupsAreMadeAsSetpgidSays() {
    ProcessNode one = child(first, 101);
    ProcessNode two = child(first, 102);
    ProcessNode leaf = child(one, 103);
    assertEquals(GROUP, tree.groupOf(101));
    assertEquals(-Errno.EPERM, tree.moveToGroup(first, 101, 555));
    assertEquals(0, tree.moveToGroup(first, 101, 0));
    assertEquals(0, tree.moveToGroup(two, 102, 101));
    assertEquals(-Errno.ESRCH, tree.moveToGroup(first, 103, 101));
    assertEquals(-Errno.EINVAL, tree.moveToGroup(first, 102, -1));
    tree.executed(two);
    assertEquals(-Errno.EACCES, tree.moveToGroup(first, 102, 102));
    assertEquals(103, tree.startSession(leaf));
    assertEquals(-Errno.EPERM, tree.startSession(leaf));
    assertEquals(-Errno.EPERM, tree.moveToGroup(one, 103, 101));
    assertEquals(103, tree.sessionOf(103));
    assertTrue(tree.hasOwnGroup(101));
    assertFalse(tree.hasOwnGroup(GROUP));
  }

  @Test
  void aSignalReachesTheMembersOfAGroup() {
    ProcessNode one = child(first, 101);
    ProcessNode two = child(first, 102);
    tree.moveToGroup(first, 101, 101);
    SignalInfo info = SignalInfo.sent(Signal.SIGHUP, SignalInfo.SI_USER, 1, 0);
    assertEquals(1, tree.sendToGroup(101, info, null));
    assertEquals(List.of(Signal.SIGHUP), waiting(one));
    assertEquals(List.of(), waiting(two));
    assertEquals(2, tree.sendToGroup(0, info, one));
    assertTrue(tree.send(102, null));
    assertFalse(tree.send(199, info));
  }

  // ---- Signals from the host ----

  private final ArrayDeque<SignalInfo> arrived = new ArrayDeque<>();
  private final TimerOwners timers = new TimerOwners();
  private final SignalRouter router =
      new SignalRouter(
          new HostSignals() {
            @Override
            public boolean listen(int signal) {
              return true;
            }

            @Override
            public long ignoredAtStart() {
              return 0;
            }

            @Override
            public SignalInfo take() {
              return arrived.poll();
            }
          },
          tree,
          timers);

  private static SignalInfo fromTerminal(int signal) {
    return new SignalInfo(signal, 0, SignalInfo.SI_KERNEL, 0, 0, 0, 0);
  }

  @Test
  void theTerminalsSignalsGoToItsForegroundGroup() {
    ProcessNode one = child(first, 101);
    ProcessNode job = child(first, 102);
    tree.moveToGroup(first, 102, 102);
    arrived.add(fromTerminal(Signal.SIGINT));
    assertEquals(Signal.SIGINT, router.take().signal());
    assertEquals(List.of(Signal.SIGINT), waiting(one));
    assertEquals(List.of(), waiting(job));
    tree.foreground(102);
    arrived.add(fromTerminal(Signal.SIGQUIT));
    assertNull(router.take());
    assertEquals(List.of(Signal.SIGQUIT), waiting(job));
    tree.ended(job, exited(job, 0));
    arrived.add(fromTerminal(Signal.SIGHUP));
    assertNull(router.take()); // The group lives on in what its parent has not waited for.
    assertEquals(102, tree.foreground());
  }

  @Test
  void aTimersSignalGoesToWhoMadeTheTimer() {
    ProcessNode child = child(first, 101);
    timers.add(5, child, true);
    timers.add(6, first, false);
    arrived.add(new SignalInfo(Signal.SIGALRM, 0, SignalInfo.SI_TIMER, 5, 0, 0, 0));
    arrived.add(new SignalInfo(Signal.SIGALRM, 0, SignalInfo.SI_TIMER, 6, 0, 0, 0));
    SignalInfo own = router.take();
    assertEquals(6, own.pid());
    assertEquals(List.of(Signal.SIGALRM), waiting(child));
    assertEquals(SignalInfo.SI_KERNEL, child.signals.accept(ALL).code());
    assertEquals(List.of(5), timers.removeAll(child, true));
    assertEquals(List.of(6), timers.removeAll(first, false));
  }

  @Test
  void whatIsSentToAnEndedFirstProcessGoesToTheOthers() {
    ProcessNode child = child(first, 101);
    tree.ended(first, exited(first, 0));
    assertFalse(tree.isEmpty());
    arrived.add(SignalInfo.sent(Signal.SIGTERM, SignalInfo.SI_USER, 1, 0));
    assertNull(router.take());
    assertEquals(List.of(Signal.SIGTERM), waiting(child));
    tree.ended(child, exited(child, 0));
    assertTrue(tree.isEmpty());
  }

  @Test
  void anEndIsAskedForFromOutsideOnly() {
    SignalInfo own = SignalInfo.sent(Signal.SIGTERM, SignalInfo.SI_USER, FIRST, 0);
    SignalInfo killed = SignalInfo.sent(Signal.SIGTERM, SignalInfo.SI_USER, 1, 0);
    arrived.add(own);
    assertEquals(own, router.take());
    assertEquals(0, tree.requestOf(own));
    arrived.add(killed);
    router.take();
    assertEquals(Signal.SIGTERM, tree.requestOf(killed));
    assertEquals(Signal.SIGTERM, tree.requestOf(null)); // A handler exits.
    assertEquals(0, tree.requestOf(fromTerminal(Signal.SIGINT)));
    arrived.add(fromTerminal(Signal.SIGINT));
    router.take();
    assertEquals(Signal.SIGINT, tree.requestOf(fromTerminal(Signal.SIGINT)));
    assertEquals(0, tree.requestOf(SignalInfo.fault(Signal.SIGSEGV, 1, 0)));
  }

  @Test
  void theOthersAreToldOfARequestOnce() {
    ProcessNode child = child(first, 101);
    arrived.add(SignalInfo.sent(Signal.SIGTERM, SignalInfo.SI_USER, 1, 0));
    arrived.add(fromTerminal(Signal.SIGINT));
    router.take();
    assertEquals(List.of(), waiting(child));
    router.take();
    child.signals.accept(ALL);
    tree.ended(first, exited(first, 0));
    tree.requestEnd(Signal.SIGINT);
    assertEquals(List.of(), waiting(child));
    tree.requestEnd(Signal.SIGTERM);
    assertEquals(List.of(Signal.SIGTERM), waiting(child));
  }
}
