package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterMap.HOST_REGISTERS;
import static dev.isomorph.hostbackend.lower.RegisterMap.MEMORY;
import static dev.isomorph.hostbackend.lower.RegisterMap.STATE;
import static dev.isomorph.hostbackend.lower.RegisterMap.XMM0;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;
import java.util.List;

/**
 * The hand-written code at the start of a code cache: entering guest code from Java and leaving it.
 * Position-independent.
 */
public final class Stubs {
  /** Where a return has the guest pc it goes to, for whatever code the host returns to. */
  static final Gpr RETURN_PC = Gpr.RAX;

  private final Assembler asm = new Assembler();
  private final long origin;
  private final int enter;
  private final int exit;
  private int exitStored;
  private final int link;
  private final int fault;
  private final int exitInside;
  private final int directCall;
  private final int miss;
  private final int resume;
  private final int find;
  private final int noRoom;
  private final int unpairedReturn;
  private final ContextCode contexts;
  private final int time;
  private int jump;

  /** Assembles the stubs for host address {@code origin}. */
  public Stubs(long origin) {
    this.origin = origin;
    Label unpaired = new Label();
    enter = emitEnter(unpaired);
    exit = emitExit();
    link = emitLink();
    fault = emitFault();
    exitInside = emitExitInside();
    miss = emitMiss();
    resume = emitResume();
    find = emitFind();
    noRoom = emitNoRoom();
    asm.bind(unpaired);
    unpairedReturn = emitJumps();
    asm.align(16);
    contexts = new ContextCode(asm, exit, jump);
    asm.align(16);
    time = asm.position();
    new ClockCode(asm).emit();
    asm.align(64);
    directCall = asm.position();
    new DirectCallCode(asm, exit).emit();
    asm.align(64);
  }

  /** The code. */
  public byte[] code() {
    return asm.code();
  }

  /**
   * Entered with the register file in rdi; returns an {@link ExitReason}. The caller saves all
   * registers.
   */
  public long enter() {
    return origin + enter;
  }

  /** Jumped to with a reason in rax, guest registers in their homes. */
  long exit() {
    return origin + exit;
  }

  /**
   * Called with a reason in rax where guest registers are not in their homes; the address behind
   * the call tells where.
   */
  long exitInside() {
    return origin + exitInside;
  }

  /**
   * Called for an ecall, its pc in the register file and guest registers in their homes; it comes
   * back when the system call has been made and the guest can go on behind it.
   */
  long directCall() {
    return origin + directCall;
  }

  /**
   * Called where the TLB does not have a page; comes back, all registers being as they were, when
   * Java has {@linkplain #resume resumed}.
   */
  long miss() {
    return origin + miss;
  }

  /** What to enter to go on at {@link RegisterFile#MISSED_AT} after a miss or a fault. */
  public long resume() {
    return origin + resume;
  }

  /** Called from a link stub, which has its data behind the call. */
  long link() {
    return origin + link;
  }

  /**
   * One of them, as whoever looks at host addresses wants to know it.
   *
   * @param address of its first byte
   * @param length in bytes
   */
  public record Stub(String name, long address, int length) {}

  /** All of them, by ascending address. */
  public List<Stub> all() {
    int end = asm.position();
    return List.of(
        stub("enter", enter, exit),
        stub("exit", exit, link),
        stub("link", link, fault),
        stub("fault", fault, exitInside),
        stub("exit inside", exitInside, miss),
        stub("miss", miss, resume),
        stub("resume", resume, find),
        stub("find", find, noRoom),
        stub("no room", noRoom, unpairedReturn),
        stub("jump", unpairedReturn, contexts.callSupervisor()),
        stub("switch", contexts.callSupervisor(), time),
        stub("time", time, directCall),
        stub("system call", directCall, end));
  }

  private Stub stub(String name, int start, int end) {
    return new Stub(name, origin + start, end - start);
  }

  /**
   * Called with a guest pc in the register file, guest registers in their homes: comes back with
   * the pc's entry of the jump cache in rdx and rcx; leaves to Java if there is none, or when the
   * poll flag is set. Uses rax.
   */
  long find() {
    return origin + find;
  }

  /** As {@link #find}, but jumped to, and jumps to what it finds. */
  long jump() {
    return origin + jump;
  }

  /**
   * Called by a call with the callee's guest pc in rax when the return stack is full or the poll
   * flag is set, guest registers in their homes: comes back with the stack empty, or leaves to Java
   * at the callee. Uses rcx.
   */
  long noRoom() {
    return origin + noRoom;
  }

