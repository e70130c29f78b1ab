package dev.isomorph.conformance.generate;

import dev.isomorph.conformance.golden.Format;
import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.witness.Battery;
import dev.isomorph.conformance.witness.DataPages;
import dev.isomorph.conformance.witness.Layout;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Makes cases for one row of the instruction table: programs of a single instruction, each run from
 * many states whose operands are what the instruction cares about.
 */
public final class BatteryGenerator {
  /** States per program. */
  public static final int CASES = 32;

  private static final int ATOMIC_LENGTH = 4;
  private static final long MIDDLE = Layout.CODE + 0x800;
  private static final int PAGE = SparseMemory.PAGE;

  private final Shape shape;
  private final Format format;
  private final Random random;
  private final Encodings encodings;
  private final States states;
  private final Corners corners;

  private Instruction instruction;

  public BatteryGenerator(Shape shape, Random random) {
    this.shape = shape;
    this.random = random;
    format = shape.sourceFormat();
    encodings = new Encodings(shape.row(), random);
    states = new States(random);
    corners = states.corners();
  }

  /** The next program and its states. */
  public Battery battery() {
    instruction = encodings.next();
    int[] code = withReservation();
    boolean reserves = code.length > 1;
    long pc = pc() - ATOMIC_LENGTH * (code.length - 1);
    int contents = random.nextInt(DataPages.VARIANTS);
    long[] x = states.integers();
    long[] f = states.floats();
    List<Scenario> cases = new ArrayList<>(CASES);
    for (int i = 0; i < CASES; i++) {
      long[] integers = x.clone();
      long[] floats = f.clone();
      prepareIntegers(integers);
      prepareFloats(floats);
      prepareAddress(integers, reserves);
      integers[0] = 0;
      cases.add(new Scenario(pc, code, integers, floats, states.fcsr(), contents));
    }
    // Emitted code is entered faster if the rounding mode seldom changes.
    cases.sort(Comparator.comparingInt(Scenario::fcsr));
    return new Battery(cases);
  }

  /** Somewhere in the code; sometimes at its very end, so that part of it cannot be fetched. */
  private long pc() {
    return switch (random.nextInt(16)) {
      case 0 -> Layout.CODE + Layout.CODE_SIZE - instruction.length();
      case 1 -> random.nextBoolean() ? Layout.CODE + Layout.CODE_SIZE - 2 : straddling();
      case 2 -> straddling();
      default -> MIDDLE + 2 * random.nextInt((Layout.CODE_SIZE - PAGE) / 2);
    };
  }

  /** Where an instruction of 32 bits lies on two pages. */
  private long straddling() {
    return Layout.CODE + (1 + random.nextInt(15)) * PAGE - 2;
  }

  /**
   * Mostly puts a load-reserved of the same address before a store-conditional; sometimes also
   * another store-conditional that stores what has been loaded, after which this one must fail.
   */
  private int[] withReservation() {
    Opcode reservation = MemoryAccesses.reservation(instruction.opcode());
    int address = instruction.rs1();
    if (reservation == null || address == 0 || random.nextInt(4) == 0) {
      return new int[] {instruction.bits()};
    }
    int loaded = 1 + random.nextInt(31);
    boolean free = loaded != address && loaded != instruction.rs2();
    int load = Encoder.encode(reservation, free ? loaded : 0, address);
    if (free && random.nextInt(4) == 0) {
      int store = Encoder.encode(instruction.opcode(), loaded, loaded, address);
      return new int[] {load, store, instruction.bits()};
    }
    return new int[] {load, instruction.bits()};
  }

  private void prepareIntegers(long[] x) {
    x[instruction.rs1()] = corners.integer();
    x[instruction.rs2()] = corners.integer();
    if (shape.row().extension() == Extension.ZICSR) {
      x[instruction.rs1()] = random.nextInt(4) == 0 ? corners.integer() : random.nextInt(256);
      return;
    }
    switch (random.nextInt(8)) {
      case 0, 1 -> x[instruction.rs2()] = related(x[instruction.rs1()]);
      case 2 -> {
        x[instruction.rs1()] = corners.extreme();
        x[instruction.rs2()] = corners.extreme();
      }
      default -> {}
    }
  }

  /** A value that is equal or nearly so. */
  private long related(long value) {
    return switch (random.nextInt(4)) {
      case 0 -> value;
      case 1 -> -value;
      case 2 -> ~value;
      default -> value + random.nextInt(3) - 1;
    };
  }

  private void prepareAddress(long[] x, boolean reserves) {
    int width = shape.width();
    if (shape.base() == Opcode.JALR) {
      x[instruction.rs1()] = states.codeAddress() + random.nextInt(2) - instruction.imm();
    } else if (reserves) {
      x[instruction.rs1()] = reservable(width);
    } else if (width != 0 && random.nextInt(64) != 0) {
      x[instruction.rs1()] = states.address(width, shape.isAtomic()) - instruction.imm();
    }
  }

  /** An address that a load-reserved can be for. */
  private long reservable(int width) {
    while (true) {
      long address = states.address(width, true) & -width;
      if (Layout.allows(address, width, SparseMemory.Access.READ)) {
        return address;
      }
    }
  }

  /** Fills the registers that the instruction reads with values of the format it expects. */
  private void prepareFloats(long[] f) {
    if (format == null) {
      return;
    }
    boolean special = random.nextInt(4) == 0;
    f[instruction.rs1()] = value(special);
    f[instruction.rs2()] = value(special);
    f[instruction.rs3()] = value(special);
    if (!special && random.nextInt(4) == 0) {
      cancel(f);
    }
  }

  private long value(boolean special) {
    if (special) {
      return corners.special(format);
    }
    return switch (random.nextInt(32)) {
      case 0 -> corners.anyFloat();
      default ->
          switch (format) {
            case HALF -> corners.ofHalf();
            case SINGLE -> corners.ofSingle();
            case DOUBLE -> corners.ofDouble();
          };
    };
  }

  /** Makes sums come out near zero, and products near the limits of rounding. */
  private void cancel(long[] f) {
    Instruction i = instruction;
    long sign = random.nextBoolean() ? 1L << format.width() - 1 : 0;
    long nudge = random.nextInt(5) - 2;
    if (!shape.has("fs3")) {
      f[i.rs2()] = f[i.rs1()] + nudge ^ sign;
    } else if (format == Format.DOUBLE) {
      double product = Double.longBitsToDouble(f[i.rs1()]) * Double.longBitsToDouble(f[i.rs2()]);
      f[i.rs3()] = Double.doubleToRawLongBits(product) + nudge ^ sign;
    } else {
      float product =
          Float.intBitsToFloat((int) f[i.rs1()]) * Float.intBitsToFloat((int) f[i.rs2()]);
      f[i.rs3()] = format.box(Float.floatToRawIntBits(product) + nudge ^ sign);
    }
  }
}
