package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Host instructions that load what they work with. */
class LoadOperandsTest {
  private static final int BLOCKS = 3000;
  private static final int NONE = IrBlock.NONE;
  private static final List<IrOp> OF_INTEGERS =
      List.of(IrOp.ADD, IrOp.SUB, IrOp.AND, IrOp.OR, IrOp.XOR, IrOp.MUL);
  private static final List<IrOp> OF_WORDS = List.of(IrOp.ADD32, IrOp.SUB32, IrOp.MUL32);
  private static final List<IrOp> OF_DOUBLES =
      List.of(IrOp.FADD_D, IrOp.FSUB_D, IrOp.FMUL_D, IrOp.FDIV_D);
  private static final List<IrOp> OF_SINGLES =
      List.of(IrOp.FADD_S, IrOp.FSUB_S, IrOp.FMUL_S, IrOp.FDIV_S);

  private final IrBlock block = new IrBlock();

  /** a0 = a0 op a value that is loaded, in one guest instruction or two. */
  private IrBlock update(IrOp load, IrOp op, int register, boolean together) {
    block.clear();
    begin();
    int before = get(register);
    int value = block.emit(load, get(11), NONE, NONE, 16);
    if (!together) {
      begin();
    }
    int result = block.emit(op, before, value);
    put(register, result);
    block.emit(IrOp.JUMP, NONE, NONE, NONE, 0x8000);
    return block;
  }

  private void begin() {
    block.beginInstruction(0x4000 + 4L * block.instructionCount(), 0x13, 4);
  }

  private int get(int register) {
    return block.emit(IrOp.GET, NONE, NONE, NONE, StateSlot.x(register));
  }

  private void put(int register, int value) {
    block.emit(IrOp.PUT, value, NONE, NONE, StateSlot.x(register));
  }

