package dev.isomorph.engine;

import static dev.isomorph.engine.TableProgram.CODES;
import static dev.isomorph.engine.TableProgram.FIRST;
import static dev.isomorph.engine.TableProgram.POLL;
import static dev.isomorph.engine.TableProgram.TABLE;
import static dev.isomorph.engine.TableProgram.any;
import static dev.isomorph.engine.TableProgram.at;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Loops that call functions by a table, which have copies of those that have been seen. They do
 * what blocks do, also when other functions are called later, or ones that do not return there.
 */
class RegionOfCallsTest {
  private static final int RA = 1;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int PROGRAMS = 20;
  private static final int SIGSEGV = 11;

  private final TestMemory memory = new TestMemory();
  private int withCalls;

  @AfterEach
  void close() {
    memory.close();
  }

  private static TableProgram program(Random random) {
    RiscvAssembler a = new RiscvAssembler();
    int functions = 1 + random.nextInt(6);
    a.li(S0, DATA).li(S1, TABLE);
    Label loop = a.here();
    a.emit(Opcode.LBU, T0, 0, S0).emit(Opcode.ADDI, S0, S0, 1);
    a.emit(Opcode.SH3ADD, T1, T0, S1).emit(Opcode.LD, T1, 0, T1);
    a.emit(Opcode.JALR, RA, 0, T1);
    operation(a, random);
    a.jump(loop);
    // Behind it, so that what returns here has been called by an address that is too high.
    a.emit(Opcode.ADDI, FIRST, FIRST, 77);
    a.jump(loop);
    long[] table = new long[functions + 5];
    for (int i = 0; i < functions; i++) {
      table[i] = at(a);
      for (int k = random.nextInt(4); k > 0; k--) {
        operation(a, random);
      }
      if (random.nextBoolean()) {
        Label skip = new Label();
        a.branch(Opcode.BLT, any(random), any(random), skip);
        operation(a, random);
        a.bind(skip);
      }
      a.emit(Opcode.JALR, 0, 0, RA);
    }
    // Leaves emitted code; when that is entered again it is asked where it is.
    table[functions] = at(a);
    a.emit(Opcode.FENCE_I).emit(Opcode.JALR, 0, 0, RA);
    // The same as another one, by an address with bit 0 set.
    table[functions + 1] = table[0] + 1;
    // Returns two instructions later than it was called from.
    table[functions + 2] = at(a);
    a.emit(Opcode.ADDI, RA, RA, 8).emit(Opcode.JALR, 0, 0, RA);
    // Too large for a copy.
    table[functions + 3] = at(a);
    for (int i = 0; i < 60; i++) {
      operation(a, random);
    }
    a.emit(Opcode.JALR, 0, 0, RA);
    table[functions + 4] = at(a);
    a.emit(Opcode.ECALL);
    byte[] codes = new byte[CODES];
    for (int i = 0; i < CODES; i++) {
      codes[i] = (byte) random.nextInt(i < CODES / 2 ? functions + 1 : functions + 4);
    }
    codes[CODES - 1] = (byte) (functions + 4);
    return new TableProgram(a.bytes(), table, codes);
  }

  private static void operation(RiscvAssembler a, Random random) {
    List<Opcode> of = List.of(Opcode.ADD, Opcode.SUB, Opcode.XOR, Opcode.ADDW, Opcode.MUL);
    a.emit(of.get(random.nextInt(of.size())), any(random), any(random), any(random));
  }

  @Test
  void aLoopThatCallsByATable() {
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void regionTranslated(
              RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
            withCalls += outline.indirectCalls().isEmpty() ? 0 : 1;
          }
        };
    EngineOptions options =
        EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE).withObserver(observer);
    for (int seed = 0; seed < PROGRAMS; seed++) {
      TableProgram program = program(new Random(seed));
      String expected = program.run(memory, EngineOptions.DEFAULT.withOptimise(false));
      assertEquals(expected, program.run(memory, options), "seed " + seed);
      assertEquals(expected, program.run(memory, options.withCounting(true)), "seed " + seed);
    }
    assertTrue(withCalls > PROGRAMS, withCalls + " regions had calls");
  }

  /** A loop calls what is at the start of data, and asks each time to be found. */
  @Test
  void aRegionThatIsGivenUpKnowsWhatIsCalledByThen() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 100).li(S0, DATA).li(S1, Hart.SAMPLED);
    Label loop = a.here();
    a.emit(Opcode.LD, T1, 0, S0).emit(Opcode.JALR, RA, 0, T1);
    a.emit(Opcode.SB, S1, 0, POLL).emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BNE, T0, 0, loop).emit(Opcode.ECALL);
    long[] functions = new long[2];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = at(a);
      a.emit(Opcode.ADDI, FIRST, FIRST, i + 1).ret();
    }
    List<Long> copied = new ArrayList<>();
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void regionTranslated(
              RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
            outline.nodes().forEach(node -> node.targets().forEach(to -> copied.add(to.pc())));
          }
        };
    EngineOptions options =
        EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE).withObserver(observer);
    memory.code(a.bytes());
    try (Engine engine = new Engine(memory, options);
        Hart hart = engine.newHart()) {
      for (int i = 0; i < functions.length; i++) {
        memory.write64(DATA, functions[i]);
        hart.x(POLL, hart.pollFlagAddress() - memory.windowBase());
        for (int run = 0; run < 5; run++) { // So that nothing is left to be looked at.
          hart.pc(TestMemory.CODE);
          assertInstanceOf(Stop.SystemCall.class, hart.run());
        }
        assertEquals(List.of(functions[i]), copied);
        copied.clear();
        LostTrial.pretend(hart);
      }
    }
  }

  /** The evaluator, which looks where calls lead, does not know what signal a fault has. */
  @Test
  void faultsAreEmittedCodesWhereverTheyAre() {
    for (int rounds = 1; rounds < 40; rounds++) {
      RiscvAssembler a = new RiscvAssembler();
      Label function = new Label();
      a.la(T1, function).li(S0, TestMemory.READ_ONLY - rounds);
      Label loop = a.here();
      a.emit(Opcode.JALR, RA, 0, T1).emit(Opcode.SB, 0, 0, S0).emit(Opcode.ADDI, S0, S0, 1);
      a.jump(loop);
      a.bind(function).ret();
      memory.code(a.bytes());
      EngineOptions options = EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);
      try (Engine engine = new Engine(memory, options);
          Hart hart = engine.newHart()) {
        hart.pc(TestMemory.CODE);
        Stop fault = new Stop.MemoryFault(TestMemory.READ_ONLY, Stop.Access.DATA, SIGSEGV);
        assertEquals(fault, hart.run(), rounds + " rounds");
      }
    }
  }
}
