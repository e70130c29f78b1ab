package dev.isomorph.systemvm.hart;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.systemvm.memory.Ram;

/**
 * Executes the instructions that translated code leaves to the machine's state: those that mean
 * something else in each privilege mode, accesses to control and status registers, waits, cache
 * blocks, and floats while their unit is off. For the hart's own thread.
 */
public final class PrivilegedInstructions {
  private static final int CACHE_BLOCK = 64;

  /** How the hart goes on, at its pc, after it has looked for interrupts. */
  public enum Outcome {
    /** At once, with the next instruction or a trap's handler. */
    CONTINUE,
    /** At once, with the same instruction: translated code can execute it now. */
    RETRY,
    /** Soon: the guest polls for something that others do. */
    YIELD,
    /** When an interrupt {@linkplain PrivilegedState#hasEnabledInterrupt is pending}. */
    WAIT
  }

  private final PrivilegedState state;
  private final Traps traps;
  private final PageWalker walker;
  private final Ram ram;
  private final HartRegisters registers;
  private final Translation translation = new Translation();

  public PrivilegedInstructions(PrivilegedState state, Traps traps, PageWalker walker, Ram ram) {
    this.state = state;
    this.traps = traps;
    this.walker = walker;
    this.ram = ram;
    this.registers = state.registers();
  }

  /**
   * Executes the instruction at pc. Afterwards pc is that of the next instruction, or of the
   * handler of a trap; or the same, if the instruction can now be executed by translated code.
   *
   * @param encoding 16 or 32 bits
   */
  public Outcome execute(int encoding) {
    Instruction i = Decoder.decode(encoding);
    try {
      return switch (i.opcode()) {
        case MRET -> {
          traps.returnFromMachine();
          yield Outcome.CONTINUE;
        }
        case SRET -> {
          traps.returnFromSupervisor();
          yield Outcome.CONTINUE;
        }
        case WFI -> {
          need(state.privilege() != Privilege.USER && !state.traps(Status.TW));
          yield next(i, Outcome.WAIT);
        }
        case WRS_NTO, WRS_STO -> next(i, Outcome.YIELD);
        case SFENCE_VMA, SINVAL_VMA -> {
          fence(i);
          yield next(i, Outcome.CONTINUE);
        }
        case SFENCE_W_INVAL, SFENCE_INVAL_IR -> {
          need(state.privilege() != Privilege.USER);
          yield next(i, Outcome.CONTINUE);
        }
        case CSRRW, CSRRS, CSRRC, CSRRWI, CSRRSI, CSRRCI -> {
          accessRegister(i);
          yield next(i, Outcome.CONTINUE);
        }
        case CBO_INVAL, CBO_CLEAN, CBO_FLUSH, CBO_ZERO -> cacheBlock(i);
        default -> {
          if (isFloat(i)) {
            useFloats();
          }
          yield Outcome.RETRY;
        }
      };
    } catch (IllegalInstruction illegal) {
      traps.illegalInstruction(encoding);
      return Outcome.CONTINUE;
    }
  }

  private static boolean isFloat(Instruction i) {
    return switch (i.opcode().extension()) {
      case F, D, ZFA, ZFHMIN -> true;
      default -> false;
    };
  }

  private static void need(boolean condition) {
    if (!condition) {
      throw IllegalInstruction.INSTANCE;
    }
  }

  private Outcome next(Instruction i, Outcome outcome) {
    registers.pc(registers.pc() + i.length());
    return outcome;
  }

  /** A register that is not asked for is neither read nor, if no bits are named, written. */
  private void accessRegister(Instruction i) {
    int csr = (int) i.imm();
    switch (i.opcode()) {
      case CSRRW -> write(i, csr, registers.x(i.rs1()));
      case CSRRWI -> write(i, csr, i.rs1());
      case CSRRS -> change(i, csr, registers.x(i.rs1()), true);
      case CSRRSI -> change(i, csr, i.rs1(), true);
      case CSRRC -> change(i, csr, registers.x(i.rs1()), false);
      default -> change(i, csr, i.rs1(), false);
    }
  }

  private void write(Instruction i, int csr, long value) {
    long old = i.rd() == 0 ? 0 : state.read(csr);
    state.write(csr, value);
    registers.x(i.rd(), old);
  }

  private void change(Instruction i, int csr, long bits, boolean set) {
    long old = state.read(csr);
    if (i.rs1() != 0) {
      if (set) {
        state.set(csr, bits);
      } else {
        state.clear(csr, bits);
      }
    }
    registers.x(i.rd(), old);
  }

  private void fence(Instruction i) {
    need(state.privilege() != Privilege.USER && !state.traps(Status.TVM));
    int asid = i.rs2() == 0 ? HartListener.ALL_SPACES : (int) registers.x(i.rs2()) & 0xffff;
    state.listener().fence(i.rs1() == 0, registers.x(i.rs1()), asid);
  }

  /**
   * Caches are coherent, so management of a block does nothing but check the right to load from it;
   * nothing can be written and not read.
   */
  private Outcome cacheBlock(Instruction i) {
    need(isCacheBlockInstructionEnabled(i));
    boolean zero = i.opcode() == Opcode.CBO_ZERO;
    AccessKind kind = zero ? AccessKind.STORE : AccessKind.LOAD;
    long address = registers.x(i.rs1());
    TrapCause fault = walker.translate(address & -CACHE_BLOCK, CACHE_BLOCK, kind, translation);
    if (fault == null && zero) {
      if (ram.contains(translation.physical(), CACHE_BLOCK)) {
        ram.clear(translation.physical(), CACHE_BLOCK);
      } else {
        fault = TrapCause.STORE_ACCESS_FAULT;
      }
    }
    if (fault == null) {
      return next(i, Outcome.CONTINUE);
    }
    TrapCause cause =
        fault == kind.pageFault() ? TrapCause.STORE_PAGE_FAULT : TrapCause.STORE_ACCESS_FAULT;
    traps.take(cause, address, registers.pc());
    return Outcome.CONTINUE;
  }

  private boolean isCacheBlockInstructionEnabled(Instruction i) {
    long field =
        switch (i.opcode()) {
          case CBO_INVAL -> Environment.CBIE;
          case CBO_ZERO -> Environment.CBZE;
          default -> Environment.CBCFE;
        };
    return switch (state.privilege()) {
      case MACHINE -> true;
      case SUPERVISOR -> (state.value(Csr.MENVCFG) & field) != 0;
      case USER ->
          (state.value(Csr.MENVCFG) & field) != 0 && (state.value(Csr.SENVCFG) & field) != 0;
    };
  }

  /** A float instruction: from now on the float unit is in use, if it is on. */
  private void useFloats() {
    need((state.status() & Status.FS) != 0);
    state.useFloats();
  }
}
