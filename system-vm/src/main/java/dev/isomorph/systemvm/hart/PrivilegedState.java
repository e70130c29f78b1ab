package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.device.MachineClock;
import dev.isomorph.systemvm.device.Snapshotable;
import dev.isomorph.translator.eval.MachineState;
import dev.isomorph.translator.ir.StateSlot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The privileged part of a hart's state: its privilege mode and its control and status registers.
 * For the hart's own thread; only {@link #interrupts} and {@link #timer} are for all.
 *
 * <p>Which registers there are, and what in them can be written, says {@link Csr}; here is what
 * they mean to each other. Illegal values of a field leave it as it was.
 */
public final class PrivilegedState implements Snapshotable {
  private static final Csr[] REGISTERS = Csr.values();

  /** Values that the two-bit fields MPP and CBIE may have: all but 2. */
  private static final int NOT_TWO = 0b1011;

  private final int hart;
  private final HartRegisters registers;
  private final MachineClock clock;
  private final HartCounts counts;
  private final HartListener listener;
  private final Interrupts interrupts;
  private final SupervisorTimer timer;
  private final Pmp pmp = new Pmp();
  private final Counter cycle = new Counter();
  private final Counter instret = new Counter();
  private final long[] values = new long[REGISTERS.length];
  private Privilege privilege = Privilege.MACHINE;

  /**
   * A hart after a reset; pc and the other registers of user mode are left as they are.
   *
   * @param hart its number
   */
  public PrivilegedState(
      int hart,
      HartRegisters registers,
      MachineClock clock,
      HartCounts counts,
      HartListener listener) {
    this.hart = hart;
    this.registers = registers;
    this.clock = clock;
    this.counts = counts;
    this.listener = listener;
    interrupts = new Interrupts(listener);
    timer = new SupervisorTimer(clock, interrupts.line(TrapCause.SUPERVISOR_TIMER_INTERRUPT));
    reset();
  }

  /** Machine mode, nothing enabled, no address translation; counters go on. */
  public void reset() {
    for (Csr csr : REGISTERS) {
      values[csr.ordinal()] = csr.reset();
    }
    values[Csr.MHARTID.ordinal()] = hart;
    cycle.stop(false, 0);
    instret.stop(false, 0);
    pmp.reset();
    interrupts.software(Interrupts.ALL, 0);
    timer.reset();
    privilege = Privilege.MACHINE;
    listener.contextChanged();
  }

  /**
   * As firmware leaves a hart to a supervisor: in its mode, with all traps delegated that it can
   * handle, all counters and extensions enabled, and all of memory open.
   */
  void startSupervisor() {
    reset();
    store(Csr.MEDELEG, ~(TrapCause.CALL_FROM_SUPERVISOR.bit() | TrapCause.CALL_FROM_MACHINE.bit()));
    store(Csr.MIDELEG, Interrupts.SUPERVISOR);
    store(Csr.MCOUNTEREN, -1);
    store(Csr.MENVCFG, Environment.MACHINE);
    pmp.restore(0, Pmp.WHOLE_ADDRESS_SPACE | Permissions.ALL, -1);
    enter(Privilege.SUPERVISOR, 0);
  }

  /** Gives translated code the registers that it accesses itself. */
  void lend(MachineState to) {
    to.put(StateSlot.STATUS, status());
    to.put(StateSlot.PRIVILEGE, privilege.code());
    to.put(StateSlot.SSCRATCH, value(Csr.SSCRATCH));
    to.put(StateSlot.SEPC, value(Csr.SEPC));
    to.put(StateSlot.SCAUSE, value(Csr.SCAUSE));
    to.put(StateSlot.STVAL, value(Csr.STVAL));
  }

  /** Takes the registers as translated code has left them. */
  void takeBack(MachineState from) {
    takeBackContext(from);
    values[Csr.SSCRATCH.ordinal()] = from.get(StateSlot.SSCRATCH);
    values[Csr.SEPC.ordinal()] = from.get(StateSlot.SEPC);
    values[Csr.SCAUSE.ordinal()] = from.get(StateSlot.SCAUSE);
    values[Csr.STVAL.ordinal()] = from.get(StateSlot.STVAL);
  }

