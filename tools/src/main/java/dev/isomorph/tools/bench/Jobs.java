package dev.isomorph.tools.bench;

import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes jobs of benchmarks: compiles them, and finds the words that run them on each machine. */
final class Jobs {
  /** What part of the rounds is run for the counts: counting takes a few times as long. */
  static final int COUNTED_PART = 8;

  private static final int LEAST_ROUNDS = 2;

  private final String launcher;
  private final List<Qemu> qemus;
  private final Path scratch;
  private final double scale;

  Jobs(String launcher, List<Qemu> qemus, Path scratch, double scale) {
    this.launcher = launcher;
    this.qemus = qemus;
    this.scratch = scratch;
    this.scale = scale;
  }

  /** The job of a program, or null if it is a source that nobody here can compile for the guest. */
  Job of(Benchmark benchmark) throws IOException {
    Path guest = benchmark.file();
    List<String> rounds = List.of();
    List<String> fewRounds = List.of();
    if (benchmark.rounds() != 0) {
      long count = Math.max(LEAST_ROUNDS, Math.round(benchmark.rounds() * scale));
      rounds = List.of(Long.toString(count));
      fewRounds = List.of(Long.toString(Math.max(LEAST_ROUNDS, count / COUNTED_PART)));
    }
    Map<Machine, List<String>> commands = new LinkedHashMap<>();
    if (benchmark.isSource()) {
      Path cross = Toolchain.cross(benchmark.file());
      if (cross == null) {
        return null;
      }
      guest = scratch.resolve(benchmark.group() + "-" + benchmark.name() + ".riscv64");
      Toolchain.buildGuest(cross, benchmark.file(), guest);
      Path compiler = Toolchain.nativeCompiler(benchmark.file());
      if (compiler != null) {
        Path host = scratch.resolve(benchmark.group() + "-" + benchmark.name() + ".native");
        Toolchain.buildNative(compiler, benchmark.file(), host);
        commands.put(Machine.NATIVE, words(List.of(host.toString()), rounds));
      }
    }
    commands.put(Machine.ISOMORPH, words(List.of(launcher, "run", guest.toString()), rounds));
    for (Qemu qemu : qemus) {
      commands.put(
          Machine.qemu(qemu.version()),
          words(qemu.fastest(), words(List.of(guest.toString()), rounds)));
    }
    return new Job(benchmark, commands, words(List.of(guest.toString()), fewRounds), true);
  }

  static List<String> words(List<String> first, List<String> rest) {
    List<String> words = new ArrayList<>(first);
    words.addAll(rest);
    return words;
  }
}
