package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.systemvm.device.InterruptLine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterruptsTest {
  private static final int SSI = 1 << 1;
  private static final int MSI = 1 << 3;
  private static final int STI = 1 << 5;
  private static final int MTI = 1 << 7;
  private static final int SEI = 1 << 9;
  private static final int MEI = 1 << 11;

  /** In decreasing priority, as the manual lists them. */
  private static final int[] PRIORITY = {11, 3, 7, 9, 1, 5};

  private final TestHart hart = new TestHart();
  private final Interrupts interrupts = hart.state.interrupts();

  @AfterEach
  void close() {
    hart.close();
  }

  private InterruptLine line(int code) {
    for (TrapCause cause : TrapCause.values()) {
      if (cause.isInterrupt() && cause.code() == code) {
        return interrupts.line(cause);
      }
    }
    throw new IllegalArgumentException("interrupt " + code);
  }

  @Test
  void wiresAreSeenAndCannotBeWritten() {
    for (int code : new int[] {3, 7, 11}) {
      line(code).set(true);
      assertEquals(1L << code, hart.peek(Csr.MIP));
      hart.with(Csr.MIP, 0);
      assertEquals(1L << code, hart.peek(Csr.MIP));
      line(code).set(false);
      assertEquals(0, hart.peek(Csr.MIP));
    }
    hart.with(Csr.MIP, -1);
    assertEquals(SSI | STI | SEI, hart.peek(Csr.MIP));
  }

  @Test
  void theExternalWireTakesNoPartInWhatSoftwareWrites() {
    line(9).set(true);
    hart.x[5] = 0;
    hart.x[6] = 1;
    hart.execute(Opcode.CSRRS, 7, Csr.MIP.number(), 6);
    assertEquals(SEI, hart.x[7]);
    line(9).set(false);
    assertEquals(0, hart.peek(Csr.MIP), "reading the wire must not set software's bit");
    hart.with(Csr.MIP, SEI);
    line(9).set(true);
    hart.with(Csr.MIP, 0);
    assertEquals(SEI, hart.peek(Csr.MIP));
    line(9).set(false);
    assertEquals(0, hart.peek(Csr.MIP));
  }

  @Test
  void theTimerIsSoftwaresUnlessStimecmpIsEnabled() {
    hart.with(Csr.STIMECMP, 100);
    hart.with(Csr.MIP, STI);
    assertEquals(STI, hart.peek(Csr.MIP));
    hart.with(Csr.MENVCFG, Environment.STCE);
    assertEquals(0, hart.peek(Csr.MIP));
    hart.clock.advance(99);
    assertEquals(0, hart.peek(Csr.MIP));
    hart.clock.advance(1);
    assertEquals(STI, hart.peek(Csr.MIP));
    assertEquals(List.of("interrupted"), hart.events);
    hart.with(Csr.MIP, 0);
    assertEquals(STI, hart.peek(Csr.MIP));
    assertEquals(0, hart.clock.timersSet());
    hart.with(Csr.STIMECMP, 101);
    assertEquals(1, hart.clock.timersSet());
    assertEquals(0, hart.peek(Csr.MIP));
    hart.with(Csr.STIMECMP, 5);
    assertEquals(STI, hart.peek(Csr.MIP));
    assertEquals(0, hart.clock.timersSet());
    hart.with(Csr.STIMECMP, -1);
    assertEquals(0, hart.peek(Csr.MIP));
    assertEquals(0, hart.clock.ticks() - 100);
  }

  @Test
  void aResetTakesBackWhatSoftwareHasSet() {
    hart.with(Csr.MENVCFG, 0).with(Csr.MIP, SSI | STI | SEI).with(Csr.STIMECMP, 1);
    hart.clock.advance(1);
    line(7).set(true);
    hart.state.reset();
    assertEquals(MTI, hart.peek(Csr.MIP), "wires are others'");
    hart.with(Csr.MENVCFG, Environment.STCE);
    assertEquals(MTI, hart.peek(Csr.MIP));
    assertEquals(-1, hart.state.timer().tick());
  }

  @Test
  void tellsOfRisingInterruptsOnly() {
    line(7).set(true);
    line(7).set(true);
    line(7).set(false);
    interrupts.raiseSupervisorSoftware();
    interrupts.clearSupervisorSoftware();
    assertEquals(List.of("interrupted", "interrupted"), hart.events);
  }

  @Test
  void supervisorSeesWhatIsDelegated() {
    hart.with(Csr.MIP, SSI | SEI).with(Csr.MIE, -1);
    assertEquals(0, hart.peek(Csr.SIP));
    assertEquals(0, hart.peek(Csr.SIE));
    hart.with(Csr.MIDELEG, -1);
    assertEquals(SSI | STI | SEI, hart.peek(Csr.MIDELEG));
    assertEquals(SSI | SEI, hart.peek(Csr.SIP));
    assertEquals(SSI | STI | SEI, hart.peek(Csr.SIE));
    hart.with(Csr.SIP, 0);
    assertEquals(SEI, hart.peek(Csr.SIP), "of which it may write one");
    hart.with(Csr.SIE, 0);
    assertEquals(MSI | MTI | MEI, hart.peek(Csr.MIE));
    hart.with(Csr.MIDELEG, SEI).with(Csr.SIE, -1).with(Csr.SIP, -1);
    assertEquals(SEI | MSI | MTI | MEI, hart.peek(Csr.MIE));
    assertEquals(SEI, hart.peek(Csr.MIP));
  }

  /** Every set of pending interrupts, in every mode, with the enables on and off. */
  @Test
  void theRightInterruptIsNext() {
    hart.with(Csr.MENVCFG, 0);
    for (int pending = 0; pending < 64; pending++) {
      for (int delegated = 0; delegated < 8; delegated++) {
        long mip = 0;
        for (int i = 0; i < 6; i++) {
          boolean on = (pending >>> i & 1) != 0;
          int code = PRIORITY[i];
          mip |= on ? 1L << code : 0;
          if (code % 4 == 3) {
            line(code).set(on);
          }
        }
        hart.with(Csr.MIP, mip).with(Csr.MIE, -1);
        hart.with(
            Csr.MIDELEG,
            (delegated & 1) * SSI | (delegated >> 1 & 1) * STI | (delegated >> 2) * SEI);
        for (Privilege privilege : Privilege.values()) {
          for (int enables = 0; enables < 4; enables++) {
            hart.with(Csr.MSTATUS, (enables & 1) * Status.MIE | (enables >> 1) * Status.SIE);
            hart.in(privilege);
            int expected = next(mip, hart.peek(Csr.MIDELEG), privilege, enables);
            TrapCause actual = hart.state.pendingInterrupt();
            assertEquals(expected, actual == null ? -1 : actual.code());
          }
        }
        assertEquals(mip != 0, hart.state.hasEnabledInterrupt());
      }
    }
  }

  private static int next(long mip, long mideleg, Privilege privilege, int enables) {
    for (int code : PRIORITY) {
      boolean toMachine = (mideleg >>> code & 1) == 0;
      if ((mip >>> code & 1) != 0
          && toMachine
          && (privilege != Privilege.MACHINE || (enables & 1) != 0)) {
        return code;
      }
    }
    for (int code : PRIORITY) {
      boolean toSupervisor = (mideleg >>> code & 1) != 0;
      boolean enabled =
          switch (privilege) {
            case MACHINE -> false;
            case SUPERVISOR -> (enables & 2) != 0;
            case USER -> true;
          };
      if ((mip >>> code & 1) != 0 && toSupervisor && enabled) {
        return code;
      }
    }
    return -1;
  }

  @Test
  void disabledInterruptsWakeNobody() {
    line(7).set(true);
    assertFalse(hart.state.hasEnabledInterrupt());
    assertNull(hart.in(Privilege.USER).state.pendingInterrupt());
    hart.with(Csr.MIE, MTI);
    assertTrue(hart.state.hasEnabledInterrupt());
  }

  @Test
  void bitsChangeAtOnceByManyThreads() throws InterruptedException {
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      InterruptLine line = line(new int[] {3, 7, 9, 11}[i]);
      threads[i] =
          new Thread(
              () -> {
                for (int round = 0; round < 20_001; round++) {
                  line.set(round % 2 == 0);
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(MSI | MTI | SEI | MEI, hart.peek(Csr.MIP));
  }
}
