package dev.isomorph.hostbackend.region;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.RegionOptimizer;
import dev.isomorph.translator.region.RegionBuilder;
import dev.isomorph.translator.region.RegionGraph;
import java.util.List;
import java.util.Random;

/** Regions of loops for tests. */
final class RegionLoops {
  private static final long PC = 0x1000;
  private static final int DYNAMIC_ROUNDING = 7;
  private static final List<Opcode> INTEGER =
      List.of(
          Opcode.ADD,
          Opcode.XOR,
          Opcode.SUB,
          Opcode.ADDW,
          Opcode.SUBW,
          Opcode.MULW,
          Opcode.SH1ADD,
          Opcode.ADD_UW,
          Opcode.DIVU);
  private static final List<Opcode> FLOAT =
      List.of(Opcode.FADD_D, Opcode.FMUL_D, Opcode.FADD_S, Opcode.FSUB_S);
  private static final List<Opcode> ACCESS =
      List.of(Opcode.LD, Opcode.LW, Opcode.LWU, Opcode.SD, Opcode.SW);
  private static final List<Opcode> FLOAT_ACCESS =
      List.of(Opcode.FLD, Opcode.FLW, Opcode.FSD, Opcode.FSW);
  private static final List<Opcode> BRANCH = List.of(Opcode.BEQ, Opcode.BNE, Opcode.BLT);

  private RegionLoops() {}

  /** The optimised region of the outermost loop around the first instruction. */
  static RegionGraph region(RiscvAssembler assembler) {
    return region(RegionFinder.loopsAround(code(assembler), PC, true).getLast());
  }

  /** The optimised region of what is reached from the first instruction, loop or not. */
  static RegionGraph from(RiscvAssembler assembler) {
    return region(RegionFinder.from(code(assembler), PC, true));
  }

  private static CodeSource code(RiscvAssembler assembler) {
    byte[] bytes = assembler.bytes();
    return pc -> {
      int at = (int) (pc - PC);
      boolean inside = at >= 0 && at + 1 < bytes.length;
      return inside ? bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 : -1;
    };
  }

  private static RegionGraph region(RegionOutline outline) {
    RegionGraph graph =
        RegionBuilder.build(outline, LiftMode.TRANSLATE, RegionSlots.fixed(), new Optimizer());
    RegionOptimizer.optimise(graph);
    return graph;
  }

  /** A loop of random instructions that branch to each other at random. */
  static RiscvAssembler random(Random random, int instructions) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label[] labels = new RiscvAssembler.Label[instructions];
    for (int i = 0; i < instructions; i++) {
      labels[i] = new RiscvAssembler.Label();
    }
    // Few registers meet often, many need memory.
    int registers = random.nextBoolean() ? 6 : 31;
    for (int i = 0; i < instructions; i++) {
      a.bind(labels[i]);
      int d = 1 + random.nextInt(registers);
      int s = 1 + random.nextInt(registers);
      int t = random.nextInt(1 + registers);
      switch (random.nextInt(9)) {
        case 0, 1 -> a.branch(any(random, BRANCH), s, t, labels[random.nextInt(instructions)]);
        case 2, 3 -> a.emit(any(random, INTEGER), d, s, t);
        case 4 -> a.emit(Opcode.ADDI, d, 0, random.nextInt(5));
        case 5 -> a.emit(any(random, ACCESS), d, 8 * random.nextInt(9), s);
        case 6 -> a.emit(any(random, FLOAT_ACCESS), d, 8 * random.nextInt(9), s);
        case 7 -> a.emit(Opcode.FMADD_D, d, s, t, d, DYNAMIC_ROUNDING);
        default -> a.emit(any(random, FLOAT), d, s, t, DYNAMIC_ROUNDING);
      }
    }
    return a.branch(Opcode.BNE, 1, 2, labels[0]).ret();
  }

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
