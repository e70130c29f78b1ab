package dev.isomorph.tools.diff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StartImageTest {
  private static final long POINTER = 0x3fff_ffe0_00L;
  private static final int ARGUMENT = 0x80;
  private static final int VARIABLE = 0x88;
  private static final int PHDR = 0x10040;

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
}
