package dev.isomorph.conformance.fuzz;

import dev.isomorph.conformance.fuzz.Statement.Scratch;
import dev.isomorph.conformance.generate.MemoryAccesses;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.Registers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes the instructions of a program from the decoder's table, over some of the registers. None of
 * them changes a register that has a task.
 */
final class Instructions {
  /** What processors and emulators of all kinds have; most programs make do with it. */
  private static final Set<Extension> COMMON =
      EnumSet.of(
          Extension.I,
          Extension.M,
          Extension.A,
          Extension.F,
          Extension.D,
          Extension.C,
          Extension.ZICSR,
          Extension.ZIFENCEI,
          Extension.ZBA,
          Extension.ZBB,
          Extension.ZBC,
          Extension.ZBS);

  private static final Set<Extension> FLOATS =
      EnumSet.of(Extension.F, Extension.D, Extension.ZFA, Extension.ZFHMIN);

  /** They end blocks. */
  private static final Set<Opcode> CONTROL =
      EnumSet.of(
          Opcode.ILLEGAL,
          Opcode.JAL,
          Opcode.JALR,
          Opcode.BEQ,
          Opcode.BNE,
          Opcode.BLT,
          Opcode.BGE,
          Opcode.BLTU,
          Opcode.BGEU,
          Opcode.ECALL,
          Opcode.EBREAK,
          Opcode.MRET,
          Opcode.WFI,
          Opcode.SRET,
          Opcode.SFENCE_VMA,
          Opcode.SINVAL_VMA,
          Opcode.SFENCE_W_INVAL,
          Opcode.SFENCE_INVAL_IR);

  /** They go together, see {@link #reserve}. */
  private static final Set<Opcode> RESERVATIONS =
      EnumSet.of(Opcode.LR_W, Opcode.LR_D, Opcode.SC_W, Opcode.SC_D);

  /** They may end a reservation. */
  private static final Set<Opcode> WAITS = EnumSet.of(Opcode.WRS_NTO, Opcode.WRS_STO);

  private static final int FFLAGS = 1;
  private static final int FRM = 2;
  private static final int FCSR = 3;
  private static final int MAX_MODE = 4;
  private static final int TRIES = 4;

  private final Random random;
  private final InstructionGenerator generator;
  private final int pointer;
  private final int tasks;
  private final int[] integers;
  private final List<Opcode> computing;
  private final List<Opcode> favourites;
  private final List<Opcode> accessing;

  /**
   * Chooses what the program is to be made of.
   *
   * @param pointer a register with a task: it points to the data
   * @param counters registers with a task: they count
   */
  Instructions(Random random, int pointer, List<Integer> counters) {
    this(
        random,
        pointer,
        counters,
        random.nextInt(4) == 0 ? EnumSet.allOf(Extension.class) : COMMON);
  }

  /** Like the other one, but for the extensions. */
  Instructions(Random random, int pointer, List<Integer> counters, Set<Extension> extensions) {
    this.random = random;
    this.pointer = pointer;
    generator = new InstructionGenerator(random);
    int taken = 1 << Registers.SP | 1 << pointer;
    for (int counter : counters) {
      taken |= 1 << counter;
    }
    tasks = taken;
    integers = random.ints(2 + random.nextInt(31), 0, 32).toArray();
    integers[0] = random.ints(1, 32).filter(i -> !hasTask(i)).findFirst().orElseThrow();
    Predicate<Opcode> known =
        row -> extensions.contains(row.extension()) && !CONTROL.contains(row.base());
    computing = rows(known.and(row -> MemoryAccesses.width(row.base()) == 0));
    accessing =
        rows(
            known.and(
                row ->
                    MemoryAccesses.width(row.base()) != 0 && !RESERVATIONS.contains(row.base())));
    List<Opcode> some = favourites();
    favourites = some.isEmpty() ? computing : some;
  }

  private List<Opcode> favourites() {
    return switch (random.nextInt(5)) {
      case 0 -> rows(computing, row -> FLOATS.contains(row.extension()));
      case 1 -> rows(computing, row -> !FLOATS.contains(row.extension()));
      case 2 -> rows(computing, row -> row.length() == 2);
      case 3 -> rows(computing, row -> row.extension() == Extension.I);
      default -> computing;
    };
  }

  private static List<Opcode> rows(Predicate<Opcode> wanted) {
    return rows(Arrays.asList(Opcode.values()), wanted);
  }

  private static List<Opcode> rows(List<Opcode> rows, Predicate<Opcode> wanted) {
    return rows.stream().filter(wanted).toList();
  }

  /** An integer register to be read. */
  int integer() {
    return integers[random.nextInt(integers.length)];
  }

  /** An integer register that may be changed; not x0. */
  private int free() {
    while (true) {
      int i = random.nextBoolean() ? integer() : random.nextInt(32);
      if (i != Registers.ZERO && !hasTask(i)) {
        return i;
      }
    }
  }

  private boolean hasTask(int register) {
    return (tasks >>> register & 1) != 0;
  }

  /** Three different registers that may be changed. */
  Scratch scratch() {
    int a = free();
    int b = free();
    int c = free();
    return a == b || b == c || a == c ? scratch() : new Scratch(a, b, c);
  }

  boolean canCompute() {
    return !computing.isEmpty();
  }

  boolean canAccess() {
    return !accessing.isEmpty();
  }

