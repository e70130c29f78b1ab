package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.ninep.FolderServer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A folder of the host's over 9P; a buffer is a request and room for its answer. */
public final class Virtio9p extends VirtioDevice {
  static final long MOUNT_TAG = 1;

  private static final int HEADER_BYTES = 7;
  private static final Shape SHAPE = new Shape(DeviceType.NINE_P, MOUNT_TAG, List.of(128));

  private final byte[] tag;
  private final FolderServer server;

  /**
   * @param tag the name by which the guest mounts the folder
   * @param server serves this device alone; who made it closes it
   */
  public Virtio9p(String name, String tag, FolderServer server) {
    super(name);
    this.tag = tag.getBytes(StandardCharsets.UTF_8);
    this.server = server;
  }

  @Override
  public Shape shape() {
    return SHAPE;
  }

  @Override
  public byte[] config() {
    return ByteBuffer.allocate(2 + tag.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) tag.length)
        .put(tag)
        .array();
  }

  @Override
  protected void serve(VirtQueue queue) {
    handleEach(queue, this::request);
  }

  private long request(Chain chain) {
    long length = chain.read(0, HEADER_BYTES).getInt(0) & 0xffff_ffffL;
    if (length < HEADER_BYTES || length > FolderServer.LONGEST_MESSAGE) {
      throw new BadChain("a 9P message of " + length + " bytes");
    }
    byte[] request = chain.read(0, (int) length).array();
    int room = (int) Math.min(chain.writable(), FolderServer.LONGEST_MESSAGE);
    byte[] answer = server.answer(request, room);
    if (answer == null) {
      throw new BadChain("no room for the answer of 9P");
    }
    chain.write(0, answer, 0, answer.length);
    return answer.length;
  }

  @Override
  protected void reset() {
    server.reset();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    server.save(out);
  }

  @Override
  public void restore(DataInput in, int version) throws IOException {
    server.restore(in);
  }
}
