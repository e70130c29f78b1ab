package dev.isomorph.hostbackend.asm;

import static dev.isomorph.hostbackend.asm.EncodingCases.WIDE;

import dev.isomorph.hostbackend.asm.Operands.Address;
import dev.isomorph.hostbackend.asm.Operands.XmmTriple;
import java.util.List;

/** Cases for the vector and floating-point instructions of {@link Assembler}. */
final class AvxCases {
  private static final int[] IMMEDIATES = {0, 1, 7, 0x88};
  private static final List<Xmm> SOME_XMMS = List.of(Xmm.XMM0, Xmm.XMM7, Xmm.XMM8, Xmm.XMM15);

  interface XmmXmm {
    void emit(Assembler a, Xmm x, Xmm y);
  }

  interface XmmMem {
    void emit(Assembler a, Xmm x, Mem y);
  }

  interface MemXmm {
    void emit(Assembler a, Mem x, Xmm y);
  }

  private AvxCases() {}

  static void addTo(EncodingCases cases) {
    for (Avx.Binary op : Avx.Binary.values()) {
      binary(cases, op);
    }
    for (Avx.BinaryImm op : Avx.BinaryImm.values()) {
      binaryImm(cases, op);
    }
    for (Avx.Blend op : Avx.Blend.values()) {
      blend(cases, op);
    }
    for (Avx.Unary op : Avx.Unary.values()) {
      xmmXmm(cases, Operands.text(op), (a, x, y) -> a.avx(op, x, y));
      xmmMem(cases, Operands.text(op), (a, x, y) -> a.avx(op, x, y));
    }
    for (Avx.Move op : Avx.Move.values()) {
      xmmXmm(cases, Operands.text(op), (a, x, y) -> a.avx(op, x, y));
      xmmMem(cases, Operands.text(op), (a, x, y) -> a.avx(op, x, y));
      memXmm(cases, Operands.text(op), (a, x, y) -> a.avx(op, x, y));
    }
    immediates(cases);
    integers(cases);
    scalarMoves(cases);
    elements(cases);
  }

  private static void xmmXmm(EncodingCases cases, String mnemonic, XmmXmm emit) {
    for (Xmm x : Operands.XMMS) {
      for (Xmm y : Operands.XMMS) {
        String text = mnemonic + " " + Operands.text(x) + ", " + Operands.text(y);
        cases.add(mnemonic + " xmm,xmm", text, a -> emit.emit(a, x, y));
      }
    }
  }

  private static void xmmMem(EncodingCases cases, String mnemonic, XmmMem emit) {
    for (Xmm x : SOME_XMMS) {
      for (Address y : Operands.SOME_ADDRESSES) {
        String text = mnemonic + " " + Operands.text(x) + ", " + y.text();
        cases.add(mnemonic + " xmm,mem", text, a -> emit.emit(a, x, y.mem()));
      }
    }
  }

  private static void memXmm(EncodingCases cases, String mnemonic, MemXmm emit) {
    for (Xmm y : SOME_XMMS) {
      for (Address x : Operands.SOME_ADDRESSES) {
        String text = mnemonic + " " + x.text() + ", " + Operands.text(y);
        cases.add(mnemonic + " mem,xmm", text, a -> emit.emit(a, x.mem(), y));
      }
    }
  }

  private static String start(String mnemonic, XmmTriple t) {
    return mnemonic + " " + Operands.text(t.dst()) + ", " + Operands.text(t.a()) + ", ";
  }

  private static void binary(EncodingCases cases, Avx.Binary op) {
    String name = Operands.text(op);
    for (XmmTriple t : Operands.XMM_TRIPLES) {
      String text = start(name, t) + Operands.text(t.b());
      cases.add(name + " xmm", text, a -> a.avx(op, t.dst(), t.a(), t.b()));
    }
    for (Xmm x : SOME_XMMS) {
      for (Address m : Operands.SOME_ADDRESSES) {
        String text = name + " " + Operands.text(x) + ", xmm9, " + m.text();
        cases.add(name + " mem", text, a -> a.avx(op, x, Xmm.XMM9, m.mem()));
      }
    }
  }

