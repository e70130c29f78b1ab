package dev.isomorph.processvm.start;

import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.memory.AddressSpace;

/**
 * The page of guest code that the system provides, where Linux has its vDSO: so far only what a
 * signal handler returns to.
 */
public final class SystemPage {
  /**
   * {@code li a7, 139; ecall}: rt_sigreturn(2), in the very encodings by which unwinders recognise
   * the frame of a signal handler (libgcc's config/riscv/linux-unwind.h).
   */
  private static final byte[] SIGRETURN = {
    (byte) 0x93, 0x08, (byte) 0xb0, 0x08, 0x73, 0x00, 0x00, 0x00
  };

  private SystemPage() {}

  /**
   * Maps the page.
   *
   * @return guest address of the code that a signal handler returns to
   */
  public static long map(AddressSpace space, String program) throws ExecFailure {
    long address = space.mapSystemPage(SIGRETURN, "[vdso]");
    if (address < 0) {
      throw new ExecFailure(program, "not enough memory", Errno.ENOMEM);
    }
    return address;
  }
}
