package dev.isomorph.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.processvm.RunOptions;
import dev.isomorph.translator.opt.Pass;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunArgumentsTest {
  private static RunArguments parse(String... words) throws RunArguments.UsageException {
    return RunArguments.parse(words, 0);
  }

  @Test
  void allAfterTheProgramIsTheGuests() throws Exception {
    RunArguments read = parse("--stats", "prog", "--strace", "--", "-h", "");
    assertEquals("prog", read.program);
    assertEquals(List.of("--strace", "--", "-h", ""), read.arguments);
    assertEquals(RunOptions.Stats.TRANSLATION, read.stats);
    assertFalse(read.strace);
  }

  @Test
  void optionsAreOffUnlessGiven() throws Exception {
    RunArguments read = parse("prog");
    assertNull(read.root);
    assertNull(read.directory);
    assertEquals(List.of(), read.environment);
    assertEquals(RunOptions.Trace.NONE, read.trace);
    assertEquals(0, read.codeCacheBytes);
    assertNull(read.stats);
    assertFalse(read.strace || read.dumpCode || read.crashReport || read.help);
  }

  @Test
  void valuesComeAfterASpaceOrAnEqualsSign() throws Exception {
    RunArguments read =
        parse(
            "--root",
            "/r",
            "--chdir=/c",
            "--env",
            "A=1",
            "--env=B=x=y",
            "--trace=insn",
            "--",
            "-prog");
    assertEquals("/r", read.root);
    assertEquals("/c", read.directory);
    assertEquals(List.of("A=1", "B=x=y"), read.environment);
    assertEquals(RunOptions.Trace.INSTRUCTION, read.trace);
    assertEquals("-prog", read.program);
  }

  @Test
  void theProcessVmIsToldAll() throws Exception {
    assertEquals(
        new RunOptions(
            "p",
            List.of("a"),
            "/r",
            List.of("A=1"),
            "/c",
            true,
            RunOptions.Trace.BLOCK,
            new RunOptions.Stats(true, "f:g"),
            true,
            true,
            512 << 10,
            true,
            RunOptions.Execution.UNOPTIMISED,
            EnumSet.complementOf(EnumSet.of(Pass.LOADS, Pass.KNOWN_BITS)),
            null, // As --translations=none says.
            new RunOptions.MemoryDump(0x10, 32, "a:b")),
        parse(
                "--root=/r",
                "--env=A=1",
                "--chdir=/c",
                "--strace",
                "--trace",
                "--stats=dynamic:f:g",
                "--dump-code",
                "--perf",
                "--code-cache=512K",
                "--crash-report",
                "--execute=unoptimised",
                "--without=loads,known-bits",
                "--translations=none",
                "--dump-memory=0x10:32:a:b",
                "p",
                "a")
            .options());
  }

  @Test
  void passesHaveNames() throws Exception {
    for (Pass pass : Pass.values()) {
      assertEquals(
          EnumSet.complementOf(EnumSet.of(pass)),
          parse("--without=" + pass, "p").options().passes());
    }
    assertEquals(Pass.ALL, parse("p").options().passes());
    assertThrows(RunArguments.UsageException.class, () -> parse("--without=speed", "p"));
  }

  @Test
  void traceNeverTakesTheNextWord() throws Exception {
    RunArguments read = parse("--trace", "block", "insn");
    assertEquals(RunOptions.Trace.BLOCK, read.trace);
    assertEquals("block", read.program);
  }

  @ParameterizedTest
  @CsvSource({"262144, 262144", "512K, 524288", "16m, 16777216", "1G, 1073741824"})
  void sizes(String text, long bytes) throws Exception {
    assertEquals(bytes, parse("--code-cache", text, "p").codeCacheBytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--code-cache=0 p|--code-cache needs a size from 256K to 1G, not 0",
        "--code-cache=255K p|--code-cache needs a size from 256K to 1G, not 255K",
        "--code-cache=2G p|--code-cache needs a size from 256K to 1G, not 2G",
        "--code-cache=-1K p|--code-cache needs a size from 256K to 1G, not -1K",
        "--code-cache=9999999999G p|--code-cache needs a size from 256K to 1G, not 9999999999G",
        "--code-cache=M p|--code-cache needs a size from 256K to 1G, not M",
        "--trace=all p|--trace takes block or insn, not all",
        "--execute=fast p|--execute takes tiered, translated, regions, unoptimised or evaluated,"
            + " not fast",
        "--execute=evaluated --trace p|--trace and --dump-code show translated code",
        "--dump-memory=1:2 p|--dump-memory needs START:END:FILE, not 1:2",
        "--dump-memory=2:1:f p|--dump-memory needs START:END:FILE, not 2:1:f",
        "--dump-memory=x:1:f p|--dump-memory needs START:END:FILE, not x:1:f",
        "--env A p|--env needs NAME=VALUE, not A",
        "--env =x p|--env needs NAME=VALUE, not =x",
        "--env= p|--env needs NAME=VALUE, not ''",
        "--trace= p|--trace takes block or insn, not ''",
        "--stats=1 p|--stats takes dynamic or dynamic:FILE, not 1",
        "--stats=dynamic: p|--stats takes dynamic or dynamic:FILE, not dynamic:",
        "--strace=1 p|--strace takes no value",
        "--root|--root needs a value",
        "--nope p|unknown option --nope",
        "--stat p|unknown option --stat",
        "--stats|no program given"
      })
  void mistakesAreNamed(String words, String message) {
    assertEquals(
        message,
        assertThrows(RunArguments.UsageException.class, () -> parse(words.split(" ")))
            .getMessage());
  }

  @Test
  void helpNeedsNoProgramAndNamesEveryOption() throws Exception {
    assertTrue(parse("-h").help);
    assertTrue(parse("--stats", "--help").help);
    for (RunOption each : RunOption.values()) {
      assertTrue(RunOption.help().contains("\n  " + each.flag()), each.flag());
    }
  }

  @Test
  void helpNamesEveryPass() {
    for (Pass pass : Pass.values()) {
      assertTrue(RunOption.help().contains(" " + pass + " "), pass.toString());
    }
  }

  @Test
  void helpFitsATerminal() {
    for (String line : RunOption.help().split("\n")) {
      assertTrue(line.length() <= 100, line);
    }
  }
}