  /** As {@link #takeBack}, of what address translation depends on. */
  void takeBackContext(MachineState from) {
    enter(Privilege.of((int) from.get(StateSlot.PRIVILEGE)), from.get(StateSlot.STATUS));
  }

  /** Where an ecall in user mode traps to in supervisor mode; 0 if it does not. */
  long callVector() {
    boolean delegated = (value(Csr.MEDELEG) & TrapCause.CALL_FROM_USER.bit()) != 0;
    return delegated ? value(Csr.STVEC) & ~Traps.MODE : 0;
  }

  /** In which modes the time may be read: bit 0 in user, bit 1 in supervisor mode. */
  long timeRights() {
    long bit = 1L << (Csr.TIME.number() & 31);
    long supervisor = value(Csr.MCOUNTEREN) & bit;
    return (supervisor != 0 ? 2 : 0) | ((supervisor & value(Csr.SCOUNTEREN)) != 0 ? 1 : 0);
  }

  // What others decide by.

  public Privilege privilege() {
    return privilege;
  }

  /** Has the hart in another mode, as a debugger may; nothing else changes. */
  public void privilege(Privilege to) {
    enter(to, status());
  }

  /** Pending interrupts: wires, and what software sets. */
  public Interrupts interrupts() {
    return interrupts;
  }

  /** The timer behind stimecmp. */
  public SupervisorTimer timer() {
    return timer;
  }

  /** With which privilege loads and stores are done. */
  public Privilege dataPrivilege() {
    long status = status();
    return (status & Status.MPRV) == 0 ? privilege : previousMachinePrivilege(status);
  }

  /** Whether float instructions need not ask: mstatus.FS is Dirty. */
  public boolean isFloatUnitDirty() {
    return (status() & Status.FS) == Status.FS_DIRTY;
  }

  /** The address space, with the fields of the register. */
  public long satp() {
    return value(Csr.SATP);
  }

  /**
   * What translated code and kept address translations depend on, apart from satp, as a number:
   * bits 0 and 1 the privilege mode, 2 and 3 that of loads and stores, 4 SUM, 5 MXR, 6 whether the
   * float unit is {@linkplain #isFloatUnitDirty in use}.
   */
  public int context() {
    long status = status();
    return privilege.code()
        | dataPrivilege().code() << 2
        | ((status & Status.SUM) != 0 ? 1 << 4 : 0)
        | ((status & Status.MXR) != 0 ? 1 << 5 : 0)
        | (isFloatUnitDirty() ? 1 << 6 : 0);
  }

  /** The interrupt that is to be taken before the next instruction, or null. */
  public TrapCause pendingInterrupt() {
    long enabled = pending() & value(Csr.MIE);
    if (enabled == 0) {
      return null;
    }
    long delegated = value(Csr.MIDELEG);
    boolean machine = privilege != Privilege.MACHINE || (status() & Status.MIE) != 0;
    TrapCause interrupt = machine ? Interrupts.first(enabled & ~delegated) : null;
    if (interrupt != null) {
      return interrupt;
    }
    boolean supervisor =
        privilege == Privilege.USER
            || privilege == Privilege.SUPERVISOR && (status() & Status.SIE) != 0;
    return supervisor ? Interrupts.first(enabled & delegated) : null;
  }

  /** Whether a hart that waits for an interrupt is to go on. */
  public boolean hasEnabledInterrupt() {
    return (pending() & value(Csr.MIE)) != 0;
  }

  // Access to registers by number.

  /**
   * Reads a register.
   *
   * @param number 0 to 4095
   * @throws IllegalInstruction if there is none, or the hart may not
   */
  public long read(int number) {
    return get(accessible(number), number);
  }

