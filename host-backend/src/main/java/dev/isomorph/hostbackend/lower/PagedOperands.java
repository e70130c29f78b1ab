package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

import dev.isomorph.hostbackend.CpuFeatures.Feature;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.translator.ir.IrOp;

/**
 * Guest memory is found through the {@link Tlb} at r15. An access whose first and last byte are not
 * both in the page that the table has leaves to Java, which enters the page and comes back, or has
 * the evaluator run the instruction.
 *
 * <p>What has been found for an address is kept as long as nobody needs the registers: an access a
 * little further only has to see whether it is still in the page.
 */
final class PagedOperands extends GuestOperands {
  /** How far from the last access it is worth to look. */
  private static final long NEAR = Tlb.PAGE_SIZE / 2;

  /** How many operations a store may be behind a load of the same address to be looked for. */
  private static final int FAR = 12;

  private static final int NO_BASE = -1;

  /** The last access: the value its address was made of, and what was found for it. */
  private int lastBase;

  private long lastDisplacement;
  private boolean lastStored;
  private Gpr lastOffset = Gpr.RAX;
  private Gpr lastPage = Gpr.RAX;

  /** The stream of the last access, whose distance is in the register for the page; or null. */
  private PageStream lastStream;

  /** The value of its address. */
  private int lastStreamed;

  private final PageStreamCode streams;
  private final ZoneStreamCode zones;

  PagedOperands(Emission out) {
    super(out);
    streams = new PageStreamCode(out);
    zones = new ZoneStreamCode(out);
  }

  /**
   * An access.
   *
   * @param register that holds what its address is made of, or null
   * @param memory displacement of where that is in the register file, if it is in no register
   * @param likeStore whether a page is looked for that may be stored to: for a load there may be
   *     only one that may be loaded from, which is as good
   * @param offset register for its place in the page, which holds its address before
   * @param page register for the host address of its page
   */
  record Access(
      Emission out,
      Gpr register,
      int memory,
      int displacement,
      int bytes,
      boolean store,
      boolean likeStore,
      Gpr offset,
      Gpr page,
      int instruction) {
    void address() {
      Assembler asm = out.asm;
      if (register == null) {
        asm.mov(8, offset, state(memory));
        if (displacement != 0) {
          asm.add(8, offset, displacement);
        }
      } else if (displacement == 0) {
        asm.mov(8, offset, register);
      } else {
        asm.lea(8, offset, Mem.of(register, displacement));
      }
    }

    /** Finds the page. */
    void probe() {
      Assembler asm = out.asm;
      Label again = new Label();
      asm.bind(again);
      address();
      if (out.cpu.has(Feature.BMI2)) {
        asm.rorx(8, page, offset, Tlb.OFFSET_SHIFT);
      } else {
        asm.mov(8, page, offset);
        asm.shift(ShiftOp.SHR, 8, page, Tlb.OFFSET_SHIFT);
      }
      asm.and(4, page, Tlb.OFFSET_MASK);
      int tag = likeStore ? Tlb.STORED : Tlb.LOADED;
      asm.xor(8, offset, Mem.of(RegisterMap.MEMORY, page, 1, tag));
      Label found = new Label();
      check(likeStore == store ? new Miss(this, again) : new LoadedOnly(this, found));
      asm.mov(8, page, Mem.of(RegisterMap.MEMORY, page, 1, Tlb.HOST));
      asm.bind(found);
    }

    Access asLoad() {
      return new Access(
          out, register, memory, displacement, bytes, false, false, offset, page, instruction);
    }

    private void check(Emission.ColdPath otherwise) {
      out.asm.cmp(8, offset, Tlb.PAGE_SIZE - bytes);
      out.asm.jcc(Cond.A, out.cold(otherwise));
    }

    /** Goes on from a place nearby, which the registers are for. */
    void moveBy(int distance) {
      Label found = new Label();
      if (distance != 0) {
        out.asm.add(8, offset, distance);
      }
      check(new OtherPage(this, found));
      out.asm.bind(found);
    }
  }

  @Override
  void begin() {
    streams.begin();
    zones.begin();
  }

  @Override
  Mem at(int id, int bytes, boolean store) {
    int base = regs.resolve(out.block.a(id));
    long displacement = out.block.imm(id);
    PageStream stream = out.streamOf(id);
    if (stream != null) {
      return streamed(id, stream, base, bytes, store);
    }
    boolean likeStore = store || isStoredNext(id, base);
    if (isNear(base, displacement, store)) {
      regs.lock(lastOffset);
      regs.lock(lastPage);
      Access access =
          access(id, displacement, registerOf(base), bytes, store, likeStore, lastOffset, lastPage);
      access.moveBy((int) (displacement - lastDisplacement));
      // A load may have gone on to another page, which has been asked for loads only.
      lastStored &= likeStore;
    } else {
      Gpr address = regs.useGpr(base);
      lastOffset = regs.scratchGpr();
      lastPage = regs.scratchGpr();
      access(id, displacement, address, bytes, store, likeStore, lastOffset, lastPage).probe();
      lastBase = base;
      lastStream = null;
      lastStored = likeStore;
      regs.unlock(address);
    }
    lastDisplacement = displacement;
    regs.keep(lastOffset);
    regs.keep(lastPage);
    return Mem.of(lastPage, lastOffset, 1, 0);
  }

