package dev.isomorph.systemvm.virtio;

import java.util.List;

/** For tests of what all devices share: answers with what it is told. */
final class EchoDevice extends VirtioDevice {
  static final long FEATURE = 1L << 5;

  private final byte[] config = {1, 2, 3, 4};
  Runnable whileHandling = () -> {};

  EchoDevice() {
    super("echo");
  }

  @Override
  public Shape shape() {
    return new Shape(DeviceType.ENTROPY, FEATURE, List.of(256, 64));
  }

  @Override
  public byte[] config() {
    return config.clone();
  }

  @Override
  protected void configWritten(int offset, int value) {
    config[offset] = (byte) value;
  }

  void change() {
    config[0]++;
    configChanged();
  }

  @Override
  protected void serve(VirtQueue queue) {
    handleEach(queue, this::echo);
  }

  private long echo(Chain chain) {
    int length = (int) Math.min(chain.readable(), chain.writable());
    byte[] bytes = new byte[length];
    chain.read(0, bytes, 0, length);
    whileHandling.run();
    chain.write(0, bytes, 0, length);
    return length;
  }
}
