package dev.isomorph.conformance.fuzz;

/**
 * A program that a machine runs in another way than the golden model.
 *
 * @param machine what it is called
 * @param command how to have it run a file called program.elf; empty if there is no such command
 * @param differences what the reduced program's results differ in
 * @param program the reduced program, as an ELF file
 * @param listing the reduced program, as assembly text
 * @param original the program before it was reduced, as an ELF file
 * @param expected what the reduced program should give
 * @param found what it gave
 */
public record Disagreement(
    String machine,
    String command,
    String differences,
    byte[] program,
    String listing,
    byte[] original,
    String expected,
    String found)
    implements Judgement {}
