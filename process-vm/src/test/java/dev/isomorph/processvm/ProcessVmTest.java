package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.hostbackend.HostDisassembler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessVmTest {
  @TempDir Path folder;

  private GuestRun.Outcome run(String... words) throws IOException, InterruptedException {
    return run(Map.of(), words);
  }

  private GuestRun.Outcome run(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    return GuestRun.start(folder, environment, GuestRun.command(words));
  }

  @Test
  void theExitStatusIsTheProgramsOwn() throws Exception {
    GuestPrograms.write(folder.resolve("exit"), GuestPrograms.exit(42));
    assertEquals(new GuestRun.Outcome(42, "", ""), run("./exit"));
    assertEquals(new GuestRun.Outcome(42, "", ""), run("exit"));
    assertEquals(42, ProcessVm.run(RunOptions.of(folder.resolve("exit").toString(), List.of())));
  }

  @Test
  void argumentsAndEnvironmentArrive() throws Exception {
    GuestPrograms.write(folder.resolve("print"), GuestPrograms.printStrings());
    GuestRun.Outcome outcome =
        run(Map.of("A", "1", "B", "2"), "-env", "B=3", "-env", "C=?", "./print", "x y", "");
    assertEquals("", outcome.errors());
    assertEquals("./print\nx y\n\n", outcome.output().substring(0, 13));
    List<String> rest = new ArrayList<>(outcome.output().substring(13).lines().toList());
    rest.removeIf(line -> !line.matches("[ABC]=.*"));
    rest.sort(null);
    assertEquals(List.of("A=1", "B=3", "C=?"), rest);
  }

  @Test
  void argumentsKeepBytesThatTheLocaleCannotSay() throws Exception {
    GuestPrograms.write(folder.resolve("print"), GuestPrograms.printStrings());
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", "exec \"$@\" \"$(printf 'x\\344?')\"", "sh"));
    command.addAll(GuestRun.command("./print"));
    for (String locale : List.of("C", "C.UTF-8")) {
      GuestRun.Outcome outcome = GuestRun.start(folder, Map.of("LC_ALL", locale), command);
      assertEquals("./print\nx\u00e4?\n", outcome.output().substring(0, 12));
    }
  }

  @Test
  void aStandardDescriptorThatWasClosedStaysClosed() throws Exception {
    GuestPrograms.write(folder.resolve("read"), GuestPrograms.read());
    assertEquals(Errno.EBADF, readStandardInput("<&-"));
    assertEquals(0, readStandardInput("</dev/zero"));
    assertEquals(0, readStandardInput("<\"${1%/bin/java}/lib/modules\""));
  }

  private int readStandardInput(String redirection) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", "exec \"$@\" " + redirection, "sh"));
    command.addAll(GuestRun.command("./read"));
    return GuestRun.start(folder, Map.of(), command).status();
  }

  @Test
  void theGuestDoesNotNoticeHowItsCodeIsRun() throws Exception {
    GuestPrograms.write(folder.resolve("print"), GuestPrograms.printStrings());
    for (String way : List.of("-regions", "-unoptimised", "-evaluated")) {
      GuestRun.Outcome outcome = run(way, "./print", "x");
      assertEquals(new GuestRun.Outcome(0, "./print\nx\n", ""), outcome, way);
    }
    GuestPrograms.write(folder.resolve("fault"), GuestPrograms.fault());
    assertEquals(run("./fault").status(), run("-evaluated", "./fault").status());
  }

  @Test
  void memoryIsWrittenAtTheEnd() throws Exception {
    Path program = folder.resolve("exit");
    GuestPrograms.write(program, GuestPrograms.exit(7));
    String end = Long.toString(0x10000 + Files.size(program));
    assertEquals(
        new GuestRun.Outcome(7, "", ""), run("-memory", "0x10000", end, "memory", "./exit"));
    assertEquals(-1, Files.mismatch(program, folder.resolve("memory")));
    GuestRun.Outcome outcome = run("-memory", "0xf000", "0x11000", "none", "./exit");
    assertEquals(7, outcome.status());
    assertEquals(
        "isomorph: --dump-memory: not all readable: 0xf000 to 0x11000\n", outcome.errors());
    assertTrue(Files.notExists(folder.resolve("none")));
  }

  @Test
  void programsAreFoundInThePath() throws Exception {
    Files.createDirectory(folder.resolve("bin"));
    GuestPrograms.write(folder.resolve("bin/found"), GuestPrograms.exit(3));
    String path = "PATH=/nowhere::" + folder.resolve("bin");
    Files.createDirectory(folder.resolve("found"));
    assertEquals(3, run("-env", path, "found").status());
    assertEquals(
        new GuestRun.Outcome(127, "", "isomorph: absent: not found\n"),
        run("-env", path, "absent"));
  }

  @Test
  void theRootComesFirst() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("root/bin"));
    GuestPrograms.write(bin.resolve("sh"), GuestPrograms.exit(5));
    assertEquals(5, run("-root", "root", "/bin/sh").status());
    assertEquals(5, run("-root", "root", "-chdir", "/bin", "./sh").status());
    Files.writeString(bin.resolve("script"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        bin.resolve("script"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals(5, run("-root", "root", "/bin/script").status());
    assertEquals(
        new GuestRun.Outcome(127, "", "isomorph: nowhere: no such directory for --root\n"),
        run("-root", "nowhere", "/bin/sh"));
    assertEquals(
        new GuestRun.Outcome(127, "", "isomorph: /x: no such directory for --chdir\n"),
        run("-root", "root", "-chdir", "/x", "/bin/sh"));
  }

  @Test
  void whatCannotRunIsSaidInALine() throws Exception {
    Files.writeString(folder.resolve("text"), "hello\n");
    Files.setPosixFilePermissions(
        folder.resolve("text"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals(
        new GuestRun.Outcome(126, "", "isomorph: ./text: not an ELF file\n"), run("./text"));
    assertEquals(new GuestRun.Outcome(127, "", "isomorph: ./none: not found\n"), run("./none"));
    Process fifo = new ProcessBuilder("mkfifo", folder.resolve("fifo").toString()).start();
    if (fifo.waitFor() == 0) {
      assertEquals(
          new GuestRun.Outcome(126, "", "isomorph: ./fifo: not a regular file\n"), run("./fifo"));
    }
  }

  @Test
  void deathByASignalIsTheProcesssOwn() throws Exception {
    GuestPrograms.write(folder.resolve("fault"), GuestPrograms.fault());
    assertEquals(new GuestRun.Outcome(139, "", ""), run("./fault"));
    GuestRun.Outcome explained = run("-crash", "./fault");
    assertEquals(139, explained.status());
    List<String> lines = explained.errors().lines().toList();
    assertEquals("isomorph: ./fault: killed by SIGSEGV: nothing is mapped at 0x28", lines.get(0));
    assertEquals("  pc 0x000000000001007c", lines.get(1));
    assertEquals("     sw\ta0,40(zero)", lines.get(2));
    assertTrue(explained.errors().contains(folder.toRealPath() + "/fault\n"));
    assertTrue(explained.errors().contains("  a1 000000000000004d"));
  }

  @Test
  void executionCanBeTraced() throws Exception {
    GuestPrograms.write(folder.resolve("exit"), GuestPrograms.exit(1));
    assertEquals(
        new GuestRun.Outcome(
            1,
            "",
            """
            core   0: 0x0000000000010078 (0x00100513) li      a0,1
            core   0: 0x000000000001007c (0x05e00893) li      a7,94
            core   0: 0x0000000000010080 (0x00000073) ecall
            """),
        run("-instructions", "./exit"));
    assertEquals(new GuestRun.Outcome(1, "", "0x0000000000010078 3 ?\n"), run("-blocks", "./exit"));
    String listing = run("-dump", "./exit").errors();
    assertTrue(listing.startsWith("==== 0x10078\n  10078:\t00100513\tli\ta0,1\n"), listing);
    assertTrue(listing.contains("-- IR\n; 0x10078\n") && listing.contains("-- host, "));
    String sums = run("-stats", "-translated", "./exit").errors();
    assertTrue(sums.matches("(?s)isomorph: blocks translated +1\n.*"), sums);
    sums = run("-stats", "./exit").errors();
    assertTrue(sums.matches("(?s)isomorph: blocks translated +0\n.*"), sums);
    assertTrue(sums.matches("(?s).*\nisomorph: instructions evaluated +2\n.*"), sums);
  }

  @Test
  void statisticsComeThoughTheGuestHasClosedItsErrors() throws Exception {
    GuestPrograms.write(folder.resolve("close"), GuestPrograms.closeErrors());
    String sums = run("-stats", "./close").errors();
    assertTrue(sums.startsWith("isomorph: blocks translated "), sums);
  }

  @Test
  void listingsShowLinkStubsAsData() throws Exception {
    assumeTrue(HostDisassembler.open().isPresent(), "no Capstone");
    GuestPrograms.write(folder.resolve("print"), GuestPrograms.printStrings());
    List<String> lines = run("-dump", "./print").errors().lines().toList();
    int stubs = 0;
    int systemCalls = 0;
    for (int i = 1; i < lines.size(); i++) {
      boolean isCall = lines.get(i - 1).contains(":\tcall 0x");
      if (isCall && lines.get(i).matches(".*:\t(nop|jmp 0x).*")) {
        systemCalls++; // A stub without data makes the call; behind it the guest goes on.
      } else if (isCall) {
        assertTrue(lines.get(i).contains(":\t(for the distance at 0x"), lines.get(i));
        assertTrue(lines.get(i).matches(".*, to jump to 0x10[01][0-9a-f]{2}\\)"), lines.get(i));
        stubs++;
      }
    }
    assertTrue(stubs > 5, stubs + " stubs");
    assertTrue(systemCalls > 1, systemCalls + " system calls");
  }

  @Test
  void systemCallsAreTracedFromTheFirstOn() throws Exception {
    GuestPrograms.write(folder.resolve("exit"), GuestPrograms.exit(1));
    List<String> lines = run("-strace", "./exit", "a b").errors().lines().toList();
    assertEquals("execve(\"./exit\", [\"./exit\", \"a b\"], ", lines.get(0).substring(0, 36));
    assertTrue(lines.get(0).matches(".* 0x[0-9a-f]+ /\\* \\d+ vars? \\*/\\) += 0"), lines.get(0));
    assertEquals("exit_group(1)                           = ?", lines.get(1));
    assertEquals("+++ exited with 1 +++", lines.get(2));
    GuestPrograms.write(folder.resolve("fault"), GuestPrograms.fault());
    lines = run("-strace", "./fault").errors().lines().toList();
    assertEquals("+++ killed by SIGSEGV +++", lines.getLast());
  }
}
