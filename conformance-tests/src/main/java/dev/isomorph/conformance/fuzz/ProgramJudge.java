package dev.isomorph.conformance.fuzz;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.conformance.programs.Isomorph;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Has random programs run by the golden model, by the engine in several ways and by qemu, and
 * compares the registers and the memory they end with. For one thread at a time.
 */
public final class ProgramJudge implements AutoCloseable {
  private static final int REDUCTION_TRIES = 3000;

  /** The whole of Isomorph takes long to start, so it runs one program of so many. */
  private static final int PROGRAMS_PER_START = 100;

  /** Programs that are made smaller may take a little longer than their cost was. */
  private static final int MARGIN = 2;

  private final List<Machine> machines = new ArrayList<>();
  private final Machine whole;
  private final QemuMachine qemu;

  /**
   * A judge.
   *
   * @param qemu null for none
   * @param scratch a folder for programs
   * @throws IOException if a file cannot be written or qemu not be started
   */
  public ProgramJudge(Qemu qemu, Path scratch) throws IOException, InterruptedException {
    EngineOptions usual = EngineOptions.DEFAULT;
    String run = "./isomorph run ";
    add("optimised code", run + "--execute translated program.elf", usual);
    add("plain code", run + "--execute unoptimised program.elf", usual.withOptimise(false));
    add(
        "optimised code in a tiny code cache",
        run + "--execute translated --code-cache 256K program.elf",
        usual.withCodeCache(CodeCache.MIN_SIZE));
    add(
        "evaluator first, then code put together quickly",
        run + "program.elf",
        usual.withEvaluateFirst(true).withQuickFrom(0));
    add("code put together quickly", "", usual.withQuickFrom(0));
    add("optimised code in blocks of one instruction", "", usual.withBlockLimit(1));
    EngineOptions loops = usual.withRegions(EngineOptions.Regions.AT_ONCE);
    add("loops as regions", "", loops);
    machines.add(new KeepingMachine("what was kept, with loops as regions", "", loops));
    EngineOptions regions = usual.withRegions(EngineOptions.Regions.ALWAYS);
    add("regions", run + "--execute regions program.elf", regions);
    add(
        "regions in a tiny code cache",
        run + "--execute regions --code-cache 256K program.elf",
        regions.withCodeCache(CodeCache.MIN_SIZE));
    add("optimised code that is not chained", "", usual.withChaining(false));
    add("evaluator", run + "--execute evaluated program.elf", usual.withTranslation(false));
    whole = new CommandMachine("isomorph run", Isomorph.run(List.of()), scratch);
    this.qemu = qemu == null ? null : new QemuMachine(qemu, scratch);
  }

  private void add(String name, String command, EngineOptions options) {
    machines.add(new EngineMachine(name, command, options));
  }

  /**
   * Judges the program of a seed.
   *
   * @return the first disagreement, if there is one
   */
  public Judgement judge(long seed) throws IOException, InterruptedException {
    RandomProgram program = ProgramGenerator.program(seed);
    Image image = ProgramAssembler.assemble(program);
    Result expected = golden(program).run(image);
    if (!expected.ending().equals(Result.EXIT)) {
      throw new IllegalStateException(
          "program " + Long.toHexString(seed) + " " + expected.ending());
    }
    List<Machine> chosen = machinesFor(program, seed);
    for (Machine machine : chosen) {
      if (!expected.differences(machine.run(image)).isEmpty()) {
        return disagreement(program, machine);
      }
    }
    return new Judgement.Agreement(chosen.contains(qemu));
  }

  private List<Machine> machinesFor(RandomProgram program, long seed) {
    List<Machine> chosen = new ArrayList<>(machines);
    if (seed % PROGRAMS_PER_START == 0) {
      chosen.add(whole);
    }
    if (qemu != null && qemu.knows(program)) {
      chosen.add(qemu);
    }
    return chosen;
  }

  private static Machine golden(RandomProgram program) {
    return new GoldenMachine(MARGIN * Cost.of(program));
  }

  private static Disagreement disagreement(RandomProgram program, Machine machine)
      throws IOException, InterruptedException {
    RandomProgram smallest =
        new Reducer(candidate -> disagrees(candidate, machine), REDUCTION_TRIES).reduce(program);
    Image image = ProgramAssembler.assemble(smallest);
    Result expected = golden(smallest).run(image);
    Result found = machine.run(image);
    return new Disagreement(
        machine.name(),
        machine.command(),
        expected.differences(found),
        image.elf(),
        image.listing(),
        ProgramAssembler.assemble(program).elf(),
        expected.text(),
        found.text());
  }

  private static boolean disagrees(RandomProgram program, Machine machine)
      throws IOException, InterruptedException {
    Image image = ProgramAssembler.assemble(program);
    Result expected = golden(program).run(image);
    return expected.ending().equals(Result.EXIT)
        && !expected.differences(machine.run(image)).isEmpty();
  }

  @Override
  public void close() {
    machines.forEach(Machine::close);
  }
}