  /**
   * Writes a register; bits that cannot be written keep their value.
   *
   * @throws IllegalInstruction as {@link #read}, or if it cannot be written at all
   */
  public void write(int number, long value) {
    set(writable(number), number, value);
  }

  /** Sets bits of a register; as {@link #write}. */
  public void set(int number, long bits) {
    Csr csr = writable(number);
    if (csr.rule() == Csr.Rule.PENDING_INTERRUPTS) {
      interrupts.software(0, bits & writablePending(csr));
    } else {
      set(csr, number, get(csr, number) | bits);
    }
  }

  /** Clears bits of a register; as {@link #write}. */
  public void clear(int number, long bits) {
    Csr csr = writable(number);
    if (csr.rule() == Csr.Rule.PENDING_INTERRUPTS) {
      interrupts.software(bits & writablePending(csr), 0);
    } else {
      set(csr, number, get(csr, number) & ~bits);
    }
  }

  /**
   * Reads a register as machine mode would, whatever the hart may do now.
   *
   * @throws IllegalInstruction if there is no such register
   */
  public long readAsMachine(int number) {
    return get(existing(number), number);
  }

  /** Writes a register as machine mode would; faults as {@link #readAsMachine}. */
  public void writeAsMachine(int number, long value) {
    set(existing(number), number, value);
  }

  private static Csr existing(int number) {
    Csr csr = Csr.of(number);
    if (csr == null) {
      throw IllegalInstruction.INSTANCE;
    }
    return csr;
  }

  private Csr writable(int number) {
    if (number >>> 10 == 3) {
      throw IllegalInstruction.INSTANCE;
    }
    return accessible(number);
  }

  private Csr accessible(int number) {
    Csr csr = existing(number);
    if ((number >>> 8 & 3) > privilege.code() || !isEnabled(csr, number)) {
      throw IllegalInstruction.INSTANCE;
    }
    return csr;
  }

  /** Whether no field of another register forbids the access. */
  private boolean isEnabled(Csr csr, int number) {
    return switch (csr) {
      case FFLAGS, FRM, FCSR -> (status() & Status.FS) != 0;
      case SATP -> !traps(Status.TVM);
      case STIMECMP ->
          privilege == Privilege.MACHINE
              || (value(Csr.MENVCFG) & Environment.STCE) != 0
                  && isCounterEnabled(Csr.TIME.number());
      case CYCLE, TIME, INSTRET, HPMCOUNTER -> isCounterEnabled(number);
      case PMPCFG -> (number & 1) == 0;
      default -> true;
    };
  }

  private boolean isCounterEnabled(int number) {
    long bit = 1L << (number & 31);
    return switch (privilege) {
      case MACHINE -> true;
      case SUPERVISOR -> (value(Csr.MCOUNTEREN) & bit) != 0;
      case USER -> (value(Csr.MCOUNTEREN) & value(Csr.SCOUNTEREN) & bit) != 0;
    };
  }

  private long get(Csr csr, int number) {
    int index = number - csr.number();
    return switch (csr.rule()) {
      case STORED, ADDRESS_SPACE, COUNTER_INHIBIT -> value(csr);
      case ZERO -> 0;
      case FLOATS -> getFloats(csr);
      case STATUS -> getStatus(csr);
      case ENABLED_INTERRUPTS -> value(Csr.MIE) & value(Csr.MIDELEG);
      case PENDING_INTERRUPTS -> csr == Csr.MIP ? pending() : pending() & value(Csr.MIDELEG);
      case TIMER -> timer.tick();
      case COUNTER -> counter(csr).read(count(csr));
      case TIME -> clock.ticks();
      case PROTECTION_MODE -> pmp.modes(index);
      case PROTECTION_ADDRESS -> pmp.address(index);
    };
  }

