package dev.isomorph.hostbackend.asm;

import static dev.isomorph.hostbackend.asm.EncodingCases.ALL_SIZES;
import static dev.isomorph.hostbackend.asm.EncodingCases.NOT_BYTE;
import static dev.isomorph.hostbackend.asm.EncodingCases.WIDE;

import dev.isomorph.hostbackend.asm.EncodingCases.GprGpr;
import dev.isomorph.hostbackend.asm.EncodingCases.GprImm;
import dev.isomorph.hostbackend.asm.EncodingCases.GprMem;
import dev.isomorph.hostbackend.asm.EncodingCases.MemGpr;
import dev.isomorph.hostbackend.asm.EncodingCases.MemImm;
import dev.isomorph.hostbackend.asm.EncodingCases.OneGpr;
import dev.isomorph.hostbackend.asm.EncodingCases.OneMem;
import dev.isomorph.hostbackend.asm.Operands.Address;
import java.util.List;

/** Cases for {@link IntegerInstructions}. */
final class IntegerCases {
  private IntegerCases() {}

  static void addTo(EncodingCases cases) {
    moves(cases);
    extensions(cases);
    arithmetic(cases);
    oneOperand(cases);
    multiplications(cases);
    conditions(cases);
  }

  private static void moves(EncodingCases cases) {
    cases.gprGpr("mov", ALL_SIZES, Assembler::mov);
    cases.gprMem("mov", ALL_SIZES, Assembler::mov);
    for (Gpr x : List.of(Gpr.RCX, Gpr.R15)) {
      for (Address y : Operands.ALL_ADDRESSES) {
        String text = "mov " + Operands.text(x, 8) + ", " + y.text();
        cases.add("mov from every address", text, a -> a.mov(8, x, y.mem()));
      }
    }
    cases.memGpr("mov", ALL_SIZES, Assembler::mov);
    cases.memImm("mov", ALL_SIZES, Assembler::mov);
    for (Gpr x : Operands.GPRS) {
      for (long value : new long[] {0, 1, 0x7fffffffL, 0x80000000L, 0xffffffffL}) {
        String text = "mov " + Operands.text(x, 4) + ", " + value;
        cases.add("mov imm zero-extended", text, a -> a.movImm(x, value));
      }
      for (long value : new long[] {-1, -128, -0x80000000L}) {
        String text = "mov " + Operands.text(x, 8) + ", " + value;
        cases.add("mov imm sign-extended", text, a -> a.movImm(x, value));
      }
      for (long value :
          new long[] {0x100000000L, -0x80000001L, 0x123456789abcdef0L, Long.MIN_VALUE}) {
        String text = "movabs " + Operands.text(x, 8) + ", " + value;
        cases.add("mov imm64", text, a -> a.movImm(x, value));
      }
    }
    cases.gprMem("movbe", NOT_BYTE, Assembler::movbe);
    cases.memGpr("movbe", NOT_BYTE, Assembler::movbe);
    for (int size : NOT_BYTE) {
      for (Gpr x : Operands.SOME_GPRS) {
        for (Address y : Operands.SOME_ADDRESSES) {
          String text = "lea " + Operands.text(x, size) + ", " + y.text();
          cases.add("lea", text, a -> a.lea(size, x, y.mem()));
        }
      }
    }
    // With rax, as prefers an opcode of its own.
    for (int size : ALL_SIZES) {
      for (Gpr x : Operands.GPRS) {
        for (Gpr y : Operands.GPRS) {
          if (size == 1 || x != Gpr.RAX && y != Gpr.RAX) {
            String text = "xchg " + Operands.text(x, size) + ", " + Operands.text(y, size);
            cases.add("xchg gpr,gpr", text, a -> a.xchg(size, x, y));
          }
        }
      }
    }
    cases.memGpr("xchg", ALL_SIZES, Assembler::xchg);
  }

  private static void extensions(EncodingCases cases) {
    for (int from = 1; from <= 2; from++) {
      int fromSize = from;
      cases.gprGpr("movzx", 4, fromSize, (a, _, x, y) -> a.movzx(fromSize, x, y));
      cases.gprMem("movzx", 4, fromSize, (a, _, x, y) -> a.movzx(fromSize, x, y));
      for (int size = 2 * fromSize; size <= 8; size *= 2) {
        cases.gprGpr("movsx", size, fromSize, (a, s, x, y) -> a.movsx(s, fromSize, x, y));
        cases.gprMem("movsx", size, fromSize, (a, s, x, y) -> a.movsx(s, fromSize, x, y));
      }
    }
    cases.gprGpr("movsxd", 8, 4, (a, _, x, y) -> a.movsxd(x, y));
    cases.gprMem("movsxd", 8, 4, (a, _, x, y) -> a.movsxd(x, y));
    for (Gpr x : Operands.GPRS) {
      String text = "mov " + Operands.text(x, 4) + ", ";
      cases.add("movzx from 4", text + "esi", a -> a.movzx(4, x, Gpr.RSI));
      cases.add("movzx from 4", text + "[r9]", a -> a.movzx(4, x, Mem.of(Gpr.R9)));
    }
    cases.plain("cdq", Assembler::cdq);
    cases.plain("cqo", Assembler::cqo);
  }

