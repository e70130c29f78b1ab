package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.*;
import static dev.isomorph.engine.TestMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.engine.TestMachine.Rights;
import dev.isomorph.engine.TestMachine.View;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * Random loops that walk through pages, look up tables and do both at once, as regions of a
 * machine: they do what the evaluator does, to the last register and byte, and end where it does.
 * Some are called by turns, as regions of their own.
 */
class MachineStreamPropertyTest {
  private static final long CODE = 0x4000_0000L;
  private static final int CODE_FRAME = 1;
  private static final long DATA = 0x7f_1234_5000L;
  private static final int PAGES = 6;

  /** Where the same pages are again: in other zones, in one that takes DATA's place, nowhere. */
  private static final List<Long> OTHER_PLACES =
      List.of(
          0x15_5555_5000L,
          DATA + (4L << 38),
          (1L << 38) - 3 * PAGE,
          (1L << 47) - 5 * PAGE,
          -4L * PAGE,
          1L << 50);

  private static final int MAPPED_PLACES = 4;
  private static final int FOLLOWED = 4 * PAGE - 1;
  private static final int FIRST_FRAME = 2;
  private static final int FRAMES = 8;
  private static final int FIRST_POINTER = S2;
  private static final int MOST_POINTERS = 5;
  private static final int INDEX = A4;
  private static final int SUM = A0;
  private static final int VALUE = A3;
  private static final int ADDRESS = A5;
  private static final int INNER = A1;
  private static final int OUTER = A2;
  private static final int TARGET = T0;
  private static final int MOST_FUNCTIONS = 6;

  private static final List<Opcode> LOADS =
      List.of(Opcode.LBU, Opcode.LH, Opcode.LW, Opcode.LWU, Opcode.LD);
  private static final List<Opcode> STORES = List.of(Opcode.SB, Opcode.SH, Opcode.SW, Opcode.SD);
  private static final List<Integer> STEPS =
      List.of(1, 2, 4, 8, 8, 16, 24, 136, 1000, 2040, -1, -4, -8, -8, -24, -2040);
  private static final List<Integer> MASKS = List.of(0xff, 0x3f8, 0x7ff);

  /** A program and all it starts with. */
  private static final class Case {
    private final Random random;
    private final RiscvAssembler asm = new RiscvAssembler();
    private final long[] x = new long[32];
    private final int[] frames = new int[PAGES];
    private final Rights[] rights = new Rights[PAGES];
    private final long seed;

    Case(long seed) {
      this.seed = seed;
      random = new Random(seed);
      for (int page = 0; page < PAGES; page++) {
        // Sometimes two pages are one frame.
        frames[page] = FIRST_FRAME + random.nextInt(FRAMES);
        int kind = random.nextInt(20);
        rights[page] = kind == 0 ? null : kind == 1 ? Rights.READ : Rights.WRITE;
      }
      for (int i = 1; i < x.length; i++) {
        x[i] = random.nextLong();
      }
      for (int i = 0; i < MOST_POINTERS; i++) {
        x[FIRST_POINTER + i] = DATA + random.nextInt(PAGES * PAGE);
      }
      write();
    }

    private <T> T one(List<T> of) {
      return of.get(random.nextInt(of.size()));
    }

    private void write() {
      if (random.nextBoolean()) {
        writeNest();
      } else {
        writeCalls();
      }
    }

    private void writeNest() {
      int accesses = 1 + random.nextInt(MOST_POINTERS);
      asm.li(OUTER, 1 + random.nextInt(4));
      Label outer = asm.here();
      if (random.nextBoolean()) {
        startAnew(FIRST_POINTER);
      }
      inner(600, accesses);
      asm.emit(Opcode.ADDI, OUTER, OUTER, -1).branch(Opcode.BNE, OUTER, ZERO, outer);
      asm.emit(Opcode.ECALL);
    }

