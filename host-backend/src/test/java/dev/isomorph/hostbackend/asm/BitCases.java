package dev.isomorph.hostbackend.asm;

import static dev.isomorph.hostbackend.asm.EncodingCases.ALL_SIZES;
import static dev.isomorph.hostbackend.asm.EncodingCases.NOT_BYTE;
import static dev.isomorph.hostbackend.asm.EncodingCases.WIDE;

import dev.isomorph.hostbackend.asm.EncodingCases.GprGpr;
import dev.isomorph.hostbackend.asm.EncodingCases.GprImm;
import dev.isomorph.hostbackend.asm.EncodingCases.GprMem;
import dev.isomorph.hostbackend.asm.EncodingCases.MemImm;
import dev.isomorph.hostbackend.asm.Operands.Address;
import java.util.List;

/** Cases for {@link BitInstructions}. */
final class BitCases {
  private BitCases() {}

  static void addTo(EncodingCases cases) {
    shifts(cases);
    bitTests(cases);
    for (Source row : SOURCES) {
      cases.gprGpr(row.mnemonic, row.sizes, row.gpr);
      cases.gprMem(row.mnemonic, row.sizes, row.mem);
    }
    for (Vex row : SOURCE_LAST) {
      vex(cases, row, true);
    }
    for (Vex row : SOURCE_MIDDLE) {
      vex(cases, row, false);
    }
    rorx(cases);
  }

  private static void shifts(EncodingCases cases) {
    for (ShiftOp op : ShiftOp.values()) {
      String mnemonic = Operands.text(op);
      for (int size : ALL_SIZES) {
        for (int count : new int[] {0, 1, 2, 31, 63}) {
          cases.gprImm(mnemonic, size, count, (a, s, x, n) -> a.shift(op, s, x, n));
          cases.memImm(mnemonic, size, count, (a, s, x, n) -> a.shift(op, s, x, n));
        }
        for (Gpr x : Operands.GPRS) {
          String text = mnemonic + " " + Operands.text(x, size) + ", cl";
          cases.add(mnemonic + " gpr,cl", text, a -> a.shiftCl(op, size, x));
        }
        for (Address x : Operands.SOME_ADDRESSES) {
          String text = mnemonic + " " + x.sized(size) + ", cl";
          cases.add(mnemonic + " mem,cl", text, a -> a.shiftCl(op, size, x.mem()));
        }
      }
    }
    cases.gpr("bswap", WIDE, Assembler::bswap);
  }

  private record BitTest(String mnemonic, GprGpr rr, GprImm ri, MemImm mi) {}

  private static final List<BitTest> BIT_TESTS =
      List.of(
          new BitTest("bt", Assembler::bt, Assembler::bt, Assembler::bt),
          new BitTest("bts", Assembler::bts, Assembler::bts, Assembler::bts),
          new BitTest("btr", Assembler::btr, Assembler::btr, Assembler::btr),
          new BitTest("btc", Assembler::btc, Assembler::btc, Assembler::btc));

  private static void bitTests(EncodingCases cases) {
    for (BitTest row : BIT_TESTS) {
      cases.gprGpr(row.mnemonic, NOT_BYTE, row.rr);
      for (int size : NOT_BYTE) {
        for (int bit : new int[] {0, 15, 8 * size - 1}) {
          cases.gprImm(row.mnemonic, size, bit, row.ri);
          cases.memImm(row.mnemonic, size, bit, row.mi);
        }
      }
    }
  }

  private record Source(String mnemonic, int[] sizes, GprGpr gpr, GprMem mem) {}

  private static final List<Source> SOURCES =
      List.of(
          new Source("popcnt", NOT_BYTE, Assembler::popcnt, Assembler::popcnt),
          new Source("tzcnt", NOT_BYTE, Assembler::tzcnt, Assembler::tzcnt),
          new Source("lzcnt", NOT_BYTE, Assembler::lzcnt, Assembler::lzcnt),
          new Source("blsr", WIDE, Assembler::blsr, Assembler::blsr),
          new Source("blsmsk", WIDE, Assembler::blsmsk, Assembler::blsmsk),
          new Source("blsi", WIDE, Assembler::blsi, Assembler::blsi));