  /** As {@link #jump}, for a return that is not the one predicted, to {@link #RETURN_PC}. */
  long unpairedReturn() {
    return origin + unpairedReturn;
  }

  /**
   * Jumped to by an ecall of a machine, its pc in the register file, guest registers in their
   * homes: traps to the supervisor if the hart is in user mode and Java has told where to; else
   * leaves.
   */
  long callSupervisor() {
    return origin + contexts.callSupervisor();
  }

  /** As {@link #jump}, in the context that the status and the privilege mode tell. */
  long switchContext() {
    return origin + contexts.switchContext();
  }

  /**
   * Called anywhere in a machine's code that may read the time: leaves it in {@link
   * RegisterFile#TEMP}, and all registers as they are.
   */
  long time() {
    return origin + time;
  }

  /** Where the fault handler resumes. */
  public long fault() {
    return origin + fault;
  }

  /**
   * A return with an empty return stack finds itself unpaired. All of the limit is stored but for
   * the poll flag in it, which others may set meanwhile; between lies a byte that is 0.
   */
  private int emitEnter(Label unpaired) {
    int start = asm.position();
    asm.mov(8, STATE, Gpr.RDI);
    asm.lea(8, Gpr.RAX, Mem.rip(unpaired));
    asm.push(Gpr.RAX);
    asm.mov(8, state(RegisterFile.HOST_RSP), Gpr.RSP);
    asm.lea(8, Gpr.RAX, Mem.of(Gpr.RSP, -HartState.returnStackBytes()));
    asm.mov(4, state(RegisterFile.RETURN_STACK_LIMIT), Gpr.RAX);
    asm.shift(ShiftOp.SHR, 8, Gpr.RAX, Integer.SIZE);
    asm.mov(2, state(RegisterFile.RETURN_STACK_LIMIT + Integer.BYTES), Gpr.RAX);
    asm.vstmxcsr(state(RegisterFile.HOST_MXCSR));
    asm.vldmxcsr(state(RegisterFile.GUEST_MXCSR));
    asm.mov(8, MEMORY, state(RegisterFile.MEMORY_BASE));
    PageStreamCode.disown(asm);
    for (int host = 0; host < HOST_REGISTERS; host++) {
      int slot = RegisterMap.FIXED.slotOf(host);
      if (slot >= 0) {
        Mem home = state(RegisterFile.slot(slot));
        if (host < XMM0) {
          asm.mov(8, RegisterMap.gpr(host), home);
        } else {
          asm.vmovsd(RegisterMap.xmm(host), home);
        }
      }
    }
    asm.jmp(state(RegisterFile.ENTRY));
    return start;
  }

  private int emitExit() {
    asm.align(16);
    int start = asm.position();
    for (int host = 0; host < HOST_REGISTERS; host++) {
      int slot = RegisterMap.FIXED.slotOf(host);
      if (slot >= 0) {
        Mem home = state(RegisterFile.slot(slot));
        if (host < XMM0) {
          asm.mov(8, home, RegisterMap.gpr(host));
        } else {
          asm.vmovsd(home, RegisterMap.xmm(host));
        }
      }
    }
    exitStored = asm.position();
    asm.vstmxcsr(state(RegisterFile.GUEST_MXCSR));
    // To load it is slow, and Java does not look at the flags.
    Label sameControl = new Label();
    asm.mov(4, Gpr.RCX, state(RegisterFile.GUEST_MXCSR));
    asm.xor(4, Gpr.RCX, state(RegisterFile.HOST_MXCSR));
    asm.test(4, Gpr.RCX, ~Mxcsr.FLAGS);
    asm.jcc(Cond.E, sameControl);
    asm.vldmxcsr(state(RegisterFile.HOST_MXCSR));
    asm.bind(sameControl);
    asm.vzeroupper();
    asm.mov(8, Gpr.RSP, state(RegisterFile.HOST_RSP));
    asm.add(8, Gpr.RSP, 8);
    asm.ret();
    return start;
  }

  private int emitLink() {
    int start = asm.position();
    asm.pop(Gpr.RAX);
    asm.mov(8, state(RegisterFile.LINK_SITE), Gpr.RAX);
    asm.mov(8, Gpr.RAX, Mem.of(Gpr.RAX, 0));
    asm.mov(8, state(RegisterFile.PC), Gpr.RAX);
    asm.movImm(Gpr.RAX, ExitReason.LINK.ordinal());
    asm.jmpTo(exit);
    return start;
  }

