package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** Calls about the process itself. */
final class ProcessCalls implements CallGroup {
  private static final int UTSNAME_BYTES = 390;
  private static final int MACHINE = 260;
  private static final long FLUSH_LOCAL = 1;
  private static final long PERSONALITY_QUERY = 0xffff_ffffL;

  private final Guest guest;
  private final FutexCall futex;
  private final HardwareProbe probe;

  ProcessCalls(Guest guest) {
    this.guest = guest;
    this.futex = new FutexCall(guest);
    this.probe = new HardwareProbe(guest);
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case UNAME -> uname(call, a[0]);
      case PERSONALITY -> {
        long old = guest.personality;
        if ((a[0] & 0xffff_ffffL) != PERSONALITY_QUERY) {
          guest.personality = a[0] & 0xffff_ffffL;
        }
        yield old;
      }
      case PRCTL -> ProcessControl.call(guest, (int) a[0], a);
      case FUTEX -> futex.call(a);
      case RISCV_HWPROBE -> probe.call(a[0], a[1], a[2], a[3], (int) a[4]);
      case RISCV_FLUSH_ICACHE -> {
        if ((a[2] & ~FLUSH_LOCAL) != 0) {
          yield -Errno.EINVAL;
        }
        guest.code.changed(a[0], a[1]);
        yield 0;
      }
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private long uname(Syscall call, long pointer) {
    long host = guest.scratch.zeroed(UTSNAME_BYTES);
    guest.kernel.call(call, host);
    HostMemory.copy(guest.scratch.string("riscv64"), host + MACHINE, "riscv64".length() + 1);
    guest.memory.copyOut(host, pointer, UTSNAME_BYTES);
    return 0;
  }
}
