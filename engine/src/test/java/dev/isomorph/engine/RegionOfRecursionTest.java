package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Functions that call themselves, which are regions with copies of themselves within. They do what
 * blocks do, whatever becomes of their stack and their return addresses.
 */
class RegionOfRecursionTest {
  private static final int RA = 1;
  private static final int SP = 2;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int T2 = 7;
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int S2 = 18;
  private static final int T6 = 31;
  private static final int FRAME = 32;
  private static final TranslationStore STORE = TranslationStore.ofThisRun();

  private final TestMemory memory = new TestMemory();
  private Engine engine;

  /** What the first region has counted. */
  private int counted;

  @AfterEach
  void close() {
    memory.close();
  }

  private String run(byte[] program, EngineOptions options) {
    memory.clearData();
    memory.code(program);
    engine = new Engine(memory, options);
    try {
      Hart hart = engine.newHart();
      for (int i = 0; i < 32; i++) {
        hart.f(i, Double.doubleToRawLongBits(i));
      }
      hart.x(T6, hart.pollFlagAddress() - memory.windowBase());
      hart.pc(CODE);
      Stop stop = hart.run();
      while (stop instanceof Stop.Polled) {
        stop = hart.run();
      }
      counted = HostMemory.getInt(hart.state().address(RegisterFile.entries(0)));
      StringBuilder end = new StringBuilder(stop.toString());
      for (int i = 0; i < 31; i++) {
        end.append(' ').append(Long.toHexString(hart.x(i)));
        end.append(' ').append(Long.toHexString(hart.f(i)));
      }
      for (int at = 0; at < TestMemory.DATA_SIZE; at += 8) {
        end.append(memory.read64(DATA + at)).append(' ');
      }
      return end.append(" pc ").append(Long.toHexString(hart.pc())).toString();
    } finally {
      engine.close();
    }
  }

  /**
   * A function of a0 that calls itself for a0 - 1 and a0 - 2.
   *
   * @param start what it does first, with its caller's registers
   * @param end what it does last, its frame being still there
   */
  private static byte[] program(
      int argument, Consumer<RiscvAssembler> start, Consumer<RiscvAssembler> end) {
    RiscvAssembler a = new RiscvAssembler();
    Label function = new Label();
    Label recurse = new Label();
    Label done = new Label();
    a.li(A0, argument).li(SP, DATA + TestMemory.DATA_SIZE);
    a.call(function);
    a.emit(Opcode.ADDI, A2, A2, 1);
    a.emit(Opcode.ECALL);
    a.bind(function);
    start.accept(a);
    a.emit(Opcode.ADDI, SP, SP, -FRAME);
    a.emit(Opcode.SD, RA, 24, SP).emit(Opcode.SD, S0, 16, SP).emit(Opcode.SD, S1, 8, SP);
    a.emit(Opcode.SD, S2, 0, SP);
    a.emit(Opcode.ADDI, S0, A0, 0).li(S1, 0);
    a.li(T1, 2).branch(Opcode.BGE, A0, T1, recurse);
    a.jump(done);
    a.bind(recurse);
    a.emit(Opcode.ADDI, A0, S0, -1).call(function);
    a.emit(Opcode.ADD, S1, S1, A0);
    a.emit(Opcode.ADD, S2, S0, S1);
    a.emit(Opcode.ADDI, A0, S0, -2).call(function);
    a.emit(Opcode.ADD, S1, S1, A0).emit(Opcode.SUB, S2, S2, S0);
    a.emit(Opcode.XOR, S0, S1, S2);
    a.bind(done);
    end.accept(a);
    a.emit(Opcode.ADD, A0, S0, S1);
    a.emit(Opcode.LD, RA, 24, SP).emit(Opcode.LD, S0, 16, SP).emit(Opcode.LD, S1, 8, SP);
    a.emit(Opcode.LD, S2, 0, SP);
    a.emit(Opcode.ADDI, SP, SP, FRAME);
    a.ret();
    return a.bytes();
  }

  private void check(EngineOptions.Regions when, byte[] program) {
    String expected = run(program, EngineOptions.DEFAULT.withOptimise(false));
    assertEquals(expected, run(program, EngineOptions.DEFAULT.withRegions(when)));
    assertTrue(engine.stats().regions() > 0);
    EngineOptions keeping = EngineOptions.DEFAULT.withRegions(when).withTranslations(STORE);
    assertEquals(expected, run(program, keeping));
    assertEquals(expected, run(program, keeping));
    assertEquals(
        when == EngineOptions.Regions.AT_ONCE, engine.stats().regionsRevived() > 0, "kept");
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void callsAndReturns(EngineOptions.Regions when) {
    check(when, program(14, a -> {}, a -> {}));
  }

  /** The rounding mode is a guest register without a home. */
  @Test
  void aFunctionMayReadTheRoundingMode() {
    int frm = 2;
    check(
        EngineOptions.Regions.AT_ONCE,
        program(14, a -> a.emit(Opcode.CSRRS, A2, frm, 0), a -> a.emit(Opcode.ADD, S1, S1, A2)));
  }

  /** So that a function can be given up that is left so all the time. */
  @Test
  void whatIsCountedAreWaysOutThatAreNoCallsOrReturns() {
    EngineOptions options = EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);
    run(program(14, a -> {}, a -> {}), options);
    assertEquals(0, counted);
    Consumer<RiscvAssembler> jumping =
        a -> {
          Label usual = new Label();
          a.emit(Opcode.ANDI, T1, S1, 3).branch(Opcode.BNE, T1, 0, usual);
          a.emit(Opcode.AUIPC, T1, 0).emit(Opcode.SD, T1, -8, SP).emit(Opcode.LD, T1, -8, SP);
          a.emit(Opcode.JALR, 0, 16, T1);
          a.bind(usual);
        };
    run(program(14, a -> {}, jumping), options);
    assertTrue(counted > 10, "left " + counted + " times");
  }