  /**
   * Which guest registers are where, the code that has faulted knows: all are saved as they are. It
   * can be resumed as behind a miss, but for the flags: no access needs them, or leaves them to
   * others.
   */
  private int emitFault() {
    int start = asm.position();
    saveAll();
    asm.movImm(Gpr.RAX, ExitReason.FAULT.ordinal());
    asm.jmpTo(exitStored);
    return start;
  }

  private int emitExitInside() {
    int start = asm.position();
    asm.pop(Gpr.RCX);
    asm.mov(8, state(RegisterFile.FAULT_PC), Gpr.RCX);
    saveHostRegisters();
    asm.jmpTo(exitStored);
    return start;
  }

  /**
   * Looks whether the second table of the {@link Tlb} has the page, and goes back if it has.
   * Scratch registers are saved, too: the code that called goes on with them.
   */
  private int emitMiss() {
    int start = asm.position();
    Label ask = new Label();
    List<Gpr> used = List.of(Gpr.RAX, Gpr.RCX, Gpr.RDX);
    for (Gpr each : used) {
      asm.mov(8, state(RegisterFile.saved(each.ordinal())), each);
    }
    asm.mov(8, Gpr.RAX, state(RegisterFile.MISSED_ADDRESS));
    asm.mov(4, Gpr.RCX, state(RegisterFile.MISSED_BYTES));
    // The bytes are negative for a store: then rdx is -1, else 0.
    asm.mov(4, Gpr.RDX, Gpr.RCX);
    asm.shift(ShiftOp.SAR, 4, Gpr.RDX, Integer.SIZE - 1);
    asm.xor(4, Gpr.RCX, Gpr.RDX);
    asm.sub(4, Gpr.RCX, Gpr.RDX);
    // The last byte in another page than the first is Java's business.
    asm.add(4, Gpr.RCX, Gpr.RAX);
    asm.sub(4, Gpr.RCX, 1);
    asm.xor(4, Gpr.RCX, Gpr.RAX);
    asm.and(4, Gpr.RCX, -Tlb.PAGE_SIZE);
    asm.jcc(Cond.NE, ask);
    asm.mov(8, Gpr.RCX, Gpr.RAX);
    asm.shift(ShiftOp.SHR, 8, Gpr.RCX, Tlb.SECOND_FOLD);
    asm.shift(ShiftOp.SHR, 8, Gpr.RAX, Tlb.PAGE_SHIFT);
    asm.xor(4, Gpr.RCX, Gpr.RAX);
    asm.and(4, Gpr.RCX, Tlb.SECOND_MASK);
    asm.shift(ShiftOp.SHL, 4, Gpr.RCX, Tlb.ENTRY_SHIFT);
    asm.shift(ShiftOp.SHL, 8, Gpr.RAX, Tlb.PAGE_SHIFT);
    asm.and(4, Gpr.RDX, Tlb.STORED - Tlb.LOADED);
    asm.add(4, Gpr.RDX, Gpr.RCX);
    asm.cmp(8, Gpr.RAX, Mem.of(RegisterMap.MEMORY, Gpr.RDX, 1, Tlb.SECOND + Tlb.LOADED));
    asm.jcc(Cond.NE, ask);
    asm.shift(ShiftOp.SHR, 8, Gpr.RAX, Tlb.OFFSET_SHIFT);
    asm.and(4, Gpr.RAX, Tlb.OFFSET_MASK);
    for (int word : new int[] {Tlb.LOADED, Tlb.STORED, Tlb.HOST}) {
      asm.mov(8, Gpr.RDX, Mem.of(RegisterMap.MEMORY, Gpr.RCX, 1, Tlb.SECOND + word));
      asm.mov(8, Mem.of(RegisterMap.MEMORY, Gpr.RAX, 1, word), Gpr.RDX);
    }
    restore(used);
    asm.ret();
    asm.bind(ask);
    restore(used);
    saveAll();
    asm.pop(Gpr.RCX);
    asm.mov(8, state(RegisterFile.MISSED_AT), Gpr.RCX);
    asm.movImm(Gpr.RAX, ExitReason.MISS.ordinal());
    asm.jmpTo(exitStored);
    return start;
  }

  /** Code that is resumed goes on with scratch registers, too. */
  private void saveAll() {
    for (int host = 0; host < XMM0; host++) {
      if (isKept(host)) {
        asm.mov(8, state(RegisterFile.saved(host)), RegisterMap.gpr(host));
      }
    }
    for (int host = XMM0; host < HOST_REGISTERS; host++) {
      asm.vmovsd(state(RegisterFile.saved(host)), RegisterMap.xmm(host));
    }
  }

