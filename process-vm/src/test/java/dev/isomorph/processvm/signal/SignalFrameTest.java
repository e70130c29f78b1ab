package dev.isomorph.processvm.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.CProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalFrameTest {
  private static final String HEADERS =
      """
      #include <linux/signal.h>
      #include <asm/sigcontext.h>
      #include <asm/ucontext.h>
      struct rt_sigframe { siginfo_t info; struct ucontext uc; };
      """;

  @Test
  void sizesAreThoseOfLinux() {
    assertEquals(1088, SignalFrame.BYTES);
    assertEquals(960, SignalFrame.CONTEXT_BYTES);
    assertEquals(176, SignalFrame.MACHINE);
  }

  @Test
  void layoutAgreesWithTheHeaders() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    long[] layout =
        CProgram.constants(
            CProgram.GUEST_COMPILER,
            HEADERS,
            List.of(
                "sizeof(struct rt_sigframe)",
                "offsetof(struct rt_sigframe, uc)",
                "sizeof(struct ucontext)",
                "offsetof(struct ucontext, uc_flags)",
                "offsetof(struct ucontext, uc_link)",
                "offsetof(struct ucontext, uc_stack)",
                "offsetof(struct ucontext, uc_sigmask)",
                "offsetof(struct ucontext, uc_mcontext)",
                "offsetof(struct ucontext, uc_mcontext.sc_fpregs)",
                "offsetof(struct ucontext, uc_mcontext.sc_fpregs.d.fcsr)",
                "offsetof(struct ucontext, uc_mcontext.sc_fpregs.q.reserved)",
                "offsetof(struct user_regs_struct, a0)",
                "sizeof(stack_t)",
                "offsetof(stack_t, ss_size)",
                "sizeof(struct sigaction)"));
    assertArrayEquals(
        new long[] {
          SignalFrame.BYTES,
          SignalFrame.CONTEXT,
          SignalFrame.CONTEXT_BYTES,
          SignalFrame.CONTEXT_FLAGS,
          SignalFrame.CONTEXT_LINK,
          SignalFrame.CONTEXT_STACK,
          SignalFrame.CONTEXT_MASK,
          SignalFrame.MACHINE,
          SignalFrame.FLOATS,
          SignalFrame.FCSR,
          SignalFrame.RESERVED,
          8 * 10,
          AlternateStack.BYTES,
          16,
          SignalAction.BYTES
        },
        layout);
  }

  @Test
  void whatIsWrittenIsRestored() {
    long host = HostMemory.allocate(4096);
    HostMemory.fill(host, 4096, (byte) 0xa5);
    PlainRegisters before = new PlainRegisters();
    for (int i = 0; i < 32; i++) {
      before.x(i, 0x1111_0000_0000_0000L + i);
      before.f(i, 0x2222_0000_0000_0000L + i);
    }
    before.pc(0x12344);
    before.fcsr(0xe1);
    SignalInfo info = new SignalInfo(11, 0, 1, 0x10, 2, 3, 4);
    AlternateStack stack = new AlternateStack(0x7000, AlternateStack.SS_ONSTACK, 0x2000);
    SignalFrame.write(host, info, before, stack, 0xf0f0);

    assertEquals(info, SignalInfo.read(host));
    assertEquals(0xf0f0, SignalFrame.mask(host));
    assertEquals(stack, SignalFrame.stack(host));
    assertTrue(SignalFrame.restorable(host));
    PlainRegisters after = new PlainRegisters();
    SignalFrame.restore(host, after);
    assertEquals(before.pc(), after.pc());
    assertEquals(before.fcsr(), after.fcsr());
    for (int i = 0; i < 32; i++) {
      assertEquals(before.x(i), after.x(i));
      assertEquals(before.f(i), after.f(i));
    }
    HostMemory.putInt(host + SignalFrame.CONTEXT + SignalFrame.EXTENSIONS, 0x5345457);
    assertFalse(SignalFrame.restorable(host));
    HostMemory.free(host, 4096);
  }
}
