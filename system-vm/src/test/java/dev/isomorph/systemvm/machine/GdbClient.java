package dev.isomorph.systemvm.machine;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The debugger's side of the protocol, as far as tests need it. */
final class GdbClient implements AutoCloseable {
  private static final int ESCAPED = 0x20;
  private static final HexFormat HEX = HexFormat.of();

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  GdbClient(SocketAddress address) throws IOException {
    channel = SocketChannel.open(address);
    in = Channels.newInputStream(channel);
    out = Channels.newOutputStream(channel);
  }

  /** Sends a packet and waits for the answer. */
  String ask(String packet) throws IOException {
    send(packet);
    return receive();
  }

  void send(String packet) throws IOException {
    int sum = packet.chars().sum() & 0xff;
    raw("$" + packet + "#" + HEX.toHexDigits((byte) sum));
  }

  void raw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Has the machine halt. */
  void interrupt() throws IOException {
    raw("\u0003");
  }

  /** Waits for a packet. */
  String receive() throws IOException {
    int b = next();
    while (b != '$') {
      b = next();
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (b = next(); b != '#'; b = next()) {
      content.write(b == '}' ? next() ^ ESCAPED : b);
    }
    next();
    next();
    return content.toString(StandardCharsets.ISO_8859_1);
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    return b;
  }

  long register(int number) throws IOException {
    return number(HEX.parseHex(ask("p" + Integer.toHexString(number))));
  }

  void register(int number, long value) throws IOException {
    ask("P" + Integer.toHexString(number) + "=" + HEX.formatHex(bytes(value)));
  }

  long memory(long address) throws IOException {
    return number(HEX.parseHex(ask("m" + Long.toHexString(address) + ",8")));
  }

  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
