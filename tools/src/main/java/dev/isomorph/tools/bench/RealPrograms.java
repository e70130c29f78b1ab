package dev.isomorph.tools.bench;

import dev.isomorph.tools.HostPath;
import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Programs of a Debian riscv64 root, against those of the same names on this machine. These may be
 * other versions, so what they print is compared between Isomorph and qemu only.
 */
final class RealPrograms {
  static final String GROUP = "real";

  private static final String GCC_FOLDERS =
      "usr/libexec/gcc/riscv64-linux-gnu,usr/lib/gcc/riscv64-linux-gnu";

  /**
   * A program and what it is to do.
   *
   * @param guest file in the root; a {@code *} in it stands for one folder, commas part
   *     alternatives
   * @param n how much it is to do: {@code {n}} in its words
   * @param words {@code {text}} and {@code {c}} are files of n lines and of n functions
   */
  private record Real(String name, String guest, long n, String text, List<String> words) {}

  private static final List<Real> ALL =
      List.of(
          new Real(
              "bash",
              "usr/bin/bash",
              400_000,
              "arithmetic in a loop of the shell",
              List.of(
                  "-c", "s=0; for ((i=0;i<{n};i++)); do s=$(((s*31+i)%1000003)); done; echo $s")),
          new Real(
              "perl",
              "usr/bin/perl",
              1_500_000,
              "a hash of strings, a regular expression",
              List.of(
                  "-e",
                  "my %h; my $s=0; for my $i (1..{n}) { my $k='k'.($i*7919%5000); $h{$k}+=$i;"
                      + " $s++ if $k=~/3[0-5]/; } $s+=$_ for values %h; print \"$s\\n\"")),
          new Real(
              "lua5.4",
              "usr/bin/lua5.4",
              8_000_000,
              "a table, calls",
              List.of(
                  "-e",
                  "local t={} for i=1,{n} do t[i%1000+1]=(t[(i*7)%1000+1] or 0)+i%13 end"
                      + " local function f(n) if n<2 then return n end return f(n-1)+f(n-2) end"
                      + " local s=0 for i=1,{n}//100000 do s=s+f(20) end print(s+t[1])")),
          new Real(
              "python3",
              "usr/bin/python3,usr/bin/python3.13",
              3_000_000,
              "a dictionary, calls, strings",
              List.of(
                  "-S",
                  "-c",
                  "def f(n):\n return n if n<2 else f(n-1)+f(n-2)\n"
                      + "d={}\nfor i in range({n}):\n k=i*7919%777\n d[k]=d.get(k,0)+i\n"
                      + "s=sum(d.values())+sum(f(15) for i in range({n}//5000))\n"
                      + "print(s,len(','.join(str(i) for i in range({n}//10))))")),
          new Real(
              "sqlite3",
              "usr/bin/sqlite3",
              200_000,
              "inserts in a table, an index, a scan",
              List.of(
                  ":memory:",
                  "create table t(a integer primary key, b text); with recursive c(x) as (select 1"
                      + " union all select x+1 from c where x<{n}) insert into t select x,"
                      + " hex(x*7919%100003) from c; create index i on t(b);"
                      + " select count(*),sum(a) from t where b like '%3%';")),
          new Real(
              "cc1",
              GCC_FOLDERS.replace(",", "/*/cc1,") + "/*/cc1",
              50,
              "GCC's compiler proper with -O2",
              List.of("-quiet", "-O2", "{c}", "-o", "/dev/null")),
          new Real("sort", "usr/bin/sort", 1_000_000, "lines of text", List.of("{text}")),
          new Real(
              "xz", "usr/bin/xz", 400_000, "compression", List.of("-2", "-T1", "-c", "{text}")),
          new Real(
              "zstd",
              "usr/bin/zstd",
              2_000_000,
              "compression",
              List.of("-6", "-q", "--single-thread", "-c", "{text}")),
          new Real(
              "sha256sum", "usr/bin/sha256sum", 3_000_000, "a hash of a file", List.of("{text}")));

  private final Path root;
  private final String launcher;
  private final List<Qemu> qemus;
  private final Inputs inputs;
  private final double scale;

  RealPrograms(Path root, String launcher, List<Qemu> qemus, Path scratch, double scale) {
    this.root = root.toAbsolutePath();
    this.launcher = launcher;
    this.qemus = qemus;
    this.inputs = new Inputs(scratch);
    this.scale = scale;
  }

  /** The benchmarks there could be, whether or not the root has them. */
  static List<Benchmark> benchmarks() {
    return ALL.stream()
        .map(real -> new Benchmark(real.name, GROUP, Path.of(real.guest), real.n, real.text))
        .toList();
  }

  /** The job of one of the {@link #benchmarks}, or null if the root has no such program. */
  Job of(Benchmark benchmark) throws IOException {
    Real real = ALL.get(benchmarks().indexOf(benchmark));
    String guest = inRoot(real.guest);
    if (guest == null) {
      return null;
    }
    List<String> words = words(real, scale);
    Map<Machine, List<String>> commands = new LinkedHashMap<>();
    Path host = host(real.name);
    if (host != null) {
      commands.put(Machine.NATIVE, Jobs.words(List.of(host.toString()), words));
    }
    List<String> inGuest = List.of("--root", root.toString(), "/" + guest);
    commands.put(
        Machine.ISOMORPH, Jobs.words(Jobs.words(List.of(launcher, "run"), inGuest), words));
    for (Qemu qemu : qemus) {
      List<String> prefix = List.of("-L", root.toString(), root.resolve(guest).toString());
      commands.put(
          Machine.qemu(qemu.version()), Jobs.words(Jobs.words(qemu.fastest(), prefix), words));
    }
    List<String> counted = Jobs.words(inGuest, words(real, scale / Jobs.COUNTED_PART));
    return new Job(benchmark, commands, counted, false);
  }

  private List<String> words(Real real, double part) throws IOException {
    long n = Math.max(1, Math.round(real.n * part));
    List<String> words = new ArrayList<>();
    for (String word : real.words) {
      words.add(
          switch (word) {
            case "{text}" -> inputs.text(n).toString();
            case "{c}" -> inputs.source(n).toString();
            default -> word.replace("{n}", Long.toString(n));
          });
    }
    return words;
  }

  /** The first of the files that is in the root, as a path from there; null if none is. */
  private String inRoot(String files) throws IOException {
    for (String file : files.split(",")) {
      int star = file.indexOf('*');
      if (star < 0) {
        if (Files.isExecutable(root.resolve(file))) {
          return file;
        }
        continue;
      }
      Path folder = root.resolve(file.substring(0, star));
      String rest = file.substring(star + 2);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> versions = Files.list(folder)) {
          for (Path version : versions.sorted().toList()) {
            if (Files.isExecutable(version.resolve(rest))) {
              return root.relativize(version.resolve(rest)).toString();
            }
          }
        }
      }
    }
    return null;
  }

  /** This machine's program of a name, or null. */
  private static Path host(String name) throws IOException {
    if (!name.equals("cc1")) {
      return HostPath.first(List.of(name));
    }
    Path gcc = HostPath.first(List.of("gcc"));
    if (gcc == null) {
      return null;
    }
    String path = Toolchain.output(List.of(gcc.toString(), "-print-prog-name=cc1")).strip();
    return Files.isExecutable(Path.of(path)) ? Path.of(path) : null;
  }
}
