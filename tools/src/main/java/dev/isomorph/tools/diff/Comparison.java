package dev.isomorph.tools.diff;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.tools.trace.Effects;
import dev.isomorph.translator.ir.StateSlot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Compares a running program with a witness of the same program: all registers before each block.
 *
 * <p>The witness goes first. Before a block runs, the witness goes through the instructions that it
 * executes of the block, which shows what the block will load: where that comes from outside of the
 * program, memory is made to hold what the witness loaded.
 */
final class Comparison extends Checker {
  private static final int A0 = 10;
  private static final String HANDLER = "a signal handler is entered, whose frame is the system's";

  private final RewindingWitness witness;
  private final Start start;
  private final ForeignMemory foreign = new ForeignMemory();
  private final Map<TranslatedBlock, Effects[]> effects = new IdentityHashMap<>();
  private KernelCalls calls;

  /** Where each instruction of the block accesses memory, if it does. */
  private final long[] accessed;

  private boolean begun;
  private boolean exhausted;
  private boolean exiting;
  private long adoptedLoads;
  private long adoptedCounters;

  /** Where the program is if it was left as usual; else a handler has been entered. */
  private long expectedPc;

  private boolean stopped;

  /** How a witness's program starts, and how ours is made to start likewise. */
  interface Start {
    void impose(Hart hart, AddressSpace space, ForeignMemory foreign) throws IOException;
  }

  Comparison(Witness witness, Start start, int blockLimit, int context, Progress progress) {
    super(witness.name(), blockLimit, context, progress);
    this.witness = new RewindingWitness(witness);
    this.start = start;
    accessed = new long[blockLimit];
  }