    /** Each loop is a function that is called by its address, so that it is entered for itself. */
    private void writeCalls() {
      Label start = new Label();
      asm.jump(start);
      int[] functions = new int[1 + random.nextInt(MOST_FUNCTIONS)];
      for (int i = 0; i < functions.length; i++) {
        asm.align(1 << 2 + random.nextInt(4));
        functions[i] = asm.offset();
        inner(40, 1 + random.nextInt(3));
        asm.ret();
      }
      asm.bind(start).li(OUTER, 1 + random.nextInt(30));
      Label outer = asm.here();
      for (int function : functions) {
        if (random.nextInt(3) > 0) {
          startAnew(FIRST_POINTER + random.nextInt(3));
        }
        asm.li(TARGET, CODE + function).emit(Opcode.JALR, RA, 0, TARGET);
      }
      asm.emit(Opcode.ADDI, OUTER, OUTER, -1).branch(Opcode.BNE, OUTER, ZERO, outer);
      asm.emit(Opcode.ECALL);
    }

    private void startAnew(int pointer) {
      asm.li(pointer, DATA + random.nextInt(PAGES * PAGE));
    }

    private void inner(int mostRounds, int accesses) {
      asm.li(INNER, 1 + random.nextInt(mostRounds));
      Label inner = asm.here();
      for (int i = 0; i < accesses; i++) {
        place(FIRST_POINTER + i);
      }
      asm.emit(Opcode.ADDI, INNER, INNER, -1).branch(Opcode.BNE, INNER, ZERO, inner);
    }

    private void place(int pointer) {
      Label skip = new Label();
      boolean isSkipped = random.nextInt(4) == 0;
      if (isSkipped) {
        asm.emit(Opcode.ANDI, VALUE, INNER, 1 << random.nextInt(6));
        asm.branch(random.nextBoolean() ? Opcode.BEQ : Opcode.BNE, VALUE, ZERO, skip);
      }
      switch (random.nextInt(6)) {
        case 0 -> lookUp(pointer);
        case 2 -> follow(pointer);
        case 1 -> access(pointer);
        default -> walk(pointer);
      }
      if (isSkipped) {
        asm.bind(skip);
      }
    }

    private void lookUp(int base) {
      asm.emit(Opcode.SLLI, ADDRESS, INDEX, 2).emit(Opcode.ADD, INDEX, INDEX, ADDRESS);
      asm.emit(Opcode.ADDI, INDEX, INDEX, 8 * random.nextInt(20));
      asm.emit(Opcode.ANDI, INDEX, INDEX, one(MASKS)).emit(Opcode.ADD, ADDRESS, base, INDEX);
      access(ADDRESS);
    }

    /** Accesses what a pointer in memory points to, mostly somewhere in the data. */
    private void follow(int pointer) {
      asm.emit(Opcode.LD, ADDRESS, random.nextInt(16) * 8, pointer);
      if (random.nextInt(16) > 0) {
        asm.li(VALUE, FOLLOWED).emit(Opcode.AND, ADDRESS, ADDRESS, VALUE);
        asm.li(VALUE, random.nextInt(4) > 0 ? DATA : one(OTHER_PLACES));
        asm.emit(Opcode.ADD, ADDRESS, ADDRESS, VALUE);
      }
      access(ADDRESS);
      if (random.nextBoolean()) {
        asm.emit(Opcode.ADDI, pointer, ADDRESS, 0);
      }
    }

    private void walk(int pointer) {
      int step = one(STEPS);
      boolean isBefore = random.nextBoolean();
      if (isBefore) {
        asm.emit(Opcode.ADDI, pointer, pointer, step);
      }
      access(pointer);
      if (!isBefore) {
        asm.emit(Opcode.ADDI, pointer, pointer, step);
      }
    }

