package dev.isomorph.hostbackend.asm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Operands in the assembler's form and as text in Intel syntax. */
final class Operands {
  static final Gpr[] GPRS = Gpr.values();
  static final Xmm[] XMMS = Xmm.values();

  /** One of each kind that encodes differently. */
  static final List<Gpr> SOME_GPRS = List.of(Gpr.RAX, Gpr.RBX, Gpr.RSP, Gpr.RSI, Gpr.R8, Gpr.R13);

  static final List<Address> ALL_ADDRESSES = allAddresses();
  static final List<Address> SOME_ADDRESSES = someAddresses();

  /** Every register in every place once. */
  static final List<XmmTriple> ROTATED_XMM_TRIPLES = rotatedXmmTriples();

  /** Those and all combinations of the registers at the edges of the encodings. */
  static final List<XmmTriple> XMM_TRIPLES = xmmTriples();

  /** A memory operand. */
  record Address(String text, Mem mem) {
    String sized(int size) {
      return pointer(size) + text;
    }
  }

  /** Three registers of a VEX instruction. */
  record XmmTriple(Xmm dst, Xmm a, Xmm b) {}

  private Operands() {}

  static String text(Gpr register, int size) {
    String name = register.name().toLowerCase(Locale.ROOT);
    if (register.code() >= 8) {
      return name
          + switch (size) {
            case 1 -> "b";
            case 2 -> "w";
            case 4 -> "d";
            default -> "";
          };
    }
    String word = name.substring(1);
    return switch (size) {
      case 1 -> register.code() < 4 ? word.charAt(0) + "l" : word + "l";
      case 2 -> word;
      case 4 -> "e" + word;
      default -> name;
    };
  }

  static String text(Xmm register) {
    return register.name().toLowerCase(Locale.ROOT);
  }

  static String text(Enum<?> mnemonic) {
    return mnemonic.name().toLowerCase(Locale.ROOT);
  }

  private static String pointer(int size) {
    return switch (size) {
      case 1 -> "byte ptr ";
      case 2 -> "word ptr ";
      case 4 -> "dword ptr ";
      case 8 -> "qword ptr ";
      default -> "xmmword ptr ";
    };
  }

  /** Immediates at the edges of the encodings for operands of {@code size} bytes. */
  static int[] immediates(int size) {
    return switch (size) {
      case 1 -> new int[] {0, 1, -1, 0x5a, 127, -128, 128, 255};
      case 2 -> new int[] {0, 1, -1, 127, 128, -128, -129, 0x1234, 32767, -32768};
      default ->
          new int[] {
            0, 1, -1, 127, 128, -128, -129, 255, 0x12345678, Integer.MAX_VALUE, Integer.MIN_VALUE
          };
    };
  }

  private static Address base(Gpr base, int disp) {
    return new Address("[%s%+d]".formatted(text(base, 8), disp), Mem.of(base, disp));
  }

  private static Address indexed(Gpr base, Gpr index, int scale, int disp) {
    return new Address(
        "[%s+%s*%d%+d]".formatted(text(base, 8), text(index, 8), scale, disp),
        Mem.of(base, index, scale, disp));
  }

  private static Address index(Gpr index, int scale, int disp) {
    return new Address(
        "[%s*%d%+d]".formatted(text(index, 8), scale, disp), Mem.index(index, scale, disp));
  }

  /** The start of the instruction itself; each is assembled at offset 0. */
  private static Address rip() {
    Label start = new Label();
    new Assembler().bind(start);
    return new Address("[rip+" + GnuAssembler.START + "]", Mem.rip(start));
  }

  private static List<Address> allAddresses() {
    List<Address> all = new ArrayList<>(List.of(rip()));
    for (Gpr base : GPRS) {
      for (int disp : new int[] {0, 8, 127, -128, 128, -129, 0x12345678, Integer.MIN_VALUE}) {
        all.add(base(base, disp));
      }
      for (Gpr index : GPRS) {
        if (index != Gpr.RSP) {
          for (int scale = 1; scale <= 8; scale *= 2) {
            all.add(indexed(base, index, scale, new int[] {0, -8, 0x1000}[scale % 3]));
          }
          all.add(indexed(base, index, 8, 0));
          all.add(indexed(base, index, 1, 0x7fff0000));
        }
      }
      if (base != Gpr.RSP) {
        for (int scale = 2; scale <= 8; scale *= 2) {
          all.add(index(base, scale, 64));
        }
      }
    }
    return all;
  }

  private static List<Address> someAddresses() {
    List<Address> some = new ArrayList<>(List.of(rip()));
    for (Gpr base : List.of(Gpr.RAX, Gpr.RSP, Gpr.RBP, Gpr.R8, Gpr.R12, Gpr.R13, Gpr.R15)) {
      some.add(base(base, 0));
      some.add(base(base, -16));
      some.add(base(base, 0x1234));
      some.add(indexed(base, Gpr.RBX, 4, 0));
      some.add(indexed(base, Gpr.R12, 1, 8));
    }
    some.add(index(Gpr.RBP, 8, 0x100));
    some.add(index(Gpr.R9, 2, 0));
    return some;
  }

  private static List<XmmTriple> rotatedXmmTriples() {
    List<XmmTriple> triples = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      triples.add(new XmmTriple(XMMS[i], XMMS[(i * 5 + 3) % 16], XMMS[(i * 7 + 1) % 16]));
    }
    return triples;
  }

  private static List<XmmTriple> xmmTriples() {
    List<XmmTriple> triples = new ArrayList<>(ROTATED_XMM_TRIPLES);
    int[] edges = {0, 7, 8, 15};
    for (int i = 0; i < 64; i++) {
      triples.add(new XmmTriple(XMMS[edges[i >> 4]], XMMS[edges[i >> 2 & 3]], XMMS[edges[i & 3]]));
    }
    return triples;
  }
}
