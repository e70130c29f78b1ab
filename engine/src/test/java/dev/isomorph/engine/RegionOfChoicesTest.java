package dev.isomorph.engine;

import static dev.isomorph.engine.TableProgram.CODES;
import static dev.isomorph.engine.TableProgram.POLL;
import static dev.isomorph.engine.TableProgram.TABLE;
import static dev.isomorph.engine.TableProgram.any;
import static dev.isomorph.engine.TableProgram.at;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Interpreters: loops whose indirect jumps have been seen to lead here and there. They do what
 * blocks do, also when they lead elsewhere at last.
 */
class RegionOfChoicesTest {
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int S2 = 18;
  private static final int PROGRAMS = 12;
  private static final TranslationStore STORE = TranslationStore.ofThisRun();

  private final TestMemory memory = new TestMemory();
  private int withChoices;

  @AfterEach
  void close() {
    memory.close();
  }

  /**
   * @param threaded whether each operation goes on to the next one itself
   */
  private static TableProgram program(Random random, boolean threaded) {
    RiscvAssembler a = new RiscvAssembler();
    int operations = 4 + random.nextInt(4);
    a.li(S0, DATA).li(S1, TABLE).li(S2, Hart.SAMPLED);
    Label loop = a.here();
    dispatch(a);
    long[] table = new long[operations + 3];
    for (int i = 0; i < operations; i++) {
      table[i] = at(a);
      for (int k = random.nextInt(4); k > 0; k--) {
        operation(a, random);
      }
      if (random.nextInt(3) == 0) {
        Label skip = new Label();
        a.branch(Opcode.BLT, any(random), any(random), random.nextBoolean() ? skip : loop);
        operation(a, random);
        a.bind(skip);
      }
      if (threaded) {
        dispatch(a);
      } else if (random.nextInt(4) != 0) {
        a.jump(loop);
      }
    }
    dispatch(a);
    // Asks where it is, as the sampler would.
    table[operations] = at(a);
    a.emit(Opcode.SB, S2, 0, POLL);
    a.jump(loop);
    // The same as another one, by an address with bit 0 set.
    table[operations + 1] = table[0] + 1;
    table[operations + 2] = at(a);
    a.emit(Opcode.ECALL);
    byte[] codes = new byte[CODES];
    for (int i = 0; i < CODES; i++) {
      boolean isEarly = i < CODES / 2;
      codes[i] = (byte) random.nextInt(isEarly ? operations + 1 : operations + 2);
    }
    codes[CODES - 1] = (byte) (operations + 2);
    return new TableProgram(a.bytes(), table, codes);
  }

  private static void dispatch(RiscvAssembler a) {
    a.emit(Opcode.LBU, T0, 0, S0).emit(Opcode.ADDI, S0, S0, 1);
    a.emit(Opcode.SH3ADD, T1, T0, S1).emit(Opcode.LD, T1, 0, T1);
    a.emit(Opcode.JALR, 0, 0, T1);
  }

  private static void operation(RiscvAssembler a, Random random) {
    List<Opcode> of = List.of(Opcode.ADD, Opcode.SUB, Opcode.XOR, Opcode.ADDW, Opcode.MUL);
    if (random.nextInt(3) == 0) {
      a.emit(Opcode.ADDI, any(random), any(random), random.nextInt(9) - 4);
    } else {
      a.emit(of.get(random.nextInt(of.size())), any(random), any(random), any(random));
    }
  }

  private void check(EngineOptions.Regions when, boolean threaded) {
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void regionTranslated(
              RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
            withChoices += outline.hasChoices() ? 1 : 0;
          }
        };
    EngineOptions options = EngineOptions.DEFAULT.withRegions(when).withObserver(observer);
    EngineOptions keeping = options.withObserver(null).withTranslations(STORE);
    for (int seed = 0; seed < PROGRAMS; seed++) {
      TableProgram program = program(new Random(seed), threaded);
      String expected = program.run(memory, EngineOptions.DEFAULT.withOptimise(false));
      assertEquals(expected, program.run(memory, options), "seed " + seed);
      assertEquals(expected, program.run(memory, options.withCounting(true)), "seed " + seed);
      assertEquals(expected, program.run(memory, keeping), "seed " + seed);
      assertEquals(expected, program.run(memory, keeping), "kept, seed " + seed);
    }
    assertTrue(withChoices > PROGRAMS / 4, withChoices + " regions had choices");
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void aSwitchInALoop(EngineOptions.Regions when) {
    check(when, false);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void threadedCode(EngineOptions.Regions when) {
    check(when, true);
  }
}
