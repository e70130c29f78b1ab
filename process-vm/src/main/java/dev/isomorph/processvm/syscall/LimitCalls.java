package dev.isomorph.processvm.syscall;

/** getrlimit(2), setrlimit(2) and prlimit(2); for the process itself by {@link ResourceLimits}. */
final class LimitCalls implements CallGroup {
  private final Guest guest;

  LimitCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case GETRLIMIT -> own((int) a[0], 0, a[1], true);
      case SETRLIMIT -> own((int) a[0], a[1], 0, false);
      case PRLIMIT64 -> {
        int pid = (int) a[0];
        yield pid == 0 || pid == guest.pid
            ? own((int) a[1], a[2], a[3], a[3] != 0)
            : guest.kernel.call(
                call, pid, (int) a[1], guest.memory.pass(a[2], 16), guest.memory.pass(a[3], 16));
      }
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private long own(int resource, long newLimit, long oldLimit, boolean wantsOld) {
    long wanted = guest.scratch.take(ResourceLimits.BYTES);
    if (newLimit != 0) {
      guest.memory.copyIn(newLimit, wanted, ResourceLimits.BYTES);
    }
    long old = guest.scratch.take(ResourceLimits.BYTES);
    long result = guest.limits.get(resource, old);
    if (result == 0 && newLimit != 0) {
      result = guest.limits.set(resource, wanted);
    }
    if (result == 0 && wantsOld) {
      guest.memory.copyOut(old, oldLimit, ResourceLimits.BYTES);
    }
    return result;
  }
}
