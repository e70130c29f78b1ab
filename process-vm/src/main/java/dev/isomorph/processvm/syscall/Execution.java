package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.elf.Program;
import java.util.List;

/**
 * A program that a process wants to run instead of its own (execve(2)).
 *
 * @param path what the process calls it
 * @param program the program, opened and checked
 * @param environment its environment
 * @param stackLimit soft RLIMIT_STACK in bytes, -1 for unlimited
 */
public record Execution(String path, Program program, List<String> environment, long stackLimit) {}
