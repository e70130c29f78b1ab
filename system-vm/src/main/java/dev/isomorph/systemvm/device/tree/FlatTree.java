package dev.isomorph.systemvm.device.tree;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Device trees as kernels read them (Devicetree Specification 0.4, chapter 5, format 17). */
public final class FlatTree {
  /** Where a blob begins in memory, that is a multiple of this. */
  public static final int ALIGNMENT = 8;

  private static final int MAGIC = 0xd00d_feed;
  private static final int VERSION = 17;
  private static final int OLDEST_COMPATIBLE_VERSION = 16;
  private static final int HEADER_BYTES = 40;
  private static final int RESERVATION_BYTES = 16;
  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROPERTY = 3;
  private static final int NOP = 4;
  private static final int END = 9;

  private static final int DEEPEST = 64;

  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(structure);
  private final Map<String, Integer> nameOffsets = new LinkedHashMap<>();
  private int nameBytes;

  private FlatTree() {}

  /**
   * Writes a tree, with no memory reserved but by its own nodes.
   *
   * @param bootHart number of the hart that starts
   */
  public static byte[] write(TreeNode root, int bootHart) {
    try {
      return new FlatTree().blob(root, bootHart);
    } catch (IOException e) {
      throw new IllegalStateException(e); // nothing is written but to memory
    }
  }

  private byte[] blob(TreeNode root, int bootHart) throws IOException {
    node(root);
    out.writeInt(END);
    int structureOffset = HEADER_BYTES + RESERVATION_BYTES;
    int namesOffset = structureOffset + structure.size();
    int size = namesOffset + nameBytes + padding(nameBytes);
    ByteBuffer blob = ByteBuffer.allocate(size);
    blob.putInt(MAGIC).putInt(size).putInt(structureOffset).putInt(namesOffset);
    blob.putInt(HEADER_BYTES).putInt(VERSION).putInt(OLDEST_COMPATIBLE_VERSION);
    blob.putInt(bootHart).putInt(nameBytes).putInt(structure.size());
    blob.position(structureOffset);
    blob.put(structure.toByteArray());
    for (String name : nameOffsets.keySet()) {
      blob.put(name.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
    }
    return blob.array();
  }

  private void node(TreeNode node) throws IOException {
    out.writeInt(BEGIN_NODE);
    padded((node.name() + '\0').getBytes(StandardCharsets.US_ASCII));
    for (Map.Entry<String, byte[]> property : node.properties().entrySet()) {
      out.writeInt(PROPERTY);
      out.writeInt(property.getValue().length);
      out.writeInt(nameOffset(property.getKey()));
      padded(property.getValue());
    }
    for (TreeNode child : node.children()) {
      node(child);
    }
    out.writeInt(END_NODE);
  }

  private int nameOffset(String name) {
    Integer known = nameOffsets.get(name);
    if (known != null) {
      return known;
    }
    int offset = nameBytes;
    nameOffsets.put(name, offset);
    nameBytes += name.length() + 1;
    return offset;
  }

  private void padded(byte[] bytes) throws IOException {
    out.write(bytes);
    out.write(new byte[padding(bytes.length)]);
  }

  private static int padding(int length) {
    return -length & 3;
  }

  /**
   * Reads a blob; its memory reservations are not kept.
   *
   * @throws IOException if it is none, with a line for the user
   */
  public static TreeNode read(byte[] blob) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(blob);
    if (blob.length < HEADER_BYTES || header.getInt(0) != MAGIC) {
      throw new IOException("not a flattened device tree");
    }
    int size = header.getInt(4);
    int oldest = header.getInt(24);
    if (oldest > VERSION || header.getInt(20) < VERSION) {
      throw new IOException("a flattened device tree of a format other than " + VERSION);
    }
    if (size < HEADER_BYTES || size > blob.length) {
      throw new IOException("a flattened device tree cut off at " + blob.length + " bytes");
    }
    return new Reader(
            part(blob, header.getInt(8), header.getInt(36)),
            part(blob, header.getInt(12), header.getInt(32)))
        .tree();
  }

  private static ByteBuffer part(byte[] blob, int offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > blob.length - length) {
      throw new IOException("a damaged flattened device tree");
    }
    return ByteBuffer.wrap(blob, offset, length).slice();
  }

  private record Reader(ByteBuffer structure, ByteBuffer names) {
    TreeNode tree() throws IOException {
      TreeNode top = TreeNode.root();
      if (token() != BEGIN_NODE || !string(structure).isEmpty()) {
        throw damaged();
      }
      align();
      node(top, 0);
      return top;
    }

    private void node(TreeNode node, int depth) throws IOException {
      if (depth == DEEPEST) {
        throw damaged();
      }
      while (true) {
        switch (token()) {
          case PROPERTY -> property(node);
          case BEGIN_NODE -> {
            String name = string(structure);
            align();
            node(node.child(name), depth + 1);
          }
          case END_NODE -> {
            return;
          }
          default -> throw damaged();
        }
      }
    }

    private void property(TreeNode node) throws IOException {
      if (structure.remaining() < 8) {
        throw damaged();
      }
      int length = structure.getInt();
      int name = structure.getInt();
      if (length < 0 || length > structure.remaining() || name < 0 || name >= names.limit()) {
        throw damaged();
      }
      byte[] value = new byte[length];
      structure.get(value);
      align();
      node.bytes(string(names.duplicate().position(name)), value);
    }

    private int token() throws IOException {
      int token;
      do {
        if (structure.remaining() < 4) {
          throw damaged();
        }
        token = structure.getInt();
      } while (token == NOP);
      return token;
    }

    private static String string(ByteBuffer from) throws IOException {
      StringBuilder text = new StringBuilder();
      while (from.hasRemaining()) {
        byte next = from.get();
        if (next == 0) {
          return text.toString();
        }
        text.append((char) (next & 0xff));
      }
      throw damaged();
    }

    private void align() throws IOException {
      int aligned = structure.position() + padding(structure.position());
      if (aligned > structure.limit()) {
        throw damaged();
      }
      structure.position(aligned);
    }

    private static IOException damaged() {
      return new IOException("a damaged flattened device tree");
    }
  }
}
