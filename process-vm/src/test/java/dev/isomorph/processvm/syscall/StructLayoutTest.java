package dev.isomorph.processvm.syscall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.CProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StructLayoutTest {
  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <sys/stat.h>
      #include <sys/statfs.h>
      #include <sys/epoll.h>
      #include <sys/sem.h>
      #include <sys/msg.h>
      #include <sys/shm.h>
      #include <sys/socket.h>
      #include <sys/sysinfo.h>
      #include <sys/resource.h>
      #include <sys/timex.h>
      #include <sys/utsname.h>
      #include <fcntl.h>
      #include <mqueue.h>
      #include <poll.h>
      #include <signal.h>
      #include <termios.h>
      #include <sys/ioctl.h>
      """;

  private static final Map<StructLayout, String> TYPES =
      Map.of(
          StructLayout.STAT, "struct stat",
          StructLayout.EPOLL_EVENT, "struct epoll_event",
          StructLayout.SEMID_DS, "struct semid_ds");

  private static List<String> expressions(StructLayout layout) {
    String type = TYPES.get(layout);
    List<String> expressions = new ArrayList<>();
    expressions.add("sizeof(" + type + ")");
    for (StructLayout.Field field : layout.fields) {
      expressions.add("offsetof(" + type + ", " + field.name() + ")");
      expressions.add("sizeof(((" + type + "*)0)->" + field.name() + ")");
    }
    return expressions;
  }

  @ParameterizedTest
  @EnumSource
  void guestsSideAgreesWithTheHeaders(StructLayout layout) throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    List<Long> expected = new ArrayList<>();
    expected.add((long) layout.guestSize);
    for (StructLayout.Field field : layout.fields) {
      expected.add((long) field.guest());
      expected.add((long) field.guestWidth());
    }
    assertArrayEquals(
        expected.stream().mapToLong(Long::longValue).toArray(),
        CProgram.constants(CProgram.GUEST_COMPILER, HEADERS, expressions(layout)));
  }

  @ParameterizedTest
  @EnumSource
  void hostsSideAgreesWithTheHeaders(StructLayout layout) throws Exception {
    CProgram.assumePresent(CProgram.HOST_COMPILER);
    List<Long> expected = new ArrayList<>();
    expected.add((long) layout.hostSize);
    for (StructLayout.Field field : layout.fields) {
      expected.add((long) field.host());
      expected.add((long) field.hostWidth());
    }
    assertArrayEquals(
        expected.stream().mapToLong(Long::longValue).toArray(),
        CProgram.constants(CProgram.HOST_COMPILER, HEADERS, expressions(layout)));
  }

  /** Structures and flags that go through as they are, because both architectures agree. */
  @Test
  void whatIsPassedThroughIsAlike() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    CProgram.assumePresent(CProgram.HOST_COMPILER);
    List<String> alike =
        List.of(
            "sizeof(struct statfs)",
            "offsetof(struct statfs, f_fsid)",
            "offsetof(struct statfs, f_flags)",
            "sizeof(struct statx)",
            "offsetof(struct statx, stx_size)",
            "sizeof(struct flock)",
            "offsetof(struct flock, l_start)",
            "offsetof(struct flock, l_pid)",
            "sizeof(struct msghdr)",
            "offsetof(struct msghdr, msg_control)",
            "offsetof(struct msghdr, msg_flags)",
            "sizeof(struct mmsghdr)",
            "sizeof(struct cmsghdr)",
            "sizeof(struct msqid_ds)",
            "offsetof(struct msqid_ds, msg_lrpid)",
            "sizeof(struct shmid_ds)",
            "offsetof(struct shmid_ds, shm_nattch)",
            "offsetof(struct shmid_ds, shm_segsz)",
            "sizeof(struct sembuf)",
            "sizeof(struct sysinfo)",
            "offsetof(struct sysinfo, mem_unit)",
            "sizeof(struct rusage)",
            "sizeof(struct timex)",
            "sizeof(struct utsname)",
            "offsetof(struct utsname, machine)",
            "sizeof(struct pollfd)",
            "sizeof(struct sigevent)",
            "offsetof(struct sigevent, sigev_notify)",
            "sizeof(siginfo_t)",
            "offsetof(siginfo_t, si_addr)",
            "offsetof(siginfo_t, si_value)",
            "offsetof(siginfo_t, si_status)",
            "sizeof(stack_t)",
            "sizeof(struct termios)",
            "sizeof(struct winsize)",
            "sizeof(struct mq_attr)",
            "O_DIRECTORY",
            "O_NOFOLLOW",
            "O_DIRECT",
            "O_NOATIME",
            "O_PATH",
            "O_TMPFILE",
            "O_CLOEXEC",
            "F_SETLKW",
            "SOL_SOCKET",
            "SO_RCVTIMEO",
            "SOCK_NONBLOCK",
            "SIGSTKFLT",
            "SIGSYS",
            "SA_RESTART",
            "SA_ONSTACK",
            "TCGETS",
            "TIOCGWINSZ",
            "FIONREAD",
            "TIOCGPTN",
            "EPOLLET",
            "POLLRDHUP");
    assertArrayEquals(
        CProgram.constants(CProgram.HOST_COMPILER, HEADERS, alike),
        CProgram.constants(CProgram.GUEST_COMPILER, HEADERS, alike));
  }

  @Test
  void fieldsKeepTheirValues() {
    long memory = HostMemory.allocate(4096);
    for (StructLayout layout : StructLayout.values()) {
      long from = memory;
      long host = memory + 1024;
      long back = memory + 2048;
      HostMemory.fill(from, layout.guestSize, (byte) 0);
      HostMemory.fill(host, 1024, (byte) 0x5a);
      HostMemory.fill(back, 1024, (byte) 0x5a);
      for (StructLayout.Field field : layout.fields) {
        for (int i = 0; i < field.guestWidth(); i++) {
          HostMemory.putByte(from + field.guest() + i, (byte) (field.guest() + 3 * i + 129));
        }
      }
      layout.toHost(from, host);
      layout.toGuest(host, back);
      for (int i = 0; i < layout.guestSize; i++) {
        assertEquals(HostMemory.getByte(from + i), HostMemory.getByte(back + i), layout + " " + i);
      }
      assertEquals(0x5a, HostMemory.getByte(host + layout.hostSize));
      assertEquals(0x5a, HostMemory.getByte(back + layout.guestSize));
    }
    HostMemory.free(memory, 4096);
  }
}
