package dev.isomorph.systemvm.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.options.BootOptions;
import dev.isomorph.systemvm.options.FirmwareChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootLoaderTest {
  private static final FirmwareChoice BUILT_IN = new FirmwareChoice.BuiltIn();
  private static final FirmwareChoice NONE = new FirmwareChoice.None();
  private static final long BASE = 0x8000_0000L;
  private static final byte[] TREE = {9, 8, 7};

  @TempDir private Path folder;
  private Ram ram = new Ram(BASE, 64 << 20);
  private Chosen chosen;
  private final List<String> warnings = new ArrayList<>();

  @AfterEach
  void close() {
    ram.close();
  }

  private void memory(long size) {
    ram.close();
    ram = new Ram(BASE, size);
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private StartState load(FirmwareChoice firmware, Path kernel, Path initrd, String append)
      throws IOException {
    return BootLoader.load(
        new BootOptions(firmware, kernel, initrd, append, null),
        ram,
        told -> {
          chosen = told;
          return TREE;
        },
        warnings::add);
  }

  private String refusal(FirmwareChoice firmware, Path kernel, Path initrd) {
    return assertThrows(BootException.class, () -> load(firmware, kernel, initrd, ""))
        .getMessage()
        .replace(folder + "/", "");
  }

  private byte[] memoryAt(long address, int length) {
    byte[] bytes = new byte[length];
    ram.read(address, bytes, 0, length);
    return bytes;
  }

  @Test
  void builtInFirmwareStartsTheKernelItself() throws IOException {
    byte[] image = Kernels.image(5000, 9000, 7);
    byte[] disk = new byte[3_000_000];
    Arrays.fill(disk, (byte) 3);
    ram.putLong(BASE + 0x20_0000 + 5000, -1);
    StartState start = load(BUILT_IN, file("Image", image), file("initrd", disk), "quiet");
    assertTrue(start.supervisor());
    assertEquals(BASE + 0x20_0000, start.pc());
    assertArrayEquals(image, memoryAt(start.pc(), 5000));
    assertEquals(0, ram.getLong(BASE + 0x20_0000 + 5000));
    assertEquals(new Chosen("quiet", BASE + 0x220_0000, BASE + 0x220_0000 + 3_000_000), chosen);
    assertArrayEquals(disk, memoryAt(chosen.initrdStart(), disk.length));
    assertEquals(BASE + (62 << 20), start.deviceTree());
    assertArrayEquals(TREE, memoryAt(start.deviceTree(), 3));
    assertEquals(0, start.toHost());
  }

  @Test
  void aKernelThatHasHardlyRoomIsTold() throws IOException {
    Path kernel = file("Image", Kernels.image(5000, 20 << 20, 7));
    load(BUILT_IN, kernel, null, "");
    assertEquals(List.of(), warnings);
    memory(40 << 20);
    load(BUILT_IN, kernel, null, "");
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().startsWith("little memory: of 40 MiB only 19 are free"));
  }

  @Test
  void withoutFirmwareTheKernelIsInItsPlace() throws IOException {
    byte[] elf = Kernels.elfWithSymbol(BASE, new byte[100], "tohost", BASE + 0x40);
    StartState start = load(NONE, file("test", elf), null, "");
    assertFalse(start.supervisor());
    assertEquals(StartState.ROM, start.pc());
    assertEquals(BASE + 0x40, start.toHost());
    assertEquals(0, start.fromHost());
    assertEquals(BASE, word(start, 24));
    assertEquals(new Chosen("", 0, 0), chosen);
    assertFalse(chosen.hasInitrd());
    assertEquals(BASE, word(load(NONE, file("raw", new byte[10]), null, ""), 24));
  }

  @Test
  void firmwareIsToldOfTheKernel() throws IOException {
    FirmwareChoice firmware = new FirmwareChoice.Image(file("fw", new byte[0x20_0001]));
    StartState start = load(firmware, file("Image", Kernels.image(100, 100, 0)), null, "");
    assertEquals(StartState.ROM, start.pc());
    assertEquals(BASE, word(start, 24));
    assertEquals(start.deviceTree(), word(start, 32));
    assertEquals(0x4942534f, word(start, 40));
    assertEquals(2, word(start, 48));
    assertEquals(BASE + 0x40_0000, word(start, 56));
    assertEquals(1, word(start, 64));
  }

  private static long word(StartState start, int offset) {
    return ByteBuffer.wrap(start.rom()).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
  }

  /** The words are those that an assembler gives. */
  @Test
  void romHasTheCodeOfTheBoard() throws IOException {
    StartState start = load(NONE, file("raw", new byte[10]), null, "");
    assertEquals(
        "97020000" + "13868202" + "732540f1" + "83b50202" + "83b28201" + "67800200",
        HexFormat.of().formatHex(start.rom(), 0, 24));
  }

  @Test
  void memoryMayBeTooSmall() throws IOException {
    Path kernel = file("Image", Kernels.image(100, 63 << 20, 0));
    assertEquals(
        "too little memory: the kernel begins at 0x80200000, and there are only 64 MiB; 65 are"
            + " needed",
        refusal(BUILT_IN, kernel, null));
    memory(65 << 20);
    assertEquals(
        "the device tree at 0x84000000 does not fit beside the kernel at 0x80200000: more memory"
            + " may help, or other files",
        refusal(BUILT_IN, kernel, null));
    memory(68 << 20);
    load(BUILT_IN, kernel, null, "");
  }

  @Test
  void initialDiskMayBeTooLarge() throws IOException {
    memory(8 << 20);
    Path kernel = file("Image", Kernels.image(100, 100, 0));
    assertEquals(
        "too little memory: the initial RAM disk begins at 0x80600000, and there are only 8 MiB;"
            + " 10 are needed",
        refusal(BUILT_IN, kernel, file("initrd", new byte[4 << 20])));
    assertEquals("empty: empty", refusal(BUILT_IN, kernel, file("empty", new byte[0])));
  }

  @Test
  void filesMayBeLargerThanMemory() throws IOException {
    memory(1 << 20);
    assertEquals(
        "too little memory: " + "Image" + " alone has more than 1 MiB",
        refusal(BUILT_IN, file("Image", Kernels.image(2 << 20, 0, 0)), null));
  }

  @Test
  void programsMayBeElsewhere() throws IOException {
    FirmwareChoice firmware = new FirmwareChoice.Image(file("fw", new byte[100]));
    Path same = file("same", Kernels.elf(BASE, BASE, BASE, new byte[4], 8));
    assertEquals(
        "the kernel at 0x80000000 does not fit beside the firmware at 0x80000000: more memory may"
            + " help, or other files",
        refusal(firmware, same, null));
    long far = 1L << 62;
    assertEquals(
        "too little memory: the kernel begins at 0x4000000000000000, and there are only 64 MiB;"
            + " 4398046509057 are needed",
        refusal(NONE, file("far", Kernels.elf(far, far, far, new byte[4], 8)), null));
    memory(1 << 20);
  }

  @Test
  void largeMachinesHaveTheTreeWhereKernelsSeeIt() throws IOException {
    memory(2L << 30);
    StartState start = load(BUILT_IN, file("Image", Kernels.image(100, 100, 0)), null, "");
    assertEquals(0xbfe0_0000L, start.deviceTree());
  }
}
