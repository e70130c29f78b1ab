package dev.isomorph.systemvm.device.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class FlatTreeTest {
  @Test
  void theFormatByteForByte() {
    TreeNode root = TreeNode.root();
    root.text("a", "xyz");
    root.child("n@1").cells("b", 7).flag("a");
    String expected =
        "d00dfeed 00000084 00000038 00000080 00000028 00000011 00000010 00000003 00000004 00000048"
            + "00000000 00000000 00000000 00000000"
            + "00000001 00000000"
            + "00000003 00000004 00000000 78797a00"
            + "00000001 6e403100"
            + "00000003 00000004 00000002 00000007"
            + "00000003 00000000 00000000"
            + "00000002 00000002 00000009"
            + "61006200";
    assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(FlatTree.write(root, 3)));
  }

  @Test
  void numbersAreBigEndianAndListsAreOfStrings() {
    TreeNode node = TreeNode.root();
    node.doubleCells("reg", 0x1_0000_0002L, 3).text("list", "ab", "c");
    assertArrayEquals(
        new byte[] {0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3}, node.properties().get("reg"));
    assertArrayEquals(new byte[] {'a', 'b', 0, 'c', 0}, node.properties().get("list"));
  }

  @Test
  void childrenAreFoundOrAdded() {
    TreeNode root = TreeNode.root();
    assertNull(root.find("x"));
    TreeNode added = root.findOrAdd("x");
    assertSame(added, root.findOrAdd("x"));
    assertEquals(List.of(added), root.children());
  }

  private static TreeNode random(Random random, int depth) {
    TreeNode root = TreeNode.root();
    fill(root, random, depth);
    return root;
  }

  private static void fill(TreeNode node, Random random, int depth) {
    for (int i = random.nextInt(4); i > 0; i--) {
      byte[] value = new byte[random.nextInt(10)];
      random.nextBytes(value);
      node.bytes("p" + random.nextInt(20), value);
    }
    for (int i = depth == 0 ? 0 : random.nextInt(4); i > 0; i--) {
      fill(node.child("n@" + i), random, depth - 1);
    }
  }

  static void assertSameTree(TreeNode expected, TreeNode actual) {
    assertEquals(expected.name(), actual.name());
    assertEquals(
        List.copyOf(expected.properties().keySet()), List.copyOf(actual.properties().keySet()));
    expected
        .properties()
        .forEach((name, value) -> assertArrayEquals(value, actual.properties().get(name)));
    assertEquals(expected.children().size(), actual.children().size());
    for (int i = 0; i < expected.children().size(); i++) {
      assertSameTree(expected.children().get(i), actual.children().get(i));
    }
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(@ForAll long seed) throws IOException {
    TreeNode tree = random(new Random(seed), 3);
    assertSameTree(tree, FlatTree.read(FlatTree.write(tree, 0)));
  }

  @Property(tries = 500)
  void damagedBlobsAreRefusedOrRead(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] blob = FlatTree.write(random(random, 3), 0);
    for (int i = random.nextInt(3); i >= 0; i--) {
      blob[random.nextInt(blob.length)] = (byte) random.nextInt();
    }
    byte[] damaged = random.nextBoolean() ? blob : Arrays.copyOf(blob, random.nextInt(blob.length));
    try {
      assertNotNull(FlatTree.read(damaged));
    } catch (IOException e) {
      assertNotNull(e.getMessage());
    }
  }

  @Test
  void whatIsNoTreeIsRefused() {
    assertThrows(IOException.class, () -> FlatTree.read(new byte[0]));
    assertThrows(IOException.class, () -> FlatTree.read(new byte[100]));
    byte[] old = FlatTree.write(TreeNode.root(), 0);
    old[23] = 16;
    assertThrows(IOException.class, () -> FlatTree.read(old));
    TreeNode deep = TreeNode.root();
    TreeNode node = deep;
    for (int i = 0; i < 100; i++) {
      node = node.child("n");
    }
    assertThrows(IOException.class, () -> FlatTree.read(FlatTree.write(deep, 0)));
  }
}
