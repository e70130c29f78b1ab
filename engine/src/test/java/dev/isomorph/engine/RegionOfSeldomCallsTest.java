package dev.isomorph.engine;

import static dev.isomorph.engine.TableProgram.CODES;
import static dev.isomorph.engine.TableProgram.POLL;
import static dev.isomorph.engine.TableProgram.any;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Loops that call functions which call large ones now and then: these leave the region within a
 * copy of their caller, and come back where there is no region.
 */
class RegionOfSeldomCallsTest {
  private static final int RA = 1;
  private static final int SP = 2;
  private static final int T0 = 5;
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int END = 255;
  private static final int PROGRAMS = 20;

  private final TestMemory memory = new TestMemory();
  private int withCopies;

  @AfterEach
  void close() {
    memory.close();
  }

  /** What is called goes by what the loop has read. */
  private static TableProgram program(Random random) {
    RiscvAssembler a = new RiscvAssembler();
    Label loop = new Label();
    Label end = new Label();
    Label function = new Label();
    Label large = new Label();
    a.li(S0, DATA).li(S1, Hart.SAMPLED).li(SP, DATA + 0x4000);
    a.bind(loop);
    a.emit(Opcode.LBU, T0, 0, S0).emit(Opcode.ADDI, S0, S0, 1);
    a.emit(Opcode.ADDI, RA, T0, -END).branch(Opcode.BEQ, RA, 0, end);
    operation(a, random);
    a.call(function);
    operation(a, random);
    a.emit(Opcode.SB, S1, 0, POLL);
    a.jump(loop);
    a.bind(end).emit(Opcode.ECALL);
    a.bind(function);
    Label without = new Label();
    a.emit(Opcode.ADDI, SP, SP, -16).emit(Opcode.SD, RA, 8, SP);
    operation(a, random);
    a.branch(Opcode.BNE, T0, 0, without);
    a.call(large);
    operation(a, random);
    a.bind(without);
    operation(a, random);
    a.emit(Opcode.LD, RA, 8, SP).emit(Opcode.ADDI, SP, SP, 16).ret();
    a.bind(large);
    for (int i = 0; i < 200; i++) {
      operation(a, random);
    }
    a.ret();
    byte[] codes = new byte[CODES];
    int often = 1 + random.nextInt(8);
    for (int i = 0; i < CODES; i++) {
      codes[i] = (byte) random.nextInt(often);
    }
    codes[CODES - 1] = (byte) END;
    return new TableProgram(a.bytes(), new long[0], codes);
  }

  private static void operation(RiscvAssembler a, Random random) {
    List<Opcode> of = List.of(Opcode.ADD, Opcode.SUB, Opcode.XOR, Opcode.ADDW, Opcode.MUL);
    a.emit(of.get(random.nextInt(of.size())), any(random), any(random), any(random));
  }

  @Test
  void aLoopLeavesItsRegionWhereWhatItCallsCallsOthers() {
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void regionTranslated(
              RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
            withCopies += outline.hasCopies() ? 1 : 0;
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
    assertTrue(withCopies >= PROGRAMS, withCopies + " regions had copies");
  }
}