  private static void binaryImm(EncodingCases cases, Avx.BinaryImm op) {
    String name = Operands.text(op);
    for (int imm : IMMEDIATES) {
      if (name.startsWith("vcmp") && imm > 31) {
        continue;
      }
      for (XmmTriple t : Operands.XMM_TRIPLES) {
        String text = start(name, t) + Operands.text(t.b()) + ", " + imm;
        cases.add(name + " xmm", text, a -> a.avx(op, t.dst(), t.a(), t.b(), imm));
      }
      for (Address m : Operands.SOME_ADDRESSES) {
        String text = name + " xmm9, xmm2, " + m.text() + ", " + imm;
        cases.add(name + " mem", text, a -> a.avx(op, Xmm.XMM9, Xmm.XMM2, m.mem(), imm));
      }
    }
  }

  private static void blend(EncodingCases cases, Avx.Blend op) {
    String name = Operands.text(op);
    for (Xmm mask : Operands.XMMS) {
      for (XmmTriple t : Operands.ROTATED_XMM_TRIPLES) {
        String text = start(name, t) + Operands.text(t.b()) + ", " + Operands.text(mask);
        cases.add(name + " xmm", text, a -> a.avx(op, t.dst(), t.a(), t.b(), mask));
      }
      for (Address m : Operands.SOME_ADDRESSES) {
        String text = name + " xmm9, xmm2, " + m.text() + ", " + Operands.text(mask);
        cases.add(name + " mem", text, a -> a.avx(op, Xmm.XMM9, Xmm.XMM2, m.mem(), mask));
      }
    }
  }

  private static void immediates(EncodingCases cases) {
    for (Avx.UnaryImm op : Avx.UnaryImm.values()) {
      for (int imm : IMMEDIATES) {
        for (Xmm x : Operands.XMMS) {
          String start = Operands.text(op) + " " + Operands.text(x) + ", ";
          for (Xmm y : Operands.XMMS) {
            String text = start + Operands.text(y) + ", " + imm;
            cases.add(Operands.text(op) + " xmm", text, a -> a.avx(op, x, y, imm));
          }
          for (Address y : Operands.SOME_ADDRESSES) {
            String text = start + y.text() + ", " + imm;
            cases.add(Operands.text(op) + " mem", text, a -> a.avx(op, x, y.mem(), imm));
          }
        }
      }
    }
    for (Avx.ShiftImm op : Avx.ShiftImm.values()) {
      for (Xmm x : Operands.XMMS) {
        for (Xmm y : Operands.XMMS) {
          int count = x.code() + y.code();
          String name = Operands.text(op);
          String text = name + " " + Operands.text(x) + ", " + Operands.text(y) + ", " + count;
          cases.add(name, text, a -> a.avx(op, x, y, count));
        }
      }
    }
  }

  private static void integers(EncodingCases cases) {
    for (int size : WIDE) {
      for (Xmm x : Operands.XMMS) {
        for (Avx.FromInteger op : Avx.FromInteger.values()) {
          String name = Operands.text(op);
          String start = name + " " + Operands.text(x) + ", xmm10, ";
          for (Gpr y : Operands.GPRS) {
            String text = start + Operands.text(y, size);
            cases.add(name + " gpr", text, a -> a.avx(op, size, x, Xmm.XMM10, y));
          }
          for (Address y : Operands.SOME_ADDRESSES) {
            String text = start + y.sized(size);
            cases.add(name + " mem", text, a -> a.avx(op, size, x, Xmm.XMM10, y.mem()));
          }
        }
        for (Avx.ToInteger op : Avx.ToInteger.values()) {
          String name = Operands.text(op);
          for (Gpr y : Operands.GPRS) {
            String text = name + " " + Operands.text(y, size) + ", " + Operands.text(x);
            cases.add(name + " xmm", text, a -> a.avx(op, size, y, x));
          }
        }
      }
      for (Avx.ToInteger op : Avx.ToInteger.values()) {
        String name = Operands.text(op);
        for (Address y : Operands.SOME_ADDRESSES) {
          String text = name + " " + Operands.text(Gpr.R14, size) + ", " + y.text();
          cases.add(name + " mem", text, a -> a.avx(op, size, Gpr.R14, y.mem()));
        }
      }
    }
  }