  /** An instruction that computes. */
  int compute() {
    while (true) {
      Opcode row = any(random.nextInt(4) == 0 ? computing : favourites);
      int encoding =
          row.extension() == Extension.ZICSR ? csr(row) : withRegisters(generator.encoding(row));
      if (!hasTask(Decoder.decode(encoding).rd())) {
        return encoding;
      }
    }
  }

  int computeInFourBytes() {
    while (true) {
      int encoding = compute();
      if (Instruction.lengthOf(encoding) == 4) {
        return encoding;
      }
    }
  }

  /** An access to a float CSR that leaves a valid rounding mode. */
  private int csr(Opcode row) {
    int rd = random.nextInt(32);
    return switch (row) {
      case CSRRW -> Encoder.encode(row, rd, FFLAGS, integer());
      case CSRRS, CSRRC ->
          random.nextBoolean()
              ? Encoder.encode(row, rd, FFLAGS, integer())
              : Encoder.encode(row, rd, FFLAGS + random.nextInt(3), Registers.ZERO);
      case CSRRWI ->
          switch (random.nextInt(3)) {
            case 0 -> Encoder.encode(row, rd, FFLAGS, random.nextInt(32));
            case 1 -> Encoder.encode(row, rd, FCSR, random.nextInt(32));
            default -> Encoder.encode(row, rd, FRM, random.nextInt(MAX_MODE + 1));
          };
      case CSRRSI ->
          Encoder.encode(row, rd, random.nextBoolean() ? FFLAGS : FCSR, random.nextInt(32));
      default -> Encoder.encode(row, rd, FFLAGS + random.nextInt(3), random.nextInt(32));
    };
  }

  /** Puts registers of the program's choice into an encoding, as far as it has room for them. */
  private int withRegisters(int encoding) {
    Instruction i = Decoder.decode(encoding);
    for (int tries = 0; tries < TRIES; tries++) {
      int rd = i.rd() == 0 ? 0 : integer();
      int rs1 = i.rs1() == 0 ? 0 : integer();
      int rs2 = i.rs2() == 0 ? 0 : integer();
      int rs3 = i.rs3() == 0 ? 0 : integer();
      int changed = encoded(new Fields(i, rd, rs1, rs2, rs3, i.imm()));
      if (changed != 0) {
        return changed;
      }
    }
    return encoding;
  }

  private record Fields(Instruction of, int rd, int rs1, int rs2, int rs3, long imm) {}

  /** The encoding with such operands; 0, which is no instruction, if there is none. */
  private static int encoded(Fields fields) {
    Instruction i = fields.of;
    try {
      return Encoder.encode(
          new Instruction(
              i.opcode(),
              i.encodedAs(),
              i.bits(),
              i.length(),
              fields.rd,
              fields.rs1,
              fields.rs2,
              fields.rs3,
              fields.imm));
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  /** An access to the data. */
  Statement access() {
    while (true) {
      Instruction i = Decoder.decode(withRegisters(generator.encoding(any(accessing))));
      Statement access = hasTask(i.rd()) ? null : access(i);
      if (access != null) {
        return access;
      }
    }
  }

  /** Null if the instruction cannot be made to access the data. */
  private Statement access(Instruction i) {
    if (i.encodedAs().length() == 2 && i.rs1() == Registers.SP) {
      long local = random.nextInt(ProgramAssembler.LOCALS / Long.BYTES) * Long.BYTES;
      return at(i, Registers.SP, local, -1, 0);
    }
    boolean atomic = MemoryAccesses.isAtomic(i.opcode());
    int width = MemoryAccesses.width(i.opcode());
    if (!atomic && width <= Long.BYTES && random.nextInt(3) == 0) {
      boolean crossing = width > 1 && random.nextInt(4) == 0;
      long imm = crossing ? Places.MAX_INDEX + 1 - random.nextInt(width) : i.imm();
      return at(i, pointer, imm, -1, 0);
    }
    int mask = atomic ? Places.MAX_INDEX & -width : Places.MAX_INDEX;
    return at(i, free(), i.imm(), integer(), mask);
  }

  private static Statement at(Instruction i, int base, long imm, int index, int mask) {
    int encoding = encoded(new Fields(i, i.rd(), base, i.rs2(), i.rs3(), imm));
    return encoding == 0 || Decoder.decode(encoding).rs1() != base
        ? null
        : new Statement.Access(encoding, index, mask);
  }

  /**
   * A load-reserved and its store-conditional; sometimes with another in between, after which it
   * fails.
   */
  Statement reserve() {
    boolean word = random.nextBoolean();
    Opcode conditional = word ? Opcode.SC_W : Opcode.SC_D;
    int base = free();
    List<Integer> between = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      int encoding = random.nextInt(6) == 0 ? store(conditional, base) : compute();
      Instruction instruction = Decoder.decode(encoding);
      if (instruction.rd() != base && !WAITS.contains(instruction.opcode())) {
        between.add(encoding);
      }
    }
    int loaded = otherThan(base);
    return new Statement.Reserve(
        Encoder.encode(word ? Opcode.LR_W : Opcode.LR_D, loaded, base),
        store(conditional, base),
        integer(),
        between);
  }

  private int store(Opcode conditional, int base) {
    return Encoder.encode(conditional, otherThan(base), integer(), base);
  }

  private int otherThan(int base) {
    int register = free();
    return register == base ? otherThan(base) : register;
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