  private record TwoOperand(
      String mnemonic, GprGpr rr, GprMem rm, MemGpr mr, GprImm ri, MemImm mi) {}

  private static TwoOperand unnamed(AluOp op) {
    return new TwoOperand(
        Operands.text(op),
        (a, size, x, y) -> a.alu(op, size, x, y),
        (a, size, x, y) -> a.alu(op, size, x, y),
        (a, size, x, y) -> a.alu(op, size, x, y),
        (a, size, x, y) -> a.alu(op, size, x, y),
        (a, size, x, y) -> a.alu(op, size, x, y));
  }

  private static final List<TwoOperand> TWO_OPERAND =
      List.of(
          new TwoOperand(
              "add",
              Assembler::add,
              Assembler::add,
              Assembler::add,
              Assembler::add,
              Assembler::add),
          new TwoOperand(
              "or", Assembler::or, Assembler::or, Assembler::or, Assembler::or, Assembler::or),
          unnamed(AluOp.ADC),
          unnamed(AluOp.SBB),
          new TwoOperand(
              "and",
              Assembler::and,
              Assembler::and,
              Assembler::and,
              Assembler::and,
              Assembler::and),
          new TwoOperand(
              "sub",
              Assembler::sub,
              Assembler::sub,
              Assembler::sub,
              Assembler::sub,
              Assembler::sub),
          new TwoOperand(
              "xor",
              Assembler::xor,
              Assembler::xor,
              Assembler::xor,
              Assembler::xor,
              Assembler::xor),
          new TwoOperand(
              "cmp",
              Assembler::cmp,
              Assembler::cmp,
              Assembler::cmp,
              Assembler::cmp,
              Assembler::cmp));

  private static void arithmetic(EncodingCases cases) {
    for (TwoOperand row : TWO_OPERAND) {
      cases.gprGpr(row.mnemonic, ALL_SIZES, row.rr);
      cases.gprMem(row.mnemonic, ALL_SIZES, row.rm);
      cases.memGpr(row.mnemonic, ALL_SIZES, row.mr);
      cases.gprImm(row.mnemonic, ALL_SIZES, row.ri);
      cases.memImm(row.mnemonic, ALL_SIZES, row.mi);
    }
    cases.gprGpr("test", ALL_SIZES, Assembler::test);
    cases.memGpr("test", ALL_SIZES, Assembler::test);
    cases.gprImm("test", ALL_SIZES, Assembler::test);
    cases.memImm("test", ALL_SIZES, Assembler::test);
  }

  private record OneOperand(String mnemonic, OneGpr gpr, OneMem mem) {}

  private static final List<OneOperand> ONE_OPERAND =
      List.of(
          new OneOperand("not", Assembler::not, Assembler::not),
          new OneOperand("neg", Assembler::neg, Assembler::neg),
          new OneOperand("mul", Assembler::mul, Assembler::mul),
          new OneOperand("imul", Assembler::imul, Assembler::imul),
          new OneOperand("div", Assembler::div, Assembler::div),
          new OneOperand("idiv", Assembler::idiv, Assembler::idiv),
          new OneOperand("inc", Assembler::inc, Assembler::inc),
          new OneOperand("dec", Assembler::dec, Assembler::dec));

  private static void oneOperand(EncodingCases cases) {
    for (OneOperand row : ONE_OPERAND) {
      cases.gpr(row.mnemonic, ALL_SIZES, row.gpr);
      cases.mem(row.mnemonic, ALL_SIZES, row.mem);
    }
  }

  private static void multiplications(EncodingCases cases) {
    cases.gprGpr("imul", NOT_BYTE, Assembler::imul);
    cases.gprMem("imul", NOT_BYTE, Assembler::imul);
    for (int size : NOT_BYTE) {
      for (int imm : Operands.immediates(size)) {
        for (Gpr x : Operands.SOME_GPRS) {
          String start = "imul " + Operands.text(x, size) + ", ";
          for (Gpr y : Operands.GPRS) {
            String text = start + Operands.text(y, size) + ", " + imm;
            cases.add("imul gpr,gpr,imm", text, a -> a.imul(size, x, y, imm));
          }
          for (Address y : Operands.SOME_ADDRESSES) {
            String text = start + y.sized(size) + ", " + imm;
            cases.add("imul gpr,mem,imm", text, a -> a.imul(size, x, y.mem(), imm));
          }
        }
      }
    }
  }

  private static void conditions(EncodingCases cases) {
    for (Cond cond : Cond.values()) {
      int[] bytes = {1};
      cases.gpr("set" + Operands.text(cond), bytes, (a, _, x) -> a.setcc(cond, x));
      cases.mem("set" + Operands.text(cond), bytes, (a, _, x) -> a.setcc(cond, x));
      String cmov = "cmov" + Operands.text(cond);
      cases.gprGpr(cmov, NOT_BYTE, (a, size, x, y) -> a.cmovcc(cond, size, x, y));
      cases.gprMem(cmov, WIDE, (a, size, x, y) -> a.cmovcc(cond, size, x, y));
    }
  }
}
