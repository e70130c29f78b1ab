package dev.isomorph.hostbackend.asm;

import dev.isomorph.hostbackend.asm.Operands.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Instructions with the text GNU as should assemble to the same bytes, by mnemonic and shape. */
final class EncodingCases {
  static final int[] ALL_SIZES = {1, 2, 4, 8};
  static final int[] NOT_BYTE = {2, 4, 8};
  static final int[] WIDE = {4, 8};
  static final int[] ONLY_8 = {8};

  /** One instruction. */
  record Case(String text, Consumer<Assembler> emit) {
    byte[] bytes(Assembler assembler) {
      assembler.reset();
      emit.accept(assembler);
      return assembler.code();
    }
  }

  /** An instruction on operands of a size. */
  interface OneGpr {
    void emit(Assembler a, int size, Gpr x);
  }

  interface OneMem {
    void emit(Assembler a, int size, Mem x);
  }

  interface GprGpr {
    void emit(Assembler a, int size, Gpr x, Gpr y);
  }

  interface GprMem {
    void emit(Assembler a, int size, Gpr x, Mem y);
  }

  interface MemGpr {
    void emit(Assembler a, int size, Mem x, Gpr y);
  }

  interface GprImm {
    void emit(Assembler a, int size, Gpr x, int imm);
  }

  interface MemImm {
    void emit(Assembler a, int size, Mem x, int imm);
  }

  private final Map<String, List<Case>> members = new LinkedHashMap<>();

  /** All cases, by family member such as {@code add gpr,mem}. */
  Map<String, List<Case>> members() {
    return members;
  }

  void add(String member, String text, Consumer<Assembler> emit) {
    members.computeIfAbsent(member, _ -> new ArrayList<>()).add(new Case(text, emit));
  }

  void plain(String mnemonic, Consumer<Assembler> emit) {
    add(mnemonic, mnemonic, emit);
  }

  void gpr(String mnemonic, int[] sizes, OneGpr emit) {
    for (int size : sizes) {
      for (Gpr x : Operands.GPRS) {
        String text = mnemonic + " " + Operands.text(x, size);
        add(mnemonic + " gpr", text, a -> emit.emit(a, size, x));
      }
    }
  }

  void mem(String mnemonic, int[] sizes, OneMem emit) {
    for (int size : sizes) {
      for (Address x : Operands.SOME_ADDRESSES) {
        String text = mnemonic + " " + x.sized(size);
        add(mnemonic + " mem", text, a -> emit.emit(a, size, x.mem()));
      }
    }
  }

  /** Both operands of the same size. */
  void gprGpr(String mnemonic, int[] sizes, GprGpr emit) {
    for (int size : sizes) {
      gprGpr(mnemonic, size, size, emit);
    }
  }

  void gprGpr(String mnemonic, int size, int sourceSize, GprGpr emit) {
    for (Gpr x : Operands.GPRS) {
      for (Gpr y : Operands.GPRS) {
        String text = mnemonic + " " + Operands.text(x, size) + ", " + Operands.text(y, sourceSize);
        add(mnemonic + " gpr,gpr", text, a -> emit.emit(a, size, x, y));
      }
    }
  }

  void gprMem(String mnemonic, int[] sizes, GprMem emit) {
    for (int size : sizes) {
      gprMem(mnemonic, size, size, emit);
    }
  }

  void gprMem(String mnemonic, int size, int sourceSize, GprMem emit) {
    for (Gpr x : Operands.SOME_GPRS) {
      for (Address y : Operands.SOME_ADDRESSES) {
        String text = mnemonic + " " + Operands.text(x, size) + ", " + y.sized(sourceSize);
        add(mnemonic + " gpr,mem", text, a -> emit.emit(a, size, x, y.mem()));
      }
    }
  }

  void memGpr(String mnemonic, int[] sizes, MemGpr emit) {
    for (int size : sizes) {
      for (Address x : Operands.SOME_ADDRESSES) {
        for (Gpr y : Operands.SOME_GPRS) {
          String text = mnemonic + " " + x.sized(size) + ", " + Operands.text(y, size);
          add(mnemonic + " mem,gpr", text, a -> emit.emit(a, size, x.mem(), y));
        }
      }
    }
  }

  /** With immediates at the edges of each size. */
  void gprImm(String mnemonic, int[] sizes, GprImm emit) {
    for (int size : sizes) {
      for (int imm : Operands.immediates(size)) {
        gprImm(mnemonic, size, imm, emit);
      }
    }
  }

  void gprImm(String mnemonic, int size, int imm, GprImm emit) {
    for (Gpr x : Operands.GPRS) {
      String text = mnemonic + " " + Operands.text(x, size) + ", " + imm;
      add(mnemonic + " gpr,imm", text, a -> emit.emit(a, size, x, imm));
    }
  }

  void memImm(String mnemonic, int[] sizes, MemImm emit) {
    for (int size : sizes) {
      for (int imm : Operands.immediates(size)) {
        memImm(mnemonic, size, imm, emit);
      }
    }
  }

  void memImm(String mnemonic, int size, int imm, MemImm emit) {
    for (Address x : Operands.SOME_ADDRESSES) {
      String text = mnemonic + " " + x.sized(size) + ", " + imm;
      add(mnemonic + " mem,imm", text, a -> emit.emit(a, size, x.mem(), imm));
    }
  }
}
