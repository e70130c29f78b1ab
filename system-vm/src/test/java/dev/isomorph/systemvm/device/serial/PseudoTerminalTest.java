package dev.isomorph.systemvm.device.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PseudoTerminalTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void programsReadAndWriteItByItsPath() throws IOException {
    try (PseudoTerminal terminal = PseudoTerminal.open();
        InputStream in = terminal.input();
        OutputStream out = terminal.output()) {
      out.write(bytes("nobody hears this"));
      for (int round = 0; round < 2; round++) {
        try (RandomAccessFile program = new RandomAccessFile(terminal.path(), "rw")) {
          out.write(bytes("one\n"));
          byte[] heard = new byte[4];
          program.readFully(heard);
          assertEquals("one\n", new String(heard, StandardCharsets.US_ASCII));
          // Raw: all as it is, neither echoed nor kept back until a line ends.
          program.write(bytes("\3a\r"));
          assertEquals("\3a\r", new String(in.readNBytes(3), StandardCharsets.US_ASCII));
        }
      }
    }
  }

  @Test
  void endsWhenItIsClosed() throws IOException {
    PseudoTerminal terminal = PseudoTerminal.open();
    InputStream in = terminal.input();
    terminal.close();
    terminal.close();
    assertEquals(-1, in.read());
    terminal.output().write('x');
  }
}
