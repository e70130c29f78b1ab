package dev.isomorph.decoder;

/** Names of control and status registers (ISA manual volume II, "CSR Listing"). */
public final class Csrs {
  private static final int COUNT = 4096;

  /** Numbers in hexadecimal with names; {@code a3..5} stands for a3, a4 and a5 in sequence. */
  private static final String[] TABLE = {
    "001 fflags, 002 frm, 003 fcsr, 008 vstart, 009 vxsat, 00a vxrm, 00f vcsr, 011 ssp",
    "015 seed, 017 jvt",
    "100 sstatus, 104 sie, 105 stvec, 106 scounteren, 10a senvcfg, 10c sstateen0..3",
    "120 scountinhibit, 140 sscratch, 141 sepc, 142 scause, 143 stval, 144 sip",
    "14d stimecmp, 14e sctrctl, 14f sctrstatus, 150 siselect, 151 sireg, 152 sireg2",
    "153 sireg3, 155 sireg4..6, 15c stopei, 15f sctrdepth, 180 satp, 181 srmcfg",
    "200 vsstatus, 204 vsie, 205 vstvec, 240 vsscratch, 241 vsepc, 242 vscause",
    "243 vstval, 244 vsip, 24d vstimecmp, 24e vsctrctl, 250 vsiselect, 251 vsireg",
    "252 vsireg2, 253 vsireg3, 255 vsireg4..6, 25c vstopei, 280 vsatp",
    "300 mstatus, 301 misa, 302 medeleg, 303 mideleg, 304 mie, 305 mtvec, 306 mcounteren",
    "308 mvien, 309 mvip, 30a menvcfg, 30c mstateen0..3, 320 mcountinhibit, 321 mcyclecfg",
    "322 minstretcfg, 323 mhpmevent3..31, 340 mscratch, 341 mepc, 342 mcause, 343 mtval",
    "344 mip, 34a mtinst, 34b mtval2, 34e mctrctl, 350 miselect, 351 mireg, 352 mireg2",
    "353 mireg3, 355 mireg4..6, 35c mtopei, 3a0 pmpcfg0..15, 3b0 pmpaddr0..63",
    "5a8 scontext",
    "600 hstatus, 602 hedeleg, 603 hideleg, 604 hie, 605 htimedelta, 606 hcounteren",
    "607 hgeie, 608 hvien, 609 hvictl, 60a henvcfg, 60c hstateen0..3, 643 htval, 644 hip",
    "645 hvip, 646 hviprio1, 647 hviprio2, 64a htinst, 680 hgatp, 6a8 hcontext",
    "747 mseccfg, 7a0 tselect, 7a1 tdata1..3, 7a4 tinfo, 7a5 tcontrol, 7a8 mcontext",
    "7aa mscontext, 7b0 dcsr, 7b1 dpc, 7b2 dscratch0, 7b3 dscratch1",
    "b00 mcycle, b02 minstret, b03 mhpmcounter3..31",
    "c00 cycle, c01 time, c02 instret, c03 hpmcounter3..31, c20 vl, c21 vtype, c22 vlenb",
    "da0 scountovf, db0 stopi",
    "e12 hgeip, eb0 vstopi",
    "f11 mvendorid, f12 marchid, f13 mimpid, f14 mhartid, f15 mconfigptr, fb0 mtopi"
  };

  private static final String[] NAMES = names();

  private Csrs() {}

  /** The name of a register, or its number in hexadecimal if it has none. */
  public static String name(int number) {
    String name = NAMES[number];
    return name == null ? "0x" + Integer.toHexString(number) : name;
  }

  private static String[] names() {
    String[] names = new String[COUNT];
    for (String line : TABLE) {
      for (String row : line.split(", ")) {
        int number = Integer.parseInt(row, 0, 3, 16);
        int dots = row.indexOf("..");
        if (dots < 0) {
          names[number] = row.substring(4);
          continue;
        }
        int digits = dots;
        while (Character.isDigit(row.charAt(digits - 1))) {
          digits--;
        }
        int first = Integer.parseInt(row, digits, dots, 10);
        int last = Integer.parseInt(row, dots + 2, row.length(), 10);
        for (int i = first; i <= last; i++) {
          names[number + i - first] = row.substring(4, digits) + i;
        }
      }
    }
    return names;
  }
}