  @Override
  public void started(Hart hart, AddressSpace space, Names names) {
    super.started(hart, space, names);
    calls = new KernelCalls(space, foreign);
    try {
      start.impose(hart, space, foreign);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void entering(Hart hart, TranslatedBlock entered) {
    if (!follows(hart)) {
      return;
    }
    if (!begun) {
      begun = true;
      takeUnknown(hart);
    }
    calls.finish(hart);
    if (stopped && hart.pc() != expectedPc) {
      throw new ComparisonEnd(false, HANDLER);
    }
    stopped = false;
    endAtHandler(hart.pc());
    compare(hart);
    if (exhausted) {
      throw new ComparisonEnd(false, witness.name() + " ends here");
    }
    block = entered;
    steps = 0;
    try {
      walk(effectsOf(entered));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void left(Hart hart, TranslatedBlock of, Stop stop) {
    if (stop == null) {
      return;
    }
    stopped = true;
    expectedPc = hart.pc();
    if (stop instanceof Stop.SystemCall) {
      expectedPc += Integer.BYTES;
      exiting = KernelCalls.isExit(hart);
      if (exiting) {
        compareLast(hart);
        return;
      }
      if (exhausted) {
        throw new ComparisonEnd(false, witness.name() + " ends here");
      }
      endAtHandler(expectedPc);
      calls.begin(hart, witness.state().registers[A0]);
    } else if (!(stop instanceof Stop.Polled)) {
      compareLast(hart);
    }
  }

  /** Ends the comparison if the witness, other than Isomorph, has just entered a handler. */
  private void endAtHandler(long ours) {
    GuestState state = witness.state();
    if (!exhausted && state.pc != ours && calls.entersHandler(state)) {
      throw new ComparisonEnd(false, HANDLER);
    }
  }

  /** Compares at an instruction that ends the program, as far as the witness goes. */
  private void compareLast(Hart hart) {
    if (exhausted && !registersAgree(hart) && !readsCounter()) {
      throw new ComparisonEnd(true, divergence(hart));
    }
  }

  @Override
  ComparisonEnd atEnd(ProcessEnd end) {
    return exhausted || exiting
        ? new ComparisonEnd(false, "both end")
        : new ComparisonEnd(
            true, death(end) + ", but " + witness.name() + " goes on\n" + context());
  }

  @Override
  Map<String, Integer> adoptedCalls() {
    return calls.adopted();
  }

  @Override
  long adoptedBytes() {
    return adoptedLoads;
  }

  @Override
  long adoptedCounters() {
    return adoptedCounters;
  }

  private static String death(ProcessEnd end) {
    return end.signal() == null
        ? "Isomorph ends with status " + end.status()
        : "Isomorph ends by signal " + end.signal().signal();
  }

  /** What the witness does not know at the start is as Isomorph has it. */
  private void takeUnknown(Hart hart) {
    for (int i = 0; i < GuestState.REGISTERS; i++) {
      if (!witness.state().knows(i)) {
        witness.state().set(i, register(hart, i));
      }
    }
  }

  private static long register(Hart hart, int slot) {
    return hart.evaluatorView().get(slot);
  }

  private boolean registersAgree(Hart hart) {
    GuestState state = witness.state();
    boolean same = !state.fcsrKnown || hart.fcsr() == state.fcsr;
    for (int i = 1; same && i < GuestState.REGISTERS; i++) {
      same = register(hart, i) == state.registers[i];
    }
    return same;
  }

  private void compare(Hart hart) {
    if ((exhausted || hart.pc() == witness.state().pc) && registersAgree(hart)) {
      return;
    }
    if (leftEarly(hart)) {
      return;
    }
    if (block == null || !readsCounter()) {
      throw new ComparisonEnd(true, divergence(hart));
    }
    takeCounters(hart);
  }

  /** If the witness has gone too far, it goes back. */
  private boolean leftEarly(Hart hart) {
    int until = stepsUntil(hart.pc());
    if (until < 0) {
      return false;
    }
    witness.back(steps - until);
    takeBack(steps - until);
    exhausted = false;
    compare(hart);
    return true;
  }

  private boolean readsCounter() {
    for (int i = 0; i < steps; i++) {
      if (effectsOf(block)[step(i)].readsCounter()) {
        return true;
      }
    }
    return false;
  }

  /** After a counter has been read, the registers are the witness's. */
  private void takeCounters(Hart hart) {
    adoptedCounters++;
    for (int i = 1; i < GuestState.REGISTERS; i++) {
      hart.evaluatorView().put(i, witness.state().registers[i]);
    }
    if (hart.pc() != witness.state().pc) {
      throw new ComparisonEnd(true, divergence(hart));
    }
  }

  /** Lets the witness go through the block. */
  private void walk(Effects[] all) throws IOException {
    GuestState state = witness.state();
    int behind = 0;
    for (int at = next(block, 0, state.pc); at >= 0; at = next(block, behind, state.pc)) {
      Effects each = all[at];
      boolean foreignLoad = false;
      long address = 0;
      if (each.access() != Effects.Access.NONE) {
        address = each.address(state.registers[each.base()]);
        accessed[at] = address;
        foreignLoad = each.access().loads() && foreign.touches(address, each.bytes());
        if (each.access().stores()) {
          foreign.remove(address, each.bytes());
        }
      }
      take(at);
      behind = at + 1;
      exhausted = !witness.advance();
      if (foreignLoad && each.destination() > 0) {
        adopt(address, each.bytes(), state.registers[each.destination()]);
      }
      if (exhausted) {
        if (!each.isSystemCall()) {
          witness.requireOwnEnd();
        }
        return;
      }
    }
    int last = all.length - 1;
    if (behind <= last
        && all[last].isSystemCall()
        && state.pc == block.pc(last) + Integer.BYTES
        && (behind == last || steps > 0 && branchesTo(step(steps - 1), block.pc(last)))) {
      // Spike has no line for a system call: it traps.
      take(last);
    }
  }

  /** Whether an instruction, which did not lead to the next one, leads to {@code target}. */
  private boolean branchesTo(int index, long target) {
    Instruction instruction = effectsOf(block)[index].instruction();
    return block.pc(index) + instruction.imm() == target;
  }

  /** Makes memory hold what the witness loaded. */
  private void adopt(long address, int bytes, long value) {
    if (!space.writable(address, bytes)) {
      return;
    }
    for (int i = 0; i < bytes; i++) {
      byte wanted = (byte) (value >>> 8 * i);
      long host = space.hostAddress(address + i);
      if (HostMemory.getByte(host) != wanted && foreign.touches(address + i, 1)) {
        HostMemory.putByte(host, wanted);
        adoptedLoads++;
      }
    }
  }

  private Effects[] effectsOf(TranslatedBlock of) {
    Effects[] known = effects.get(of);
    if (known == null) {
      known = new Effects[of.instructionCount()];
      for (int i = 0; i < known.length; i++) {
        known[i] = Effects.of(of.encoding(i), of.pc(i));
      }
      effects.put(of, known);
    }
    return known;
  }

  private String divergence(Hart hart) {
    StringBuilder out = divergenceAt(hart.pc());
    if (witness.place() != null) {
      out.append(" (").append(witness.place()).append(')');
    }
    out.append('\n');
    out.append(RegisterTable.of(hart, witness.state(), exhausted, witness.name(), names));
    if (block != null) {
      for (int i = 0; i < steps; i++) {
        int index = step(i);
        int written = effectsOf(block)[index].destination();
        if (written > 0 && register(hart, written) != witness.state().registers[written]) {
          out.append("  ").append(StateSlot.name(written)).append(" is written at 0x");
          out.append(Long.toHexString(block.pc(index)));
          if (effectsOf(block)[index].access().loads()) {
            out.append(" from memory at 0x").append(Long.toHexString(accessed[index]));
          }
          out.append('\n');
        }
      }
    }
    return out.append(context()).toString();
  }
}
