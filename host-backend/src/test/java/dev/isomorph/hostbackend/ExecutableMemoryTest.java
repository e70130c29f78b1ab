package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Gpr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecutableMemoryTest {
  private static byte[] returning(int value) {
    Assembler asm = new Assembler();
    asm.movImm(Gpr.RAX, value);
    asm.ret();
    return asm.code();
  }

  @Test
  void whatIsWrittenInOneViewRunsInTheOther() {
    try (ExecutableMemory memory = new ExecutableMemory(5000)) {
      assertEquals(8192, memory.size());
      byte[] code = returning(5);
      memory.copyIn(code, 0, 8192 - code.length, code.length);
      assertEquals(5, HostCalls.enter(memory.rx(8192 - code.length), 0));
      // mov eax, imm32: the immediate is at offset 1.
      HostMemory.putInt(memory.rw(8192 - code.length + 1), 6);
      assertEquals(6, HostCalls.enter(memory.rx(8192 - code.length), 0));
    }
  }

  @Test
  void noPageIsWritableAndExecutable() throws IOException {
    try (ExecutableMemory memory = new ExecutableMemory()) {
      assertEquals("rw-s", rightsAt(memory.rw(0)));
      assertEquals("r-xs", rightsAt(memory.rx(0)));
      assertEquals("r-xs", rightsAt(memory.rx(ExecutableMemory.DEFAULT_SIZE - 1)));
    }
  }

  @Test
  void whatIsWrittenDoesNotCountTwice() throws IOException {
    int size = 1 << 20;
    try (ExecutableMemory memory = new ExecutableMemory(size)) {
      byte[] code = new byte[size];
      Arrays.fill(code, (byte) 7);
      memory.copyIn(code, 0, 0, size);
      assertEquals(size, residentAt(memory.rw(0)));
      memory.written(1, size - 1);
      assertTrue(residentAt(memory.rw(0)) < size / 2, "all but pages that are not whole");
      byte[] found = new byte[size];
      HostMemory.copyOut(memory.rx(0), found, 0, size);
      assertArrayEquals(code, found);
      memory.patchInt(8192, 0x01010101);
      assertEquals(0x01010101, HostMemory.getInt(memory.rx(8192)));
      memory.written(5, 4000);
      memory.written(8192, 8192);
      assertEquals(0x07070707, HostMemory.getInt(memory.rw(8196)));
    }
  }

  /** Bytes of a mapping that count as the process's. */
  private static long residentAt(long address) throws IOException {
    String start = Long.toHexString(address) + "-";
    boolean here = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      here = here ? !line.startsWith("VmFlags") : line.startsWith(start);
      if (here && line.startsWith("Rss:")) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new AssertionError("not mapped");
  }

  private static String rightsAt(long address) throws IOException {
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    for (String line : maps) {
      String[] words = line.split("[- ]", 3);
      if (Long.compareUnsigned(Long.parseUnsignedLong(words[0], 16), address) <= 0
          && Long.compareUnsigned(address, Long.parseUnsignedLong(words[1], 16)) < 0) {
        return words[2].substring(0, 4);
      }
    }
    throw new AssertionError("not mapped");
  }

  @Test
  void aPatchIsSeenWholeByAThreadThatExecutesIt() throws InterruptedException {
    try (ExecutableMemory memory = new ExecutableMemory(4096)) {
      byte[] code = returning(0x01010101);
      memory.copyIn(code, 0, 3, code.length); // the immediate lies at offset 4
      boolean[] wrong = new boolean[1];
      Thread runner =
          new Thread(
              () -> {
                long value;
                do {
                  value = HostCalls.enter(memory.rx(3), 0);
                  wrong[0] |= value != (value & 0xff) * 0x01010101L;
                } while (value != 0);
              });
      runner.start();
      for (int i = 0; i < 20_000; i++) {
        memory.patchInt(4, (i % 255 + 1) * 0x01010101);
      }
      memory.patchInt(4, 0);
      runner.join();
      assertEquals(false, wrong[0]);
    }
  }

  @Test
  void boundsAndAlignmentAreChecked() {
    try (ExecutableMemory memory = new ExecutableMemory(4096)) {
      byte[] code = new byte[8];
      assertThrows(IndexOutOfBoundsException.class, () -> memory.copyIn(code, 0, 4089, 8));
      assertThrows(IllegalArgumentException.class, () -> memory.patchInt(13, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> memory.patchInt(4096, 0));
    }
  }

  @Test
  void closingGivesTheMemoryBack() {
    ExecutableMemory memory = new ExecutableMemory(4096);
    long writable = memory.rw(0);
    memory.close();
    memory.close();
    assertTrue(HostCalls.syscall(HostLinux.MPROTECT, writable, 4096, 0, 0, 0, 0) < 0);
  }

  @Test
  void whatTheKernelRefusesIsSaidInOneLine() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> new ExecutableMemory(0));
    assertEquals("mapping memory for code: errno 22", e.getMessage());
  }
}
