package dev.isomorph.systemvm.options;

import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import java.nio.file.Path;
import java.util.Objects;

/** The host's end of a serial line, of a console or of the monitor. */
public sealed interface CharacterBackend {
  /** Output is lost, input never comes. */
  record None() implements CharacterBackend {}

  /**
   * Isomorph's own standard input and output, in raw mode if it is a terminal.
   *
   * @param escape whether Ctrl-A is for Isomorph: x to quit, c for the monitor
   */
  record Standard(boolean escape) implements CharacterBackend {}

  /**
   * Output goes to Isomorph's own standard output, line by line; input never comes.
   *
   * @param name of the machine, which each line begins with
   */
  record Lines(String name) implements CharacterBackend {
    public Lines {
      Objects.requireNonNull(name);
    }
  }

  /** A new pseudo-terminal of the host's; where it is, is told on standard error. */
  record Pty() implements CharacterBackend {}

  /** Output goes to a file, which starts empty; input never comes. */
  record ToFile(Path file) implements CharacterBackend {
    public ToFile {
      Objects.requireNonNull(file);
    }
  }

  /**
   * A stream socket.
   *
   * @param server whether this machine is the one that waits for the other
   * @param waits whether the machine starts only when there is another
   */
  record Socket(SocketAddress address, boolean server, boolean waits) implements CharacterBackend {
    public Socket {
      Objects.requireNonNull(address);
    }
  }
}
