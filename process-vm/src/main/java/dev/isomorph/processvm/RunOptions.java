package dev.isomorph.processvm;

import dev.isomorph.translator.opt.Pass;
import java.util.List;
import java.util.Set;

/**
 * What to run and how, as the user says it on the command line.
 *
 * @param program the program's name: a guest path or, without a slash, a file in the current
 *     directory or in the guest's PATH
 * @param arguments what follows the program's name
 * @param root folder of the host that is laid over its root for the guest, null for none
 * @param environment NAME=VALUE, added to the environment or replacing what is there
 * @param directory where the guest starts, a guest path; null for the current directory
 * @param strace whether system calls and signals are printed
 * @param trace which executed code is printed
 * @param stats what is summed up at the end of each process, null for nothing
 * @param dumpCode whether translations are listed
 * @param codeCacheBytes size of the code cache, 0 for the usual
 * @param perfMap whether translations are named for perf(1)
 * @param crashReport whether death by a signal is explained
 * @param execution how guest code is run
 * @param passes what the optimiser does
 * @param translations where translations are kept for the next time, null for nowhere
 * @param memoryDump what of the guest's memory is written to a file at its end, null for nothing
 */
public record RunOptions(
    String program,
    List<String> arguments,
    String root,
    List<String> environment,
    String directory,
    boolean strace,
    Trace trace,
    Stats stats,
    boolean dumpCode,
    boolean perfMap,
    long codeCacheBytes,
    boolean crashReport,
    Execution execution,
    Set<Pass> passes,
    Translations translations,
    MemoryDump memoryDump) {

  /**
   * What is summed up: the work of translation, which costs nothing, or the instructions executed
   * too, for which emitted code has to count them.
   *
   * @param file of the host to which the counts are appended, a JSON object in a line for each
   *     process; null to print all on standard error
   */
  public record Stats(boolean dynamic, String file) {
    /** The work of translation, printed. */
    public static final Stats TRANSLATION = new Stats(false, null);
  }

  /** Which executed code is printed. */
  public enum Trace {
    NONE,
    /** A line for each block. */
    BLOCK,
    /** A line for each instruction. */
    INSTRUCTION
  }

  /** How guest code is run. All are exact; the others are there to check the first. */
  public enum Execution {
    /** By the evaluator the first time; what is met again is {@link #TRANSLATED}. */
    TIERED,
    /** Translated, by optimised code, before it runs. */
    TRANSLATED,
    /**
     * Translated, as much as can be reached at a time: what {@link #TRANSLATED} does to hot loops
     * only, and when they turn out to be hot depends on time.
     */
    REGIONS,
    /** Translated without the optimiser. */
    UNOPTIMISED,
    /** By the evaluator, one instruction after the other: about a hundred times slower. */
    EVALUATED
  }

  /**
   * Where translations are kept.
   *
   * @param directory of the host
   * @param build tells this build of Isomorph from all others, whose translations are different
   */
  public record Translations(String directory, String build) {}

  /**
   * A part of the guest's memory that is wanted at its end.
   *
   * @param start guest address of the first byte
   * @param end guest address behind the last byte
   * @param file of the host, made or replaced; not made when not all of the memory is readable
   */
  public record MemoryDump(long start, long end, String file) {}

  /** Runs a program in the host's file system with nothing printed. */
  public static RunOptions of(String program, List<String> arguments) {
    return new RunOptions(
        program,
        arguments,
        null,
        List.of(),
        null,
        false,
        Trace.NONE,
        null,
        false,
        false,
        0,
        false,
        Execution.TIERED,
        Pass.ALL,
        null,
        null);
  }
}
