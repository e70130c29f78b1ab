package dev.isomorph.hostbackend;

import static dev.isomorph.hostbackend.asm.Gpr.R10;
import static dev.isomorph.hostbackend.asm.Gpr.R11;
import static dev.isomorph.hostbackend.asm.Gpr.R12;
import static dev.isomorph.hostbackend.asm.Gpr.R13;
import static dev.isomorph.hostbackend.asm.Gpr.R14;
import static dev.isomorph.hostbackend.asm.Gpr.R15;
import static dev.isomorph.hostbackend.asm.Gpr.R8;
import static dev.isomorph.hostbackend.asm.Gpr.R9;
import static dev.isomorph.hostbackend.asm.Gpr.RAX;
import static dev.isomorph.hostbackend.asm.Gpr.RBP;
import static dev.isomorph.hostbackend.asm.Gpr.RBX;
import static dev.isomorph.hostbackend.asm.Gpr.RCX;
import static dev.isomorph.hostbackend.asm.Gpr.RDI;
import static dev.isomorph.hostbackend.asm.Gpr.RDX;
import static dev.isomorph.hostbackend.asm.Gpr.RSI;
import static dev.isomorph.hostbackend.asm.Gpr.RSP;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;

/**
 * The machine code of {@link HostCalls}' natives.
 *
 * <p>JNI's native functions follow the System V calling convention with two arguments in front: rdi
 * = JNIEnv, rsi = class, then come rdx, rcx, r8, r9 and the stack. Linux wants a system call's
 * arguments in rdi, rsi, rdx, r10, r8, r9 and destroys rcx and r11 (syscall(2)).
 */
final class HostFunctions {
  private static final String PREFIX = "Java_dev_isomorph_hostbackend_HostCalls_";

  /** Callee-saved registers but rsp. */
  private static final Gpr[] SAVED = {RBX, RBP, R12, R13, R14, R15};

  private static final int COUNT = 9;

  private final Assembler asm = new Assembler();
  private final String[] names = new String[COUNT];
  private final int[] offsets = new int[COUNT];
  private int count;

  /** Returns a shared object that holds them all. */
  static byte[] sharedObject() {
    HostFunctions functions = new HostFunctions();
    functions.enter();
    functions.syscall();
    functions.interruptibleSyscall();
    functions.settle();
    functions.cpuid();
    functions.xgetbv();
    return ElfSharedObject.of(functions.asm.code(), functions.names, functions.offsets);
  }

  private void begin(String name) {
    names[count] = PREFIX.concat(name);
    offsets[count] = asm.position();
    count++;
  }

  private void enter() {
    begin("enter"); // rdx = code, rcx = state
    for (Gpr register : SAVED) {
      asm.push(register);
    }
    asm.push(RAX); // only to align the stack
    asm.mov(8, RDI, RCX);
    asm.call(RDX);
    asm.pop(RCX);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      asm.pop(SAVED[i]);
    }
    asm.ret();
  }

  private void syscall() {
    begin("syscall"); // rdx = number, rcx, r8, r9 and three stack slots = arguments
    asm.mov(8, RAX, RDX);
    asm.mov(8, RDI, RCX);
    asm.mov(8, RSI, R8);
    asm.mov(8, RDX, R9);
    stackArguments(R10, R8, R9);
    asm.syscall();
    asm.ret();
  }

  private void interruptibleSyscall() {
    begin("interruptibleSyscall"); // rdx = flag, rcx = number, r8, r9 and four slots = arguments
    asm.mov(8, RAX, RCX);
    asm.mov(8, R11, RDX);
    asm.mov(8, RDI, R8);
    asm.mov(8, RSI, R9);
    stackArguments(RDX, R10, R8, R9);
    Label first = bind();
    Label pending = new Label();
    asm.cmp(1, Mem.of(R11), 0);
    asm.jccShort(Cond.NE, pending);
    Label last = bind();
    asm.syscall();
    asm.ret();
    asm.bind(pending);
    asm.movImm(RAX, -HostLinux.ERESTARTSYS);
    asm.ret();
    addressOf("windowFirst", first);
    addressOf("windowLast", last);
    addressOf("windowPending", pending);
  }

  private void settle() {
    begin("settle");
    asm.ret();
  }

  private void cpuid() {
    begin("cpuid"); // edx = leaf, ecx = subleaf, r8 = result
    asm.push(RBX);
    asm.mov(4, RAX, RDX);
    asm.cpuid();
    asm.mov(4, Mem.of(R8), RAX);
    asm.mov(4, Mem.of(R8, 4), RBX);
    asm.mov(4, Mem.of(R8, 8), RCX);
    asm.mov(4, Mem.of(R8, 12), RDX);
    asm.pop(RBX);
    asm.ret();
  }

  private void xgetbv() {
    begin("xgetbv");
    asm.xor(4, RCX, RCX);
    asm.emitByte(0x0f);
    asm.emitByte(0x01);
    asm.emitByte(0xd0);
    asm.shift(ShiftOp.SHL, 8, RDX, 32);
    asm.or(8, RAX, RDX);
    asm.ret();
  }

  /** Loads the arguments on the stack, above the return address. */
  private void stackArguments(Gpr... registers) {
    for (int i = 0; i < registers.length; i++) {
      asm.mov(8, registers[i], Mem.of(RSP, 8 * (1 + i)));
    }
  }

  private Label bind() {
    Label here = new Label();
    asm.bind(here);
    return here;
  }

  private void addressOf(String name, Label label) {
    begin(name);
    asm.lea(8, RAX, Mem.rip(label));
    asm.ret();
  }
}