  @Test
  void theRegionIsTheFunction() {
    List<String> regions = new ArrayList<>();
    EngineObserver observer =
        new EngineObserver() {
          @Override
          public void regionTranslated(
              RegionOutline outline, int counter, TranslatedBlock region, byte[] code) {
            regions.add(Long.toHexString(outline.pc() - CODE) + " " + outline.isFunction());
          }
        };
    EngineOptions options = EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);
    run(program(14, a -> {}, a -> {}), options.withObserver(observer));
    assertEquals(List.of("14 true"), regions);
  }

  /** The first store of a frame that is not there; the state is that of its copy. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void theStackMayEndInAnyCopy(EngineOptions.Regions when) {
    for (int more = 0; more < 3; more++) {
      int depth = more;
      Consumer<RiscvAssembler> start =
          a -> {
            Label deep = new Label();
            a.li(T1, 9).branch(Opcode.BLT, A0, T1, deep);
            a.bind(deep);
            a.li(T2, 12 - depth).emit(Opcode.ADDI, T0, T0, 1).li(T1, 600);
            Label on = new Label();
            a.branch(Opcode.BLT, T0, T1, on).branch(Opcode.BNE, A0, T2, on);
            a.li(SP, DATA);
            a.bind(on);
          };
      check(when, program(14, start, a -> {}));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void aReturnAddressMayBeChangedInTheStack(EngineOptions.Regions when) {
    for (int change : new int[] {4, 1, 5}) {
      Consumer<RiscvAssembler> end =
          a -> {
            Label usual = new Label();
            a.emit(Opcode.ANDI, T1, S1, 7).branch(Opcode.BNE, T1, 0, usual);
            a.li(T1, 13).branch(Opcode.BGE, S0, T1, usual);
            a.emit(Opcode.LD, T1, 24, SP).emit(Opcode.ADDI, T1, T1, change);
            a.emit(Opcode.SD, T1, 24, SP);
            a.bind(usual);
          };
      check(when, program(13, a -> {}, end));
    }
  }

  /** As longjmp does it: from deep within to the outermost caller. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void allFramesMayBeLeftAtOnce(EngineOptions.Regions when) {
    Consumer<RiscvAssembler> end =
        a -> {
          Label usual = new Label();
          a.emit(Opcode.ADDI, T2, T2, 1).li(T1, 700).branch(Opcode.BNE, T2, T1, usual);
          a.li(SP, DATA + TestMemory.DATA_SIZE - FRAME);
          a.bind(usual);
        };
    check(when, program(14, a -> {}, end));
  }

  /** What is called besides may write any register, so nothing is known when it comes back. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void anotherFunctionWritesAllItMay(EngineOptions.Regions when) {
    Label other = new Label();
    Consumer<RiscvAssembler> end =
        a -> {
          a.emit(Opcode.ADD, A1, A1, S0);
          a.emit(Opcode.FADD_D, 20, 10, 11, 7);
          a.la(T0, other).emit(Opcode.JALR, RA, 0, T0);
          a.emit(Opcode.ADD, A2, A2, S0);
          a.emit(Opcode.FADD_D, 21, 10, 11, 7);
          Label behind = new Label();
          a.jump(behind);
          a.bind(other);
          for (int i = 11; i < 18; i++) {
            a.emit(Opcode.ADDI, i, i, i);
          }
          for (int i = 0; i < 8; i++) {
            a.emit(Opcode.FADD_D, i, i, 10 + i, 7);
          }
          a.emit(Opcode.FADD_D, 10, 10, 11, 7);
          a.emit(Opcode.JALR, 0, 0, RA);
          a.bind(behind);
        };
    check(when, program(10, a -> {}, end));
  }

  /** Who asks the hart to stop is heard, and nothing is lost by it. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void polls(EngineOptions.Regions when) {
    Consumer<RiscvAssembler> end =
        a -> {
          a.emit(Opcode.ANDI, T1, S1, 3).emit(Opcode.SLTIU, T1, T1, 1);
          a.emit(Opcode.SB, T1, 0, T6);
        };
    check(when, program(12, a -> {}, end));
  }
}