  private static List<String> code(IrBlock block) {
    HostDisassembler capstone = HostDisassembler.open().orElse(null);
    Assumptions.assumeTrue(capstone != null, "no libcapstone to look at code with");
    BlockCompiler compiler = new BlockCompiler(new Stubs(0x7000_0000_0000L));
    compiler.compile(block, 0x7000_0000_2000L);
    byte[] code = Arrays.copyOf(compiler.code(), compiler.codeLength());
    return capstone.disassemble(code, 0).stream().map(HostDisassembler.Line::text).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "LD64, ADD, 'add rbx, qword ptr [r15 + rsi + 0x10]'",
    "LD64, SUB, 'sub rbx, qword ptr [r15 + rsi + 0x10]'",
    "LD64, XOR, 'xor rbx, qword ptr [r15 + rsi + 0x10]'",
    "LD64, MUL, 'imul rbx, qword ptr [r15 + rsi + 0x10]'",
    "LD32S, ADD32, 'add ebx, dword ptr [r15 + rsi + 0x10]'",
    "LD32U, MUL32, 'imul ebx, dword ptr [r15 + rsi + 0x10]'",
  })
  void takesWhatIsLoadedFromMemory(IrOp load, IrOp op, String expected) {
    assertEquals(expected, code(update(load, op, 10, true)).getFirst());
  }

  /** Only the optimiser knows that nothing is lost. */
  @Test
  void notWhatIsOfAnotherInstruction() {
    assertTrue(code(update(IrOp.LD64, IrOp.ADD, 10, false)).getFirst().startsWith("mov rax"));
  }

  /** A guest register in memory would have to be loaded first. */
  @Test
  void notWhereTheOtherOperandHasToCome() {
    assertTrue(code(update(IrOp.LD64, IrOp.MUL, 20, true)).getFirst().startsWith("mov rax, qword"));
  }

  /** Random blocks, whose accesses may fault, do what the evaluator does. */
  @ParameterizedTest
  @EnumSource
  void doesWhatTheEvaluatorDoes(Addressing addressing) {
    int left = 0;
    try (Judge judge = new Judge(addressing, false)) {
      for (long seed = 0; seed < BLOCKS; seed++) {
        Random random = new Random(seed);
        ArrayState start = States.random(random);
        byte[] memory = new byte[2 * GuestPages.PAGE];
        random.nextBytes(memory);
        IrBlock made = new Optimizer(Pass.ALL).optimise(random(random));
        left += fused(made);
        String seen = "seed " + seed;
        assertNull(judge.fault(made, start, memory), () -> seen + "\n" + made);
        IrBlock plain =
            new Optimizer(Pass.without(Set.of(Pass.values()), Pass.FUSED_LOADS))
                .optimise(random(new Random(seed)));
        assertEquals(0, fused(plain), plain::toString);
      }
    }
    assertTrue(left > BLOCKS / 2, "only " + left);
  }

  /** How many operations follow the load of an operand, as parts of its instruction. */
  private static int fused(IrBlock block) {
    int count = 0;
    for (int id = 1; id < block.size(); id++) {
      boolean isLoad =
          block.op(id - 1).effect() == IrOp.Effect.MEMORY_READ && block.op(id).operands() == 2;
      boolean takes = isLoad && block.b(id) == id - 1;
      count += takes && block.instructionOf(id) == block.instructionOf(id - 1) ? 1 : 0;
    }
    return count;
  }

  /** Loads whose registers are written again by what uses them, in the midst of other work. */
  private IrBlock random(Random random) {
    block.clear();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      boolean isFloat = random.nextBoolean();
      boolean isShort = random.nextBoolean();
      int address = address(random);
      int displacement = random.nextInt(-64, 64);
      begin();
      IrOp load =
          isFloat
              ? isShort ? IrOp.LDF_S : IrOp.LDF_D
              : isShort ? random.nextBoolean() ? IrOp.LD32S : IrOp.LD32U : IrOp.LD64;
      int value = block.emit(load, address, NONE, NONE, displacement);
      between(random);
      begin();
      List<IrOp> ops =
          isFloat ? isShort ? OF_SINGLES : OF_DOUBLES : isShort ? OF_WORDS : OF_INTEGERS;
      IrOp op = ops.get(random.nextInt(ops.size()));
      if (isFloat) {
        int other = block.emit(IrOp.GETF, NONE, NONE, NONE, f(random, isShort));
        other = isShort ? block.emit(IrOp.UNBOX_S, other) : other;
        int result = either(random, op, value, other, 7);
        result = block.emit(isShort ? IrOp.CANON_S : IrOp.CANON_D, result);
        result = isShort ? block.emit(IrOp.BOX_S, result) : result;
        block.emit(IrOp.PUTF, result, NONE, NONE, f(random, isShort));
      } else {
        int register = 1 + random.nextInt(31);
        int result = either(random, op, value, get(register), 0);
        put(random.nextInt(4) == 0 ? 1 + random.nextInt(31) : register, result);
      }
    }
    begin();
    block.emit(IrOp.JUMP, NONE, NONE, NONE, 0x8000);
    return block;
  }

  private int either(Random random, IrOp op, int value, int other, long imm) {
    return random.nextBoolean()
        ? block.emit(op, value, other, NONE, imm)
        : block.emit(op, other, value, NONE, imm);
  }

  private void between(Random random) {
    for (int i = random.nextInt(4); i > 0; i--) {
      begin();
      int sum = block.emit(IrOp.ADD, get(1 + random.nextInt(31)), get(1 + random.nextInt(31)));
      put(1 + random.nextInt(31), sum);
    }
  }

  /** Mostly one that may be loaded from, made from what a register holds. */
  private int address(Random random) {
    begin();
    if (random.nextInt(30) == 0) {
      return block.constant(GuestPages.BASE - 128);
    }
    int offset = block.emit(IrOp.AND, get(1 + random.nextInt(31)), block.constant(0x7ff));
    int address = block.emit(IrOp.ADD, offset, block.constant(GuestPages.BASE + 64));
    put(1 + random.nextInt(31), address);
    return address;
  }

  private static long f(Random random, boolean isSingle) {
    return StateSlot.f(2 * random.nextInt(16) + (isSingle ? 0 : 1));
  }
}
