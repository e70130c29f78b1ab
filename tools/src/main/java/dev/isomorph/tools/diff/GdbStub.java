package dev.isomorph.tools.diff;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Talks to a program that waits for a debugger (gdb's manual, appendix "Remote Serial Protocol"),
 * to see how it starts.
 */
final class GdbStub implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteBuffer received = ByteBuffer.allocate(1 << 16).flip();

  /** Connects to a socket. */
  GdbStub(Path socket) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    ask("?");
  }

  /** The integer registers in order, and pc after them. */
  long[] registers() throws IOException {
    byte[] bytes = bytes(ask("g"));
    long[] registers = new long[33];
    ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < registers.length; i++) {
      registers[i] = little.getLong();
    }
    return registers;
  }

  /** Memory from an address on, as far as it can be read, and no more than so much. */
  byte[] memory(long address, int most) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < most) {
      long at = address + all.size();
      // Never across a page's end: the next one may not be there.
      int chunk = (int) Math.min(most - all.size(), 1024 - (at & 1023));
      String answer = ask("m" + Long.toHexString(at) + "," + Integer.toHexString(chunk));
      if (answer.startsWith("E") || answer.isEmpty()) {
        break;
      }
      all.writeBytes(bytes(answer));
    }
    return all.toByteArray();
  }

  /**
   * Lets the program run, with the signals it gets. The connection stays: newer qemus crash when it
   * is given up.
   */
  void run() throws IOException {
    send("c");
    Thread listener = new Thread(this::passSignals, "gdb");
    listener.setDaemon(true);
    listener.start();
  }

  /** Answers each stop by a signal with letting the program have it. */
  private void passSignals() {
    try {
      for (String stop = receive(); stop.startsWith("T"); stop = receive()) {
        send("C" + stop.substring(1, 3));
      }
    } catch (IOException ended) {
      // With the program, or because nobody wants to know more of it.
    }
  }

  private static byte[] bytes(String hex) {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(hex, 2 * i, 2 * i + 2, 16);
    }
    return bytes;
  }

  private String ask(String request) throws IOException {
    send(request);
    return receive();
  }

  private void send(String request) throws IOException {
    int sum = 0;
    for (int i = 0; i < request.length(); i++) {
      sum += request.charAt(i);
    }
    String packet = "$" + request + "#" + String.format("%02x", sum & 0xff);
    channel.write(ByteBuffer.wrap(packet.getBytes(StandardCharsets.US_ASCII)));
  }

  private String receive() throws IOException {
    StringBuilder answer = new StringBuilder();
    while (next() != '$') {}
    for (int c = next(); c != '#'; c = next()) {
      answer.append((char) c);
    }
    next();
    next();
    channel.write(ByteBuffer.wrap(new byte[] {'+'}));
    return answer.toString();
  }

  private int next() throws IOException {
    if (!received.hasRemaining()) {
      received.clear();
      if (channel.read(received) < 0) {
        throw new IOException("qemu has hung up");
      }
      received.flip();
    }
    return received.get();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