  /** An access by the distance of its stream. */
  private Mem streamed(int id, PageStream stream, int base, int bytes, boolean store) {
    Gpr address = regs.useGpr(base);
    int displacement = (int) out.block.imm(id);
    boolean isSame = stream.equals(lastStream) && base == lastStreamed;
    boolean isThere = isSame && regs.isKept(lastPage);
    if (isThere) {
      regs.lock(lastPage);
    }
    if (stream.hasZone()) {
      Gpr distance = isThere ? lastPage : regs.scratchGpr();
      if (!isThere) {
        zones.distance(stream, base, address, distance);
      }
      keepStream(stream, base, distance);
      return Mem.of(distance, address, 1, displacement);
    }
    Gpr offset = regs.scratchGpr();
    Gpr distance = isThere ? lastPage : regs.scratchGpr();
    Access access = access(id, displacement, address, bytes, store, store, offset, distance);
    streams.check(stream, access, base, address, isThere);
    regs.unlock(offset);
    keepStream(stream, base, distance);
    return Mem.of(distance, address, 1, displacement);
  }

  private void keepStream(PageStream stream, int base, Gpr distance) {
    forgetLast();
    lastStream = stream;
    lastStreamed = base;
    lastPage = distance;
    regs.keep(distance);
  }

  private boolean isNear(int base, long displacement, boolean store) {
    return regs.isKept(lastOffset)
        && regs.isKept(lastPage)
        && lastBase == base
        && (lastStored || !store)
        && Math.abs(displacement - lastDisplacement) <= NEAR
        && (registerOf(base) != null || regs.memoryOf(base) != RegisterAllocator.NO_MEMORY);
  }

  /** Whether an address is stored to after it has been loaded from, before others are accessed. */
  private boolean isStoredNext(int load, int base) {
    int end = Math.min(load + 1 + FAR, out.block.size());
    for (int id = load + 1; id < end; id++) {
      IrOp op = out.block.op(id);
      if (op.accessedBytes() > 0) {
        boolean isSame = regs.resolve(out.block.a(id)) == base;
        if (!isSame || op.effect() == IrOp.Effect.MEMORY_WRITE) {
          return isSame && out.streamOf(id) == null;
        }
      }
    }
    return false;
  }

  private Gpr registerOf(int value) {
    int register = regs.registerOf(value);
    return register == RegisterMap.NO_REGISTER ? null : RegisterMap.gpr(register);
  }

  private Access access(
      int id,
      long displacement,
      Gpr address,
      int bytes,
      boolean store,
      boolean likeStore,
      Gpr offset,
      Gpr page) {
    return new Access(
        out,
        address,
        regs.memoryOf(out.block.a(id)),
        (int) displacement,
        bytes,
        store,
        likeStore,
        offset,
        page,
        out.block.instructionOf(id));
  }

  /** What comes may leave to Java and come back with other pages. */
  private void forgetLast() {
    lastBase = NO_BASE;
  }

  @Override
  Mem reserved(int id, int bytes) {
    forgetLast();
    Gpr address = regs.useGpr(out.block.a(id));
    Gpr offset = regs.scratchGpr();
    Gpr page = regs.scratchGpr();
    access(id, 0, address, bytes, false, false, offset, page).probe();
    asm.add(8, page, offset);
    regs.unlock(offset);
    return Mem.of(page);
  }

  /**
   * They stay locked: to find a place for the result may mean to move what is in its home, and the
   * register that is not a value's would be taken for a free one.
   */
  @Override
  void releaseForResult() {}

  /** The host address in rdx, nothing else being locked: atomics need the other registers. */
  private Gpr atomicAddress(int id, int bytes, boolean compares) {
    forgetLast();
    regs.take(Gpr.RCX);
    regs.take(Gpr.RDX);
    Gpr address = alignedAddress(id, bytes);
    access(id, 0, address, bytes, true, true, Gpr.RCX, Gpr.RDX).probe();
    asm.add(8, Gpr.RDX, Gpr.RCX);
    if (compares) {
      asm.mov(8, Gpr.RCX, state(RegisterFile.RESERVATION_ADDRESS));
      asm.xor(8, Gpr.RCX, address);
      asm.mov(8, state(RegisterFile.TEMP), Gpr.RCX);
    }
    regs.unlock();
    regs.lock(Gpr.RDX);
    regs.take(Gpr.RAX);
    return Gpr.RDX;
  }

  @Override
  Mem atomic(int id, int bytes) {
    return Mem.of(atomicAddress(id, bytes, false));
  }

  @Override
  Mem conditional(int id, int bytes) {
    Gpr address = atomicAddress(id, bytes, true);
    regs.useGpr(out.block.b(id));
    asm.movImm(Gpr.RAX, 1);
    asm.cmp(8, state(RegisterFile.TEMP), 0);
    return Mem.of(address);
  }

  /** Finds another page than the one before. */
  private record OtherPage(Access access, Label found) implements Emission.ColdPath {
    @Override
    public void emit() {
      access.probe();
      access.out.asm.jmp(found);
    }
  }

  /**
   * Finds the page of a load that may perhaps not be stored to. The place in the page is moved so
   * far from it, and the page as far to the other side, that who looks whether a place nearby is in
   * the same page is told that it is not.
   */
  private record LoadedOnly(Access access, Label found) implements Emission.ColdPath {
    private static final int ASIDE = 1 << 30;

    @Override
    public void emit() {
      Assembler asm = access.out().asm;
      access.asLoad().probe();
      asm.sub(8, access.offset(), ASIDE);
      asm.add(8, access.page(), ASIDE);
      asm.jmp(found);
    }
  }

  /** Asks Java for the page; once it is there the access is tried again. */
  private record Miss(Access access, Label again) implements Emission.ColdPath {
    @Override
    public void emit() {
      Emission out = access.out;
      Assembler asm = out.asm;
      out.faultPoint(access.instruction);
      access.address();
      asm.mov(8, state(RegisterFile.MISSED_ADDRESS), access.offset);
      asm.mov(4, state(RegisterFile.MISSED_BYTES), access.store ? -access.bytes : access.bytes);
      out.callLeavingStub(out.stubs.miss());
      asm.jmp(again);
    }
  }
}
