package dev.isomorph.processvm.elf;

/**
 * Where a program lies in memory.
 *
 * @param start address of the first instruction to run: the interpreter's, if there is one
 * @param entry address of the program's own entry point (AT_ENTRY)
 * @param headers address of its program headers (AT_PHDR)
 * @param headerBytes size of one (AT_PHENT)
 * @param headerCount how many there are (AT_PHNUM)
 * @param bias what is added to the addresses in the program's file
 * @param interpreterBase what is added to those in the interpreter's file, 0 without one (AT_BASE)
 * @param codeStart lowest address of an executable segment
 * @param codeEnd highest address after the file's part of an executable segment
 * @param end address after the last segment, where the heap begins
 */
public record LoadedProgram(
    long start,
    long entry,
    long headers,
    int headerBytes,
    int headerCount,
    long bias,
    long interpreterBase,
    long codeStart,
    long codeEnd,
    long end) {}
