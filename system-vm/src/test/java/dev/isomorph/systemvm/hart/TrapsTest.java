package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrapsTest {
  private final TestHart hart = new TestHart();

  @AfterEach
  void close() {
    hart.close();
  }

  @Test
  void goesToMachineModeUnlessDelegated() {
    hart.with(Csr.MTVEC, 0x1000).with(Csr.STVEC, 0x2000).with(Csr.MSTATUS, Status.MIE);
    hart.in(Privilege.SUPERVISOR);
    hart.traps.take(TrapCause.LOAD_PAGE_FAULT, 0x1234, 0x8000);
    assertEquals(Privilege.MACHINE, hart.state.privilege());
    assertEquals(0x1000, hart.pc);
    assertEquals(13, hart.peek(Csr.MCAUSE));
    assertEquals(0x1234, hart.peek(Csr.MTVAL));
    assertEquals(0x8000, hart.peek(Csr.MEPC));
    assertEquals(Status.WIDTHS | Status.MPIE | 1L << 11, hart.peek(Csr.MSTATUS));
    hart.execute(Opcode.MRET);
    assertEquals(Privilege.SUPERVISOR, hart.state.privilege());
    assertEquals(0x8000, hart.pc);
    assertEquals(Status.WIDTHS | Status.MPIE | Status.MIE, hart.peek(Csr.MSTATUS));
  }

  @Test
  void delegatedTrapsGoToSupervisorMode() {
    hart.with(Csr.STVEC, 0x2001).with(Csr.MEDELEG, -1).with(Csr.MIDELEG, -1);
    hart.with(Csr.MSTATUS, Status.SIE).in(Privilege.USER);
    hart.pc = 0x8002;
    hart.traps.environmentCall();
    assertEquals(Privilege.SUPERVISOR, hart.state.privilege());
    assertEquals(0x2000, hart.pc, "exceptions are not vectored");
    assertEquals(8, hart.peek(Csr.SCAUSE));
    assertEquals(0x8002, hart.peek(Csr.SEPC));
    assertEquals(Status.WIDTHS | Status.SPIE, hart.peek(Csr.MSTATUS));
    hart.execute(Opcode.SRET);
    assertEquals(Privilege.USER, hart.state.privilege());
    assertEquals(Status.WIDTHS | Status.SPIE | Status.SIE, hart.peek(Csr.MSTATUS));
  }

  @Test
  void machineModeTrapsToItself() {
    hart.with(Csr.MEDELEG, -1);
    hart.traps.breakpoint();
    assertEquals(Privilege.MACHINE, hart.state.privilege());
    assertEquals(3, hart.peek(Csr.MCAUSE));
    assertEquals(TestHart.RAM_BASE, hart.peek(Csr.MTVAL));
    hart.traps.environmentCall();
    assertEquals(11, hart.peek(Csr.MCAUSE));
    hart.in(Privilege.SUPERVISOR).with(Csr.MEDELEG, 0);
    hart.traps.environmentCall();
    assertEquals(9, hart.peek(Csr.MCAUSE));
  }

  @Test
  void interruptsAreVectored() {
    hart.with(Csr.MTVEC, 0x1001).with(Csr.MIE, -1).with(Csr.MSTATUS, Status.MIE);
    assertFalse(hart.traps.interrupt());
    hart.state.interrupts().line(TrapCause.MACHINE_TIMER_INTERRUPT).set(true);
    assertTrue(hart.traps.interrupt());
    assertEquals(0x101c, hart.pc);
    assertEquals(Long.MIN_VALUE | 7, hart.peek(Csr.MCAUSE));
    assertEquals(0, hart.peek(Csr.MTVAL));
    assertFalse(hart.traps.interrupt(), "the handler has them off");
  }

  @Test
  void illegalInstructionsTellTheirEncoding() {
    hart.traps.illegalInstruction(0xffff_ffff);
    assertEquals(0xffff_ffffL, hart.peek(Csr.MTVAL));
    hart.traps.illegalInstruction(0x1234);
    assertEquals(0x1234, hart.peek(Csr.MTVAL));
  }

  @Test
  void leavingMachineModeEndsItsViewOfOthersMemory() {
    hart.with(Csr.MSTATUS, Status.MPRV | Status.MPP);
    hart.execute(Opcode.MRET);
    assertEquals(Status.MPRV, hart.peek(Csr.MSTATUS) & Status.MPRV);
    hart.execute(Opcode.MRET);
    assertEquals(Privilege.USER, hart.state.privilege());
    assertEquals(0, hart.peek(Csr.MSTATUS) & Status.MPRV);
    hart.in(Privilege.MACHINE).with(Csr.MSTATUS, Status.MPRV | Status.SPP);
    hart.execute(Opcode.SRET);
    assertEquals(Privilege.SUPERVISOR, hart.state.privilege());
    assertEquals(0, hart.peek(Csr.MSTATUS) & Status.MPRV);
  }

  @Test
  void returnsNeedTheirMode() {
    hart.in(Privilege.SUPERVISOR);
    assertTrue(hart.isIllegal(0x30200073), "mret");
    hart.in(Privilege.USER);
    assertTrue(hart.isIllegal(0x30200073), "mret");
    hart.in(Privilege.USER);
    assertTrue(hart.isIllegal(0x10200073), "sret");
    hart.with(Csr.MSTATUS, Status.TSR).in(Privilege.SUPERVISOR);
    assertTrue(hart.isIllegal(0x10200073), "sret");
    hart.with(Csr.MSTATUS, Status.TSR).in(Privilege.MACHINE);
    assertFalse(hart.isIllegal(0x10200073), "sret");
  }
}
