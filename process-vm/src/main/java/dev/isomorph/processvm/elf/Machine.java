package dev.isomorph.processvm.elf;

/** Names of the architectures that ELF files are for (gabi, {@code e_machine}). */
final class Machine {
  static final int RISCV = 243;

  private static final int[] NUMBERS = {
    2, 3, 4, 7, 8, 15, 18, 20, 21, 22, 40, 42, 43, 50, 62, 93, 94, 164, 183, 189, 195, 224, 247,
    252, 258,
  };

  private static final String[] NAMES = {
    "SPARC",
    "x86 (32-bit)",
    "68000",
    "80860",
    "MIPS",
    "PA-RISC",
    "SPARC 32+",
    "PowerPC",
    "PowerPC 64",
    "S/390",
    "ARM (32-bit)",
    "SuperH",
    "SPARC V9",
    "IA-64",
    "x86-64",
    "ARC",
    "Xtensa",
    "Hexagon",
    "AArch64",
    "MicroBlaze",
    "ARCv2",
    "AMD GPU",
    "BPF",
    "C-SKY",
    "LoongArch",
  };

  private Machine() {}

  static String name(int number) {
    for (int i = 0; i < NUMBERS.length; i++) {
      if (NUMBERS[i] == number) {
        return NAMES[i];
      }
    }
    return number == RISCV ? "RISC-V" : "machine number " + number;
  }
}
