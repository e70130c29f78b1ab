package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Loops that call small functions, which have a copy in the loop's region. */
class RegionCallTest {
  private static final int RA = 1;
  private static final int SP = 2;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int T6 = 31;
  private static final int A0 = 10;
  private static final int A1 = 11;

  private final TestMemory memory = new TestMemory();
  private Engine engine;

  @AfterEach
  void close() {
    memory.close();
  }

  /** A loop of 300 rounds that calls what {@code function} writes, with a count down in t0. */
  private static byte[] loop(Consumer<RiscvAssembler> function) {
    RiscvAssembler a = new RiscvAssembler();
    Label callee = new Label();
    a.li(T0, 300).li(A0, 0).li(SP, DATA + 256);
    Label loop = a.here();
    a.call(callee);
    a.emit(Opcode.ADDI, A0, A0, 1); // What a function that returns behind it leaves out.
    a.emit(Opcode.XOR, A0, A0, RA);
    a.emit(Opcode.ADDI, T0, T0, -1);
    a.branch(Opcode.BNE, T0, 0, loop);
    a.emit(Opcode.ECALL);
    a.bind(callee);
    function.accept(a);
    return a.bytes();
  }

  private String run(byte[] program, EngineOptions options) {
    memory.clearData();
    memory.code(program);
    engine = new Engine(memory, options);
    try {
      Hart hart = engine.newHart();
      hart.pc(CODE);
      StringBuilder end = new StringBuilder(hart.run().toString());
      for (int i = 0; i < 32; i++) {
        end.append(' ').append(Long.toHexString(hart.x(i)));
      }
      return end.append(" pc ").append(Long.toHexString(hart.pc())).toString();
    } finally {
      engine.close();
    }
  }

  private void check(EngineOptions.Regions when, Consumer<RiscvAssembler> function) {
    byte[] program = loop(function);
    String expected = run(program, EngineOptions.DEFAULT.withOptimise(false));
    assertEquals(expected, run(program, EngineOptions.DEFAULT.withRegions(when)));
    assertTrue(engine.stats().regions() > 0);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void aLeafReturns(EngineOptions.Regions when) {
    check(
        when,
        a -> {
          Label other = new Label();
          a.emit(Opcode.ANDI, T1, T0, 3);
          a.branch(Opcode.BEQ, T1, 0, other);
          a.emit(Opcode.ADD, A0, A0, T1);
          a.ret();
          a.bind(other);
          a.emit(Opcode.XOR, A0, A0, T0);
          a.ret();
        });
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void aFunctionThatCallsKeepsItsReturnAddressInMemory(EngineOptions.Regions when) {
    check(
        when,
        a -> {
          Label leaf = new Label();
          a.emit(Opcode.ADDI, SP, SP, -16);
          a.emit(Opcode.SD, RA, 8, SP);
          a.call(leaf);
          a.call(leaf);
          a.emit(Opcode.LD, RA, 8, SP);
          a.emit(Opcode.ADDI, SP, SP, 16);
          a.ret();
          a.bind(leaf);
          a.emit(Opcode.ADD, A0, A0, T0);
          a.ret();
        });
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void aFunctionMayReturnElsewhere(EngineOptions.Regions when) {
    check(
        when,
        a -> {
          Label asUsual = new Label();
          a.emit(Opcode.ANDI, T1, T0, 7);
          a.branch(Opcode.BNE, T1, 0, asUsual);
          a.emit(Opcode.ADDI, RA, RA, 4);
          a.bind(asUsual);
          a.ret();
        });
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void aFunctionMayHaveALoop(EngineOptions.Regions when) {
    check(
        when,
        a -> {
          a.emit(Opcode.ANDI, T1, T0, 7);
          Label again = a.here();
          a.emit(Opcode.ADD, A0, A0, T1);
          a.emit(Opcode.ADDI, T1, T1, -1);
          a.branch(Opcode.BGE, T1, 0, again);
          a.ret();
        });
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NEVER", "HOT"})
  void aFaultInACopyIsPrecise(EngineOptions.Regions when) {
    check(
        when,
        a -> {
          a.li(T6, DATA);
          a.emit(Opcode.SLLI, T1, A1, 8);
          a.emit(Opcode.ADD, T6, T6, T1);
          a.emit(Opcode.ADDI, A1, A1, 1);
          a.emit(Opcode.LD, T1, 0, T6);
          a.ret();
        });
  }

  @Test
  void aReturnMayNeverBeReached() {
    check(
        EngineOptions.Regions.ALWAYS,
        a -> {
          Label on = new Label();
          a.branch(Opcode.BEQ, 0, 0, on);
          a.ret();
          a.bind(on);
          a.emit(Opcode.ADD, A0, A0, T0);
          a.emit(Opcode.ADDI, RA, RA, 4);
          a.ret();
        });
  }
}
