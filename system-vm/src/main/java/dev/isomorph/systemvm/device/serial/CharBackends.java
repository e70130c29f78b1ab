package dev.isomorph.systemvm.device.serial;

import dev.isomorph.systemvm.host.HostSockets;
import dev.isomorph.systemvm.options.CharacterBackend;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/** Opens the host's end of a line as the user asked for it. */
public final class CharBackends {
  private CharBackends() {}

  /**
   * Opens a backend. Standard input and output with escape keys are to be shared by a {@link
   * CharMux}.
   *
   * @param executor where what is sent is written, one thing after the other
   * @throws IOException if it cannot be had
   */
  public static CharBackend open(CharacterBackend options, Executor executor) throws IOException {
    return switch (options) {
      case CharacterBackend.None none -> new NullBackend();
      case CharacterBackend.Standard standard -> StandardStreams.open(!standard.escape(), executor);
      case CharacterBackend.Lines lines -> StandardStreams.lines(lines.name(), executor);
      case CharacterBackend.Pty() -> terminal(executor);
      case CharacterBackend.ToFile toFile -> StreamBackend.file(toFile.file(), executor);
      case CharacterBackend.Socket socket -> {
        SocketAddress address = HostSockets.resolve(socket.address());
        yield socket.server()
            ? SocketBackend.listen(address, socket.waits(), executor)
            : SocketBackend.connectTo(address, executor);
      }
    };
  }

  private static CharBackend terminal(Executor executor) throws IOException {
    PseudoTerminal terminal = PseudoTerminal.open();
    System.err.println("isomorph boot: a line of the machine's is at " + terminal.path());
    return new StreamBackend(
        "pseudo-terminal", terminal.input(), terminal.output(), executor, terminal);
  }
}
