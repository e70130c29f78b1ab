package dev.isomorph.processvm.syscall;

import static dev.isomorph.processvm.syscall.CallFixture.AT_FDCWD;
import static dev.isomorph.processvm.syscall.CallFixture.NOWHERE;
import static dev.isomorph.processvm.syscall.CallFixture.READ_ONLY;
import static dev.isomorph.processvm.syscall.CallFixture.ROOM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalAction;
import dev.isomorph.processvm.signal.SignalInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemCallsTest {
  private static final int O_RDWR_CREAT = 0x42;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_DUPFD = 0;
  private static final int F_GETFD = 1;
  private static final int SIGUSR1 = 10;

  @TempDir Path folder;
  private final CallFixture guest = new CallFixture();

  /** The descriptor the next call that opens something has to give. */
  private long first;

  @BeforeEach
  void findFirst() {
    first = open("/dev/null");
    assertEquals(0, guest.call(Syscall.CLOSE, first));
  }

  @AfterEach
  void close() {
    guest.call(Syscall.CLOSE_RANGE, first, 0xffff_ffffL, 0);
    guest.close();
  }

  private long open(String path) {
    return guest.call(Syscall.OPENAT, AT_FDCWD, guest.string(path), O_RDWR_CREAT, 0600);
  }

  private long openFile() {
    return open(folder.resolve("file").toString());
  }

  // ---- The ways of calls ----

  @Test
  void aCallGoesOnAfterTheEcall() {
    long before = guest.registers.pc();
    assertEquals(ProcessHandle.current().pid(), guest.call(Syscall.GETPID));
    assertEquals(before + 4, guest.registers.pc());
    assertEquals(ProcessHandle.current().pid(), guest.call(Syscall.GETTID));
  }

  @Test
  void unknownCallsAreNotImplemented() {
    assertEquals(-Errno.ENOSYS, guest.callNumber(9999));
    assertEquals(-Errno.ENOSYS, guest.callNumber(-1));
    assertEquals(-Errno.ENOSYS, guest.callNumber(1L << 40 | 172));
    assertEquals(-Errno.ENOSYS, guest.call(Syscall.CLONE, 17));
    assertEquals(-Errno.EPERM, guest.call(Syscall.REBOOT));
  }

  /**
   * Whether a call can be made with any arguments: its own code is here rather than in the host's
   * kernel, and it does not end or change the test's own process, nor wait for ever.
   */
  private static boolean takesAnything(Syscall call) {
    return switch (call.group) {
      case FILES, VECTORS, EPOLLS, SOCKETS, TIME, IOCTLS -> call != Syscall.CLOSE_RANGE;
      case PROCESS -> call != Syscall.EXIT && call != Syscall.EXIT_GROUP && call != Syscall.PRCTL;
      case SIGNALS ->
          switch (call) {
            case RT_SIGACTION, RT_SIGPROCMASK, RT_SIGPENDING, SIGALTSTACK -> true;
            default -> false;
          };
      default -> false;
    };
  }

  @Test
  void wildArgumentsDoNoHarm() {
    long[] wild = {0, -1, 8, NOWHERE, 1L << 38, Long.MIN_VALUE, READ_ONLY, 0x7fff_ffffL};
    for (Syscall call : Syscall.values()) {
      for (int i = 0; takesAnything(call) && i < wild.length * wild.length; i++) {
        long[] arguments = new long[6];
        for (int j = 0; j < 6; j++) {
          boolean isDescriptor = j < call.arguments.length && call.arguments[j].kind == Arg.Kind.FD;
          arguments[j] = isDescriptor ? 999 : wild[(i + j * (i / wild.length)) % wild.length];
        }
        guest.call(call, arguments);
        assertNull(guest.calls.end(), call.name());
      }
    }
  }

  @Test
  void badPointersFault() {
    long file = openFile();
    assertEquals(-Errno.EFAULT, guest.call(Syscall.WRITE, file, NOWHERE, 4));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.WRITE, file, 1L << 38, 4));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.WRITE, file, -8, 4));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.WRITE, file, ROOM, -1));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.READ, 0, ROOM, Long.MIN_VALUE));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.OPENAT, AT_FDCWD, NOWHERE, 0, 0));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.OPENAT, AT_FDCWD, 0, 0, 0));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.FSTAT, file, READ_ONLY));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.FSTAT, file, NOWHERE));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.PIPE2, NOWHERE, 0));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.UNAME, READ_ONLY));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.NANOSLEEP, NOWHERE, 0));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.FUTEX, 1L << 38, 0, 0, 0, 0, 0));
    assertEquals(file + 1, open("/dev/null"), "the failed pipe left no descriptors");
  }

  // ---- Descriptors ----

  @Test
  void descriptorsAreTheLowestFree() {
    long a = openFile();
    assertEquals(first, a);
    assertEquals(first + 1, guest.call(Syscall.DUP, a));
    assertEquals(first + 20, guest.call(Syscall.FCNTL, a, F_DUPFD, first + 20));
    assertEquals(0, guest.call(Syscall.CLOSE, a));
    assertEquals(-Errno.EBADF, guest.call(Syscall.CLOSE, a));
    long pair = guest.room(8);
    assertEquals(0, guest.call(Syscall.PIPE2, pair, O_CLOEXEC));
    assertEquals(first, guest.getInt(pair));
    assertEquals(first + 2, guest.getInt(pair + 4));
    assertEquals(1, guest.call(Syscall.FCNTL, first, F_GETFD));
    assertEquals(first + 20, guest.call(Syscall.DUP3, first, first + 20, 0));
    assertEquals(0, guest.call(Syscall.FCNTL, first + 20, F_GETFD));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.DUP3, first, first, 0));
    assertEquals(-Errno.EBADF, guest.call(Syscall.DUP3, first + 50, first, 0));
  }

  @Test
  void theHostsOwnDescriptorsAreNotThere() {
    for (int i = (int) first; i < 300; i++) {
      assertEquals(-Errno.EBADF, guest.call(Syscall.FCNTL, i, F_GETFD));
      assertEquals(-Errno.EBADF, guest.call(Syscall.CLOSE, i));
    }
  }

  @Test
  void procSpeaksOfTheGuestsDescriptors() {
    long file = openFile();
    assertEquals(first + 9, guest.call(Syscall.FCNTL, file, F_DUPFD, first + 9));
    long room = guest.room(2048);
    String name = "/proc/self/fd/" + (first + 9);
    long length = guest.call(Syscall.READLINKAT, AT_FDCWD, guest.string(name), room, 2048);
    assertEquals(folder.resolve("file").toString(), guest.text(room, length));
    String missing = "/proc/self/fd/" + (first + 8);
    assertEquals(
        -Errno.ENOENT, guest.call(Syscall.READLINKAT, AT_FDCWD, guest.string(missing), room, 99));

    long listing = guest.call(Syscall.OPENAT, AT_FDCWD, guest.string("/proc/self/fd/"), 0, 0);
    length = guest.call(Syscall.GETDENTS64, listing, room, 2048);
    StringBuilder names = new StringBuilder();
    for (long at = room; at < room + length; at += guest.getInt(at + 16) & 0xffff) {
      long end = at + 19;
      while (HostMemory.getByte(guest.host(end)) != 0) {
        end++;
      }
      names.append(guest.text(at + 19, end - at - 19)).append(' ');
    }
    String text = names.toString();
    assertTrue(text.contains(" " + (first + 9) + " "), text);
    assertTrue(text.contains(" " + listing + " "), text);
    assertTrue(!text.contains(" " + (first + 8) + " "), text);
    assertTrue(guest.call(Syscall.OPENAT, listing, guest.string(first + 9 + ""), 0, 0) > 0);
  }

  @Test
  void limitOnDescriptorsHolds() {
    long limit = guest.longs(first + 2, first + 2);
    assertEquals(0, guest.call(Syscall.PRLIMIT64, 0, 7, limit, 0));
    assertEquals(first, openFile());
    assertEquals(first + 1, openFile());
    assertEquals(-Errno.EMFILE, openFile());
    assertEquals(-Errno.EFAULT, guest.call(Syscall.OPENAT, AT_FDCWD, 8, 0, 0));
    assertEquals(-Errno.ENOENT, guest.call(Syscall.OPENAT, AT_FDCWD, guest.string(""), 0, 0));
    assertEquals(-Errno.EBADF, guest.call(Syscall.DUP3, first, first + 2, 0));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.FCNTL, first, F_DUPFD, first + 2));
    long old = guest.room(16);
    assertEquals(0, guest.call(Syscall.PRLIMIT64, 0, 7, 0, old));
    assertEquals(first + 2, guest.getLong(old));
  }

  @Test
  void limitsThatWouldHitTheJvmAreKept() {
    long limit = guest.longs(1 << 20, 1L << 30);
    assertEquals(0, guest.call(Syscall.SETRLIMIT, 9, limit));
    long old = guest.room(16);
    assertEquals(0, guest.call(Syscall.GETRLIMIT, 9, old));
    assertEquals(1 << 20, guest.getLong(old));
    assertEquals(1 << 30, guest.getLong(old + 8));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.SETRLIMIT, 9, guest.longs(5, 4)));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.GETRLIMIT, 16, old));
  }

  @Test
  void limitOnMemoryHolds() {
    int page = 4096;
    int anonymous = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS
    long place = guest.call(Syscall.MMAP, 0, 2 * page, 3, anonymous, -1, 0);
    long end = guest.call(Syscall.BRK, 0);
    long limit = guest.space.mappedBytes() + page;
    assertEquals(0, guest.call(Syscall.SETRLIMIT, 9, guest.longs(limit, limit)));
    assertEquals(-Errno.ENOMEM, guest.call(Syscall.MMAP, 0, 2 * page, 3, anonymous, -1, 0));
    assertEquals(end, guest.call(Syscall.BRK, end + 2 * page));
    assertEquals(-Errno.ENOMEM, guest.call(Syscall.MREMAP, place, 2 * page, 4 * page, 1, 0));
    int fixed = anonymous | 0x10;
    assertEquals(place, guest.call(Syscall.MMAP, place, 2 * page, 3, fixed, -1, 0));
    assertTrue(guest.call(Syscall.MMAP, 0, page, 3, anonymous, -1, 0) > 0);
    assertEquals(-Errno.ENOMEM, guest.call(Syscall.MMAP, 0, 1, 3, anonymous, -1, 0));
    assertEquals(0, guest.call(Syscall.MUNMAP, place, 2 * page));
    assertEquals(place, guest.call(Syscall.MMAP, place, 2 * page, 3, fixed, -1, 0));
  }

  // ---- Files ----

  @Test
  void statusHasTheGuestsLayout() throws Exception {
    long file = openFile();
    assertEquals(5, guest.call(Syscall.WRITE, file, guest.string("hello"), 5));
    long stat = guest.room(128);
    assertEquals(0, guest.call(Syscall.FSTAT, file, stat));
    assertEquals(0100600, guest.getInt(stat + 16));
    assertEquals(1, guest.getInt(stat + 20));
    assertEquals(5, guest.getLong(stat + 48));
    long other = guest.room(128);
    long path = guest.string(folder.resolve("file").toString());
    assertEquals(0, guest.call(Syscall.NEWFSTATAT, AT_FDCWD, path, other, 0));
    assertEquals(guest.text(stat, 128), guest.text(other, 128));
    long empty = guest.string("");
    assertEquals(0, guest.call(Syscall.NEWFSTATAT, file, empty, other, 0x1000));
    assertEquals(guest.text(stat, 128), guest.text(other, 128));
    assertEquals("hello", Files.readString(folder.resolve("file")));
  }

  @Test
  void filesMadeUpForTheGuestCanBeRead() {
    long maps = guest.call(Syscall.OPENAT, AT_FDCWD, guest.string("/proc/self/maps"), 0, 0);
    assertEquals(first, maps);
    long room = guest.room(64);
    assertEquals(9, guest.call(Syscall.READ, maps, room, 64));
    assertEquals("the maps\n", guest.text(room, 9));
    String byPid = "/proc//" + ProcessHandle.current().pid() + "/./maps";
    maps = guest.call(Syscall.OPENAT, AT_FDCWD, guest.string(byPid), 0, 0);
    assertEquals(9, guest.call(Syscall.READ, maps, room, 64));
    long exe = guest.string("/proc/self/exe");
    assertEquals(14, guest.call(Syscall.READLINKAT, AT_FDCWD, exe, room, 64));
    assertEquals("/usr/bin/guest", guest.text(room, 14));
    assertEquals(4, guest.call(Syscall.READLINKAT, AT_FDCWD, exe, room, 4));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.READLINKAT, AT_FDCWD, exe, room, 0));
  }

  @Test
  void vectorsAreTranslated() {
    long file = openFile();
    long vector = guest.longs(guest.string("ab"), 2, NOWHERE, 0, guest.string("cde"), 3);
    assertEquals(5, guest.call(Syscall.WRITEV, file, vector, 3));
    long room = guest.room(64);
    long target = guest.longs(room, 1, room + 32, 10);
    assertEquals(5, guest.call(Syscall.PREADV, file, target, 2, 0, 0));
    assertEquals("a", guest.text(room, 1));
    assertEquals("bcde", guest.text(room + 32, 4));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.READV, file, target, 1025));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.READV, file, target, -1));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.READV, file, guest.longs(room, -1), 1));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.READV, file, NOWHERE, 1));
    assertEquals(0, guest.call(Syscall.READV, file, NOWHERE, 0));
  }

  @Test
  void endOfMappedFileIsAFaultNotTheEndOfTheJvm() {
    long file = openFile();
    assertEquals(0, guest.call(Syscall.FTRUNCATE, file, 8192));
    long mapped = guest.call(Syscall.MMAP, 0, 8192, 3, 1, file, 0);
    assertEquals(0, guest.call(Syscall.FTRUNCATE, file, 0));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.OPENAT, AT_FDCWD, mapped, 0, 0));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.FSTAT, file, mapped + 4096));
  }

  /** As between a system call's look at the map and its access. */
  @Test
  void whatAnotherThreadHasProtectedMeanwhileIsAFaultNotTheEndOfTheJvm() {
    long mapped = guest.call(Syscall.MMAP, 0, 4096, 3, 0x22, -1, 0);
    long host = guest.space.windowBase() + mapped;
    HostCalls.syscall(HostLinux.MPROTECT, host, 4096, 0, 0, 0, 0);
    assertEquals(-Errno.EFAULT, guest.call(Syscall.OPENAT, AT_FDCWD, mapped, 0, 0));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.FSTAT, openFile(), mapped));
    assertEquals(-Errno.EFAULT, guest.call(Syscall.UNAME, mapped));
  }

  // ---- Waiting ----

  @Test
  void pollAndSelectAndEpollSpeakOfTheGuestsDescriptors() {
    assertEquals(first, openFile()); // So that numbers of guest and host differ for sure.
    long pair = guest.room(8);
    guest.call(Syscall.PIPE2, pair, 0);
    int reader = guest.getInt(pair);
    int writer = guest.getInt(pair + 4);
    guest.call(Syscall.WRITE, writer, guest.string("x"), 1);
    long polled = guest.longs(reader | 1L << 32, writer | 4L << 32, 99 | 1L << 32, 0xffff_ffffL);
    assertEquals(3, guest.call(Syscall.PPOLL, polled, 4, 0, 0, 8));
    assertEquals(reader, guest.getInt(polled));
    assertEquals(0x0001_0001, guest.getInt(polled + 4));
    assertEquals(0x0004_0004, guest.getInt(polled + 12));
    assertEquals(0x0020_0001, guest.getInt(polled + 20));

    long readers = guest.longs(1L << reader | 1L << writer);
    long writers = guest.longs(1L << writer);
    long none = guest.longs(0, 0);
    assertEquals(2, guest.call(Syscall.PSELECT6, writer + 1, readers, writers, 0, none, 0));
    assertEquals(1L << reader, guest.getLong(readers));
    assertEquals(1L << writer, guest.getLong(writers));
    long closed = guest.longs(1L << 50);
    assertEquals(-Errno.EBADF, guest.call(Syscall.PSELECT6, 51, closed, 0, 0, none, 0));

    long epoll = guest.call(Syscall.EPOLL_CREATE1, 0);
    long event = guest.longs(1, 0x1234_5678_9abc_def0L);
    assertEquals(0, guest.call(Syscall.EPOLL_CTL, epoll, 1, reader, event));
    assertEquals(-Errno.EEXIST, guest.call(Syscall.EPOLL_CTL, epoll, 1, reader, event));
    long events = guest.room(64);
    assertEquals(1, guest.call(Syscall.EPOLL_PWAIT, epoll, events, 4, 0, 0, 8));
    assertEquals(1, guest.getInt(events));
    assertEquals(0x1234_5678_9abc_def0L, guest.getLong(events + 8));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.EPOLL_PWAIT, epoll, events, 0, 0, 0, 8));
  }

  @Test
  void pollWritesTheTimeThatIsLeft() {
    long timeout = guest.longs(0, 1_000_000);
    assertEquals(0, guest.call(Syscall.PPOLL, 0, 0, timeout, 0, 8));
    assertEquals(0, guest.getLong(timeout));
    assertEquals(0, guest.getLong(timeout + 8));
  }

  @Test
  void waitingSignalEndsAWaitAndTheMaskComesBack() {
    long action = guest.longs(0x4000, 0, 0);
    assertEquals(0, guest.call(Syscall.RT_SIGACTION, SIGUSR1, action, 0, 8));
    long set = guest.longs(Signal.bit(SIGUSR1));
    assertEquals(0, guest.call(Syscall.RT_SIGPROCMASK, 0, set, 0, 8));
    long pid = ProcessHandle.current().pid();
    assertEquals(0, guest.call(Syscall.TGKILL, pid, pid, SIGUSR1));
    long pc = guest.registers.pc();
    long empty = guest.longs(0);
    assertEquals(SIGUSR1, guest.call(Syscall.PPOLL, 0, 0, 0, empty, 8), "a0 of the handler");
    assertEquals(0x4000, guest.registers.pc());
    assertEquals(-Errno.EINTR, guest.call(Syscall.RT_SIGRETURN));
    assertEquals(pc + 4, guest.registers.pc());
    assertEquals(Signal.bit(SIGUSR1), guest.signals.blocked());
  }

  @Test
  void whatEmittedCodeHasCalledIsGoneOnWith() {
    long pc = guest.registers.pc();
    assertEquals(-Errno.EPIPE, guest.settle(-Errno.EPIPE, Syscall.WRITE, 1, 0, 0));
    assertEquals(pc + 4, guest.registers.pc());
    long word = guest.longs(5);
    long broken = HostKernel.RESTARTED;
    assertEquals(-Errno.EAGAIN, guest.settle(broken, Syscall.FUTEX, word, 0, 6, 0), "called again");
    assertEquals(pc + 8, guest.registers.pc());
    assertEquals(-Errno.EAGAIN, guest.settle(-Errno.EINTR, Syscall.FUTEX, word, 0, 6, 0));
  }

  @ParameterizedTest
  @CsvSource({"-512, 0, 4, true", "-512, 0x10000000, 0, false", "-4, 0x10000000, 4, true"})
  void aSignalBreaksWhatEmittedCodeHasCalled(long result, long flags, int behind, boolean isError) {
    guest.call(Syscall.RT_SIGACTION, SIGUSR1, guest.longs(0x4000, flags, 0), 0, 8);
    long pc = guest.registers.pc();
    guest.signals.send(SignalInfo.sent(SIGUSR1, SignalInfo.SI_USER, 1, 1));
    assertEquals(SIGUSR1, guest.settle(result, Syscall.READ, 1234, 0, 0), "a0 of the handler");
    assertEquals(0x4000, guest.registers.pc());
    assertEquals(isError ? -Errno.EINTR : 1234, guest.call(Syscall.RT_SIGRETURN));
    assertEquals(pc + behind, guest.registers.pc());
  }

  @Test
  void onlyCallsTheHostUnderstandsAreDirect() {
    assertNotNull(guest.calls.directCalls());
    assertTrue(DirectSyscalls.isDirect(Syscall.READ));
    assertTrue(DirectSyscalls.isDirect(Syscall.GETUID));
    assertFalse(DirectSyscalls.isDirect(Syscall.OPENAT), "a path");
    assertFalse(DirectSyscalls.isDirect(Syscall.SENDFILE), "a second descriptor");
    assertFalse(DirectSyscalls.isDirect(Syscall.SCHED_GETPARAM), "a thread");
    assertFalse(DirectSyscalls.isDirect(Syscall.SOCKET), "a new descriptor");
    assertFalse(DirectSyscalls.isDirect(Syscall.MMAP), "memory");
  }

  @Test
  void tracedCallsAreNotDirect() {
    try (CallFixture traced = new CallFixture(null, new Strace(2))) {
      assertNull(traced.calls.directCalls());
    }
  }

  @Test
  void sleepsCheckTheirArguments() {
    assertEquals(-Errno.EINVAL, guest.call(Syscall.NANOSLEEP, guest.longs(-1, 0), 0));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.NANOSLEEP, guest.longs(0, 1_000_000_000), 0));
    assertEquals(0, guest.call(Syscall.NANOSLEEP, guest.longs(0, 1), 0));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.CLOCK_NANOSLEEP, 3, 0, guest.longs(0, 1), 0));
    assertEquals(0, guest.call(Syscall.CLOCK_NANOSLEEP, 1, 1, guest.longs(0, 1), 0));
    assertEquals(-Errno.EINTR, guest.call(Syscall.RESTART_SYSCALL));
  }

  @Test
  void futexWaitsForItsTime() {
    long word = guest.longs(5);
    assertEquals(-Errno.EAGAIN, guest.call(Syscall.FUTEX, word, 0, 4, 0, 0, 0));
    assertEquals(
        -Errno.ETIMEDOUT, guest.call(Syscall.FUTEX, word, 128, 5, guest.longs(0, 1000), 0, 0));
    assertEquals(0, guest.call(Syscall.FUTEX, word, 1, 5, 0, 0, 0));
    assertEquals(-Errno.ENOSYS, guest.call(Syscall.FUTEX, word, 6, 0, 0, 0, 0));
  }

  // ---- Sockets ----

  @Test
  void descriptorsTravelInMessages() {
    long file = openFile();
    long pair = guest.room(8);
    assertEquals(0, guest.call(Syscall.SOCKETPAIR, 1, 1, 0, pair));
    long control = guest.longs(20, 1 | 1L << 32, file);
    long vector = guest.longs(guest.string("m"), 1);
    long message = guest.longs(0, 0, vector, 1, control, 24, 0);
    assertEquals(1, guest.call(Syscall.SENDMSG, guest.getInt(pair), message, 0));
    long room = guest.room(64);
    long received = guest.longs(0, 0, guest.longs(room, 8), 1, room + 32, 24, 0);
    assertEquals(1, guest.call(Syscall.RECVMSG, guest.getInt(pair + 4), received, 0));
    assertEquals(20, guest.getLong(room + 32));
    assertEquals(first + 3, guest.getInt(room + 48));
    long stat = guest.room(256);
    guest.call(Syscall.FSTAT, file, stat);
    guest.call(Syscall.FSTAT, first + 3, stat + 128);
    assertEquals(guest.text(stat, 128), guest.text(stat + 128, 128));
    HostMemory.putInt(guest.host(control) + 16, 99);
    assertEquals(-Errno.EBADF, guest.call(Syscall.SENDMSG, guest.getInt(pair), message, 0));
  }

  // ---- The process ----

  @Test
  void unameTellsTheGuestsMachine() {
    long name = guest.room(400);
    assertEquals(0, guest.call(Syscall.UNAME, name));
    assertEquals("Linux\0", guest.text(name, 6));
    assertEquals("riscv64\0", guest.text(name + 260, 8));
  }

  @Test
  void exitEndsTheProcess() {
    guest.call(Syscall.EXIT_GROUP, 0x1_0003);
    assertEquals(new ProcessEnd(3, null), guest.calls.end());
    assertEquals(new ProcessEnd(3, null), guest.calls.end());
  }

  @Test
  void signalToItselfIsThereBeforeTheCallReturns() {
    guest.call(
        Syscall.RT_SIGACTION, SIGUSR1, guest.longs(0x4000, SignalAction.SA_SIGINFO, 0), 0, 8);
    assertEquals(SIGUSR1, guest.call(Syscall.KILL, ProcessHandle.current().pid(), SIGUSR1));
    assertEquals(0x4000, guest.registers.pc());
    assertEquals(0, guest.call(Syscall.RT_SIGRETURN), "what kill returned");
  }

  @Test
  void deathByItsOwnSignal() {
    guest.call(Syscall.KILL, ProcessHandle.current().pid(), 6);
    assertNotNull(guest.calls.end().signal());
    assertEquals(6, guest.calls.end().signal().signal());
    assertTrue(guest.calls.end().dumpsCore());
  }

  @Test
  void actionsReadBack() {
    long action = guest.longs(0x4000, -1, -1);
    long old = guest.room(24);
    assertEquals(0, guest.call(Syscall.RT_SIGACTION, SIGUSR1, action, old, 8));
    assertEquals(0, guest.getLong(old));
    assertEquals(0, guest.call(Syscall.RT_SIGACTION, SIGUSR1, 0, old, 8));
    assertEquals(0x4000, guest.getLong(old));
    assertEquals(0xd800_0807L, guest.getLong(old + 8));
    assertEquals(~(1L << 8 | 1L << 18), guest.getLong(old + 16));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.RT_SIGACTION, 9, action, 0, 8));
    assertEquals(0, guest.call(Syscall.RT_SIGACTION, 9, 0, old, 8));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.RT_SIGACTION, 65, 0, old, 8));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.RT_SIGACTION, 1, 0, old, 16));
  }

  @Test
  void codeIsFlushed() {
    assertEquals(0, guest.call(Syscall.RISCV_FLUSH_ICACHE, 0x1000, 0x2000, 1));
    assertEquals(1, guest.flushed.size());
    assertEquals(-Errno.EINVAL, guest.call(Syscall.RISCV_FLUSH_ICACHE, 0x1000, 0x2000, 2));
  }

  @Test
  void hardwareProbeAnswers() {
    long pairs = guest.longs(4, 0, 3, 0, 777, 5, 9, 0);
    assertEquals(0, guest.call(Syscall.RISCV_HWPROBE, pairs, 4, 0, 0, 0));
    assertEquals(4, guest.getLong(pairs));
    assertEquals(3, guest.getLong(pairs + 8) & 3);
    assertEquals(0, guest.getLong(pairs + 8) & 4, "no vectors");
    assertEquals(1, guest.getLong(pairs + 24));
    assertEquals(-1, guest.getLong(pairs + 32));
    assertEquals(0, guest.getLong(pairs + 40));
    assertEquals(3, guest.getLong(pairs + 56));
    assertEquals(-Errno.EINVAL, guest.call(Syscall.RISCV_HWPROBE, pairs, 1, 0, 0, 2));
    long none = guest.longs(0);
    assertEquals(-Errno.EINVAL, guest.call(Syscall.RISCV_HWPROBE, pairs, 1, 8, none, 0));
    long any = guest.longs(0);
    assertEquals(0, guest.call(Syscall.RISCV_HWPROBE, pairs + 16, 1, 8, any, 1));
    assertTrue(guest.getLong(any) != 0);
  }

  @Test
  void unknownDeviceRequestsAreRefused() {
    assertEquals(-Errno.ENOTTY, guest.call(Syscall.IOCTL, openFile(), 0xdead, 0));
    assertEquals(-Errno.EBADF, guest.call(Syscall.IOCTL, 99, 0x5401, 0));
    assertEquals(-Errno.ENOTTY, guest.call(Syscall.IOCTL, first, 0x5401, guest.room(64)));
  }
}
