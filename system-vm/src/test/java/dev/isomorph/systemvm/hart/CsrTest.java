package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CsrTest {
  /**
   * By number: what is read after a reset, after writing ones, after writing zeros; all of machine
   * mode. A number may be a range.
   */
  private static final String TABLE =
      """
      100 200000000 80000002000c6122 200000000
      104 0 0 0
      105 0 fffffffffffffffd 0
      106 0 ffffffff 0
      10a 0 f1 0
      140 0 ffffffffffffffff 0
      141 0 fffffffffffffffe 0
      142 0 ffffffffffffffff 0
      143 0 ffffffffffffffff 0
      144 0 0 0
      14d ffffffffffffffff ffffffffffffffff 0
      180 0 0 0
      300 a00000000 8000000a007e79aa a00000000
      301 800000000014112f 800000000014112f 800000000014112f
      302 0 b3fe 0
      303 0 222 0
      304 0 aaa 0
      305 0 fffffffffffffffd 0
      306 0 ffffffff 0
      30a 6000000000000000 e0000000000000f1 0
      320 0 5 0
      323-33f 0 0 0
      340 0 ffffffffffffffff 0
      341 0 fffffffffffffffe 0
      342 0 ffffffffffffffff 0
      343 0 ffffffffffffffff 0
      344 0 222 0
      3a0 0 9f9f9f9f9f9f9f9f 9f9f9f9f9f9f9f9f
      3a2 0 9f9f9f9f9f9f9f9f 9f9f9f9f9f9f9f9f
      3a4 0 0 0
      3a6 0 0 0
      3a8 0 0 0
      3aa 0 0 0
      3ac 0 0 0
      3ae 0 0 0
      3b0-3bf 0 3fffffffffffff 0
      3c0-3ef 0 0 0
      7a0-7a3 0 0 0
      7a4 1 1 1
      b00 0 ffffffffffffffff 0
      b02 0 fffffffffffffffe ffffffffffffffff
      b03-b1f 0 0 0
      """;

  /** Read-only ones. */
  private static final String CONSTANTS =
      """
      c00 0
      c01 0
      c02 0
      c03-c1f 0
      f11 0
      f12 0
      f13 0
      f14 5
      f15 0
      """;

  private final TestHart hart = new TestHart();

  @AfterEach
  void close() {
    hart.close();
  }

  private static Map<Integer, long[]> table(String text) {
    Map<Integer, long[]> table = new HashMap<>();
    for (String line : text.strip().split("\n")) {
      String[] words = line.split(" ");
      String[] range = words[0].split("-");
      long[] values = new long[words.length - 1];
      for (int i = 0; i < values.length; i++) {
        values[i] = Long.parseUnsignedLong(words[i + 1], 16);
      }
      int last = Integer.parseInt(range[range.length - 1], 16);
      for (int number = Integer.parseInt(range[0], 16); number <= last; number++) {
        table.put(number, values);
      }
    }
    return table;
  }

  @Test
  void everyRegisterTakesWhatItCan() {
    table(TABLE)
        .forEach(
            (number, expected) -> {
              hart.state.reset();
              String name = Integer.toHexString(number);
              assertEquals(expected[0], hart.state.read(number), name + " after a reset");
              hart.state.write(number, -1);
              assertEquals(expected[1], hart.state.read(number), name + " of ones");
              hart.state.write(number, 0);
              assertEquals(expected[2], hart.state.read(number), name + " of zeros");
            });
  }

  @Test
  void thereAreNoOthers() {
    Map<Integer, long[]> writable = table(TABLE);
    Map<Integer, long[]> constants = table(CONSTANTS);
    for (int each = 0; each < 4096; each++) {
      int number = each;
      if (constants.containsKey(number)) {
        assertEquals(constants.get(number)[0], hart.state.read(number));
        assertThrows(IllegalInstruction.class, () -> hart.state.write(number, 0));
        assertThrows(IllegalInstruction.class, () -> hart.state.set(number, 0));
      } else if (!writable.containsKey(number)) {
        assertThrows(IllegalInstruction.class, () -> hart.state.read(number));
        assertThrows(IllegalInstruction.class, () -> hart.state.write(number, 0));
      }
    }
  }

  @Test
  void registersNeedTheirPrivilege() {
    hart.with(Csr.MENVCFG, -1).with(Csr.MCOUNTEREN, -1).with(Csr.SCOUNTEREN, -1);
    for (Privilege privilege : Privilege.values()) {
      hart.in(privilege);
      for (Integer each : table(TABLE + CONSTANTS).keySet()) {
        if ((each >>> 8 & 3) <= privilege.code()) {
          assertDoesNotThrow(() -> hart.state.read(each));
        } else {
          assertThrows(IllegalInstruction.class, () -> hart.state.read(each));
          assertThrows(IllegalInstruction.class, () -> hart.state.write(each, 0));
        }
      }
    }
  }

  private static boolean mayRead(TestHart hart, Csr csr) {
    try {
      hart.state.read(csr.number());
      return true;
    } catch (IllegalInstruction e) {
      return false;
    }
  }

  @Test
  void countersNeedTheirEnables() {
    Csr[] counters = {Csr.CYCLE, Csr.TIME, Csr.INSTRET, Csr.HPMCOUNTER};
    for (int bits = 0; bits < 4; bits++) {
      for (int i = 0; i < counters.length; i++) {
        hart.with(Csr.MCOUNTEREN, (bits & 1L) << i).with(Csr.SCOUNTEREN, (bits >> 1 & 1L) << i);
        for (int j = 0; j < counters.length; j++) {
          boolean supervisor = i == j && (bits & 1) != 0;
          assertEquals(supervisor, mayRead(hart.in(Privilege.SUPERVISOR), counters[j]));
          assertEquals(supervisor && bits == 3, mayRead(hart.in(Privilege.USER), counters[j]));
          assertEquals(true, mayRead(hart.in(Privilege.MACHINE), counters[j]));
        }
      }
    }
  }

  @Test
  void theTimerNeedsBothItsEnables() {
    for (int bits = 0; bits < 4; bits++) {
      hart.with(Csr.MENVCFG, (bits & 1L) << 63).with(Csr.MCOUNTEREN, (bits >> 1) << 1);
      assertEquals(bits == 3, mayRead(hart.in(Privilege.SUPERVISOR), Csr.STIMECMP));
      assertEquals(false, mayRead(hart.in(Privilege.USER), Csr.STIMECMP));
      assertEquals(true, mayRead(hart.in(Privilege.MACHINE), Csr.STIMECMP));
    }
  }

  @Test
  void addressSpacesCanBeTrapped() {
    hart.with(Csr.MSTATUS, Status.TVM);
    assertEquals(false, mayRead(hart.in(Privilege.SUPERVISOR), Csr.SATP));
    assertEquals(true, mayRead(hart.in(Privilege.MACHINE), Csr.SATP));
  }

  @Test
  void unsupportedPagingChangesNothing() {
    long sv48 = 9L << 60 | 0xabcdL << 44 | 0x123;
    hart.with(Csr.SATP, sv48);
    for (long mode = 0; mode < 16; mode++) {
      if (mode != 0 && (mode < 8 || mode > 10)) {
        hart.with(Csr.SATP, mode << 60 | 7);
        assertEquals(sv48, hart.peek(Csr.SATP));
      }
    }
    hart.with(Csr.SATP, 10L << 60);
    assertEquals(10L << 60, hart.peek(Csr.SATP));
  }

  @Test
  void tellsWhenTheContextChanges() {
    hart.with(Csr.SATP, 0);
    hart.state.write(Csr.MSTATUS.number(), Status.MIE | Status.SPP | Status.TVM);
    hart.state.write(Csr.SATP.number(), 0);
    assertEquals(0, hart.events.size());
    hart.state.write(Csr.MSTATUS.number(), Status.SUM);
    hart.state.write(Csr.SATP.number(), 8L << 60);
    hart.state.write(Csr.MSTATUS.number(), Status.SUM | Status.MPRV);
    hart.state.write(Csr.MSTATUS.number(), Status.SUM | Status.MPRV | Status.MPP);
    assertEquals(4, hart.events.size());
    assertEquals(3 | 3 << 2 | 1 << 4, hart.state.context());
  }

  @Test
  void whatTranslationsDependOnIsAFence() {
    hart.state.write(Csr.PMPADDR.number() + 3, 5);
    hart.state.write(Csr.PMPCFG.number() + 2, 0x1f);
    hart.state.write(Csr.MENVCFG.number(), Environment.PBMTE);
    hart.state.write(Csr.MENVCFG.number(), Environment.PBMTE | Environment.ADUE);
    hart.state.write(Csr.MENVCFG.number(), Environment.PBMTE | Environment.ADUE | Environment.CBZE);
    assertEquals(Collections.nCopies(4, "fence all -1"), hart.events);
  }

  @Test
  void countersCanBeSetAndStopped() {
    hart.cycles = 100;
    hart.instructions = 50;
    hart.state.write(Csr.MCYCLE.number(), 7);
    hart.state.write(Csr.MINSTRET.number(), 7);
    hart.cycles += 10;
    hart.instructions += 1;
    assertEquals(17, hart.peek(Csr.CYCLE));
    assertEquals(7, hart.peek(Csr.INSTRET), "the write itself is not counted");
    hart.state.write(Csr.MCOUNTINHIBIT.number(), 5);
    hart.cycles += 10;
    hart.instructions += 10;
    assertEquals(17, hart.peek(Csr.MCYCLE));
    assertEquals(7, hart.peek(Csr.MINSTRET));
    hart.state.write(Csr.MINSTRET.number(), 1000);
    assertEquals(1000, hart.peek(Csr.MINSTRET));
    hart.state.write(Csr.MCOUNTINHIBIT.number(), 0);
    hart.cycles += 3;
    hart.instructions += 3;
    assertEquals(20, hart.peek(Csr.MCYCLE));
    assertEquals(1003, hart.peek(Csr.MINSTRET));
  }

  @Test
  void isKeptInSnapshots() throws IOException {
    table(TABLE).keySet().forEach(number -> hart.state.write(number, 0x8181_8181_8181_8181L));
    hart.state.write(Csr.SATP.number(), 8L << 60 | 5);
    hart.state.interrupts().line(TrapCause.MACHINE_EXTERNAL_INTERRUPT).set(true);
    hart.in(Privilege.SUPERVISOR);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    hart.state.save(new DataOutputStream(bytes));
    try (TestHart other = new TestHart()) {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      other.state.restore(in, other.state.version());
      assertEquals(0, in.available());
      assertEquals(Privilege.SUPERVISOR, other.state.privilege());
      for (Integer number : table(TABLE + CONSTANTS).keySet()) {
        assertEquals(
            hart.state.readAsMachine(number), other.state.readAsMachine(number), number.toString());
      }
    }
  }
}
