package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** The values of {@code --serial} and {@code --monitor}, and those of {@code --chardev}. */
final class CharacterText {
  private static final Map<String, CharacterBackend> PLAIN =
      Map.of(
          "none", new CharacterBackend.None(),
          "null", new CharacterBackend.None(),
          "pty", new CharacterBackend.Pty(),
          "stdio", new CharacterBackend.Standard(false),
          "mon:stdio", new CharacterBackend.Standard(true));

  private static final String CHARDEV = "--chardev";

  private static final Map<String, Function<KeyValues, CharacterBackend>> KINDS =
      Map.of(
          "null", _ -> new CharacterBackend.None(),
          "pty", _ -> new CharacterBackend.Pty(),
          "stdio", values -> new CharacterBackend.Standard(values.isOn("mux", false)),
          "file", values -> new CharacterBackend.ToFile(Path.of(values.require("path"))),
          "socket", CharacterText::socket);

  /** A backend that devices name. */
  record Named(String id, CharacterBackend backend) {}

  private CharacterText() {}

  /**
   * Reads the value of {@code --serial} or {@code --monitor}.
   *
   * @param option which of the two
   */
  static CharacterBackend parse(String option, String text) {
    CharacterBackend plain = PLAIN.get(text);
    if (plain != null) {
      return plain;
    }
    int colon = text.indexOf(':');
    String rest = text.substring(colon + 1);
    if (rest.isEmpty()) {
      throw unknown(option, text);
    }
    return switch (text.substring(0, Math.max(colon, 0))) {
      case "file" -> new CharacterBackend.ToFile(Path.of(rest));
      case "unix" -> socket(KeyValues.parse(option, rest, true), SocketText::unix);
      case "tcp" ->
          socket(KeyValues.parse(option, rest, true), where -> SocketText.inet(option, where));
      default -> throw unknown(option, text);
    };
  }

  private static IllegalArgumentException unknown(String option, String text) {
    return new IllegalArgumentException(
        option + " takes stdio, mon:stdio, pty, none, file:, unix: or tcp:, not '" + text + "'");
  }

  private static CharacterBackend socket(
      KeyValues values, Function<String, SocketAddress> address) {
    CharacterBackend socket = ends(address.apply(values.kind()), values);
    values.finish();
    return socket;
  }

  private static CharacterBackend ends(SocketAddress address, KeyValues values) {
    boolean server = values.isOn("server", false);
    return new CharacterBackend.Socket(address, server, values.isOn("wait", server));
  }

  private static CharacterBackend socket(KeyValues values) {
    String path = values.get("path", "");
    SocketAddress address =
        path.isEmpty()
            ? SocketText.inet(CHARDEV, values.get("host", ""), values.require("port"))
            : SocketText.unix(path);
    return ends(address, values);
  }

  /** Reads the value of {@code --chardev}. */
  static Named named(String text) {
    KeyValues values = KeyValues.parse(CHARDEV, text, true);
    Function<KeyValues, CharacterBackend> kind = KINDS.get(values.kind());
    if (kind == null) {
      throw new IllegalArgumentException(
          "--chardev takes stdio, pty, file, socket or null, not '" + values.kind() + "'");
    }
    Named named = new Named(values.require("id"), kind.apply(values));
    values.finish();
    return named;
  }
}
