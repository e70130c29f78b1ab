package dev.isomorph.conformance.coverage;

import dev.isomorph.conformance.coverage.Corner.Where;
import dev.isomorph.conformance.generate.Shape;
import dev.isomorph.conformance.golden.Format;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The instructions and operands that corners apply to. */
final class Places {
  static final int RD = 0;
  static final int RS1 = 1;
  static final int RS2 = 2;
  static final int RS3 = 3;

  /** The operands in the order of their places, as integer and as float registers. */
  private static final String[] INTEGERS = {"rd", "rs1", "rs2", "rs3"};

  private static final String[] FLOAT = {"fd", "fs1", "fs2", "fs3"};

  private static final int HERE = 1;

  private static final Set<Opcode> CONDITIONAL_BRANCHES =
      EnumSet.of(Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE, Opcode.BLTU, Opcode.BGEU);

  private static final Set<Extension> FLOAT_EXTENSIONS =
      EnumSet.of(Extension.F, Extension.D, Extension.ZFA, Extension.ZFHMIN);

  static final Where ALL = shape -> HERE;
  static final Where FULL_SIZE = when(shape -> shape.row().length() == 4);

  static final Where INTEGER_REGISTERS =
      shape ->
          places(
              p -> shape.has(INTEGERS[p]) && shape.can(i -> Case.register(i, p) == 0),
              RD,
              RS1,
              RS2);

  /** Sources that are no address and not always x0. */
  static final Where INTEGER_DATA =
      shape ->
          places(
              p ->
                  shape.has(INTEGERS[p])
                      && !(p == RS1 && shape.hasAddress())
                      && shape.can(i -> Case.register(i, p) != 0),
              RS1,
              RS2);

  static final Where INTEGER_PAIR =
      when(shape -> Integer.bitCount(INTEGER_DATA.places(shape)) == 2);

  static final Where FLOATS = shape -> places(p -> shape.has(FLOAT[p]), RS1, RS2, RS3);
  static final Where NARROW_FLOATS =
      shape -> shape.sourceFormat() == Format.DOUBLE ? 0 : FLOATS.places(shape);

  static final Where LEAST_IMMEDIATE =
      when(shape -> hasImmediate(shape) && shape.leastImmediate() < 0);
  static final Where GREATEST_IMMEDIATE = when(Places::hasImmediate);

  static final Where ROUNDED = when(shape -> shape.row().hasRoundingMode());
  static final Where RAISING = when(shape -> Flags.of(shape) != 0);
  static final Where FLOAT_INSTRUCTIONS =
      when(shape -> FLOAT_EXTENSIONS.contains(shape.base().extension()));
  static final Where TO_INTEGER =
      when(
          shape ->
              shape.base().name().startsWith("FCVT_W")
                  || shape.base().name().startsWith("FCVT_L")
                  || shape.base() == Opcode.FCVTMOD_W_D);

  static final Where MEMORY = when(shape -> shape.width() != 0);
  static final Where WIDE_MEMORY = when(shape -> shape.width() > 1);

  /** Loads and stores that may be misaligned and do not act on cache blocks. */
  static final Where WIDE_ACCESSES =
      when(shape -> shape.width() > 1 && shape.width() <= 8 && !shape.isAtomic());

  static final Where STORES = when(Shape::stores);
  static final Where LOADS =
      when(shape -> shape.width() != 0 && shape.width() <= 8 && !shape.stores());
  static final Where CONDITIONALS = when(Shape::isConditional);

  static final Where BRANCHES = when(shape -> CONDITIONAL_BRANCHES.contains(shape.base()));
  static final Where RELATIVE_JUMPS = when(Places::jumpsRelatively);
  static final Where INDIRECT_JUMPS = when(shape -> shape.base() == Opcode.JALR);

  static final Where DIVISIONS =
      when(
          shape ->
              shape.base().extension() == Extension.M && !shape.base().name().startsWith("MUL"));
  static final Where SIGNED_DIVISIONS =
      when(shape -> DIVISIONS.places(shape) != 0 && !shape.base().name().contains("U"));

  static final Where CSR = when(shape -> shape.row().extension() == Extension.ZICSR);

  /** Those that write only if told to. */
  static final Where CSR_READS =
      when(shape -> CSR.places(shape) != 0 && !shape.row().name().startsWith("CSRRW"));

  private Places() {}

  static Where when(Predicate<Shape> condition) {
    return shape -> condition.test(shape) ? HERE : 0;
  }

  static Where only(Opcode row) {
    return when(shape -> shape.row() == row);
  }

  static Where raising(int flag) {
    return when(shape -> (Flags.of(shape) & flag) != 0);
  }

  /** Rows that have encodings with certain registers, all of one kind. */
  static Where encoded(Predicate<Instruction> property, int... operands) {
    return when(
        shape ->
            (haveAll(shape, INTEGERS, operands) || haveAll(shape, FLOAT, operands))
                && shape.can(property));
  }

  /** Rows whose immediate varies and can be so; those that would jump to themselves cannot. */
  static Where immediate(long value) {
    return when(
        shape ->
            hasImmediate(shape)
                && shape.can(i -> i.imm() == value)
                && !(value == 0 && jumpsRelatively(shape)));
  }

  private static boolean hasImmediate(Shape shape) {
    return shape.leastImmediate() < shape.greatestImmediate() && CSR.places(shape) == 0;
  }

  private static boolean haveAll(Shape shape, String[] names, int... operands) {
    for (int operand : operands) {
      if (!shape.has(names[operand])) {
        return false;
      }
    }
    return true;
  }

  private static boolean jumpsRelatively(Shape shape) {
    return shape.base() == Opcode.JAL || CONDITIONAL_BRANCHES.contains(shape.base());
  }

  private static int places(IntPredicate condition, int... candidates) {
    int places = 0;
    for (int place : candidates) {
      places |= condition.test(place) ? 1 << place : 0;
    }
    return places;
  }
}
