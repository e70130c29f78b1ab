package dev.isomorph.systemvm.hart;

import java.util.HashMap;
import java.util.Map;

/**
 * The privileged architecture once more, as the manual tells it: fields are variables, registers
 * are put together from them when they are read. Memory, counters and floats are left out.
 */
final class GoldenPrivilege {
  /** Registers that keep what is written to these bits. */
  private static final Map<Integer, Long> KEPT =
      Map.ofEntries(
          Map.entry(0x105, ~2L),
          Map.entry(0x106, 0xffff_ffffL),
          Map.entry(0x140, -1L),
          Map.entry(0x141, ~1L),
          Map.entry(0x142, -1L),
          Map.entry(0x143, -1L),
          Map.entry(0x302, 0xb3feL),
          Map.entry(0x303, 0x222L),
          Map.entry(0x304, 0xaaaL),
          Map.entry(0x305, ~2L),
          Map.entry(0x306, 0xffff_ffffL),
          Map.entry(0x340, -1L),
          Map.entry(0x341, ~1L),
          Map.entry(0x342, -1L),
          Map.entry(0x343, -1L));

  final long[] x = new long[32];
  long pc;
  int mode = 3;

  boolean mie;
  boolean sie;
  boolean mpie;
  boolean spie;
  boolean mprv;
  boolean sum;
  boolean mxr;
  boolean tvm;
  boolean tw;
  boolean tsr;
  boolean spp;
  int mpp;
  int fs;

  final Map<Integer, Long> kept = new HashMap<>();
  long satp;
  long menvcfg = 3L << 61;
  long senvcfg;
  long stimecmp = -1;
  long time;

  boolean meip;
  boolean mtip;
  boolean msip;
  boolean seipWire;
  boolean seip;
  boolean stip;
  boolean ssip;

  GoldenPrivilege() {
    KEPT.keySet().forEach(number -> kept.put(number, 0L));
  }

  private static boolean bit(long value, int index) {
    return (value >>> index & 1) != 0;
  }

  private static long bit(boolean value, int index) {
    return value ? 1L << index : 0;
  }

  private boolean stce() {
    return bit(menvcfg, 63);
  }

  long mip() {
    boolean timer = stce() ? Long.compareUnsigned(time, stimecmp) >= 0 : stip;
    return bit(meip, 11)
        | bit(seip || seipWire, 9)
        | bit(mtip, 7)
        | bit(timer, 5)
        | bit(msip, 3)
        | bit(ssip, 1);
  }

  private long mstatus() {
    return bit(fs == 3, 63)
        | 0xaL << 32
        | bit(tsr, 22)
        | bit(tw, 21)
        | bit(tvm, 20)
        | bit(mxr, 19)
        | bit(sum, 18)
        | bit(mprv, 17)
        | (long) fs << 13
        | (long) mpp << 11
        | bit(spp, 8)
        | bit(mpie, 7)
        | bit(spie, 5)
        | bit(mie, 3)
        | bit(sie, 1);
  }

  private long sstatus() {
    return bit(fs == 3, 63)
        | 2L << 32
        | bit(mxr, 19)
        | bit(sum, 18)
        | (long) fs << 13
        | bit(spp, 8)
        | bit(spie, 5)
        | bit(sie, 1);
  }

  private void sstatus(long value) {
    mxr = bit(value, 19);
    sum = bit(value, 18);
    fs = (int) (value >>> 13 & 3);
    spp = bit(value, 8);
    spie = bit(value, 5);
    sie = bit(value, 1);
  }

  private void mstatus(long value) {
    sstatus(value);
    tsr = bit(value, 22);
    tw = bit(value, 21);
    tvm = bit(value, 20);
    mprv = bit(value, 17);
    int wanted = (int) (value >>> 11 & 3);
    mpp = wanted == 2 ? mpp : wanted;
    mpie = bit(value, 7);
    mie = bit(value, 3);
  }

  /** Null if there is no such register, whoever asks. */
  Long read(int number) {
    if (kept.containsKey(number)) {
      return kept.get(number);
    }
    return switch (number) {
      case 0x100 -> sstatus();
      case 0x104 -> kept.get(0x304) & kept.get(0x303);
      case 0x144 -> mip() & kept.get(0x303);
      case 0x10a -> senvcfg;
      case 0x14d -> stimecmp;
      case 0x180 -> satp;
      case 0x300 -> mstatus();
      case 0x30a -> menvcfg;
      case 0x344 -> mip();
      case 0xc01 -> time;
      case 0xf14 -> 5L;
      default -> null;
    };
  }

