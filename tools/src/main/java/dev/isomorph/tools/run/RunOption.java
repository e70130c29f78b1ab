package dev.isomorph.tools.run;

import dev.isomorph.translator.opt.Pass;

/**
 * The options of {@code isomorph run}, said once: their reading ({@link RunArguments}) and their
 * help come from this table. It stands apart from the other commands' options because starting a
 * guest must not wait for a general command line library (measured: 60 to 150 ms).
 */
enum RunOption {
  ROOT("--root", "DIR", "resolve the guest's paths inside DIR first"),
  ENV("--env", "NAME=VALUE", "set a variable of the guest's environment; may be repeated"),
  CHDIR("--chdir", "DIR", "start in DIR, a path as the guest sees it"),
  STRACE("--strace", "", "print each system call and signal on standard error"),
  TRACE("--trace", "[=block|insn]", "print each block (or instruction) executed"),
  STATS("--stats", "[=dynamic[:FILE]]", "at the end, print what was translated (and executed)"),
  DUMP_CODE("--dump-code", "", "print guest code, IR and host code of each block translated"),
  PERF("--perf", "", "name translated code for perf, in /tmp/perf-PID.map"),
  CODE_CACHE("--code-cache", "SIZE", "limit of translated code, such as 64M (256K to 1G)"),
  CRASH_REPORT("--crash-report", "", "when a signal kills the guest, print pc, symbol, registers"),
  EXECUTE("--execute", "HOW", "run code tiered, translated, regions, unoptimised or evaluated"),
  WITHOUT("--without", "PASS,...", "switch passes of the optimiser off, to find a wrong one"),
  TRANSLATIONS(
      "--translations", "DIR", "keep translations for the next time: in user (usual), DIR or none"),
  DUMP_MEMORY("--dump-memory", "A:B:FILE", "at the end, write memory from A to B to FILE"),
  HELP("--help", "", "show this text");

  /** How the value is given. */
  enum Value {
    NONE,
    /** In the same word after {@code =}, or left out. */
    OPTIONAL,
    /** In the same word after {@code =}, or in the next word. */
    REQUIRED
  }

  /** What a terminal has room for in a line, at least. */
  private static final int WIDTH = 96;

  private static final int HELP_COLUMN = 28;

  private final String flag;
  private final String label;
  private final String text;

  RunOption(String flag, String label, String text) {
    this.flag = flag;
    this.label = label;
    this.text = text;
  }

  String flag() {
    return flag;
  }

  Value value() {
    if (label.isEmpty()) {
      return Value.NONE;
    }
    return label.charAt(0) == '[' ? Value.OPTIONAL : Value.REQUIRED;
  }

  /** The option whose flag is {@code word} up to an equals sign, or null. */
  static RunOption of(String word) {
    int equals = word.indexOf('=');
    String flag = equals < 0 ? word : word.substring(0, equals);
    if (flag.equals("-h")) {
      return HELP;
    }
    for (RunOption each : values()) {
      if (each.flag.equals(flag)) {
        return each;
      }
    }
    return null;
  }

  /** The help text of the whole command. */
  static String help() {
    StringBuilder out =
        new StringBuilder(
            """
            Usage: isomorph run [OPTION]... PROGRAM [ARGUMENT]...

            Runs a riscv64 Linux program. Everything after PROGRAM goes to it untouched. The exit
            status is the program's own, 128+n when signal n killed it, 126 when it cannot be run
            and 127 when it is not there.

            A relative PROGRAM is looked up after --chdir, in the guest's directory; without a slash
            in its name, if there is none here, in PATH, a program of --root before one of the host.

            """);
    for (RunOption each : values()) {
      int start = out.length();
      out.append("  ").append(each.flag);
      if (each.value() == Value.REQUIRED) {
        out.append(' ');
      }
      out.append(each.label);
      while (out.length() - start < HELP_COLUMN) {
        out.append(' ');
      }
      out.append(each.text).append('\n');
    }
    return out.append(
            """

            --execute says how the guest's code is run. All ways give the same, and the other ones are
            there to check the usual one:
              tiered       not translated the first time, since much of a program runs once; as
                           optimised host code from then on, hot loops as a whole once they are hot
              translated   the same, but as host code from the first time on
              regions      the same, but as much as can be reached at a time, at once
              unoptimised  translated without the optimiser
              evaluated    not translated, about a hundred times slower

            --without takes these; the program does the same, but slower. From phis on they are for
            regions:
            """)
        .append(passes())
        .append(
            """

            Translations are kept for the next time in $XDG_CACHE_HOME/isomorph, or ~/.cache/isomorph if
            that is not set, up to 256 MB. They are used only for the same code and by the same build.
            --translations none, or ISOMORPH_TRANSLATIONS=none in the environment, does without.

            --stats=dynamic counts the instructions executed, the guest's and the host's for them, to
            the last one; that takes several times as long. With FILE the counts are appended there, a
            JSON object in a line for each process.

            Lines of --trace, on standard error, as each block is entered:
              0xPC COUNT SYMBOL       address, number of instructions, symbol (? for none)
            and of --trace=insn, in the form of Spike's log:
              core   0: 0xPC (0xENCODING) MNEMONIC OPERANDS

            Examples:
              isomorph run examples/hello/hello
              isomorph run --stats ./sieve 1000000
              isomorph run --root ~/debian /bin/ls -l /
              isomorph run --strace --env LANG=C --root ~/debian /usr/bin/python3 script.py
            """)
        .toString();
  }

  private static StringBuilder passes() {
    StringBuilder lines = new StringBuilder("  ");
    int start = 0;
    for (Pass pass : Pass.values()) {
      String name = pass.toString();
      if (lines.length() - start + name.length() > WIDTH) {
        lines.append("\n  ");
        start = lines.length() - 2;
      }
      lines.append(name).append(' ');
    }
    return lines.append('\n');
  }
}
