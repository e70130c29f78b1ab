package dev.isomorph.tools.run;

import dev.isomorph.hostbackend.BuildIdentity;
import dev.isomorph.processvm.RunOptions;
import dev.isomorph.tools.Failures;
import dev.isomorph.translator.opt.Pass;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words after {@code isomorph run}, read. */
final class RunArguments {
  private static final long MIN_CODE_CACHE = 256 << 10;
  private static final long MAX_CODE_CACHE = 1 << 30;

  String root;
  final List<String> environment = new ArrayList<>();
  String directory;
  boolean strace;
  RunOptions.Trace trace = RunOptions.Trace.NONE;

  /** Null when nothing is to be summed up. */
  RunOptions.Stats stats;

  boolean dumpCode;
  boolean perfMap;

  /** In bytes; 0 when not given. */
  long codeCacheBytes;

  boolean crashReport;
  RunOptions.Execution execution = RunOptions.Execution.TIERED;

  Set<Pass> passes = Pass.ALL;

  /** A folder, "user" or "none"; null when not given. */
  String translations;

  RunOptions.MemoryDump memoryDump;
  boolean help;

  /** As given; null only when {@link #help} is asked for. */
  String program;

  /** What follows the program. */
  List<String> arguments = List.of();

  /** A word that cannot be understood; the message is for the user. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  /**
   * Reads the words.
   *
   * @param words the whole command line
   * @param start index of the first word after {@code run}
   */
  static RunArguments parse(String[] words, int start) throws UsageException {
    RunArguments result = new RunArguments();
    int at = start;
    while (at < words.length && words[at].length() > 1 && words[at].charAt(0) == '-') {
      String word = words[at++];
      if (word.equals("--")) {
        break;
      }
      RunOption option = RunOption.of(word);
      if (option == null) {
        throw new UsageException("unknown option " + word);
      }
      int equals = word.indexOf('=');
      String value = equals < 0 ? null : word.substring(equals + 1);
      if (option.value() == RunOption.Value.NONE && value != null) {
        throw new UsageException(option.flag() + " takes no value");
      }
      if (option.value() == RunOption.Value.REQUIRED && value == null) {
        if (at == words.length) {
          throw new UsageException(option.flag() + " needs a value");
        }
        value = words[at++];
      }
      result.set(option, value);
      if (result.help) {
        return result;
      }
    }
    if (at == words.length) {
      throw new UsageException("no program given");
    }
    if (result.execution == RunOptions.Execution.EVALUATED
        && (result.trace != RunOptions.Trace.NONE || result.dumpCode)) {
      throw new UsageException("--trace and --dump-code show translated code");
    }
    result.program = words[at];
    result.arguments = List.of(words).subList(at + 1, words.length);
    return result;
  }

  /** What the process VM is asked to do. */
  RunOptions options() {
    return new RunOptions(
        program,
        arguments,
        root,
        environment,
        directory,
        strace,
        trace,
        stats,
        dumpCode,
        perfMap,
        codeCacheBytes,
        crashReport,
        execution,
        passes,
        translations(),
        memoryDump);
  }

  private RunOptions.Translations translations() {
    String folder = UserFolder.forTranslations(translations, System.getenv());
    String build = folder == null ? null : BuildIdentity.find();
    return build == null ? null : new RunOptions.Translations(folder, build);
  }

  private void set(RunOption option, String value) throws UsageException {
    switch (option) {
      case ROOT -> root = value;
      case ENV -> environment.add(assignment(value));
      case CHDIR -> directory = value;
      case STRACE -> strace = true;
      case TRACE -> trace = trace(value);
      case STATS -> stats = stats(value);
      case DUMP_CODE -> dumpCode = true;
      case PERF -> perfMap = true;
      case CODE_CACHE -> codeCacheBytes = size(value);
      case CRASH_REPORT -> crashReport = true;
      case EXECUTE -> execution = execution(value);
      case WITHOUT -> passes = passesWithout(value);
      case TRANSLATIONS -> translations = value;
      case DUMP_MEMORY -> memoryDump = memoryDump(value);
      case HELP -> help = true;
    }
  }

  private static String assignment(String value) throws UsageException {
    if (value.indexOf('=') <= 0) {
      throw new UsageException("--env needs NAME=VALUE, not " + Failures.shown(value));
    }
    return value;
  }

  private Set<Pass> passesWithout(String names) throws UsageException {
    EnumSet<Pass> left = EnumSet.copyOf(passes);
    for (String name : names.split(",", -1)) {
      Pass pass = Pass.named(name);
      if (pass == null) {
        throw new UsageException(
            "--without takes names of passes (" + Pass.names() + "), not " + Failures.shown(name));
      }
      left.remove(pass);
    }
    return left;
  }

  private static RunOptions.Trace trace(String value) throws UsageException {
    if (value == null || value.equals("block")) {
      return RunOptions.Trace.BLOCK;
    }
    if (value.equals("insn")) {
      return RunOptions.Trace.INSTRUCTION;
    }
    throw new UsageException("--trace takes block or insn, not " + Failures.shown(value));
  }

  private static RunOptions.Stats stats(String value) throws UsageException {
    if (value == null) {
      return RunOptions.Stats.TRANSLATION;
    }
    if (value.equals("dynamic")) {
      return new RunOptions.Stats(true, null);
    }
    if (value.startsWith("dynamic:") && value.length() > "dynamic:".length()) {
      return new RunOptions.Stats(true, value.substring("dynamic:".length()));
    }
    throw new UsageException("--stats takes dynamic or dynamic:FILE, not " + Failures.shown(value));
  }

  private static RunOptions.Execution execution(String value) throws UsageException {
    for (RunOptions.Execution each : RunOptions.Execution.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(value)) {
        return each;
      }
    }
    throw new UsageException(
        "--execute takes tiered, translated, regions, unoptimised or evaluated, not "
            + Failures.shown(value));
  }

  private static RunOptions.MemoryDump memoryDump(String value) throws UsageException {
    int first = value.indexOf(':');
    int second = value.indexOf(':', first + 1);
    if (first > 0 && second > first + 1 && second + 1 < value.length()) {
      try {
        long start = Long.decode(value.substring(0, first));
        long end = Long.decode(value.substring(first + 1, second));
        if (start >= 0 && end >= start) {
          return new RunOptions.MemoryDump(start, end, value.substring(second + 1));
        }
      } catch (NumberFormatException e) {
        // said below
      }
    }
    throw new UsageException("--dump-memory needs START:END:FILE, not " + Failures.shown(value));
  }

  /**
   * A number of bytes, or of kibi-, mebi- or gibibytes with the letter K, M or G, that a code cache
   * can have: its parts reach each other by 31-bit displacements.
   */
  private static long size(String value) throws UsageException {
    int end = value.length();
    int shift = 0;
    if (end > 0) {
      int unit = "KMG".indexOf(Character.toUpperCase(value.charAt(end - 1)));
      if (unit >= 0) {
        shift = 10 * (unit + 1);
        end--;
      }
    }
    try {
      long count = Long.parseLong(value, 0, end, 10);
      if (count > 0 && count <= MAX_CODE_CACHE >> shift && count << shift >= MIN_CODE_CACHE) {
        return count << shift;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageException(
        "--code-cache needs a size from 256K to 1G, not " + Failures.shown(value));
  }
}
