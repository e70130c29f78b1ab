package dev.isomorph.processvm.procfs;

/** {@code /proc/cpuinfo} as a riscv64 kernel writes it (arch/riscv/kernel/cpu.c). */
final class CpuInfo {
  /** What the translator carries out, in the kernel's order (arch/riscv/kernel/cpufeature.c). */
  private static final String ISA =
      "rv64imafdc_zicbom_zicbop_zicboz_zicntr_zicond_zicsr_zifencei_zihintntl_zihintpause_zimop"
          + "_zaamo_zalrsc_zawrs_zfa_zfhmin_zca_zcb_zcd_zcmop_zba_zbb_zbc_zbs";

  private CpuInfo() {}

  static String text(int processors) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < processors; i++) {
      text.append("processor\t: ").append(i);
      text.append("\nhart\t\t: ").append(i);
      text.append("\nisa\t\t: ").append(ISA);
      text.append("\nmmu\t\t: sv39");
      text.append("\nmvendorid\t: 0x0\nmarchid\t\t: 0x0\nmimpid\t\t: 0x0");
      text.append("\nhart isa\t: ").append(ISA).append("\n\n");
    }
    return text.toString();
  }
}
