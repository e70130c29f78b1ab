package dev.isomorph.systemvm.device.tree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of a device tree (Devicetree Specification 0.4, chapter 2): properties and children, both
 * in the order they were added. Numbers are big-endian words, called cells.
 */
public final class TreeNode {
  private final String name;
  private final Map<String, byte[]> properties = new LinkedHashMap<>();
  private final List<TreeNode> children = new ArrayList<>();

  private TreeNode(String name) {
    this.name = name;
  }

  /** A node that has no parent. */
  public static TreeNode root() {
    return new TreeNode("");
  }

  /** With the unit address, as in {@code serial@10000000}; the root's is empty. */
  public String name() {
    return name;
  }

  /** Adds a child behind the others, and returns it. */
  public TreeNode child(String name) {
    TreeNode child = new TreeNode(name);
    children.add(child);
    return child;
  }

  /** The child of that name, null if there is none. */
  public TreeNode find(String name) {
    for (TreeNode child : children) {
      if (child.name.equals(name)) {
        return child;
      }
    }
    return null;
  }

  /** The child of that name, which is added if there is none. */
  public TreeNode findOrAdd(String name) {
    TreeNode found = find(name);
    return found == null ? child(name) : found;
  }

  public List<TreeNode> children() {
    return Collections.unmodifiableList(children);
  }

  /** Values by name; a property set again keeps its place. */
  public Map<String, byte[]> properties() {
    return Collections.unmodifiableMap(properties);
  }

  /** Sets a property; returns this node, as its like do. */
  public TreeNode bytes(String property, byte[] value) {
    properties.put(property, value.clone());
    return this;
  }

  /** Sets a property whose being there is its meaning. */
  public TreeNode flag(String property) {
    return bytes(property, new byte[0]);
  }

  public TreeNode cells(String property, int... values) {
    ByteBuffer cells = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      cells.putInt(value);
    }
    return bytes(property, cells.array());
  }

  /** Sets a property of numbers of two cells each. */
  public TreeNode doubleCells(String property, long... values) {
    ByteBuffer cells = ByteBuffer.allocate(8 * values.length);
    for (long value : values) {
      cells.putLong(value);
    }
    return bytes(property, cells.array());
  }

  /** Sets a property to one string or a list of them. */
  public TreeNode text(String property, String... values) {
    StringBuilder text = new StringBuilder();
    for (String value : values) {
      text.append(value).append('\0');
    }
    return bytes(property, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
