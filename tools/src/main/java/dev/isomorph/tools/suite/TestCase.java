package dev.isomorph.tools.suite;

import java.nio.file.Path;

/**
 * One test of a suite.
 *
 * @param name its path inside the suite, with slashes; no two tests have the same
 * @param extension the group it is counted in
 * @param subject what is tested, mostly an instruction
 * @param file the program
 */
record TestCase(String name, String extension, String subject, Path file, TestKind kind) {}
