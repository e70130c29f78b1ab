package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.tree.ChildChange;
import dev.isomorph.processvm.tree.ProcessTree;
import dev.isomorph.processvm.tree.ProcessorTime;

/**
 * Calls about a process and its relatives: ids, groups, sessions, waiting, and processor time. The
 * host knows the first process only.
 */
final class FamilyCalls implements CallGroup {
  private static final int RUSAGE_SELF = 0;
  private static final int RUSAGE_CHILDREN = -1;
  private static final int RUSAGE_THREAD = 1;

  // struct rusage: two struct timeval and 14 longs; struct tms: four clock_t.
  private static final int RUSAGE_BYTES = 144;
  private static final int TMS_BYTES = 32;
  private static final int MICROS_PER_TICK = 10_000;
  private static final int MICROS_PER_SECOND = 1_000_000;

  private final Guest guest;
  private final Family family;
  private final ProcessTree tree;
  private final ChildWait children;

  FamilyCalls(Guest guest) {
    this.guest = guest;
    this.family = guest.process.family;
    this.tree = family.tree();
    this.children = new ChildWait(guest);
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case GETPID -> guest.pid;
      case GETPPID -> tree.parentOf(family.self());
      case GETPGID -> groupOrSession(call, (int) a[0]);
      case GETSID -> groupOrSession(call, (int) a[0]);
      case SETPGID -> setGroup((int) a[0], (int) a[1]);
      case SETSID -> setSession();
      case WAIT4 -> children.wait4((int) a[0], a[1], (int) a[2], a[3]);
      case WAITID -> children.waitid((int) a[0], (int) a[1], a[2], (int) a[3], a[4]);
      case GETRUSAGE -> resourceUsage((int) a[0], a[1]);
      case TIMES -> times(a[0]);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private long groupOrSession(Syscall call, int id) {
    int process = id == 0 ? guest.pid : id;
    int known = call == Syscall.GETSID ? tree.sessionOf(process) : tree.groupOf(process);
    return known != -Errno.ESRCH ? known : guest.kernel.call(call, process);
  }

  private long setGroup(int id, int group) {
    int process = id == 0 ? guest.pid : id;
    if (process != tree.first().pid()) {
      return tree.moveToGroup(family.self(), process, group);
    }
    return family.isFirst() ? followHost(Syscall.SETPGID, 0, group) : -Errno.ESRCH;
  }

  private long setSession() {
    return family.isFirst() ? followHost(Syscall.SETSID, 0, 0) : tree.startSession(family.self());
  }

  /** Makes a call for the first process and looks where that has taken it. */
  private long followHost(Syscall call, long first, long second) {
    long result = guest.kernel.call(call, first, second);
    int group = (int) guest.kernel.call(Syscall.GETPGID, 0);
    tree.movedFirst(group, (int) guest.kernel.call(Syscall.GETSID, 0));
    return result;
  }

  private long resourceUsage(int whose, long pointer) {
    if (whose == RUSAGE_CHILDREN) {
      long usage = guest.scratch.zeroed(RUSAGE_BYTES);
      fill(usage, family.self().childrenTime());
      guest.memory.copyOut(usage, pointer, RUSAGE_BYTES);
      return 0;
    }
    int which = whose == RUSAGE_SELF && !family.isFirst() ? RUSAGE_THREAD : whose;
    return guest.kernel.call(Syscall.GETRUSAGE, which, guest.memory.pass(pointer, RUSAGE_BYTES));
  }

  /** Writes the two times with which a struct rusage begins. */
  static void fill(long usage, ProcessorTime time) {
    HostMemory.putLong(usage, time.user() / MICROS_PER_SECOND);
    HostMemory.putLong(usage + 8, time.user() % MICROS_PER_SECOND);
    HostMemory.putLong(usage + 16, time.system() / MICROS_PER_SECOND);
    HostMemory.putLong(usage + 24, time.system() % MICROS_PER_SECOND);
  }

  private long times(long pointer) {
    long buffer = guest.scratch.zeroed(TMS_BYTES);
    long result = guest.kernel.call(Syscall.TIMES, buffer);
    if (!family.isFirst()) {
      ProcessorTime own = threadTime(guest);
      put(buffer, own);
    }
    put(buffer + 16, family.self().childrenTime());
    if (pointer != 0) {
      guest.memory.copyOut(buffer, pointer, TMS_BYTES);
    }
    return result;
  }

  private static void put(long ticks, ProcessorTime time) {
    HostMemory.putLong(ticks, time.user() / MICROS_PER_TICK);
    HostMemory.putLong(ticks + 8, time.system() / MICROS_PER_TICK);
  }

  /** The processor time of the host's thread that runs the guest's. */
  static ProcessorTime threadTime(Guest guest) {
    long usage = guest.scratch.zeroed(RUSAGE_BYTES);
    guest.kernel.call(Syscall.GETRUSAGE, RUSAGE_THREAD, usage);
    ProcessorTime time = new ProcessorTime();
    time.add(
        HostMemory.getLong(usage) * MICROS_PER_SECOND + HostMemory.getLong(usage + 8),
        HostMemory.getLong(usage + 16) * MICROS_PER_SECOND + HostMemory.getLong(usage + 24));
    return time;
  }

  /** How the process's parent learns of its end. */
  static ChildChange changeAt(Guest guest, ProcessEnd end) {
    int uid = (int) guest.kernel.call(Syscall.GETUID, 0);
    ProcessorTime time = threadTime(guest);
    time.add(guest.process.family.self().childrenTime());
    return end.signal() == null
        ? new ChildChange(guest.pid, uid, ChildChange.Kind.EXITED, end.status(), time)
        : new ChildChange(guest.pid, uid, ChildChange.Kind.KILLED, end.signal().signal(), time);
  }
}