  private static void scalarMoves(EncodingCases cases) {
    for (XmmTriple t : Operands.XMM_TRIPLES) {
      String b = Operands.text(t.b());
      cases.add("vmovss", start("vmovss", t) + b, a -> a.vmovss(t.dst(), t.a(), t.b()));
      cases.add("vmovsd", start("vmovsd", t) + b, a -> a.vmovsd(t.dst(), t.a(), t.b()));
    }
    xmmMem(cases, "vmovss", Assembler::vmovss);
    memXmm(cases, "vmovss", Assembler::vmovss);
    xmmMem(cases, "vmovsd", Assembler::vmovsd);
    memXmm(cases, "vmovsd", Assembler::vmovsd);
    xmmMem(cases, "vmovd", Assembler::vmovd);
    memXmm(cases, "vmovd", Assembler::vmovd);
    xmmMem(cases, "vmovq", Assembler::vmovq);
    memXmm(cases, "vmovq", Assembler::vmovq);
    xmmXmm(cases, "vmovq", Assembler::vmovq);
    for (Xmm x : Operands.XMMS) {
      String xmm = Operands.text(x);
      for (Gpr y : Operands.GPRS) {
        String half = Operands.text(y, 4);
        String whole = Operands.text(y, 8);
        cases.add("vmovd xmm,gpr", "vmovd " + xmm + ", " + half, a -> a.vmovd(x, y));
        cases.add("vmovd gpr,xmm", "vmovd " + half + ", " + xmm, a -> a.vmovd(y, x));
        cases.add("vmovq xmm,gpr", "vmovq " + xmm + ", " + whole, a -> a.vmovq(x, y));
        cases.add("vmovq gpr,xmm", "vmovq " + whole + ", " + xmm, a -> a.vmovq(y, x));
      }
    }
  }

  private static void elements(EncodingCases cases) {
    for (Xmm x : Operands.XMMS) {
      String xmm = Operands.text(x);
      for (Gpr y : Operands.GPRS) {
        String half = Operands.text(y, 4);
        String whole = Operands.text(y, 8);
        String into = xmm + ", xmm11, ";
        cases.add(
            "vpinsrd gpr", "vpinsrd " + into + half + ", 3", a -> a.vpinsrd(x, Xmm.XMM11, y, 3));
        cases.add(
            "vpinsrq gpr", "vpinsrq " + into + whole + ", 1", a -> a.vpinsrq(x, Xmm.XMM11, y, 1));
        cases.add("vpextrd gpr", "vpextrd " + half + ", " + xmm + ", 3", a -> a.vpextrd(y, x, 3));
        cases.add("vpextrq gpr", "vpextrq " + whole + ", " + xmm + ", 1", a -> a.vpextrq(y, x, 1));
      }
      for (Xmm y : Operands.XMMS) {
        String text = "vcvtps2ph " + xmm + ", " + Operands.text(y) + ", 4";
        cases.add("vcvtps2ph xmm", text, a -> a.vcvtps2ph(x, y, 4));
      }
      for (Address m : Operands.SOME_ADDRESSES) {
        String from = m.text() + ", " + xmm;
        String into = xmm + ", xmm2, " + m.text();
        cases.add(
            "vpinsrd mem", "vpinsrd " + into + ", 2", a -> a.vpinsrd(x, Xmm.XMM2, m.mem(), 2));
        cases.add(
            "vpinsrq mem", "vpinsrq " + into + ", 1", a -> a.vpinsrq(x, Xmm.XMM2, m.mem(), 1));
        cases.add("vpextrd mem", "vpextrd " + from + ", 2", a -> a.vpextrd(m.mem(), x, 2));
        cases.add("vpextrq mem", "vpextrq " + from + ", 1", a -> a.vpextrq(m.mem(), x, 1));
        cases.add("vcvtps2ph mem", "vcvtps2ph " + from + ", 0", a -> a.vcvtps2ph(m.mem(), x, 0));
      }
    }
  }
}
