package dev.isomorph.tools.diff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.MappedFile;
import dev.isomorph.processvm.memory.Mman;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StartImageTest {
  private static final long POINTER = 0x3fff_ffe0_00L;
  private static final int ARGUMENT = 0x80;
  private static final int VARIABLE = 0x88;
  private static final int PHDR = 0x10040;
  private static final long PAGE = AddressSpace.PAGE;
  private static final int READ_WRITE = Mman.PROT_READ | Mman.PROT_WRITE;

  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int OPEN = 2;
  private static final int CLOSE = 3;

  /** One argument, one variable, an auxiliary vector of two entries, and strings. */
  private static byte[] stack(long pointer, int size) {
    ByteBuffer stack = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    stack.putLong(1).putLong(pointer + ARGUMENT).putLong(0);
    stack.putLong(pointer + VARIABLE).putLong(0);
    stack.putLong(StartImage.AT_PHDR).putLong(PHDR);
    stack.putLong(25).putLong(pointer + 0x70);
    stack.putLong(0).putLong(0);
    stack.position(ARGUMENT);
    stack.put("program\0A=bcdef\0".getBytes(StandardCharsets.US_ASCII));
    return stack.array();
  }

  @Test
  void theAuxiliaryVectorIsFoundBehindTheEnvironment() {
    byte[] stack = stack(POINTER, 0x100);
    assertEquals(PHDR, StartImage.auxiliary(stack, StartImage.AT_PHDR));
    assertEquals(POINTER + 0x70, StartImage.auxiliary(stack, 25));
    assertEquals(0, StartImage.auxiliary(stack, StartImage.AT_BASE));
  }

  @Test
  void aMovedStackPointsToItself() {
    byte[] stack = stack(POINTER, 0x100);
    StartImage.relocate(stack, POINTER, POINTER - 0x550);
    assertArrayEquals(stack(POINTER - 0x550, 0x100), stack);
  }

  @Test
  void whatFollowsTheStackIsCutOff() {
    byte[] stack = stack(POINTER + 0xf00, 0x3000);
    assertEquals(0x100, StartImage.trim(stack, POINTER + 0xf00).length);
    assertEquals(0x90, StartImage.trim(stack(POINTER, 0x90), POINTER).length);
  }

  @ParameterizedTest
  @ValueSource(longs = {0x1000, -0x2000, 0x3000, 0x4000, 0x100000})
  void anImageMovesAsAWhole(long distance) throws IOException {
    long at = 0x40000000;
    AddressSpace space = new AddressSpace(8 << 20, (from, to) -> {});
    byte[] path = "/proc/self/exe\0".getBytes(StandardCharsets.US_ASCII);
    long host = HostMemory.allocate(path.length);
    HostMemory.copyIn(path, 0, host, path.length);
    int file = (int) HostCalls.syscall(OPEN, host, 0, 0, 0, 0, 0);
    try {
      int fixed = Mman.MAP_PRIVATE | Mman.MAP_FIXED;
      MappedFile named = new MappedFile("/an image", 1, 2);
      space.mmap(at, 2 * PAGE, Mman.PROT_READ, fixed, file, 0, named);
      space.mmap(at + 2 * PAGE, PAGE, READ_WRITE, fixed, file, 2 * PAGE, named);
      space.mmap(at + 3 * PAGE, PAGE, READ_WRITE, fixed | Mman.MAP_ANONYMOUS, -1, 0, null);
      int areas = space.areas().length;
      HostMemory.putLong(space.hostAddress(at + 2 * PAGE), 0x1234);
      HostMemory.putLong(space.hostAddress(at + 3 * PAGE), 0x5678);
      StartImage.moveImage(space, at + PAGE, distance);
      long moved = at + distance;
      assertEquals(0x464c457f, HostMemory.getInt(space.hostAddress(moved)));
      assertEquals(Mman.PROT_READ, space.area(moved).protection());
      assertEquals(0x1234, HostMemory.getLong(space.hostAddress(moved + 2 * PAGE)));
      assertEquals(0x5678, HostMemory.getLong(space.hostAddress(moved + 3 * PAGE)));
      assertEquals(areas, space.areas().length);
      assertNull(space.area(distance > 0 ? moved - 1 : moved + 4 * PAGE));
    } finally {
      HostCalls.syscall(CLOSE, file, 0, 0, 0, 0, 0);
      HostMemory.free(host, path.length);
      space.release();
    }
  }
}
