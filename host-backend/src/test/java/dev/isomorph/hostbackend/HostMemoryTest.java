package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
  private static final int SIZE = 3 * 4096;
  private final long memory = HostMemory.allocate(SIZE);

  @AfterEach
  void free() {
    HostMemory.free(memory, SIZE);
  }

  @Test
  void allocatedMemoryIsPageAlignedAndZero() {
    assertEquals(0, memory & 4095);
    byte[] bytes = new byte[SIZE];
    HostMemory.copyOut(memory, bytes, 0, SIZE);
    assertArrayEquals(new byte[SIZE], bytes);
  }

  @Test
  void valuesAreLittleEndian() {
    HostMemory.putLong(memory, 0x8877665544332211L);
    assertEquals(0x11, HostMemory.getByte(memory));
    assertEquals(0x3322, HostMemory.getShort(memory + 1));
    assertEquals(0x88776655, HostMemory.getInt(memory + 4));
    HostMemory.putByte(memory + 7, (byte) 1);
    HostMemory.putShort(memory + 5, (short) 0x0203);
    HostMemory.putInt(memory, 0x04050607);
    assertEquals(0x0102035504050607L, HostMemory.getLong(memory));
  }

  @Test
  void atomicOperations() {
    HostMemory.putLongVolatile(memory, 7);
    assertTrue(HostMemory.compareAndSetLong(memory, 7, 8));
    assertFalse(HostMemory.compareAndSetLong(memory, 7, 9));
    assertEquals(8, HostMemory.getAndSetLong(memory, 10));
    assertEquals(10, HostMemory.getAndAddLong(memory, -3));
    assertEquals(7, HostMemory.getLongVolatile(memory));
    HostMemory.putIntVolatile(memory + 8, 1);
    assertTrue(HostMemory.compareAndSetInt(memory + 8, 1, 2));
    assertFalse(HostMemory.compareAndSetInt(memory + 8, 1, 3));
    assertEquals(2, HostMemory.getAndAddInt(memory + 8, 5));
    assertEquals(7, HostMemory.getAndSetInt(memory + 8, 0));
    assertEquals(0, HostMemory.getIntVolatile(memory + 8));
    HostMemory.putByteVolatile(memory + 12, (byte) -1);
    assertEquals(-1, HostMemory.getByteVolatile(memory + 12));
  }

  @Test
  void copiesAndFills() {
    HostMemory.copyIn(new byte[] {9, 1, 2, 3}, 1, memory, 3);
    HostMemory.copy(memory, memory + 1, 3);
    HostMemory.fill(memory + 4, 2, (byte) 5);
    byte[] bytes = new byte[8];
    HostMemory.copyOut(memory, bytes, 1, 7);
    assertArrayEquals(new byte[] {0, 1, 1, 2, 3, 5, 5, 0}, bytes);
  }

  @Test
  void arraysAreBounded() {
    byte[] bytes = new byte[4];
    assertThrows(IndexOutOfBoundsException.class, () -> HostMemory.copyIn(bytes, 1, memory, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> HostMemory.copyOut(memory, bytes, -1, 2));
  }
}