  interface ThreeGprs {
    void emit(Assembler a, int size, Gpr x, Gpr y, Gpr z);
  }

  interface TwoGprsMem {
    void emit(Assembler a, int size, Gpr x, Gpr y, Mem z);
  }

  interface GprMemGpr {
    void emit(Assembler a, int size, Gpr x, Mem y, Gpr z);
  }

  /** The memory form has its memory operand last or in the middle; the other one is null. */
  private record Vex(String mnemonic, ThreeGprs gprs, TwoGprsMem memLast, GprMemGpr memMiddle) {}

  private static final List<Vex> SOURCE_LAST =
      List.of(
          new Vex("andn", Assembler::andn, Assembler::andn, null),
          new Vex("pext", Assembler::pext, Assembler::pext, null),
          new Vex("pdep", Assembler::pdep, Assembler::pdep, null),
          new Vex("mulx", Assembler::mulx, Assembler::mulx, null));

  private static final List<Vex> SOURCE_MIDDLE =
      List.of(
          new Vex("shlx", Assembler::shlx, null, Assembler::shlx),
          new Vex("shrx", Assembler::shrx, null, Assembler::shrx),
          new Vex("sarx", Assembler::sarx, null, Assembler::sarx),
          new Vex("bzhi", Assembler::bzhi, null, Assembler::bzhi),
          new Vex("bextr", Assembler::bextr, null, Assembler::bextr));

  private static void vex(EncodingCases cases, Vex row, boolean memoryLast) {
    for (int size : WIDE) {
      for (Gpr x : Operands.SOME_GPRS) {
        for (Gpr y : Operands.GPRS) {
          for (Gpr z : Operands.SOME_GPRS) {
            String text =
                vexText(row, Operands.text(x, size), Operands.text(y, size))
                    + Operands.text(z, size);
            cases.add(row.mnemonic + " gpr", text, a -> row.gprs.emit(a, size, x, y, z));
          }
        }
      }
      for (Gpr x : Operands.GPRS) {
        Gpr y = Operands.GPRS[(5 * x.code() + 3) % 16];
        for (Address m : Operands.SOME_ADDRESSES) {
          vexMemory(cases, row, memoryLast, size, x, y, m);
        }
      }
    }
  }

  private static void vexMemory(
      EncodingCases cases, Vex row, boolean memoryLast, int size, Gpr x, Gpr y, Address m) {
    String member = row.mnemonic + " mem";
    String first = Operands.text(x, size);
    String other = Operands.text(y, size);
    if (memoryLast) {
      String text = vexText(row, first, other) + m.sized(size);
      cases.add(member, text, a -> row.memLast.emit(a, size, x, y, m.mem()));
    } else {
      String text = vexText(row, first, m.sized(size)) + other;
      cases.add(member, text, a -> row.memMiddle.emit(a, size, x, m.mem(), y));
    }
  }

  private static String vexText(Vex row, String first, String second) {
    return row.mnemonic + " " + first + ", " + second + ", ";
  }

  private static void rorx(EncodingCases cases) {
    for (int size : WIDE) {
      for (Gpr x : Operands.SOME_GPRS) {
        String start = "rorx " + Operands.text(x, size) + ", ";
        for (Gpr y : Operands.GPRS) {
          String text = start + Operands.text(y, size) + ", 13";
          cases.add("rorx gpr", text, a -> a.rorx(size, x, y, 13));
        }
        for (Address y : Operands.SOME_ADDRESSES) {
          String text = start + y.sized(size) + ", 31";
          cases.add("rorx mem", text, a -> a.rorx(size, x, y.mem(), 31));
        }
      }
    }
  }
}