  private void restore(List<Gpr> registers) {
    for (Gpr each : registers) {
      asm.mov(8, each, state(RegisterFile.saved(each.ordinal())));
    }
  }

  private int emitResume() {
    int start = asm.position();
    PageStreamCode.forgetAll(asm);
    for (int host = 0; host < XMM0; host++) {
      if (isKept(host)) {
        asm.mov(8, RegisterMap.gpr(host), state(RegisterFile.saved(host)));
      }
    }
    for (int host = XMM0; host < HOST_REGISTERS; host++) {
      asm.vmovsd(RegisterMap.xmm(host), state(RegisterFile.saved(host)));
    }
    asm.jmp(state(RegisterFile.MISSED_AT));
    return start;
  }

  /** Whether code that calls a stub in its midst may keep something there. */
  static boolean isKept(int host) {
    return host != Gpr.RSP.ordinal()
        && host != STATE.ordinal()
        && host != RegisterMap.MEMORY.ordinal();
  }

  private int emitFind() {
    asm.align(16);
    int start = asm.position();
    Label poll = new Label();
    Label hit = new Label();
    Mem entry = Mem.of(Gpr.RAX, Gpr.RCX, 8, JumpCache.PC);
    asm.cmp(1, state(RegisterFile.POLL), 0);
    asm.jccShort(Cond.NE, poll);
    asm.mov(8, Gpr.RDX, state(RegisterFile.PC));
    asm.mov(4, Gpr.RCX, Gpr.RDX);
    asm.and(4, Gpr.RCX, JumpCache.PC_MASK);
    asm.mov(8, Gpr.RAX, state(RegisterFile.JUMP_CACHE));
    asm.cmp(8, entry, Gpr.RDX);
    asm.jccShort(Cond.E, hit);
    asm.xor(4, Gpr.RCX, JumpCache.OTHER_ENTRY);
    asm.cmp(8, entry, Gpr.RDX);
    asm.jccShort(Cond.E, hit);
    asm.imul(4, Gpr.RCX, Gpr.RDX, JumpCache.FAR_FACTOR);
    asm.shift(ShiftOp.SHR, 4, Gpr.RCX, JumpCache.FAR_SHIFT);
    asm.and(4, Gpr.RCX, JumpCache.PC_MASK);
    asm.cmp(8, entry, Gpr.RDX);
    asm.jccShort(Cond.E, hit);
    asm.movImm(Gpr.RAX, ExitReason.LOOKUP.ordinal());
    asm.jmpTo(exit);
    asm.bind(poll);
    asm.movImm(Gpr.RAX, ExitReason.POLL.ordinal());
    asm.jmpTo(exit);
    asm.bind(hit);
    asm.mov(8, Gpr.RDX, Gpr.RAX);
    asm.ret();
    return start;
  }

  private int emitNoRoom() {
    int start = asm.position();
    Label poll = new Label();
    asm.cmp(1, state(RegisterFile.POLL), 0);
    asm.jccShort(Cond.NE, poll);
    asm.pop(Gpr.RCX);
    asm.mov(8, Gpr.RSP, state(RegisterFile.HOST_RSP));
    asm.jmp(Gpr.RCX);
    asm.bind(poll);
    asm.mov(8, state(RegisterFile.PC), Gpr.RAX);
    asm.movImm(Gpr.RAX, ExitReason.POLL.ordinal());
    asm.jmpTo(exit);
    return start;
  }

  private int emitJumps() {
    int start = asm.position();
    asm.mov(8, Gpr.RSP, state(RegisterFile.HOST_RSP));
    asm.and(8, RETURN_PC, -2);
    asm.mov(8, state(RegisterFile.PC), RETURN_PC);
    jump = asm.position();
    asm.callTo(find);
    asm.jmp(Mem.of(Gpr.RDX, Gpr.RCX, 8, JumpCache.CODE));
    return start;
  }

  private void saveHostRegisters() {
    for (int host = 0; host < HOST_REGISTERS; host++) {
      if (RegisterMap.FIXED.slotOf(host) >= 0) {
        Mem saved = state(RegisterFile.saved(host));
        if (host < XMM0) {
          asm.mov(8, saved, RegisterMap.gpr(host));
        } else {
          asm.vmovsd(saved, RegisterMap.xmm(host));
        }
      }
    }
  }
}
