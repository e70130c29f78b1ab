package dev.isomorph.processvm.syscall;

import static dev.isomorph.processvm.syscall.CallFixture.AT_FDCWD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.signal.SignalInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StraceTest {
  private static final int MEMFD_CREATE = 319;
  private static final int PREAD64 = 17;
  private static final int FTRUNCATE = 77;
  private static final int LSEEK = 8;

  private final long buffer = HostMemory.allocate(1 << 16);
  private final int output = (int) HostCalls.syscall(MEMFD_CREATE, buffer, 1, 0, 0, 0, 0);
  private final CallFixture guest = new CallFixture(null, new Strace(output));

  @AfterEach
  void close() {
    guest.close();
  }

  /** What has been printed since the last time. */
  private String printed() {
    long length = HostCalls.syscall(PREAD64, output, buffer, 1 << 16, 0, 0, 0);
    byte[] bytes = new byte[(int) length];
    HostMemory.copyOut(buffer, bytes, 0, bytes.length);
    HostCalls.syscall(FTRUNCATE, output, 0, 0, 0, 0, 0);
    HostCalls.syscall(LSEEK, output, 0, 0, 0, 0, 0);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void check(String expected, Syscall call, long... arguments) {
    guest.call(call, arguments);
    assertEquals(expected + "\n", printed());
  }

  @Test
  void callsAreNamedWithTheirArguments() {
    check(
        "openat(AT_FDCWD, \"/no/such \\\"\\n\\1\", O_WRONLY|O_CREAT|O_CLOEXEC, 0644)"
            + " = -1 ENOENT (No such file or directory)",
        Syscall.OPENAT,
        AT_FDCWD,
        guest.string("/no/such \"\n\1"),
        0x80041,
        0644);
    check(
        "close(999)                              = -1 EBADF (Bad file descriptor)",
        Syscall.CLOSE,
        999);
    check("brk(NULL)                               = 0", Syscall.BRK, 0);
    check(
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x"
            + Long.toHexString(guest.space.mmapBase() - 4096),
        Syscall.MMAP,
        0,
        4096,
        3,
        0x22,
        -1,
        0);
  }

  @Test
  void whatComesOutIsPrintedAfterwards() {
    check(
        "clock_getres(CLOCK_REALTIME, {tv_sec=0, tv_nsec=1}) = 0",
        Syscall.CLOCK_GETRES,
        0,
        guest.room(16));
    check(
        "rt_sigprocmask(SIG_BLOCK, [HUP INT], [], 8) = 0",
        Syscall.RT_SIGPROCMASK,
        0,
        guest.longs(3),
        guest.room(8),
        8);
    check(
        "rt_sigaction(SIGUSR1, {sa_handler=0x4000, sa_mask=[], sa_flags=SA_RESTART}, NULL, 8) = 0",
        Syscall.RT_SIGACTION,
        10,
        guest.longs(0x4000, 0x1000_0000, 0),
        0,
        8);
    check(
        "write(999, \"01234567890123456789012345678901\"..., 40)"
            + " = -1 EBADF (Bad file descriptor)",
        Syscall.WRITE,
        999,
        guest.string("0123456789".repeat(4)),
        40);
  }

  @Test
  void wordsOfAProgramAreShown() {
    long environment = guest.longs(guest.string("HOME=/"), 0);
    long[] words = new long[34];
    words[0] = guest.string("a \"b\"");
    words[1] = guest.string("0123456789".repeat(4));
    check(
        "execve(\"/no/such\", [\"a \\\"b\\\"\", \"01234567890123456789012345678901\"...], "
            + StraceArguments.pointer(environment)
            + " /* 1 var */) = -1 ENOSYS (Function not implemented)",
        Syscall.EXECVE,
        guest.string("/no/such"),
        guest.longs(words),
        environment);
    Arrays.fill(words, 0, 33, guest.string("x"));
    guest.call(Syscall.EXECVE, guest.string("/no/such"), guest.longs(words), 0);
    assertTrue(printed().contains("\"x\", \"x\", ...], NULL) "));
  }

  @Test
  void whatIsWaitedForIsNamed() {
    check(
        "wait4(-1, 0x300000, WNOHANG|WUNTRACED, NULL) = -1 ECHILD (No child processes)",
        Syscall.WAIT4,
        -1,
        CallFixture.NOWHERE,
        3,
        0);
    check(
        "waitid(P_PID, 5, NULL, WNOHANG|WEXITED, NULL) = -1 ECHILD (No child processes)",
        Syscall.WAITID,
        1,
        5,
        0,
        5,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0300, WIFEXITED(s) && WEXITSTATUS(s) == 3",
    "0x0009, WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL",
    "0x008b, WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)",
    "0x137f, WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP",
    "0xffff, WIFCONTINUED(s)"
  })
  void statusesAreTakenApart(int status, String text) {
    StringBuilder out = new StringBuilder();
    StraceStructures.waitStatus(out, status);
    assertEquals("[{" + text + "}]", out.toString());
  }

  @Test
  void aChildsSignalTellsOfIt() {
    String start = "{si_signo=SIGCHLD, si_code=CLD_";
    long sender = 7L << 32 | 1234;
    StringBuilder out = new StringBuilder();
    StraceStructures.signalInfo(out, new SignalInfo(17, 0, 1, sender, 3, 0, 0));
    assertEquals(start + "EXITED, si_pid=1234, si_uid=7, si_status=3}", out.toString());
    out.setLength(0);
    StraceStructures.signalInfo(out, new SignalInfo(17, 0, 2, sender, 9, 0, 0));
    assertEquals(start + "KILLED, si_pid=1234, si_uid=7, si_status=SIGKILL}", out.toString());
  }

  @Test
  void argumentsThatDoNotCountAreLeftOut() {
    check(
        "fcntl(999, F_GETFD)                     = -1 EBADF (Bad file descriptor)",
        Syscall.FCNTL,
        999,
        1,
        5);
    check(
        "fcntl(999, F_SETFD, 0x1)                = -1 EBADF (Bad file descriptor)",
        Syscall.FCNTL,
        999,
        2,
        1);
  }

  @Test
  void badPointersAreShownAsSuch() {
    check(
        "openat(AT_FDCWD, 0x300000, O_RDONLY)    = -1 EFAULT (Bad address)",
        Syscall.OPENAT,
        AT_FDCWD,
        CallFixture.NOWHERE,
        0,
        0);
  }

  @Test
  void unknownCallsAreNamedByNumber() {
    guest.callNumber(0x1f4, 1, 2, 3, 4, 5, 6);
    assertEquals(
        "syscall_0x1f4(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)\n",
        printed());
  }

  @Test
  void signalsAndTheEnd() {
    guest.calls.fault(guest.registers, SignalInfo.fault(11, 1, 0x10));
    assertEquals(
        "--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---\n"
            + "+++ killed by SIGSEGV +++\n",
        printed());
  }

  @Test
  void exitHasNoResult() {
    guest.call(Syscall.EXIT_GROUP, 7);
    assertEquals("exit_group(7)                           = ?\n+++ exited with 7 +++\n", printed());
  }
}
