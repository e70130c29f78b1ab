package dev.isomorph.processvm.syscall;

/** semctl(2), whose struct semid_ds differs (System V semaphores). */
final class IpcCalls implements CallGroup {
  private static final int IPC_SET = 1;
  private static final int IPC_STAT = 2;
  private static final int IPC_INFO = 3;
  private static final int GETALL = 13;
  private static final int SETVAL = 16;
  private static final int SETALL = 17;
  private static final int SEM_STAT = 18;
  private static final int SEM_INFO = 19;
  private static final int SEM_STAT_ANY = 20;

  private final Guest guest;

  IpcCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    int id = (int) a[0];
    int number = (int) a[1];
    int command = (int) a[2];
    return switch (command) {
      case IPC_STAT, SEM_STAT, SEM_STAT_ANY -> {
        long host = guest.scratch.zeroed(StructLayout.SEMID_DS.hostSize);
        long result = guest.kernel.call(call, id, number, command, host);
        if (result >= 0) {
          int size = StructLayout.SEMID_DS.guestSize;
          StructLayout.SEMID_DS.toGuest(host, guest.memory.writable(a[3], size));
        }
        yield result;
      }
      case IPC_SET -> {
        long host = guest.scratch.take(StructLayout.SEMID_DS.hostSize);
        long from = guest.memory.readable(a[3], StructLayout.SEMID_DS.guestSize);
        StructLayout.SEMID_DS.toHost(from, host);
        yield guest.kernel.call(call, id, number, command, host);
      }
      case IPC_INFO, SEM_INFO, GETALL, SETALL ->
          guest.kernel.call(call, id, number, command, guest.memory.pass(a[3], 0));
      case SETVAL -> guest.kernel.call(call, id, number, command, (int) a[3]);
      default -> guest.kernel.call(call, id, number, command, a[3]);
    };
  }
}
