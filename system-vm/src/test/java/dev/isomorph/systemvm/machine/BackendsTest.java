package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.Diagnostics;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.NetworkOptions;
import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import dev.isomorph.systemvm.options.RealTime;
import dev.isomorph.systemvm.options.VirtioOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be had is named by the option that asked for it. */
class BackendsTest {
  private static final CharacterBackend NONE = new CharacterBackend.None();

  @TempDir Path folder;
  private SocketAddress nowhere;
  private CharacterBackend client;
  private String reason;

  @BeforeEach
  void name() {
    nowhere = new SocketAddress.Unix(folder.resolve("nowhere"));
    client = new CharacterBackend.Socket(nowhere, false, false);
    reason = "cannot connect to " + nowhere + ": No such file or directory";
  }

  private static String refusal(
      CharacterBackend serial,
      CharacterBackend monitor,
      List<VirtioOptions> devices,
      Diagnostics diagnostics) {
    List<MachineOptions.Slot> slots =
        devices.stream().map(each -> new MachineOptions.Slot(0, each)).toList();
    MachineOptions options =
        new MachineOptions(
            BootOptions.of(Path.of("Image")),
            1,
            TestKernel.MEMORY,
            slots,
            List.of(serial),
            monitor,
            new RealTime.Host(Duration.ZERO),
            false,
            diagnostics);
    return assertThrows(IOException.class, () -> new Machine(options, TestKernel.ENGINE).close())
        .getMessage();
  }

  @Test
  void lines() {
    assertEquals("--serial: " + reason, refusal(client, NONE, List.of(), Diagnostics.NONE));
    assertEquals("--monitor: " + reason, refusal(NONE, client, List.of(), Diagnostics.NONE));
    assertEquals(
        "--chardev: " + reason,
        refusal(NONE, NONE, List.of(new VirtioOptions.Console(client)), Diagnostics.NONE));
  }

  @Test
  void networks() {
    VirtioOptions card = new VirtioOptions.Net(new NetworkOptions.Stream("net", nowhere, false), 1);
    assertEquals("--netdev net: " + reason, refusal(NONE, NONE, List.of(card), Diagnostics.NONE));
  }

  @Test
  void debuggers() {
    SocketAddress inAFile = new SocketAddress.Unix(folder.resolve("no/folder"));
    Diagnostics wanted =
        new Diagnostics(false, null, false, null, null, null, null, inAFile, false, null);
    assertEquals(
        "--gdb: cannot listen at " + inAFile + ": No such file or directory",
        refusal(NONE, NONE, List.of(), wanted));
  }
}
