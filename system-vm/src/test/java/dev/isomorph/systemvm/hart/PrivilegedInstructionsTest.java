package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.systemvm.hart.PrivilegedInstructions.Outcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrivilegedInstructionsTest {
  private static final int WFI = 0x10500073;
  private static final int SFENCE_W_INVAL = 0x18000073;
  private static final int SFENCE_INVAL_IR = 0x18100073;
  private static final int FADD = 0x02c5f553;
  private static final int MSCRATCH = 0x340;

  private final TestHart hart = new TestHart();

  @AfterEach
  void close() {
    hart.close();
  }

  private static int encode(Opcode opcode, long... operands) {
    return Encoder.encode(opcode, operands);
  }

  @Test
  void theSixFormsOfRegisterAccess() {
    hart.x[6] = 0xff00;
    assertEquals(Outcome.CONTINUE, hart.execute(Opcode.CSRRW, 5, MSCRATCH, 6));
    assertEquals(0, hart.x[5]);
    assertEquals(0xff00, hart.peek(Csr.MSCRATCH));
    assertEquals(TestHart.RAM_BASE + 4, hart.pc);
    hart.x[6] = 0x0ff0;
    hart.execute(Opcode.CSRRS, 5, MSCRATCH, 6);
    assertEquals(0xff00, hart.x[5]);
    assertEquals(0xfff0, hart.peek(Csr.MSCRATCH));
    hart.execute(Opcode.CSRRC, 6, MSCRATCH, 6);
    assertEquals(0xfff0, hart.x[6]);
    assertEquals(0xf000, hart.peek(Csr.MSCRATCH));
    hart.execute(Opcode.CSRRSI, 5, MSCRATCH, 31);
    assertEquals(0xf01f, hart.peek(Csr.MSCRATCH));
    hart.execute(Opcode.CSRRCI, 5, MSCRATCH, 1);
    assertEquals(0xf01e, hart.peek(Csr.MSCRATCH));
    hart.execute(Opcode.CSRRWI, 0, MSCRATCH, 9);
    assertEquals(9, hart.peek(Csr.MSCRATCH));
    assertEquals(0, hart.x[0]);
  }

  @Test
  void readOnlyRegistersCanBeReadByWhatWritesNothing() {
    int mhartid = 0xf14;
    hart.execute(Opcode.CSRRS, 5, mhartid, 0);
    assertEquals(5, hart.x[5]);
    hart.x[6] = 0;
    assertTrue(hart.isIllegal(encode(Opcode.CSRRS, 5, mhartid, 6)), "though it sets no bit");
    assertTrue(hart.isIllegal(encode(Opcode.CSRRC, 5, mhartid, 6)));
    assertTrue(hart.isIllegal(encode(Opcode.CSRRW, 0, mhartid, 0)));
    assertFalse(hart.isIllegal(encode(Opcode.CSRRCI, 5, mhartid, 0)));
    assertTrue(hart.isIllegal(encode(Opcode.CSRRCI, 5, mhartid, 1)));
  }

  @Test
  void anIllegalAccessChangesNothing() {
    hart.in(Privilege.USER);
    hart.x[5] = 77;
    assertTrue(hart.isIllegal(encode(Opcode.CSRRW, 5, MSCRATCH, 5)));
    assertEquals(77, hart.x[5]);
    assertEquals(0, hart.peek(Csr.MSCRATCH));
    assertEquals(encode(Opcode.CSRRW, 5, MSCRATCH, 5) & 0xffff_ffffL, hart.peek(Csr.MTVAL));
  }

  @Test
  void waitsForInterrupts() {
    assertEquals(Outcome.WAIT, hart.execute(WFI));
    assertEquals(TestHart.RAM_BASE + 4, hart.pc);
    hart.with(Csr.MSTATUS, Status.TW);
    assertEquals(Outcome.WAIT, hart.execute(WFI));
    hart.in(Privilege.SUPERVISOR);
    assertTrue(hart.isIllegal(WFI));
    hart.with(Csr.MSTATUS, 0).in(Privilege.SUPERVISOR);
    assertEquals(Outcome.WAIT, hart.execute(WFI));
    hart.in(Privilege.USER);
    assertTrue(hart.isIllegal(WFI));
    assertEquals(Outcome.YIELD, hart.execute(Opcode.WRS_NTO));
  }

  @Test
  void fencesNameWhatIsConcerned() {
    hart.x[5] = 0x1234_5678;
    hart.x[6] = 0x7_0003;
    hart.execute(Opcode.SFENCE_VMA, 0, 0);
    hart.execute(Opcode.SFENCE_VMA, 5, 0);
    hart.execute(Opcode.SFENCE_VMA, 0, 6);
    hart.execute(Opcode.SINVAL_VMA, 5, 6);
    assertEquals(
        List.of("fence all -1", "fence 12345678 -1", "fence all 3", "fence 12345678 3"),
        hart.events);
  }

  @Test
  void fencesCanBeTrapped() {
    int fence = encode(Opcode.SFENCE_VMA, 0, 0);
    int invalidate = encode(Opcode.SINVAL_VMA, 0, 0);
    for (int each : new int[] {fence, invalidate, SFENCE_W_INVAL, SFENCE_INVAL_IR}) {
      boolean trapped = each == fence || each == invalidate;
      hart.with(Csr.MSTATUS, 0).in(Privilege.USER);
      assertTrue(hart.isIllegal(each));
      hart.with(Csr.MSTATUS, 0).in(Privilege.SUPERVISOR);
      assertFalse(hart.isIllegal(each));
      hart.with(Csr.MSTATUS, Status.TVM).in(Privilege.SUPERVISOR);
      assertEquals(trapped, hart.isIllegal(each));
      hart.with(Csr.MSTATUS, Status.TVM).in(Privilege.MACHINE);
      assertFalse(hart.isIllegal(each));
    }
  }

  @Test
  void floatsTurnTheirUnitDirtyOrAreIllegal() {
    assertTrue(hart.isIllegal(FADD));
    hart.with(Csr.MSTATUS, 1L << 13);
    hart.pc = 0x8000;
    assertEquals(Outcome.RETRY, hart.execute(FADD));
    assertEquals(0x8000, hart.pc, "it can now be executed by translated code");
    assertTrue(hart.state.isFloatUnitDirty());
    assertEquals(List.of("context"), hart.events);
    assertEquals(Status.SD | Status.FS | Status.WIDTHS, hart.peek(Csr.MSTATUS));
  }

  @Test
  void floatRegistersNeedTheirUnit() {
    assertTrue(hart.isIllegal(encode(Opcode.CSRRS, 5, 1, 0)));
    hart.with(Csr.MSTATUS, 1L << 13);
    hart.fcsr = 0xa5;
    hart.execute(Opcode.CSRRS, 5, 1, 0);
    assertEquals(5, hart.x[5]);
    hart.execute(Opcode.CSRRS, 5, 2, 0);
    assertEquals(5, hart.x[5]);
    assertFalse(hart.state.isFloatUnitDirty(), "reading changes nothing");
    hart.execute(Opcode.CSRRWI, 5, 2, 10);
    assertEquals(0x45, hart.fcsr);
    assertTrue(hart.state.isFloatUnitDirty());
    hart.x[6] = -1;
    hart.execute(Opcode.CSRRW, 5, 3, 6);
    assertEquals(0xff, hart.fcsr);
    hart.execute(Opcode.CSRRCI, 5, 1, 3);
    assertEquals(0xfc, hart.fcsr);
  }

  @Test
  void cacheBlocksAreZeroedWhole() {
    hart.ram.putLong(TestHart.RAM_BASE + 0x40, -1);
    hart.ram.putLong(TestHart.RAM_BASE + 0x78, -1);
    hart.ram.putLong(TestHart.RAM_BASE + 0x80, -1);
    hart.x[5] = TestHart.RAM_BASE + 0x7f;
    hart.execute(Opcode.CBO_ZERO, 5);
    assertEquals(0, hart.ram.getLong(TestHart.RAM_BASE + 0x40));
    assertEquals(0, hart.ram.getLong(TestHart.RAM_BASE + 0x78));
    assertEquals(-1, hart.ram.getLong(TestHart.RAM_BASE + 0x80));
    assertEquals(TestHart.RAM_BASE + 4, hart.pc);
    hart.x[5] = 0x1007;
    hart.execute(Opcode.CBO_ZERO, 5);
    assertEquals(7, hart.peek(Csr.MCAUSE));
    assertEquals(0x1007, hart.peek(Csr.MTVAL));
  }

  @Test
  void managingACacheBlockNeedsTheRightToLoad() {
    hart.with(Csr.MENVCFG, -1).openMemory().in(Privilege.SUPERVISOR);
    hart.x[5] = TestHart.RAM_BASE + 0x7f;
    for (Opcode each : List.of(Opcode.CBO_CLEAN, Opcode.CBO_FLUSH, Opcode.CBO_INVAL)) {
      assertFalse(hart.isIllegal(encode(each, 5)));
      assertEquals(0, hart.peek(Csr.MCAUSE));
    }
    hart.with(Csr.PMPCFG, 0x1c);
    hart.execute(Opcode.CBO_FLUSH, 5);
    assertEquals(TrapCause.STORE_ACCESS_FAULT.code(), hart.peek(Csr.MCAUSE));
    hart.with(Csr.PMPCFG, 0x1f).with(Csr.SATP, 8L << 60 | TestHart.RAM_BASE >>> 12);
    hart.in(Privilege.SUPERVISOR).execute(Opcode.CBO_FLUSH, 5);
    assertEquals(TrapCause.STORE_PAGE_FAULT.code(), hart.peek(Csr.MCAUSE));
    assertEquals(TestHart.RAM_BASE + 0x7f, hart.peek(Csr.MTVAL));
  }

  @Test
  void cacheBlockInstructionsNeedTheirEnables() {
    hart.openMemory();
    hart.x[5] = TestHart.RAM_BASE;
    List<Opcode> all = List.of(Opcode.CBO_INVAL, Opcode.CBO_CLEAN, Opcode.CBO_ZERO);
    long[] fields = {1L << 4, 1L << 6, 1L << 7};
    for (int i = 0; i < all.size(); i++) {
      int encoding = encode(all.get(i), 5);
      for (int machine = 0; machine < 2; machine++) {
        for (int supervisor = 0; supervisor < 2; supervisor++) {
          hart.with(Csr.MENVCFG, machine * fields[i]).with(Csr.SENVCFG, supervisor * fields[i]);
          assertFalse(hart.in(Privilege.MACHINE).isIllegal(encoding));
          assertEquals(machine == 0, hart.in(Privilege.SUPERVISOR).isIllegal(encoding));
          assertEquals(machine * supervisor == 0, hart.in(Privilege.USER).isIllegal(encoding));
        }
      }
    }
  }
}
