package dev.isomorph.processvm.syscall;

import dev.isomorph.decoder.Registers;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.signal.Alarm;
import dev.isomorph.processvm.signal.GuestRegisters;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.tree.ChildSignals;
import dev.isomorph.processvm.tree.ProcessNode;

/**
 * The step from one guest thread to another that it makes, in its process or as a process of its
 * own (clone(2)): the creator waits until the new one has its id.
 */
final class Descent {
  private static final int INSTRUCTION_BYTES = 4;

  private final Guest creator;
  private final CloneRequest request;
  private int tid;

  Descent(Guest creator, CloneRequest request) {
    this.creator = creator;
    this.request = request;
  }

  /** Makes a thread; returns its id or a negative errno. */
  long makeThread() {
    return creator.process.host.startThread(creator.registers, this::thread)
        ? awaitTid()
        : -Errno.EAGAIN;
  }

  /** Makes a process; returns its id or a negative errno. */
  long makeProcess() {
    MemoryLoan loan =
        request.has(CloneRequest.CLONE_VFORK) ? new MemoryLoan(creator.signals) : null;
    int result =
        creator.process.host.startProcess(
            creator.registers,
            request.has(CloneRequest.CLONE_VM),
            (registers, pollFlag, alarm, home) -> process(registers, pollFlag, alarm, home, loan));
    if (result != 0) {
      return result;
    }
    int pid = awaitTid();
    if (loan != null) {
      loan.await(creator);
    }
    return pid;
  }

  private SystemCalls thread(GuestRegisters registers, long pollFlag, Alarm alarm) {
    Guest child = new Guest(creator, creator.signals.newThread(alarm), pollFlag);
    start(child, registers);
    return new SystemCalls(child);
  }

  private SystemCalls process(
      GuestRegisters registers,
      long pollFlag,
      Alarm alarm,
      ProcessHost.Home home,
      MemoryLoan loan) {
    Family family = creator.process.family;
    int pid = (int) creator.kernel.call(Syscall.GETTID, 0);
    ProcessNode node = family.tree().add(family.self(), pid, request.exitSignal());
    SharedState state = creator.process.forked(home, family.with(node));
    state.loan = loan;
    GuestSignals signals =
        creator.signals.newProcess(home.memory(), new ChildSignals(family.host()), alarm);
    Guest child = Guest.main(state, signals, pollFlag);
    child.personality = creator.personality;
    SystemCalls calls = new SystemCalls(child);
    start(child, registers);
    return calls;
  }

  private void start(Guest child, GuestRegisters registers) {
    registers.x(Registers.A0, 0);
    registers.pc(registers.pc() + INSTRUCTION_BYTES);
    if (request.stack() != 0) {
      registers.x(Registers.SP, request.stack());
    }
    if (request.has(CloneRequest.CLONE_SETTLS)) {
      registers.x(Registers.TP, request.tls());
    }
    if (request.has(CloneRequest.CLONE_CHILD_CLEARTID)) {
      child.clearChildTid = request.childTid();
    }
    if (request.has(CloneRequest.CLONE_PARENT_SETTID)) {
      store(creator.space, request.parentTid(), child.tid);
    }
    if (request.has(CloneRequest.CLONE_CHILD_SETTID)) {
      store(child.space, request.childTid(), child.tid);
    }
    announce(child.tid);
  }

  /** As in the kernel, memory that cannot be written is no reason to fail. */
  private static void store(AddressSpace space, long pointer, int tid) {
    if (space.writable(pointer, Integer.BYTES)) {
      HostMemory.putIntVolatile(space.hostAddress(pointer), tid);
    }
  }

  private synchronized void announce(int id) {
    tid = id;
    notifyAll();
  }

  private synchronized int awaitTid() {
    while (tid == 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody interrupts threads that run guest code; the condition is tested again.
      }
    }
    return tid;
  }
}
