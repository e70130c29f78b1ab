package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import dev.isomorph.systemvm.options.RealTime;
import dev.isomorph.systemvm.options.VirtioOptions;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands for a machine that has been halted at its first instruction, an endless loop. */
class MonitorTest {
  private static final String PROMPT = "(isomorph) ";

  @TempDir Path folder;

  private Machine machine;
  private CompletableFuture<Integer> end;
  private SocketChannel channel;
  private InputStream answers;

  @BeforeEach
  void start() throws IOException {
    RiscvAssembler asm = new RiscvAssembler();
    Label loop = asm.here();
    asm.jump(loop);
    Path socket = folder.resolve("monitor");
    MachineOptions options =
        new MachineOptions(
            BootOptions.of(TestKernel.write(folder, asm)),
            2,
            TestKernel.MEMORY,
            List.of(
                new MachineOptions.Slot(7, new VirtioOptions.Rng()),
                new MachineOptions.Slot(MachineOptions.Bus.PCI, 10, new VirtioOptions.Balloon())),
            List.of(),
            new CharacterBackend.Socket(new SocketAddress.Unix(socket), true, false),
            new RealTime.Host(Duration.ZERO),
            false,
            new Diagnostics(false, null, false, null, null, null, null, null, true, null));
    machine = new Machine(options, TestKernel.ENGINE);
    end = TestKernel.start(machine);
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    answers = Channels.newInputStream(channel);
    assertTrue(answer().contains("help"));
  }

  @AfterEach
  void stop() throws IOException {
    machine.powerOff();
    end.join();
    channel.close();
    machine.close();
  }

  private String ask(String line) throws IOException {
    channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    return answer();
  }

  /** All up to the next prompt. */
  private String answer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith(PROMPT)) {
      int b = answers.read();
      if (b < 0) {
        throw new EOFException(text);
      }
      bytes.write(b);
      text = bytes.toString(StandardCharsets.UTF_8);
    }
    return text.substring(0, text.length() - PROMPT.length());
  }

  @Test
  void stopsAndGoesOn() throws IOException {
    assertEquals("VM status: paused\n", ask("info status"));
    assertEquals("", ask("cont"));
    assertEquals("VM status: running\n", ask("info status"));
    assertEquals("", ask("  stop  "));
    assertEquals("", ask("stop"));
    assertEquals("VM status: paused\n", ask("info status"));
    assertEquals("", ask("c"));
  }

  @Test
  void showsRegistersAndMemory() throws IOException {
    ask("c");
    while (!ask("print $pc").equals("0x80200040\n")) {
      Thread.onSpinWait();
    }
    assertEquals("0000000080200000: 0x0400006f\n", ask("x /xw 0x80200000"));
    assertEquals("0x0000000080200000:  j 0x80200040\n", ask("x/i 0x80200000"));
    assertEquals("0000000080200030: 'R' 'I' 'S' 'C' 'V'\n", ask("xp/5c 0x80200000+48"));
    assertEquals(ask("xp/2xg 0x80200000"), ask("xp /2gx 0x80200000"));
    assertEquals("0000000000000000: cannot be accessed\n", ask("xp 0"));
    assertEquals("0x80200041\n", ask("print $pc+1"));
    assertEquals("0x1\n", ask("p $x0+3-2"));
    assertTrue(ask("info registers").contains("pc             0000000080200040"));
    assertTrue(ask("info csrs").contains("stvec"));
    assertTrue(ask("info cpus").contains("* hart 0: started, supervisor mode"));
    assertEquals("", ask("cpu 1"));
    assertTrue(ask("info cpus").contains("* hart 1: stopped"));
    assertEquals("no address is translated\n", ask("info tlb"));
  }

  @Test
  void showsWhatThereIs() throws IOException {
    assertTrue(ask("info mtree").contains("0000000080000000-0000000080ffffff ram\n"));
    assertEquals(
        "virtio-mmio-bus.7: virtio-rng-device\npcie.0, addr a: virtio-balloon-pci\n",
        ask("info devices"));
    assertEquals("no disk\n", ask("info block"));
    assertEquals("no network card\n", ask("info network"));
    assertTrue(ask("info device uart").startsWith("version 1\n"), ask("info mtree"));
    assertTrue(ask("help").contains("quit|q -- "));
    assertTrue(ask("info").contains("info status -- "));
  }

  @Test
  void saysWhatItDoesNotUnderstand() throws IOException {
    assertEquals("Error: there is no command 'frobnicate'; help tells\n", ask("frobnicate"));
    assertEquals("Error: there is no topic 'x'; info tells\n", ask("info x"));
    assertEquals("Error: this needs an address\n", ask("x /4i"));
    assertEquals("Error: what is 'more'?\n", ask("xp 0x80000000 more"));
    assertEquals("Error: '0xzz' is no number and no $register\n", ask("p 0xzz"));
    assertEquals("Error: there is no register $nothing\n", ask("p $nothing"));
    assertEquals("Error: there is no hart 2\n", ask("cpu 2"));
    assertTrue(ask("x/9999999x 0").startsWith("Error: a format is"));
    assertTrue(ask("system_powerdown").startsWith("Error: "));
    assertEquals("", ask(""));
  }

  @Test
  void namesMayHaveAnyCharacters() throws IOException {
    assertEquals(
        "Error: there is no command 'gr\u00f6\u00dfe'; help tells\n", ask("gr\u00f6\u00dfe"));
    assertEquals("Error: there is no command 'a'; help tells\n", ask("a\u00f6\u20ac\b\u007f"));
    assertEquals("Error: there is no command 'b'; help tells\n", ask("\u00f6\u00ff\u0015b"));
  }

  @Test
  void saysWhereItHasSaved() throws IOException {
    Path file = folder.resolve("saved");
    assertEquals("saved to " + file + "\n", ask("snapshot-save " + file));
    assertTrue(Files.exists(file));
    assertEquals("Error: " + file + "/x (Not a directory)\n", ask("snapshot-save " + file + "/x"));
    assertEquals("Error: " + folder + ": is a folder\n", ask("snapshot-save " + folder));
  }

  @Test
  void takesNoMoreWordsThanItUnderstands() throws IOException {
    for (String each : List.of("quit", "system_reset", "cont", "info status", "cpu 1", "help c")) {
      assertEquals("Error: what is 'x'?\n", ask(each + " x"), each);
    }
    // It may not even be on yet.
    while (!machine.isOn()) {
      assertFalse(end.isDone());
      Thread.onSpinWait();
    }
  }

  @Test
  void quits() throws IOException {
    channel.write(ByteBuffer.wrap("quit\n".getBytes(StandardCharsets.UTF_8)));
    assertEquals(0, end.join());
  }
}
