package dev.isomorph.systemvm.virtio;

import java.util.List;
import java.util.random.RandomGenerator;

/** Source of randomness (virtio 1.2, section 5.4). */
public final class VirtioRng extends VirtioDevice {
  /** A driver that wants more asks again. */
  private static final int MOST = 64 << 10;

  private static final Shape SHAPE = new Shape(DeviceType.ENTROPY, 0, List.of(8));

  private final RandomGenerator source;

  /**
   * @param source a SecureRandom, or one that gives the same each time for a machine that is to be
   *     the same at each run
   */
  public VirtioRng(String name, RandomGenerator source) {
    super(name);
    this.source = source;
  }

  @Override
  public Shape shape() {
    return SHAPE;
  }

  @Override
  protected void serve(VirtQueue queue) {
    handleEach(queue, this::fill);
  }

  private long fill(Chain chain) {
    byte[] bytes = new byte[(int) Math.min(chain.writable(), MOST)];
    source.nextBytes(bytes);
    chain.write(0, bytes, 0, bytes.length);
    return bytes.length;
  }
}
