package dev.isomorph.tools.trace;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A7;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.tools.GuestElf;
import dev.isomorph.tools.MainProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceCommandTest {
  private static final String HELLO = "../examples/hello/hello";
  private static final int ECALL = 0x73;

  /** riscv64 system call number (asm-generic/unistd.h). */
  private static final int EXECVE = 221;

  @TempDir Path directory;

  @Test
  void everyInstructionIsLogged() throws IOException {
    Path file = directory.resolve("log.gz");
    MainProcess.Result result =
        MainProcess.run(directory, "trace", "-o", file.toString(), HELLO, "--help");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    List<Long> pcs = new ArrayList<>();
    List<Commit> calls = new ArrayList<>();
    read(
        file,
        commit -> {
          pcs.add(commit.pc());
          if (commit.encoding() == ECALL) {
            Commit copy = new Commit().begin(0, 0, commit.pc(), ECALL);
            for (int i = 0; i < commit.writes(); i++) {
              copy.write(commit.register(i), commit.value(i));
            }
            calls.add(copy);
          }
        });
    assertTrue(pcs.size() > 20, pcs.size() + " instructions");
    // The first call writes the greeting: a0 becomes its length. The last one does not return.
    Commit write = calls.getFirst();
    assertEquals(10, write.register(write.writes() - 1));
    assertTrue(result.out().length() >= write.value(write.writes() - 1));
    assertEquals(0, calls.getLast().writes());
    assertEquals(calls.getLast().pc(), pcs.getLast());
  }

  @Test
  void aFilteredLogIsPartOfTheWholeOne() throws IOException {
    String all = MainProcess.run(directory, "trace", HELLO).err();
    String some = MainProcess.run(directory, "trace", "--skip=3", "--count", "5", HELLO).err();
    assertEquals(5, some.lines().count());
    assertEquals(all.lines().skip(3).limit(5).toList(), some.lines().toList());
    String first = all.lines().toList().getFirst().split(" ")[5];
    String one = MainProcess.run(directory, "trace", "--from", first, "--count=1", HELLO).err();
    assertEquals(all.lines().toList().getFirst(), one.strip());
  }

  @Test
  void aFunctionThatIsNotThereIsNamed() throws IOException {
    MainProcess.Result result = MainProcess.run(directory, "trace", "--function", "nosuch", HELLO);
    assertEquals(0, result.status());
    assertEquals(
        "isomorph trace: no function nosuch was executed"
            + " ('isomorph disasm FILE' lists a file's; stripped ones have none;"
            + " child processes are not logged)\n",
        result.err());
  }

  @Test
  void aLogThatCannotBeWrittenIsNamed() throws IOException {
    MainProcess.Result result = MainProcess.run(directory, "trace", "-o", "/none/such", HELLO);
    assertEquals(1, result.status());
    assertEquals("isomorph trace: /none/such: no such file or directory\n", result.err());
    assertFalse(result.out().contains("Hello"));
  }

  @Test
  void aDiskThatIsFullIsNamed() throws IOException {
    MainProcess.Result result = MainProcess.run(directory, "trace", "-o", "/dev/full", HELLO);
    assertEquals(1, result.status());
    assertEquals("isomorph trace: /dev/full: No space left on device\n", result.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--from 0x20 --to 0x10| --from needs to be below --to",
        "--skip -1| --skip needs at least 0, not -1",
        "-o -| Invalid value for option '--output':"
            + " standard input and output are the program's; name a file",
        "--count -1| --count needs at least 0, not -1",
        "--count x| Invalid value for option '--count': 'x' is not a whole number",
      })
  void whatMakesNoSenseIsNamed(String options, String problem) throws IOException {
    List<String> words = new ArrayList<>(List.of("trace"));
    words.addAll(List.of(options.split(" ")));
    words.add(HELLO);
    MainProcess.Result result = MainProcess.run(directory, words.toArray(String[]::new));
    assertEquals(2, result.status());
    assertEquals("isomorph trace: " + problem + " (see isomorph trace --help)\n", result.err());
  }

  @Test
  void aProgramThatIsReplacedIsLoggedSoFar() throws IOException {
    RiscvAssembler.Label path = new RiscvAssembler.Label();
    RiscvAssembler code =
        new RiscvAssembler().la(A0, path).li(A1, 0).li(A2, 0).li(A7, EXECVE).emit(Opcode.ECALL);
    code.bind(path).data(Path.of(HELLO).toAbsolutePath() + "\0");
    String program = GuestElf.of(code).write(directory.resolve("program")).toString();
    String log = directory.resolve("log").toString();
    MainProcess.Result result = MainProcess.run(directory, "trace", "-o", log, program);
    assertEquals(0, result.status());
    assertEquals(
        "isomorph trace: the program executes another, which is not logged\n", result.err());
    assertTrue(result.out().contains("Hello"), result.out());
  }

  private static void read(Path file, Consumer<Commit> each) throws IOException {
    try (CommitLogReader in =
        new CommitLogReader(LogFiles.open(Files.newInputStream(file)), "log")) {
      Commit commit = new Commit();
      while (in.read(commit)) {
        each.accept(commit);
      }
    }
  }
}
