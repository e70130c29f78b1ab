package dev.isomorph.processvm.procfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.elf.LoadedProgram;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.processvm.start.Credentials;
import dev.isomorph.processvm.start.InitialStack;
import dev.isomorph.processvm.start.StackLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessFilesTest {
  private static final LoadedProgram PROGRAM =
      new LoadedProgram(0x10400, 0x10400, 0x10040, 56, 9, 0, 0, 0x10000, 0x11000, 0x20000);

  private final AddressSpace space = new AddressSpace(8L << 20, (start, end) -> {});
  private StackLayout stack;
  private ProcessFiles files;

  @BeforeEach
  void start() throws Exception {
    stack =
        InitialStack.build(
            space,
            space.mapStack(false),
            PROGRAM,
            List.of("x", "y"),
            List.of("A=1"),
            "x",
            new Credentials(0, 0, 0, 0));
    files = new ProcessFiles(new GuestProcess(space, PROGRAM, stack, "/bin/x"));
  }

  @AfterEach
  void release() {
    space.release();
  }

  private String content(String path) {
    return new String(files.contentFor(path), StandardCharsets.ISO_8859_1);
  }

  @Test
  void mapsLooksAsTheKernelsDoes() {
    int fixed = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED;
    space.mmap(0x10000, 4096, Mman.PROT_READ | Mman.PROT_EXEC, fixed, -1, 0, null);
    space.mmap(0x12000, 4096, Mman.PROT_NONE, fixed & ~2 | 1, -1, 0, null);
    space.startHeap(0x20000);
    space.brk(0x20001);
    String name = " ".repeat(73 - "00020000-00021000 rw-p 00000000 00:00 0 ".length());
    String shared = " ".repeat(73 - "00012000-00013000 ---s 00000000 00:01 1 ".length());
    String stackName = " ".repeat(73 - "3fff800000-4000000000 rw-p 00000000 00:00 0 ".length());
    assertEquals(
        "00010000-00011000 r-xp 00000000 00:00 0 \n"
            + "00012000-00013000 ---s 00000000 00:01 1 "
            + shared
            + "/dev/zero (deleted)\n"
            + "00020000-00021000 rw-p 00000000 00:00 0 "
            + name
            + "[heap]\n"
            + "3fff800000-4000000000 rw-p 00000000 00:00 0 "
            + stackName
            + "[stack]\n",
        content("/proc/self/maps"));
  }

  @Test
  void argumentsAndEnvironmentAreReadFromMemory() {
    assertEquals("x\0y\0", content("/proc/self/cmdline"));
    assertEquals("A=1\0", content("/proc/self/environ"));
    assertArrayEquals(stack.auxiliaryVector(), files.contentFor("/proc/self/auxv"));
    byte[] title = "title".getBytes(StandardCharsets.ISO_8859_1);
    HostMemory.copyIn(title, 0, space.hostAddress(stack.argumentsStart()), title.length);
    assertEquals("title1", content("/proc/self/cmdline").replace("=", ""));
    space.munmap(stack.pointer() & -4096, 4096);
    assertEquals("", content("/proc/self/cmdline"));
  }

  @Test
  void theProcessorIsARiscv() {
    String text = content("/proc/cpuinfo");
    assertTrue(text.startsWith("processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc_"));
    assertTrue(text.contains("\nmmu\t\t: sv39\n"));
    assertTrue(text.endsWith("\n\n"));
  }

  @Test
  void statTellsOfTheGuest() {
    String[] fields = content("/proc/self/stat").trim().split(" ");
    assertEquals(52, fields.length);
    assertEquals(ProcessHandle.current().pid(), Long.parseLong(fields[0]));
    assertEquals("R", fields[2]);
    assertEquals("1", fields[19]);
    assertEquals(8 << 20, Long.parseLong(fields[22]));
    assertEquals(stack.pointer(), Long.parseLong(fields[27]));
    assertEquals(stack.argumentsStart(), Long.parseLong(fields[47]));
    String status = content("/proc/self/status");
    assertTrue(status.startsWith("Name:\t" + content("/proc/self/comm").trim() + "\n"));
    assertTrue(status.contains("\nVmSize:\t    8192 kB\n"));
    assertTrue(status.contains("\nState:\tR (running)\n"));
    assertTrue(status.contains("\nThreads:\t1\n"));
    assertTrue(content("/proc/self/statm").startsWith("2048 "));
  }

  @Test
  void othersAreTheHosts() {
    assertNull(files.contentFor("/proc/self/limits"));
    assertNull(files.contentFor("/proc/1/maps"));
    assertNull(files.linkFor("/proc/self/cwd"));
    assertEquals("/bin/x", files.linkFor("/proc/self/exe"));
  }
}
