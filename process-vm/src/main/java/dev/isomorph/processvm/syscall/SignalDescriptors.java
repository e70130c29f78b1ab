package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;
import dev.isomorph.processvm.signal.SignalTaker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Descriptors of signalfd(2). Each is one end of a pair of sockets, into the other end of which
 * goes what the guest is to read. Signals are taken from there again as long as they are unread, as
 * they still wait for the process.
 */
final class SignalDescriptors implements SignalTaker {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;
  private static final int F_SETFD = 2;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int STAT_BYTES = 144; // struct stat of x86-64
  private static final int STAT_INODE = 8;
  private static final int FD_CLOEXEC = 1;

  /** struct signalfd_siginfo. */
  private static final int RECORD = 128;

  private static final class Reader {
    final int host;
    final int writer;
    final long inode;

    /**
     * Another descriptor for the guest's end, which the guest cannot close; -1 once it has closed
     * the first of its own. From then on the writer finds out whether there are others.
     */
    int own;

    volatile long mask;

    Reader(int host, int own, int writer, long inode) {
      this.host = host;
      this.own = own;
      this.writer = writer;
      this.inode = inode;
    }
  }

  private final HostKernel kernel;

  /** Threads of the guest use them without a lock, which might be needed the other way round. */
  private final List<Reader> readers = new CopyOnWriteArrayList<>();

  private final long record = HostMemory.allocate(RECORD);
  private final long stat = HostMemory.allocate(STAT_BYTES);

  SignalDescriptors(HostKernel kernel) {
    this.kernel = kernel;
  }

  /** signalfd4(2): opens a descriptor, or gives the open {@code descriptor} another set. */
  long open(Guest guest, int descriptor, long set, long setSize, int flags) {
    SignalCalls.checkSetSize(setSize);
    long mask = guest.memory.getLong(set) & ~kept();
    if ((flags & ~(FileCalls.O_CLOEXEC | O_NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    if (descriptor != -1) {
      return change(guest, descriptor, mask);
    }
    if (guest.fds.lowestFree() < 0) {
      return -Errno.EMFILE;
    }
    long pair = guest.scratch.take(8);
    long result = kernel.call(Syscall.SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, pair);
    if (result < 0) {
      return result;
    }
    int host = HostMemory.getInt(pair);
    int writer = HostMemory.getInt(pair + 4);
    kernel.call(Syscall.FCNTL, writer, F_SETFD, FD_CLOEXEC, 0);
    kernel.call(Syscall.FCNTL, host, F_SETFL, flags & O_NONBLOCK, 0);
    if ((flags & FileCalls.O_CLOEXEC) != 0) {
      kernel.call(Syscall.FCNTL, host, F_SETFD, FD_CLOEXEC, 0);
    }
    long opened = guest.install(host);
    if (opened < 0) {
      kernel.call(Syscall.CLOSE, writer);
      return opened;
    }
    int own = (int) kernel.call(Syscall.FCNTL, host, F_DUPFD_CLOEXEC, 0, 0);
    Reader reader = new Reader(host, own, writer, inode(host));
    reader.mask = mask;
    readers.add(reader);
    guest.signals.blockedTo(this);
    return opened;
  }

  private static long kept() {
    return Signal.bit(Signal.SIGKILL) | Signal.bit(Signal.SIGSTOP);
  }

  private long change(Guest guest, int descriptor, long mask) {
    int host = guest.fds.host(descriptor);
    if (host < 0) {
      return host;
    }
    for (Reader reader : readers) {
      if (reader.host == host) {
        reader.mask = mask;
        guest.signals.blockedTo(this);
        return descriptor;
      }
    }
    return -Errno.EINVAL;
  }

  private synchronized long inode(int host) {
    return kernel.call(Syscall.FSTAT, host, stat) < 0 ? 0 : HostMemory.getLong(stat + STAT_INODE);
  }

  @Override
  public long wanted() {
    long wanted = 0;
    for (Reader reader : readers) {
      wanted |= reader.mask;
    }
    return wanted;
  }

  @Override
  public boolean take(SignalInfo info) {
    for (Reader reader : readers) {
      if ((reader.mask & Signal.bit(info.signal())) != 0) {
        if (write(reader, info)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public synchronized SignalInfo giveBack() {
    for (Reader reader : readers) {
      long received =
          reader.own < 0
              ? -Errno.EBADF
              : kernel.call(Syscall.RECVFROM, reader.own, record, RECORD, MSG_DONTWAIT, 0, 0);
      if (received == RECORD) {
        return parse();
      }
      if (reader.own >= 0 && inode(reader.host) != reader.inode) {
        kernel.call(Syscall.CLOSE, reader.own);
        reader.own = -1;
      }
    }
    return null;
  }

  /**
   * Hands a signal over; if no descriptor for the other end is open any more, forgets the reader.
   */
  private synchronized boolean write(Reader reader, SignalInfo info) {
    fill(info);
    long result =
        kernel.call(
            Syscall.SENDTO, reader.writer, record, RECORD, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
    if (result == -Errno.EPIPE) {
      kernel.call(Syscall.CLOSE, reader.writer);
      readers.remove(reader);
    }
    return result == RECORD;
  }

  private void fill(SignalInfo info) {
    HostMemory.fill(record, RECORD, (byte) 0);
    HostMemory.putInt(record, info.signal());
    HostMemory.putInt(record + 4, info.errno());
    HostMemory.putInt(record + 8, info.code());
    if (info.code() == SignalInfo.SI_TIMER) {
      HostMemory.putInt(record + 24, info.pid());
      HostMemory.putInt(record + 32, info.uid());
    } else {
      HostMemory.putInt(record + 12, info.pid());
      HostMemory.putInt(record + 16, info.uid());
    }
    if (info.signal() == Signal.SIGCHLD && info.code() > 0) {
      HostMemory.putInt(record + 40, (int) info.word1());
      HostMemory.putLong(record + 56, info.word2());
      HostMemory.putLong(record + 64, info.word3());
    } else {
      HostMemory.putInt(record + 44, (int) info.word1());
      HostMemory.putLong(record + 48, info.word1());
    }
  }

  /** What {@link #fill} has written. */
  private SignalInfo parse() {
    int signal = HostMemory.getInt(record);
    int code = HostMemory.getInt(record + 8);
    int sender = code == SignalInfo.SI_TIMER ? 24 : 12;
    int owner = code == SignalInfo.SI_TIMER ? 32 : 16;
    boolean ofChild = signal == Signal.SIGCHLD && code > 0;
    return new SignalInfo(
        signal,
        HostMemory.getInt(record + 4),
        code,
        HostMemory.getInt(record + sender) & 0xffff_ffffL
            | (long) HostMemory.getInt(record + owner) << 32,
        ofChild ? HostMemory.getInt(record + 40) : HostMemory.getLong(record + 48),
        ofChild ? HostMemory.getLong(record + 56) : 0,
        ofChild ? HostMemory.getLong(record + 64) : 0);
  }
}
