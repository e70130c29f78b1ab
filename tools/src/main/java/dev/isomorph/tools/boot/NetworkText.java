package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.options.NetworkOptions;
import dev.isomorph.systemvm.options.NetworkOptions.PortForward;
import dev.isomorph.systemvm.options.NetworkOptions.Protocol;
import dev.isomorph.systemvm.options.NetworkOptions.SocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code --netdev}. */
final class NetworkText {
  private static final String OPTION = "--netdev";

  /** PROTOCOL:HOST-ADDRESS:HOST-PORT-GUEST-ADDRESS:GUEST-PORT, both addresses maybe empty. */
  private static final Pattern FORWARD =
      Pattern.compile("(?:(tcp|udp):)?([^:]*):(\\d{1,5})-([^:]*):(\\d{1,5})");

  private static final Map<String, BiFunction<String, KeyValues, NetworkOptions>> KINDS =
      Map.of(
          "user", NetworkText::user,
          "stream", NetworkText::stream,
          "socket", NetworkText::socket,
          "switch", (id, values) -> new NetworkOptions.Switch(id, values.get("name", "default")));

  private NetworkText() {}

  /** Reads a value. */
  static NetworkOptions parse(String text) {
    KeyValues values = KeyValues.parse(OPTION, text, true);
    BiFunction<String, KeyValues, NetworkOptions> kind = KINDS.get(values.kind());
    if (kind == null) {
      throw new IllegalArgumentException(
          "--netdev takes user, stream, socket or switch, not '" + values.kind() + "'");
    }
    NetworkOptions network = kind.apply(values.require("id"), values);
    values.finish();
    return network;
  }

  private static NetworkOptions user(String id, KeyValues values) {
    return new NetworkOptions.User(
        id, values.all("hostfwd").stream().map(NetworkText::forward).toList());
  }

  private static PortForward forward(String text) {
    Matcher matcher = FORWARD.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--netdev hostfwd= takes tcp::HOSTPORT-:GUESTPORT, not '" + text + "'");
    }
    String protocol = matcher.group(1);
    return new PortForward(
        protocol == null ? Protocol.TCP : Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
        matcher.group(2),
        Integer.parseInt(matcher.group(3)),
        Integer.parseInt(matcher.group(5)));
  }

  private static NetworkOptions stream(String id, KeyValues values) {
    SocketAddress address =
        values.oneOf("addr.type", "inet", "unix").equals("unix")
            ? SocketText.unix(values.require("addr.path"))
            : SocketText.inet(OPTION, values.get("addr.host", ""), values.require("addr.port"));
    return new NetworkOptions.Stream(id, address, values.isOn("server", false));
  }

  private static NetworkOptions socket(String id, KeyValues values) {
    String listen = values.get("listen", "");
    boolean server = !listen.isEmpty();
    String where = server ? listen : values.require("connect");
    return new NetworkOptions.Stream(id, SocketText.inet(OPTION, where), server);
  }
}
