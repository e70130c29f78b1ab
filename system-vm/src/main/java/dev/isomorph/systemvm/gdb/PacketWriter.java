package dev.isomorph.systemvm.gdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Sends packets, as {@link PacketParser} takes them apart. */
final class PacketWriter {
  private static final String SPECIAL = "$#}*";
  private static final int ESCAPED = 0x20;

  private final OutputStream out;
  private byte[] last = {};

  PacketWriter(OutputStream out) {
    this.out = out;
  }

  /** Sends a packet. */
  void send(byte[] content) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write('$');
    int sum = 0;
    for (byte b : content) {
      if (SPECIAL.indexOf(b) >= 0) {
        packet.write('}');
        sum += '}';
        packet.write(b ^ ESCAPED);
        sum += b ^ ESCAPED;
      } else {
        packet.write(b);
        sum += b;
      }
    }
    packet.write('#');
    packet.write(Character.forDigit(sum >>> 4 & 0xf, 16));
    packet.write(Character.forDigit(sum & 0xf, 16));
    last = packet.toByteArray();
    repeat();
  }

  /** Sends the last packet once more. */
  void repeat() throws IOException {
    out.write(last);
    out.flush();
  }

  /** Tells whether a packet has come as it should. */
  void acknowledge(boolean good) throws IOException {
    out.write(good ? '+' : '-');
    out.flush();
  }
}