    /** One or two, near to each other. */
    private void access(int base) {
      for (int i = random.nextInt(2); i >= 0; i--) {
        int displacement = random.nextInt(4) == 0 ? random.nextInt(-2048, 2040) : 8 * i;
        if (random.nextInt(3) == 0) {
          asm.emit(one(STORES), SUM, displacement, base);
        } else {
          asm.emit(one(LOADS), VALUE, displacement, base).emit(Opcode.ADD, SUM, SUM, VALUE);
        }
      }
    }

    /** Puts code and data where they are at first, and the registers. */
    private void prepare(TestMachine machine, View view) {
      Random content = new Random(seed);
      byte[] bytes = new byte[PAGE];
      for (int frame = 0; frame < FRAMES; frame++) {
        content.nextBytes(bytes);
        machine.write(FIRST_FRAME + frame, 0, bytes);
      }
      for (int i = 1; i < x.length; i++) {
        view.hart.x(i, x[i]);
      }
    }

    /** Runs it several times from the beginning, and tells how the last time ended. */
    private Outcome run(EngineOptions options, int times, boolean aliases) {
      try (TestMachine machine = new TestMachine(options, aliases);
          View view = machine.newHart()) {
        view.map(CODE, CODE_FRAME, Rights.CODE);
        machine.write(CODE_FRAME, 0, asm.bytes());
        for (int page = 0; page < PAGES; page++) {
          if (rights[page] != null) {
            view.map(DATA + (long) page * PAGE, frames[page], rights[page]);
            for (long place : OTHER_PLACES.subList(0, MAPPED_PLACES)) {
              view.map(place + (long) page * PAGE, frames[page], rights[page]);
            }
          }
        }
        Stop stop = null;
        for (int i = 0; i < times; i++) {
          prepare(machine, view);
          stop = view.run(CODE);
        }
        return new Outcome(stop, view, machine);
      }
    }
  }

  /** All that can be seen when it has ended. */
  private static final class Outcome {
    private final String stop;
    private final long[] x = new long[32];
    private final long[] memory = new long[FRAMES * PAGE / Long.BYTES];
    private final long regions;
    private final int aliases;

    Outcome(Stop stop, View view, TestMachine machine) {
      this.stop = stop + " at " + Long.toHexString(view.hart.pc());
      for (int i = 0; i < x.length; i++) {
        x[i] = view.hart.x(i);
      }
      for (int i = 0; i < memory.length; i++) {
        int offset = i * Long.BYTES;
        memory[i] = machine.read64(FIRST_FRAME + offset / PAGE, offset % PAGE);
      }
      aliases = view.aliases();
      regions = machine.engine().stats().regions();
    }
  }

  @Property(tries = 300)
  void regionsDoWhatTheEvaluatorDoes(@ForAll long seed) {
    Case one = new Case(seed);
    Outcome expected = one.run(EngineOptions.DEFAULT.withTranslation(false), 1, false);
    EngineOptions regions = EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);
    Outcome actual = one.run(regions, 3, false);
    compare(expected, actual);
    Outcome byAliases = one.run(regions, 3, true);
    compare(expected, byAliases);
    boolean ends = expected.stop.contains("SystemCall");
    Statistics.label("has a region").collect(actual.regions > 0);
    Statistics.label("has aliases").collect(byAliases.aliases > 0);
    Statistics.label("ends").collect(ends);
    // Some fail before they are worth a region; many are to fail in the middle.
    Statistics.label("has a region")
        .coverage(checker -> checker.check(true).percentage(most -> most > 60));
    Statistics.label("has aliases")
        .coverage(checker -> checker.check(true).percentage(many -> many > 40));
    Statistics.label("ends")
        .coverage(checker -> checker.check(true).percentage(some -> some > 10 && some < 90));
  }

  private static void compare(Outcome expected, Outcome actual) {
    assertEquals(expected.stop, actual.stop);
    assertEquals(Arrays.toString(expected.x), Arrays.toString(actual.x));
    assertEquals(-1, Arrays.mismatch(expected.memory, actual.memory));
  }
}
