package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostCallsTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int PIPE = 22;
  private static final int EBADF = 9;
  private static final int COLLECTIONS = 34;

  private final GuestCode guest = new GuestCode();

  @AfterEach
  void close() {
    guest.close();
  }

  @Test
  void syscallReturnsTheKernelsAnswer() {
    assertEquals(
        ProcessHandle.current().pid(), HostCalls.syscall(HostLinux.GETPID, 0, 0, 0, 0, 0, 0));
    assertEquals(-EBADF, HostCalls.syscall(HostLinux.CLOSE, -1, 0, 0, 0, 0, 0));
  }

  @Test
  void syscallPassesSixArguments() throws IOException {
    // The sixth argument of mmap is the offset in the file, the fifth the file.
    Path file = Files.createTempFile("isomorph", "test");
    try {
      byte[] content = new byte[8192];
      content[4096] = 42;
      Files.write(file, content);
      long path = guest.state();
      byte[] name = (file + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8);
      HostMemory.copyIn(name, 0, path, name.length);
      long fd = HostCalls.syscall(2, path, 0, 0, 0, 0, 0);
      long address =
          HostCalls.check(
              HostCalls.syscall(
                  HostLinux.MMAP, 0, 4096, HostLinux.PROT_READ, HostLinux.MAP_PRIVATE, fd, 4096),
              "mmap");
      assertEquals(42, HostMemory.getByte(address));
      HostMemory.free(address, 4096);
      assertEquals(0, HostCalls.syscall(HostLinux.CLOSE, fd, 0, 0, 0, 0, 0));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void checkThrowsOnErrorsOnly() {
    assertEquals(-4096, HostCalls.check(-4096, "x"));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> HostCalls.check(-12, "mapping"));
    assertEquals("mapping: errno 12", e.getMessage());
  }

  @Test
  void enterPassesTheStateAndAlignsTheStack() {
    long code =
        guest.add(
            asm -> {
              asm.lea(8, Gpr.RAX, Mem.of(Gpr.RSP, 8));
              asm.and(4, Gpr.RAX, 15);
              asm.add(8, Gpr.RAX, Gpr.RDI);
              asm.ret();
            });
    assertEquals(guest.state(), guest.run(code));
  }

  @Test
  void enteredCodeMayUseEveryRegister() {
    long code =
        guest.add(
            asm -> {
              for (Gpr register : Gpr.values()) {
                if (register != Gpr.RSP) {
                  asm.movImm(register, 0x1234_5678_9abc_def0L + register.code());
                }
              }
              asm.ret();
            });
    long sum = 0;
    for (int i = 0; i < 100_000; i++) { // compiled by both compilers on the way
      sum += guest.run(code) & 15;
    }
    assertEquals(0, sum);
  }

  @Test
  void garbageIsCollectedWhileGuestCodeRuns() throws InterruptedException {
    long code =
        guest.add(
            asm -> {
              Label loop = new Label();
              asm.mov(1, Mem.of(Gpr.RDI, 1), 1);
              asm.bind(loop);
              asm.cmp(1, Mem.of(Gpr.RDI), 0);
              asm.jcc(Cond.E, loop);
              asm.movImm(Gpr.RAX, 77);
              asm.ret();
            });
    long[] result = new long[1];
    Thread runner = new Thread(() -> result[0] = guest.run(code));
    runner.start();
    while (HostMemory.getByteVolatile(guest.state() + 1) == 0) {
      Thread.onSpinWait();
    }
    long before = collections();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    assertTrue(collections() - before >= COLLECTIONS);
    assertTrue(runner.isAlive());
    HostMemory.putByteVolatile(guest.state(), (byte) 1);
    runner.join();
    assertEquals(77, result[0]);
  }

  private static long collections() {
    return java.lang.management.ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(java.lang.management.GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  @Test
  void interruptibleSyscallPassesItsArguments() {
    long flag = guest.state();
    long ends = guest.state() + 64;
    long data = guest.state() + 128;
    HostCalls.check(HostCalls.interruptibleSyscall(flag, PIPE, ends, 0, 0, 0, 0, 0), "pipe");
    HostMemory.putInt(data, 0x11223344);
    int in = HostMemory.getInt(ends);
    int out = HostMemory.getInt(ends + 4);
    assertEquals(4, HostCalls.interruptibleSyscall(flag, WRITE, out, data, 4, 0, 0, 0));
    assertEquals(4, HostCalls.interruptibleSyscall(flag, READ, in, data + 8, 4, 0, 0, 0));
    assertEquals(0x11223344, HostMemory.getInt(data + 8));
    long mapped =
        HostCalls.interruptibleSyscall(
            flag,
            HostLinux.MMAP,
            0,
            4096,
            HostLinux.PROT_READ,
            HostLinux.MAP_PRIVATE | HostLinux.MAP_ANONYMOUS,
            -1,
            0);
    HostMemory.free(HostCalls.check(mapped, "mmap"), 4096);
    for (int fd : List.of(in, out)) {
      HostCalls.syscall(HostLinux.CLOSE, fd, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void aSetFlagKeepsTheCallOutOfTheKernel() {
    long ends = guest.state() + 64;
    HostMemory.putByte(guest.state(), (byte) 1);
    assertEquals(
        -HostLinux.ERESTARTSYS,
        HostCalls.interruptibleSyscall(guest.state(), PIPE, ends, 0, 0, 0, 0, 0));
    assertEquals(0, HostMemory.getLong(ends));
  }

  @Test
  void theWindowEndsWithTheSystemCallInstruction() {
    HostCalls.SystemCallWindow window = HostCalls.window();
    assertEquals(0x050f, HostMemory.getShort(window.last()));
    assertTrue(window.first() < window.last());
    assertTrue(window.pending() > window.last() + 2);
  }
}
