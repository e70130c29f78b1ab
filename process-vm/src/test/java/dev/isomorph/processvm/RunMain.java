package dev.isomorph.processvm;

import dev.isomorph.translator.opt.Pass;
import java.util.ArrayList;
import java.util.List;

/** Runs a program in a virtual machine of its own: options by name, then the program. */
public final class RunMain {
  private RunMain() {}

  public static void main(String[] words) {
    String root = null;
    String directory = null;
    List<String> environment = new ArrayList<>();
    boolean crashReport = false;
    RunOptions.Stats stats = null;
    boolean strace = false;
    boolean dumpCode = false;
    boolean perfMap = false;
    int codeCache = 0;
    RunOptions.Trace trace = RunOptions.Trace.NONE;
    RunOptions.Execution execution = RunOptions.Execution.TIERED;
    RunOptions.Translations translations = null;
    RunOptions.MemoryDump dump = null;
    int at = 0;
    for (; words[at].startsWith("-"); at++) {
      switch (words[at]) {
        case "-root" -> root = words[++at];
        case "-chdir" -> directory = words[++at];
        case "-env" -> environment.add(words[++at]);
        case "-crash" -> crashReport = true;
        case "-stats" -> stats = RunOptions.Stats.TRANSLATION;
        case "-counts" -> stats = new RunOptions.Stats(true, words[++at]);
        case "-strace" -> strace = true;
        case "-dump" -> dumpCode = true;
        case "-perf" -> perfMap = true;
        case "-code-cache" -> codeCache = Integer.parseInt(words[++at]);
        case "-blocks" -> trace = RunOptions.Trace.BLOCK;
        case "-translated" -> execution = RunOptions.Execution.TRANSLATED;
        case "-regions" -> execution = RunOptions.Execution.REGIONS;
        case "-unoptimised" -> execution = RunOptions.Execution.UNOPTIMISED;
        case "-evaluated" -> execution = RunOptions.Execution.EVALUATED;
        case "-memory" ->
            dump =
                new RunOptions.MemoryDump(
                    Long.decode(words[++at]), Long.decode(words[++at]), words[++at]);
        case "-translations" ->
            translations = new RunOptions.Translations(words[++at], words[++at]);
        case "-instructions" -> trace = RunOptions.Trace.INSTRUCTION;
        default -> throw new IllegalArgumentException(words[at]);
      }
    }
    List<String> all = List.of(words);
    int status =
        ProcessVm.run(
            new RunOptions(
                all.get(at),
                all.subList(at + 1, all.size()),
                root,
                environment,
                directory,
                strace,
                trace,
                stats,
                dumpCode,
                perfMap,
                codeCache,
                crashReport,
                execution,
                Pass.ALL,
                translations,
                dump));
    Runtime.getRuntime().halt(status);
  }
}
