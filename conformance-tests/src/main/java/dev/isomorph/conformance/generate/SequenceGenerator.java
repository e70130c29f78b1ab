package dev.isomorph.conformance.generate;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.GoldenHart;
import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.witness.DataPages;
import dev.isomorph.conformance.witness.GoldenRun;
import dev.isomorph.conformance.witness.Layout;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Makes straight-line programs. Each instruction is tried out on the golden model as the program
 * grows, so that most of them do something and few stop the program early.
 */
public final class SequenceGenerator {
  /** Instructions in a program, at most. */
  public static final int MAX_LENGTH = 30;

  private static final int TRIES = 200;
  private static final int FFLAGS = 1;
  private static final int FRM = 2;

  private static final List<Integer> SOURCES = List.of(Operands.RS1, Operands.RS2, Operands.RS3);
  private static final int[] FIELDS = {Operands.RD, Operands.RS1, Operands.RS2, Operands.RS3};
  private static final List<Integer> IMMEDIATES = List.of(0, 0, 1, -1, 8, 16, 32, 48, 56, 63, 255);

  /** They end a block, so they come last or not at all. */
  private static final Set<Opcode> ENDS =
      EnumSet.of(Opcode.ILLEGAL, Opcode.JAL, Opcode.JALR, Opcode.ECALL, Opcode.EBREAK);

  private final Random random;
  private final InstructionGenerator instructions;
  private final States states;
  private int[] palette;
  private List<Opcode> flavour;
  private int[] program;
  private int length;

  public SequenceGenerator(Random random) {
    this.random = random;
    instructions = new InstructionGenerator(random);
    states = new States(random);
  }

  /** A program of up to {@link #MAX_LENGTH} instructions over some of the registers. */
  public Scenario scenario() {
    palette = palette();
    flavour = any(Flavours.ALL);
    program = new int[1 + random.nextInt(MAX_LENGTH)];
    length = 0;
    Scenario start =
        new Scenario(
            Layout.CODE + 2 * random.nextInt((Layout.CODE_SIZE - 4 * MAX_LENGTH - 8) / 2),
            new int[0],
            registers(),
            states.floats(),
            fcsr(),
            random.nextInt(DataPages.VARIANTS));
    grow(new GoldenRun(start));
    return start.withCode(IntStream.of(program).limit(length).toArray());
  }

  private int[] palette() {
    int size = random.nextBoolean() ? 2 + random.nextInt(6) : 2 + random.nextInt(31);
    return random.ints(size, 0, 32).toArray();
  }

  /** Values, and pointers into data and code. */
  private long[] registers() {
    long[] x = states.integers();
    for (int i = 1; i < 32; i++) {
      switch (random.nextInt(8)) {
        case 0, 1 -> x[i] = states.dataPointer();
        case 2 -> x[i] = states.codeAddress();
        default -> {}
      }
    }
    return x;
  }

  /** Mostly with a rounding mode that hosts have, lest blocks become short. */
  private int fcsr() {
    int any = states.fcsr();
    return random.nextInt(4) == 0 ? any : any & 0x7f;
  }

  private void grow(GoldenRun run) {
    for (int tries = 0; tries < TRIES && length < program.length; tries++) {
      boolean last = length == program.length - 1;
      int encoding = instruction(last, run.hart());
      Instruction instruction = Decoder.decode(encoding);
      long pc = run.hart().pc();
      Ending ending = run.step(encoding);
      boolean goesOn = ending == null && run.hart().pc() == pc + instruction.length();
      if (goesOn || last || random.nextInt(20) == 0) {
        program[length++] = encoding;
        if (!goesOn) {
          return;
        }
      } else {
        run.hart().pc(pc);
      }
    }
  }

  private int instruction(boolean last, GoldenHart hart) {
    while (true) {
      Opcode row = row();
      if (ENDS.contains(row.base()) && !last) {
        continue;
      }
      int encoding = withCorner(withPalette(instructions.encoding(row)));
      if (row.extension() == Extension.ZICSR) {
        encoding = Operands.withCsr(encoding, random.nextInt(4) == 0 ? FRM : FFLAGS);
      }
      return MemoryAccesses.width(row.base()) == 0 ? encoding : withPointer(encoding, hart);
    }
  }

  private Opcode row() {
    return switch (random.nextInt(8)) {
      case 0 -> any(Flavours.MOVES);
      case 1 -> instructions.row();
      default -> any(flavour);
    };
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Registers of the palette; often what the instruction before has written is read. */
  private int withPalette(int encoding) {
    int result = encoding;
    for (int field : FIELDS) {
      result = Operands.withRegister(result, field, palette[random.nextInt(palette.length)]);
    }
    if (length > 0 && random.nextBoolean()) {
      int last = Decoder.decode(program[length - 1]).rd();
      result = Operands.withRegister(result, any(SOURCES), last);
    }
    return result;
  }

  /** Sometimes an immediate that makes the instruction a copy, an extension or the like. */
  private int withCorner(int encoding) {
    return random.nextInt(4) == 0 ? Operands.withImmediate(encoding, any(IMMEDIATES)) : encoding;
  }

  /** Lets a memory access use a register that holds a pointer; makes one if none does. */
  private int withPointer(int encoding, GoldenHart hart) {
    int start = random.nextInt(32);
    for (int i = 0; i < 32; i++) {
      int register = start + i & 31;
      long value = hart.x(register);
      if (value >= Layout.DATA && value < Layout.DATA + 2 * SparseMemory.PAGE) {
        return Operands.withRegister(encoding, Operands.RS1, register);
      }
    }
    int rd = Math.max(1, palette[0]);
    return Encoder.encode(Opcode.LUI, rd, Layout.DATA >> 12);
  }
}