  private void set(Csr csr, int number, long value) {
    int index = number - csr.number();
    switch (csr.rule()) {
      case STORED -> store(csr, value);
      case ZERO, TIME -> {}
      case FLOATS -> setFloats(csr, (int) (value & csr.writable()));
      case STATUS -> status(merge(status(), value, csr.writable()));
      case ENABLED_INTERRUPTS -> store(Csr.MIE, merge(value(Csr.MIE), value, value(Csr.MIDELEG)));
      case PENDING_INTERRUPTS -> {
        long mask = writablePending(csr);
        interrupts.software(~value & mask, value & mask);
      }
      case TIMER -> timer.set(value);
      case ADDRESS_SPACE -> setAddressSpace(value);
      case COUNTER -> setCounter(csr, value);
      case COUNTER_INHIBIT -> {
        store(csr, value);
        cycle.stop((value & 1) != 0, counts.cycles());
        instret.stop((value & 1 << 2) != 0, counts.instructions());
      }
      case PROTECTION_MODE -> {
        pmp.modes(index, value);
        listener.fence(true, 0, HartListener.ALL_SPACES);
      }
      case PROTECTION_ADDRESS -> {
        pmp.address(index, value);
        listener.fence(true, 0, HartListener.ALL_SPACES);
      }
    }
  }

  private static long merge(long old, long value, long mask) {
    return old & ~mask | value & mask;
  }

  /** The new value of a two-bit field; the value 2 is reserved. */
  private static long withLegalField(long old, long merged, long field, int shift) {
    long wanted = (merged & field) >>> shift;
    return (NOT_TWO >>> wanted & 1) != 0 ? merged : merge(merged, old, field);
  }

  long value(Csr csr) {
    return values[csr.ordinal()];
  }

  /** Writes what can be written of a register, whoever asks. */
  void store(Csr csr, long value) {
    long old = value(csr);
    long changed = merge(old, value, csr.writable());
    if (csr == Csr.MENVCFG || csr == Csr.SENVCFG) {
      changed = withLegalField(old, changed, Environment.CBIE, Environment.CBIE_SHIFT);
    }
    values[csr.ordinal()] = changed;
    if (csr == Csr.MENVCFG && ((changed ^ old) & (Environment.PBMTE | Environment.ADUE)) != 0) {
      listener.fence(true, 0, HartListener.ALL_SPACES);
    }
  }

  // Status and privilege.

  long status() {
    return values[Csr.MSTATUS.ordinal()];
  }

  /** Writes mstatus, SD excepted, which is no state. */
  void status(long value) {
    enter(privilege, value);
  }

  /** Goes to a privilege mode with this mstatus. */
  void enter(Privilege to, long newStatus) {
    int before = context();
    privilege = to;
    long old = status();
    long changed = merge(old, newStatus, Status.MACHINE);
    values[Csr.MSTATUS.ordinal()] = withLegalField(old, changed, Status.MPP, Status.MPP_SHIFT);
    if (context() != before) {
      listener.contextChanged();
    }
  }

  /** The mode that mret goes to. */
  static Privilege previousMachinePrivilege(long status) {
    return Privilege.of((int) ((status & Status.MPP) >>> Status.MPP_SHIFT));
  }

  /**
   * Whether this field of mstatus has the present privilege mode trap, which is the supervisor's.
   */
  boolean traps(long field) {
    return privilege == Privilege.SUPERVISOR && (status() & field) != 0;
  }

  private long getStatus(Csr csr) {
    long status = status();
    long all = (status & Status.FS) == Status.FS_DIRTY ? status | Status.SD : status;
    return csr == Csr.MSTATUS ? all : all & Status.SUPERVISOR_VIEW;
  }

  private void setAddressSpace(long value) {
    if (Paging.of(value) != null && value != satp()) {
      values[Csr.SATP.ordinal()] = value;
      listener.contextChanged();
    }
  }

  // The float unit.

  private long getFloats(Csr csr) {
    int fcsr = registers.fcsr();
    return switch (csr) {
      case FFLAGS -> fcsr & 0x1f;
      case FRM -> fcsr >>> 5 & 7;
      default -> fcsr & 0xff;
    };
  }

