package dev.isomorph.systemvm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.device.tree.TreeNode;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VirtBoardTreeTest {
  private static final List<String> EXTENSIONS =
      List.of("i", "m", "a", "f", "d", "c", "zicboz", "zicsr", "sstc");

  private final TreeNode root =
      VirtBoardTree.of(
          new VirtBoardTree.Machine(2, EXTENSIONS, "riscv,sv57", 0x1_2000_0000L, true));

  private TreeNode node(String path) {
    TreeNode node = root;
    for (String name : path.substring(1).split("/")) {
      node = node.find(name);
      assertTrue(node != null, path);
    }
    return node;
  }

  private static int[] cells(TreeNode node, String property) {
    IntBuffer words = ByteBuffer.wrap(node.properties().get(property)).asIntBuffer();
    int[] cells = new int[words.remaining()];
    words.get(cells);
    return cells;
  }

  private static String text(TreeNode node, String property) {
    return new String(node.properties().get(property), StandardCharsets.US_ASCII)
        .replace('\0', ' ')
        .strip();
  }

  private static List<String> names(TreeNode node) {
    return node.children().stream().map(TreeNode::name).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/soc/serial@10000000; 10000000; 100; 10; ns16550a",
        "/soc/rtc@101000; 101000; 1000; 11; google,goldfish-rtc",
        "/soc/virtio_mmio@10001000; 10001000; 1000; 1; virtio,mmio",
        "/soc/virtio_mmio@10008000; 10008000; 1000; 8; virtio,mmio",
        "/soc/test@100000; 100000; 1000; 0; sifive,test1 sifive,test0 syscon",
        "/soc/interrupt-controller@c000000; c000000; 600000; 0; sifive,plic-1.0.0 riscv,plic0",
        "/soc/clint@2000000; 2000000; 10000; 0; sifive,clint0 riscv,clint0"
      })
  void devicesAreWhereQemuHasThem(
      String path, String base, String size, int interrupt, String compatible) {
    TreeNode device = node(path);
    assertArrayEquals(
        new int[] {0, Integer.parseInt(base, 16), 0, Integer.parseInt(size, 16)},
        cells(device, "reg"));
    assertEquals(compatible, text(device, "compatible"));
    if (interrupt == 0) {
      assertNull(device.properties().get("interrupts"));
    } else {
      assertArrayEquals(new int[] {interrupt}, cells(device, "interrupts"));
      assertArrayEquals(
          cells(node("/soc/interrupt-controller@c000000"), "phandle"),
          cells(device, "interrupt-parent"));
    }
  }

  @Test
  void nodesComeInQemusOrder() {
    assertEquals(
        List.of(
            "poweroff",
            "reboot",
            "memory@80000000",
            "cpus",
            "flash@20000000",
            "aliases",
            "chosen",
            "soc"),
        names(root));
    List<String> expected =
        new ArrayList<>(List.of("rtc@101000", "serial@10000000", "test@100000"));
    for (int slot = 8; slot >= 1; slot--) {
      expected.add("virtio_mmio@1000" + slot + "000");
    }
    expected.addAll(List.of("interrupt-controller@c000000", "clint@2000000", "pci@30000000"));
    assertEquals(expected, names(node("/soc")));
  }

  @Test
  void hartsTellWhatTheyCan() {
    TreeNode cpu = node("/cpus/cpu@1");
    assertEquals("rv64imafdc_zicboz_zicsr_sstc", text(cpu, "riscv,isa"));
    assertEquals("rv64i", text(cpu, "riscv,isa-base"));
    assertEquals("i m a f d c zicboz zicsr sstc", text(cpu, "riscv,isa-extensions"));
    assertEquals("riscv,sv57", text(cpu, "mmu-type"));
    assertArrayEquals(new int[] {64}, cells(cpu, "riscv,cboz-block-size"));
    assertNull(cpu.properties().get("riscv,cbom-block-size"));
    assertArrayEquals(new int[] {1}, cells(cpu, "reg"));
    assertArrayEquals(new int[] {10_000_000}, cells(node("/cpus"), "timebase-frequency"));
    assertArrayEquals(cells(cpu, "phandle"), cells(node("/cpus/cpu-map/cluster0/core1"), "cpu"));
  }

  @Test
  void controllersLeadToTheHartsInOrder() {
    int first = cells(node("/cpus/cpu@0/interrupt-controller"), "phandle")[0];
    int second = cells(node("/cpus/cpu@1/interrupt-controller"), "phandle")[0];
    assertArrayEquals(
        new int[] {first, 11, first, 9, second, 11, second, 9},
        cells(node("/soc/interrupt-controller@c000000"), "interrupts-extended"));
    assertArrayEquals(
        new int[] {first, 3, first, 7, second, 3, second, 7},
        cells(node("/soc/clint@2000000"), "interrupts-extended"));
    assertArrayEquals(
        new int[] {95}, cells(node("/soc/interrupt-controller@c000000"), "riscv,ndev"));
  }

  @Test
  void pciIsSeenThroughThreeWindows() {
    TreeNode pci = node("/soc/pci@30000000");
    assertArrayEquals(
        new int[] {
          0x100_0000, 0, 0, 0, 0x300_0000, 0, 0x1_0000,
          0x200_0000, 0, 0x4000_0000, 0, 0x4000_0000, 0, 0x4000_0000,
          0x300_0000, 4, 0, 4, 0, 4, 0
        },
        cells(pci, "ranges"));
    assertArrayEquals(new int[] {0, 0xff}, cells(pci, "bus-range"));
    int[] map = cells(pci, "interrupt-map");
    assertEquals(16 * 6, map.length);
    int plic = cells(node("/soc/interrupt-controller@c000000"), "phandle")[0];
    assertArrayEquals(
        new int[] {0x1800, 0, 0, 4, plic, 34}, Arrays.copyOfRange(map, 15 * 6, 16 * 6));
    assertEquals(0x8_0000_0000L, VirtBoard.pciHighMemory(1L << 34).base());
    assertEquals(0x4_0000_0000L, VirtBoard.pciHighMemory(1L << 33).base());
  }

  @Test
  void handlesAreUnique() {
    Map<Integer, String> owners = new HashMap<>();
    collectHandles(root, owners);
    assertEquals(2 * 2 + 2, owners.size());
    assertEquals("test@100000", owners.get(cells(node("/poweroff"), "regmap")[0]));
  }

  private static void collectHandles(TreeNode node, Map<Integer, String> owners) {
    if (node.properties().containsKey("phandle")) {
      assertNull(owners.put(cells(node, "phandle")[0], node.name()));
    }
    node.children().forEach(child -> collectHandles(child, owners));
  }

  @Test
  void powerIsSwitchedByTheTestDevice() {
    assertArrayEquals(new int[] {0x5555}, cells(node("/poweroff"), "value"));
    assertArrayEquals(new int[] {0x7777}, cells(node("/reboot"), "value"));
  }

  @Test
  void memoryIsAllThereIs() {
    TreeNode memory = node("/memory@80000000");
    assertArrayEquals(new int[] {0, 0x8000_0000, 1, 0x2000_0000}, cells(memory, "reg"));
    assertNull(
        VirtBoardTree.of(new VirtBoardTree.Machine(1, EXTENSIONS, "riscv,sv39", 4096, false))
            .find("flash@20000000"));
  }

  @Test
  void theKernelIsToldWhatToDo() {
    VirtBoardTree.chooseArguments(root, "console=ttyS0");
    VirtBoardTree.chooseInitrd(root, 0x8400_0000L, 0x1_0000_0001L);
    VirtBoardTree.chooseSeed(root, new byte[] {1, 2});
    TreeNode chosen = node("/chosen");
    assertEquals("/soc/serial@10000000", text(chosen, "stdout-path"));
    assertEquals("console=ttyS0", text(chosen, "bootargs"));
    assertArrayEquals(new int[] {0, 0x8400_0000}, cells(chosen, "linux,initrd-start"));
    assertArrayEquals(new int[] {1, 1}, cells(chosen, "linux,initrd-end"));
    assertArrayEquals(new byte[] {1, 2}, chosen.properties().get("rng-seed"));
  }
}
