package dev.isomorph.systemvm.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineOptionsTest {
  private static final BootOptions BOOT = BootOptions.of(Path.of("Image"));
  private static final CharacterBackend TYPED = new CharacterBackend.Standard(true);
  private static final CharacterBackend NOTHING = new CharacterBackend.None();

  private static MachineOptions machine(
      int harts, long memory, List<MachineOptions.Slot> virtio, CharacterBackend monitor) {
    return new MachineOptions(
        BOOT,
        harts,
        memory,
        virtio,
        List.of(TYPED),
        monitor,
        new RealTime.Host(Duration.ZERO),
        true,
        Diagnostics.NONE);
  }

  private static String refusal(Runnable maker) {
    return assertThrows(IllegalArgumentException.class, maker::run).getMessage();
  }

  @Test
  void theUsualMachineIsOne() {
    MachineOptions options = MachineOptions.of(BOOT);
    assertEquals(1, options.harts());
    assertEquals(512 << 20, options.memoryBytes());
  }

  @Test
  void hartsHaveALimit() {
    assertEquals(
        "a machine has from 1 to 64 harts, not 0",
        refusal(() -> machine(0, 1 << 20, List.of(), NOTHING)));
    assertEquals(
        "a machine has from 1 to 64 harts, not 65",
        refusal(() -> machine(65, 1 << 20, List.of(), NOTHING)));
    assertEquals(64, machine(64, 1 << 20, List.of(), NOTHING).harts());
  }

  @Test
  void memoryHasLimits() {
    assertEquals(
        "a machine has from 1 MiB to 1 TiB of memory, not 4096 bytes",
        refusal(() -> machine(1, 4096, List.of(), NOTHING)));
    assertEquals(
        "memory comes in pages of 4096 bytes, not in 1048577 bytes",
        refusal(() -> machine(1, (1 << 20) + 1, List.of(), NOTHING)));
    assertEquals(1L << 40, machine(1, 1L << 40, List.of(), NOTHING).memoryBytes());
  }

  @Test
  void twoDevicesHaveTwoPlaces() {
    List<MachineOptions.Slot> same =
        List.of(
            new MachineOptions.Slot(3, new VirtioOptions.Rng()),
            new MachineOptions.Slot(3, new VirtioOptions.Balloon()));
    assertEquals(
        "two devices at virtio-mmio-bus.3", refusal(() -> machine(1, 1 << 20, same, NOTHING)));
  }

  @Test
  void onlyOneReadsWhatIsTyped() {
    String refusal = "standard input can serve only one line at a time";
    assertEquals(refusal, refusal(() -> machine(1, 1 << 20, List.of(), TYPED)));
    List<MachineOptions.Slot> console =
        List.of(new MachineOptions.Slot(0, new VirtioOptions.Console(TYPED)));
    assertEquals(refusal, refusal(() -> machine(1, 1 << 20, console, NOTHING)));
  }

  @Test
  void thereIsSomethingToRun() {
    assertEquals(
        "nothing to run: name a kernel or a firmware's image",
        refusal(
            () ->
                MachineOptions.of(
                    new BootOptions(new FirmwareChoice.None(), null, null, "", null))));
    FirmwareChoice image = new FirmwareChoice.Image(Path.of("fw.bin"));
    assertEquals(
        "an initial RAM disk needs a kernel",
        refusal(() -> new BootOptions(image, null, Path.of("initrd"), "", null)));
    assertEquals(
        "a command line needs a kernel",
        refusal(() -> new BootOptions(image, null, null, "quiet", null)));
  }

  @Test
  void portsAreThoseOfTheProtocols() {
    assertEquals(
        "65536 is no port number",
        refusal(() -> new NetworkOptions.PortForward(NetworkOptions.Protocol.TCP, "", 65536, 22)));
    assertEquals(
        "0 is no port number",
        refusal(() -> new NetworkOptions.PortForward(NetworkOptions.Protocol.UDP, "", 2222, 0)));
  }
}
