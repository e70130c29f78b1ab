package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.RegisterMap.STATE;
import static dev.isomorph.hostbackend.lower.RegisterMap.XMM0;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Mem;

/**
 * Moves of values between host registers, by their numbers, and the register file, whatever the
 * kind. None changes host flags.
 */
record HostMoves(Assembler asm) {
  void copy(int to, int from) {
    if (to >= XMM0) {
      asm.avx(Avx.Move.VMOVAPS, RegisterMap.xmm(to), RegisterMap.xmm(from));
    } else {
      asm.mov(8, RegisterMap.gpr(to), RegisterMap.gpr(from));
    }
  }

  void load(int r, int disp) {
    if (r >= XMM0) {
      asm.vmovsd(RegisterMap.xmm(r), Mem.of(STATE, disp));
    } else {
      asm.mov(8, RegisterMap.gpr(r), Mem.of(STATE, disp));
    }
  }

  void store(int disp, int r) {
    if (r >= XMM0) {
      asm.vmovsd(Mem.of(STATE, disp), RegisterMap.xmm(r));
    } else {
      asm.mov(8, Mem.of(STATE, disp), RegisterMap.gpr(r));
    }
  }
}