  private void setFloats(Csr csr, int value) {
    int fcsr = registers.fcsr();
    registers.fcsr(
        switch (csr) {
          case FFLAGS -> fcsr & ~0x1f | value;
          case FRM -> fcsr & 0x1f | value << 5;
          default -> value;
        });
    useFloats();
  }

  /** The float unit's state is changed: mstatus.FS becomes Dirty. */
  void useFloats() {
    status(status() | Status.FS_DIRTY);
  }

  // Interrupts and counters.

  private long pending() {
    return interrupts.pending((value(Csr.MENVCFG) & Environment.STCE) != 0);
  }

  /** The bits of mip or sip that software may write now. */
  private long writablePending(Csr csr) {
    long software = TrapCause.SUPERVISOR_SOFTWARE_INTERRUPT.bit();
    if (csr == Csr.SIP) {
      return software & value(Csr.MIDELEG);
    }
    boolean timerIsWired = (value(Csr.MENVCFG) & Environment.STCE) != 0;
    return software
        | TrapCause.SUPERVISOR_EXTERNAL_INTERRUPT.bit()
        | (timerIsWired ? 0 : TrapCause.SUPERVISOR_TIMER_INTERRUPT.bit());
  }

  private Counter counter(Csr csr) {
    return csr == Csr.MCYCLE || csr == Csr.CYCLE ? cycle : instret;
  }

  private long count(Csr csr) {
    return csr == Csr.MCYCLE || csr == Csr.CYCLE ? counts.cycles() : counts.instructions();
  }

  /**
   * What is written to minstret is seen by the next instruction; the write itself is not counted.
   */
  private void setCounter(Csr csr, long value) {
    int self = csr == Csr.MINSTRET && !instret.isStopped() ? 1 : 0;
    counter(csr).write(value, count(csr) + self);
  }

  Pmp pmp() {
    return pmp;
  }

  HartListener listener() {
    return listener;
  }

  HartRegisters registers() {
    return registers;
  }

  // Snapshots.

  @Override
  public String name() {
    return "hart" + hart;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeByte(privilege.code());
    for (Csr csr : REGISTERS) {
      out.writeShort(csr.number());
      out.writeLong(value(csr));
    }
    out.writeInt(interrupts.state());
    out.writeLong(timer.tick());
    out.writeLong(cycle.read(counts.cycles()));
    out.writeLong(instret.read(counts.instructions()));
    for (int i = 0; i < Pmp.ENTRIES; i++) {
      out.writeByte(pmp.mode(i));
      out.writeLong(pmp.address(i));
    }
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    int code = in.readByte();
    if (code != 0 && code != 1 && code != 3) {
      throw new IOException("a hart in privilege mode " + code);
    }
    privilege = Privilege.of(code);
    for (Csr csr : REGISTERS) {
      if (in.readUnsignedShort() != csr.number()) {
        throw new IOException("other registers than this hart's");
      }
      values[csr.ordinal()] = merge(csr.reset(), in.readLong(), csr.writable());
    }
    boolean hasPrevious = (status() & Status.MPP) >>> Status.MPP_SHIFT != 2;
    if (!hasPrevious || Paging.of(satp()) == null) {
      throw new IOException("a hart with values that no register holds");
    }
    values[Csr.MHARTID.ordinal()] = hart;
    interrupts.state(in.readInt());
    timer.set(in.readLong());
    long inhibit = value(Csr.MCOUNTINHIBIT);
    cycle.write(in.readLong(), counts.cycles());
    cycle.stop((inhibit & 1) != 0, counts.cycles());
    instret.write(in.readLong(), counts.instructions());
    instret.stop((inhibit & 1 << 2) != 0, counts.instructions());
    for (int i = 0; i < Pmp.ENTRIES; i++) {
      pmp.restore(i, in.readUnsignedByte(), in.readLong());
    }
    listener.contextChanged();
    listener.fence(true, 0, HartListener.ALL_SPACES);
    listener.interrupted();
  }
}
