package dev.isomorph.processvm.start;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.LoadedProgram;
import dev.isomorph.processvm.memory.AddressSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InitialStackTest {
  private static final LoadedProgram PROGRAM =
      new LoadedProgram(0x3ff0000400L, 0x10400, 0x10040, 56, 9, 0, 0x3ff0000000L, 0, 0, 0x20000);
  private static final Credentials CREDENTIALS = new Credentials(1, 2, 3, 4);

  private final AddressSpace space = new AddressSpace(8L << 20, (start, end) -> {});
  private final long top = space.mapStack(false);

  @AfterEach
  void release() {
    space.release();
  }

  private StackLayout build(List<String> arguments, List<String> environment) throws ExecFailure {
    return InitialStack.build(space, top, PROGRAM, arguments, environment, "/bin/x", CREDENTIALS);
  }

  private long word(long address) {
    return HostMemory.getLong(space.hostAddress(address));
  }

  private String string(long address) {
    StringBuilder text = new StringBuilder();
    for (long at = address; HostMemory.getByte(space.hostAddress(at)) != 0; at++) {
      text.append((char) (HostMemory.getByte(space.hostAddress(at)) & 0xff));
    }
    return text.toString();
  }

  @Test
  void everythingLiesWhereLinuxPutsIt() throws Exception {
    StackLayout stack = build(List.of("x", "\u00e9t\u00e9"), List.of("A=1", "B="));
    assertEquals(0, stack.pointer() % 16);
    assertEquals(0, word(top - 8));
    assertEquals("/bin/x", string(top - 8 - 7));
    assertEquals(top - 8 - 7, stack.environmentEnd());
    assertEquals("B=", string(stack.environmentEnd() - 3));
    assertEquals("A=1", string(stack.environmentEnd() - 7));
    assertEquals(stack.environmentEnd() - 7, stack.argumentsEnd());
    assertEquals("x", string(stack.argumentsStart()));
    assertEquals("\u00e9t\u00e9", string(stack.argumentsStart() + 2));
    assertEquals(stack.argumentsEnd() - 6, stack.argumentsStart());

    long at = stack.pointer();
    assertEquals(2, word(at));
    assertEquals(stack.argumentsStart(), word(at + 8));
    assertEquals(stack.argumentsStart() + 2, word(at + 16));
    assertEquals(0, word(at + 24));
    assertEquals(stack.argumentsEnd(), word(at + 32));
    assertEquals(stack.argumentsEnd() + 4, word(at + 40));
    assertEquals(0, word(at + 48));

    Map<Long, Long> vector = new LinkedHashMap<>();
    byte[] stored = new byte[stack.auxiliaryVector().length];
    HostMemory.copyOut(space.hostAddress(at + 56), stored, 0, stored.length);
    assertArrayEquals(stored, stack.auxiliaryVector());
    for (at += 56; word(at) != 0; at += 16) {
      vector.put(word(at), word(at + 8));
    }
    assertEquals(0x112d, vector.get(16L));
    assertEquals(4096, vector.get(6L));
    assertEquals(100, vector.get(17L));
    assertEquals(0x10040, vector.get(3L));
    assertEquals(56, vector.get(4L));
    assertEquals(9, vector.get(5L));
    assertEquals(0x3ff0000000L, vector.get(7L));
    assertEquals(0x10400, vector.get(9L));
    assertEquals(
        List.of(1L, 2L, 3L, 4L),
        List.of(vector.get(11L), vector.get(12L), vector.get(13L), vector.get(14L)));
    assertEquals(0, vector.get(23L));
    assertEquals(stack.argumentsStart() - 16, vector.get(25L));
    assertNotEquals(0, word(vector.get(25L)));
    assertEquals("/bin/x", string(vector.get(31L)));
    assertEquals(17, vector.size());
    assertTrue(at + 16 <= vector.get(25L));
    assertEquals("[stack]", space.nameOf(space.area(stack.pointer())));
  }

  @Test
  void aProgramIsNeverWithoutAName() throws Exception {
    StackLayout stack = build(List.of(), List.of());
    assertEquals(1, word(stack.pointer()));
    assertEquals("", string(word(stack.pointer() + 8)));
  }

  @Test
  void whatIsTooLongIsRefused() {
    String most = "x".repeat(32 * 4096 - 1);
    ExecFailure one = assertThrows(ExecFailure.class, () -> build(List.of(most + "x"), List.of()));
    assertEquals(Errno.E2BIG, one.errno());
    List<String> many = new ArrayList<>(Collections.nCopies(17, most));
    ExecFailure all = assertThrows(ExecFailure.class, () -> build(List.of("x"), many));
    assertEquals("/bin/x: arguments and environment too long", all.getMessage());
  }

  @Test
  void handlersReturnThroughCodeThatUnwindersKnow() throws Exception {
    long trampoline = SystemPage.map(space, "x");
    assertEquals(0x00000073_08b00893L, word(trampoline));
    assertEquals(8, space.fetchable(trampoline, 8));
    assertEquals(0, trampoline % 4);
  }
}
