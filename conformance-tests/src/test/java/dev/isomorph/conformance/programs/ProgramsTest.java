package dev.isomorph.conformance.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.isomorph.tools.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole C and C++ programs, compiled at every level of optimisation: what they print and how they
 * end under Isomorph is what is written down beside them, and what they do when compiled for the
 * host.
 */
class ProgramsTest {
  private static final Path SOURCES = Path.of("src", "programs");
  private static final int LEVELS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The least there is, so that code is evicted all the time. */
  private static final List<String> TINY_CODE_CACHE = List.of("--code-cache", "256K");

  private static final int LEVEL_WITH_TINY_CODE_CACHE = 2;

  private static ExecutorService workers;
  private static ProgramBuilder builder;

  @BeforeAll
  static void start() throws IOException {
    workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    builder = new ProgramBuilder(Path.of("target", "programs"), SOURCES.resolve("support.h"));
  }

  @AfterAll
  static void stop() {
    workers.close();
  }

  @TestFactory
  Stream<DynamicContainer> programs() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.list(SOURCES)) {
      sources = files.filter(file -> file.toString().matches(".*\\.(c|cpp)")).sorted().toList();
    }
    // All work is handed out before the first result is waited for.
    return sources.stream().map(ProgramsTest::testsOf).toList().stream();
  }

  private static DynamicContainer testsOf(Path source) {
    List<DynamicTest> tests = new ArrayList<>();
    for (int level = 0; level < LEVELS; level++) {
      tests.add(test("host", source, Toolchain.HOST, level, List.of()));
      tests.add(test("guest", source, Toolchain.GUEST, level, Isomorph.run(List.of())));
    }
    tests.add(
        test(
            "guest, tiny code cache",
            source,
            Toolchain.GUEST,
            LEVEL_WITH_TINY_CODE_CACHE,
            Isomorph.run(TINY_CODE_CACHE)));
    return dynamicContainer(source.getFileName().toString(), tests);
  }

  private static DynamicTest test(
      String name, Path source, Toolchain toolchain, int level, List<String> runner) {
    String title = "-O" + level + " " + name;
    if (!toolchain.isPresentFor(source)) {
      String reason = toolchain.compiler(source) + " is not on the PATH";
      return dynamicTest(title, () -> assumeTrue(false, reason));
    }
    Future<ChildProcess.Outcome> run = workers.submit(runOf(source, toolchain, level, runner));
    return dynamicTest(title, () -> judge(source, run));
  }

  private static Callable<ChildProcess.Outcome> runOf(
      Path source, Toolchain toolchain, int level, List<String> runner) {
    return () -> {
      List<String> command = new ArrayList<>(runner);
      command.add(builder.build(source, toolchain, level).toString());
      return new ChildProcess(LIMIT).run(command);
    };
  }

  private static void judge(Path source, Future<ChildProcess.Outcome> run)
      throws IOException, InterruptedException {
    try {
      ChildProcess.Outcome outcome = run.get();
      assertEquals(expected(source), Transcript.of(outcome), () -> "errors: " + outcome.errors());
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static String expected(Path source) throws IOException {
    String name = source.getFileName().toString();
    String stem = name.substring(0, name.lastIndexOf('.'));
    return Files.readString(SOURCES.resolve(stem + ".expected"), StandardCharsets.ISO_8859_1);
  }
}