  private boolean mayAccess(int number, boolean writes) {
    if (mode < (number >>> 8 & 3) || writes && number >>> 10 == 3) {
      return false;
    }
    boolean tm = mode == 3 || bit(kept.get(0x306), 1);
    return switch (number) {
      case 0x180 -> !(mode == 1 && tvm);
      case 0x14d -> mode == 3 || stce() && tm;
      case 0xc01 -> tm && (mode > 0 || bit(kept.get(0x106), 1));
      default -> read(number) != null;
    };
  }

  /** A register instruction; false if it is illegal. Form 1 writes, 2 sets, 3 clears. */
  boolean csr(int number, int form, int rd, boolean hasOperand, long operand) {
    boolean writes = form == 1 || hasOperand;
    if (!mayAccess(number, writes)) {
      return false;
    }
    long old = read(number);
    // The external interrupt's wire takes no part in what is set or cleared.
    long basis = number == 0x344 ? old & ~(1L << 9) | bit(seip, 9) : old;
    if (writes) {
      write(
          number,
          switch (form) {
            case 1 -> operand;
            case 2 -> basis | operand;
            default -> basis & ~operand;
          });
    }
    if (rd != 0) {
      x[rd] = old;
    }
    pc += 4;
    return true;
  }

  private void write(int number, long value) {
    if (kept.containsKey(number)) {
      kept.put(number, value & KEPT.get(number));
      return;
    }
    switch (number) {
      case 0x100 -> sstatus(value);
      case 0x104 -> {
        long delegated = kept.get(0x303);
        kept.put(0x304, kept.get(0x304) & ~delegated | value & delegated);
      }
      case 0x10a -> senvcfg = environment(senvcfg, value, 0xf1);
      case 0x144 -> ssip = bit(kept.get(0x303), 1) ? bit(value, 1) : ssip;
      case 0x14d -> stimecmp = value;
      case 0x180 -> {
        int paging = (int) (value >>> 60);
        if (paging == 0 || paging == 8 || paging == 9 || paging == 10) {
          satp = value;
        }
      }
      case 0x300 -> mstatus(value);
      case 0x30a -> menvcfg = environment(menvcfg, value, 0xf1 | 7L << 61);
      case 0x344 -> {
        ssip = bit(value, 1);
        seip = bit(value, 9);
        stip = stce() ? stip : bit(value, 5);
      }
      default -> throw new IllegalArgumentException("register " + number);
    }
  }

  private static long environment(long old, long value, long fields) {
    long kept = value & fields;
    return (kept >>> 4 & 3) == 2 ? kept & ~0x30 | old & 0x30 : kept;
  }

  void trap(boolean interrupt, int code, long value) {
    long delegated = kept.get(interrupt ? 0x303 : 0x302);
    long cause = bit(interrupt, 63) | code;
    if (mode < 3 && bit(delegated, code)) {
      kept.put(0x141, pc);
      kept.put(0x142, cause);
      kept.put(0x143, value);
      spp = mode == 1;
      spie = sie;
      sie = false;
      mode = 1;
      pc = handler(kept.get(0x105), interrupt, code);
    } else {
      kept.put(0x341, pc);
      kept.put(0x342, cause);
      kept.put(0x343, value);
      mpp = mode;
      mpie = mie;
      mie = false;
      mode = 3;
      pc = handler(kept.get(0x305), interrupt, code);
    }
  }

  private static long handler(long vector, boolean interrupt, int code) {
    long base = vector >> 2 << 2;
    return interrupt && (vector & 3) == 1 ? base + 4L * code : base;
  }

  boolean mret() {
    if (mode != 3) {
      return false;
    }
    mie = mpie;
    mode = mpp;
    mpie = true;
    mpp = 0;
    mprv = mprv && mode == 3;
    pc = kept.get(0x341);
    return true;
  }

  boolean sret() {
    if (mode == 0 || mode == 1 && tsr) {
      return false;
    }
    sie = spie;
    mode = spp ? 1 : 0;
    spie = true;
    spp = false;
    mprv = false;
    pc = kept.get(0x141);
    return true;
  }

  boolean wfi() {
    if (mode == 0 || mode == 1 && tw) {
      return false;
    }
    pc += 4;
    return true;
  }

  boolean fence() {
    if (mode == 0 || mode == 1 && tvm) {
      return false;
    }
    pc += 4;
    return true;
  }

  /** The interrupt that is taken now, or -1. */
  int interrupt() {
    for (int target : new int[] {3, 1}) {
      boolean enabled = mode < target || mode == target && (target == 3 ? mie : sie);
      for (int code : new int[] {11, 3, 7, 9, 1, 5}) {
        boolean here = bit(kept.get(0x303), code) == (target == 1);
        if (enabled && here && bit(mip() & kept.get(0x304), code)) {
          return code;
        }
      }
    }
    return -1;
  }
}
