package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.engine.CodePages;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.engine.Frames;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Mmu;
import dev.isomorph.engine.Stop;
import dev.isomorph.engine.WindowMemory;
import dev.isomorph.engine.WrittenFrames;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.JumpCache;
import dev.isomorph.hostbackend.lower.Tlb;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;

/**
 * Emitted code for a whole machine, whose pages are found one by one and lie in memory in another
 * order. Each run starts without knowing any. Instructions that the machine's state decides on do
 * as in a process, so that all instructions can be compared.
 */
public final class MachineWitness implements Witness, AutoCloseable {
  private final String name;
  private final HostWindow window = new HostWindow();
  private final WindowMemory data = new WindowMemory(window);
  private final TranslationLog translations = new TranslationLog();
  private final Frames frames = window.frames();
  private final Engine engine;
  private final WrittenFrames written;
  private final Tlb tlb = new Tlb();
  private final JumpCache jumps = new JumpCache();
  private final Mapping mapping = new Mapping();
  private final Hart hart;
  private final BlockLifter lifter = new BlockLifter(1);
  private final Evaluator evaluator = new Evaluator();
  private Scenario loaded;

  /**
   * @param options how the engine works; its observer is replaced
   */
  public MachineWitness(String name, EngineOptions options) {
    this.name = name;
    engine = new Engine(frames, options.withObserver(translations));
    written = engine.writtenFrames();
    hart = engine.newHart(mapping);
    hart.use(tlb);
    hart.use(jumps);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void load(Scenario scenario) {
    window.load(scenario);
    noteCode();
    loaded = scenario;
    noteCode();
    engine.synchroniseCode();
  }

  /** Notes that the code of what has been loaded may be another one now. */
  private void noteCode() {
    if (loaded == null) {
      return;
    }
    long end = loaded.pc() + loaded.length();
    for (long page = loaded.pc() & -Frames.SIZE; page < end; page += Frames.SIZE) {
      if (Layout.allows(page, 1, Access.EXECUTE)) {
        written.note(HostWindow.frame(page));
      }
    }
  }

  @Override
  public Observation run(Scenario scenario) {
    tlb.clear();
    HartAccess.start(hart, scenario);
    Ending ending = null;
    while (ending == null) {
      ending =
          switch (hart.run()) {
            case Stop.Privileged stopped -> step();
            case Stop stop -> HartAccess.ending(stop);
          };
    }
    return HartAccess.observe(hart, ending, window.takeData());
  }

  /** Runs one instruction as in a process; null if the hart can go on. */
  private Ending step() {
    IrBlock block = new IrBlock();
    lifter.lift(mapping::parcel, hart.pc(), LiftMode.EVALUATE, block);
    Outcome outcome = evaluator.run(block, hart.evaluatorView(), mapping.memory());
    return switch (outcome.kind()) {
      case EXIT -> {
        hart.pc(outcome.nextPc());
        yield null;
      }
      case MEMORY_FAULT ->
          new Ending.MemoryFault(outcome.address(), outcome.write() ? Access.WRITE : Access.READ);
      case MISALIGNED -> new Ending.Misaligned(outcome.address());
      case TRAP ->
          switch (outcome.trap()) {
            case ILLEGAL_INSTRUCTION -> new Ending.IllegalInstruction(block.encoding(0));
            default -> throw new IllegalStateException(outcome.trap() + " where it is privileged");
          };
    };
  }

  @Override
  public String listing(Scenario scenario) {
    return translations.of(this, scenario);
  }

  @Override
  public void close() {
    hart.close();
    engine.close();
    tlb.close();
    jumps.close();
    data.close();
    window.close();
  }

  /** The {@link Layout}, mapped to frames. */
  private final class Mapping implements Mmu {

    @Override
    public int frame(long pc) {
      return Layout.allows(pc, 1, Access.EXECUTE) ? HostWindow.frame(pc) : NO_FRAME;
    }

    @Override
    public CodePages recentCode() {
      return this;
    }

    int parcel(long pc) {
      int frame = frame(pc);
      return frame == NO_FRAME
          ? -1
          : HostMemory.getShort(frames.hostAddress(frame) + pc % Frames.SIZE) & 0xffff;
    }

    @Override
    public boolean supervisor() {
      return false;
    }

    @Override
    public boolean floats() {
      return true;
    }

    @Override
    public boolean fill(long address, int bytes, boolean store) {
      boolean crosses = (address & Frames.SIZE - 1) + bytes > Frames.SIZE;
      if (crosses || !Layout.allows(address, bytes, store ? Access.WRITE : Access.READ)) {
        return false;
      }
      int frame = HostWindow.frame(address);
      if (store) {
        written.note(frame);
      }
      tlb.fill(address, frames.hostAddress(frame), true, store);
      return true;
    }

    @Override
    public DataMemory memory() {
      return data;
    }
  }
}
