package dev.isomorph.systemvm.net;

import dev.isomorph.systemvm.options.NetworkOptions.PortForward;
import dev.isomorph.systemvm.options.NetworkOptions.Protocol;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The host's own network without any rights: the program {@code passt}, which this starts and ends,
 * does for the guest what it asks for by sockets of the host's.
 */
public final class PasstNet implements NetBackend {
  private static final int TRIES = 250;
  private static final int TRY_MILLISECONDS = 20;

  private static final Map<Protocol, String> FORWARD_OPTIONS =
      Map.of(Protocol.TCP, "--tcp-ports", Protocol.UDP, "--udp-ports");

  private final Process process;
  private final Path folder;
  private final StreamNet stream;

  private PasstNet(Process process, Path folder, StreamNet stream) {
    this.process = process;
    this.folder = folder;
    this.stream = stream;
  }

  /**
   * Starts passt.
   *
   * @throws IOException with a line for the user, if there is none or it does not come up
   */
  public static PasstNet start(List<PortForward> forwards) throws IOException {
    Path folder = Files.createTempDirectory("isomorph-net");
    Path socket = folder.resolve("socket");
    Path log = folder.resolve("log");
    Process process = null;
    try {
      letIn(folder);
      process = launch(command(socket, forwards), log);
      return new PasstNet(process, folder, connect(process, socket, log));
    } catch (IOException e) {
      if (process != null) {
        process.destroy();
      }
      removeFolder(folder);
      throw e;
    }
  }

  /** Started by root, passt becomes nobody before it makes its socket. */
  private static void letIn(Path folder) throws IOException {
    if (Files.getAttribute(folder, "unix:uid").equals(0)) {
      UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(folder, users.lookupPrincipalByName("nobody"));
    }
  }

  static List<String> command(Path socket, List<PortForward> forwards) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("passt", "--foreground", "--one-off", "--socket", socket.toString()));
    for (PortForward forward : forwards) {
      command.add(FORWARD_OPTIONS.get(forward.protocol()));
      String host = forward.host().isEmpty() ? "" : forward.host() + "/";
      command.add(host + forward.hostPort() + ":" + forward.guestPort());
    }
    return command;
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new IOException(
          "user networking needs the program passt, which cannot be started;"
              + " Debian has it in the package passt",
          e);
    }
  }

  private static StreamNet connect(Process process, Path socket, Path log) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      boolean alive = process.isAlive();
      if (Files.exists(socket)) {
        try {
          return StreamNet.connectTo(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
          // It is there but nobody listens yet, or not any more.
        }
      }
      if (!alive) {
        throw new IOException("passt has ended: " + lastLine(log));
      }
      try {
        process.waitFor(TRY_MILLISECONDS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while passt started", e);
      }
    }
    throw new IOException("passt does not come up: " + lastLine(log));
  }

  private static String lastLine(Path log) throws IOException {
    String line = "it says nothing";
    for (String each : Files.readAllLines(log)) {
      line = each.isBlank() ? line : each.strip();
    }
    return line;
  }

  @Override
  public void connect(NetFrontend frontend) {
    stream.connect(frontend);
  }

  @Override
  public boolean up() {
    return stream.up();
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    stream.send(bytes, offset, length);
  }

  @Override
  public void acceptInput() {
    stream.acceptInput();
  }

  @Override
  public void close() {
    stream.close();
    process.destroy();
    removeFolder(folder);
  }

  private static void removeFolder(Path folder) {
    try {
      for (String name : List.of("socket", "socket.repair", "log")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      return; // it is in the folder for temporary files
    }
  }
}
