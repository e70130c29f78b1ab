package dev.isomorph.tools.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.tools.MainProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several machines from one file. */
class MachineGroupTest {
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int UART = 0x1000_0000;
  private static final int TEST = 0x10_0000;
  private static final int PASS = 0x5555;
  private static final int FAIL = 0x3333;
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("machines"), text);
  }

  /** A kernel for machine mode that says something and ends the machine. */
  private void kernel(String name, String says, int status) throws IOException {
    RiscvAssembler asm = new RiscvAssembler();
    asm.li(T0, UART);
    for (char each : says.toCharArray()) {
      asm.li(T1, each);
      asm.emit(Opcode.SB, T1, 0, T0);
    }
    asm.li(T0, TEST);
    asm.li(T1, status == 0 ? PASS : status << 16 | FAIL);
    asm.emit(Opcode.SW, T1, 0, T0);
    asm.jump(asm.here());
    Files.write(folder.resolve(name), asm.bytes());
  }

  private MainProcess.Result boot(String description) throws IOException {
    return MainProcess.run(folder, "boot", "--machines", file(description).toString());
  }

  private String refusal(String description) throws IOException {
    MainProcess.Result result = boot(description);
    assertTrue(result.status() != 0);
    String line = result.err().lines().findFirst().orElse("");
    return line.replace("isomorph boot: ", "").replace(" (see isomorph boot --help)", "");
  }

  @Test
  void optionsAreThoseOfTheCommandLine() throws IOException {
    Map<String, List<String>> machines =
        MachinesFile.read(
            file(
                """
                # for all
                m = 64M
                no-reboot

                [ a ]
                kernel=Image
                append = root=/dev/vda console=ttyS0
                [b-2]
                S
                """));
    assertEquals(List.of("a", "b-2"), List.copyOf(machines.keySet()));
    assertEquals(
        List.of(
            "-m",
            "64M",
            "--no-reboot",
            "--kernel",
            "Image",
            "--append",
            "root=/dev/vda console=ttyS0"),
        machines.get("a"));
    assertEquals(List.of("-m", "64M", "--no-reboot", "-S"), machines.get("b-2"));
  }

  @Property(tries = 200)
  void anyTextIsADescriptionOrRefused(@ForAll String text) throws IOException {
    Path any = Files.createTempFile("machines", "");
    try {
      Files.writeString(any, text.replaceAll("[\\ud800-\\udfff]", ""));
      MachineGroup.read(any);
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage().contains(any.toString()));
    } finally {
      Files.delete(any);
    }
  }

  @Test
  void machinesRunSideBySide() throws IOException {
    kernel("good", "hello\r\nbye", 0);
    kernel("bad", "alas\n", 3);
    MainProcess.Result result =
        boot(
            """
            bios = none
            memory = 16M
            netdev = switch,id=net
            [one]
            kernel = %1$s/good
            [two]
            kernel = %1$s/bad
            [three]
            kernel = %1$s/good
            serial = file:%1$s/out
            """
                .formatted(folder));
    assertEquals("", result.err());
    assertEquals(3, result.status());
    assertEquals(
        Set.of("one| hello", "one| bye", "two| alas"),
        result.out().lines().collect(Collectors.toSet()));
    assertEquals("hello\r\nbye", Files.readString(folder.resolve("out")));
  }

  @Test
  void eachHasItsTrace() throws IOException {
    kernel("good", "a", 0);
    MainProcess.Result result =
        boot(
            """
            bios = none
            memory = 16M
            kernel = %1$s/good
            [one]
            trace = %1$s/one.log
            [two]
            trace = %1$s/two.log
            [three]
            """
                .formatted(folder));
    assertEquals("", result.err());
    assertEquals(0, result.status());
    List<String> log = Files.readAllLines(folder.resolve("one.log"));
    assertTrue(log.size() > 5, log.toString());
    assertEquals(log, Files.readAllLines(folder.resolve("two.log")));
  }

  @Test
  @Timeout(300)
  void eachCanBeSavedAndGoOn() throws Exception {
    kernel("good", "hello\n", 0);
    String machine = "bios = none\nmemory = 16M\n[one]\nkernel = %s/good\n".formatted(folder);
    Path socket = folder.resolve("monitor");
    Path snapshot = folder.resolve("snapshot");
    String saves =
        machine
            + "S\nmonitor = unix:%s,server=on\nsnapshot-save = %s\n".formatted(socket, snapshot);
    CompletableFuture<MainProcess.Result> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return boot(saves);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try (SocketChannel channel = connect(socket, first);
        Scanner answers = new Scanner(Channels.newInputStream(channel))) {
      PrintStream monitor = new PrintStream(Channels.newOutputStream(channel), true);
      answers.useDelimiter("\\(isomorph\\) ");
      answers.next(); // what it says of itself
      String answer;
      do {
        monitor.print("snapshot-save\n");
        answer = answers.next();
      } while (answer.equals("Error: the machine is off: there is nothing to save\n"));
      assertEquals("saved to " + snapshot + "\n", answer);
      monitor.print("quit\n");
      assertEquals(0, first.join().status(), first.join().err());
    }
    assertEquals("", first.join().out());
    MainProcess.Result result = boot(machine + "snapshot-load = " + snapshot + "\n");
    assertEquals("", result.err());
    assertEquals("one| hello\n", result.out());
  }

  /** A socket is there before it listens. */
  private static SocketChannel connect(Path socket, Future<?> machine) throws IOException {
    while (true) {
      assertFalse(machine.isDone(), "it ended before anybody came");
      try {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
      } catch (SocketException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void oneThatCannotWriteItsTraceDoesNotKeepTheOthersFromEnding() throws IOException {
    assumeTrue(Files.exists(FULL));
    kernel("good", "a", 0);
    Path socket = folder.resolve("socket");
    MainProcess.Result result =
        boot(
            """
            bios = none
            memory = 16M
            kernel = %1$s/good
            [one]
            serial = unix:%2$s,server=on,wait=off
            [two]
            trace = %3$s
            """
                .formatted(folder, socket, FULL));
    assertEquals(1, result.status());
    assertTrue(result.err().startsWith("isomorph boot: machine two: "), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertFalse(Files.exists(socket));
  }

  @Test
  void someThingsAreForAMachineAlone() throws IOException {
    assertTrue(refusal("kernel = k\n[a]\ndeterministic\n").endsWith("for a machine alone"));
  }

  @Test
  void ifOneCannotStartTheOthersStop() throws IOException {
    RiscvAssembler asm = new RiscvAssembler();
    asm.jump(asm.here());
    Files.write(folder.resolve("endless"), asm.bytes());
    String options = "bios = none\n[a]\nkernel = %1$s/endless\n[b]\nkernel = %1$s/absent\n";
    MainProcess.Result result = boot(options.formatted(folder));
    assertEquals(1, result.status());
    assertEquals(
        "isomorph boot: machine b: " + folder + "/absent: no such file or directory",
        result.err().strip());
  }

  @Test
  void whatIsWrongIsToldInALine() throws IOException {
    String place = folder.resolve("machines").toString();
    assertEquals(place + " describes no machine: it has no line [NAME]", refusal("smp = 2\n"));
    assertEquals(place + ":2: neither [NAME] nor option = value: = 3", refusal("[a]\n= 3\n"));
    assertEquals(place + ":3: a second machine a", refusal("[a]\nkernel = k\n[a]\n"));
    assertTrue(refusal("[a]\nfrob = 3\n").startsWith(place + ", machine a: Unknown option"));
    assertEquals(
        place + ", machine a: nothing to run: name a kernel or a firmware's image",
        refusal("[a]\nsmp = 2\n"));
    assertEquals(
        place + ": standard input can serve only one of the machines",
        refusal("kernel = k\nserial = mon:stdio\n[a]\n[b]\n"));
    assertThrows(IOException.class, () -> MachinesFile.read(folder.resolve("absent")));
  }
}
