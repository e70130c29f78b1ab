package dev.isomorph.tools.root;

import dev.isomorph.tools.Failures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.tukaani.xz.XZInputStream;

/** A Debian mirror: its signed index and its packages, each checked against its SHA-256. */
final class Mirror implements AutoCloseable {
  private static final String ARCHITECTURE = "riscv64";
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int TRIES = 3;

  private final String base;
  private final InetSocketAddress proxy;
  private final HttpClient client;

  /**
   * @param base the address below which {@code dists} and {@code pool} lie
   */
  Mirror(String base) throws RootException {
    this.base = base.endsWith("/") ? base : base + "/";
    String scheme;
    try {
      scheme = URI.create(this.base).getScheme();
    } catch (IllegalArgumentException e) {
      throw new RootException("bad mirror address " + base, e);
    }
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      throw new RootException(
          "mirror address " + Failures.shown(base) + " is neither http nor https");
    }
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1);
    proxy = proxy(scheme);
    if (proxy != null) {
      builder.proxy(ProxySelector.of(proxy));
    }
    client = builder.build();
  }

  /** The suite's release file as signed text. */
  byte[] release(String suite) throws IOException, InterruptedException {
    try (InputStream in = open("dists/" + suite + "/InRelease")) {
      return in.readAllBytes();
    }
  }

  /**
   * The suite's package index, from {@code cache} when that is still the one the release names.
   *
   * @param release the release file's text, already trusted
   */
  PackageIndex index(String suite, String component, ReleaseFile release, Path cache)
      throws IOException, InterruptedException {
    String name = component + "/binary-" + ARCHITECTURE + "/Packages.xz";
    String wanted = release.sha256(name);
    if (wanted == null) {
      throw new RootException(suite + " has no " + component + " packages for " + ARCHITECTURE);
    }
    if (!Files.exists(cache) || !wanted.equals(sha256(cache))) {
      // By hash, so that a mirror updated this moment still gives the index that belongs.
      String path =
          release.byHash()
              ? name.substring(0, name.lastIndexOf('/')) + "/by-hash/SHA256/" + wanted
              : name;
      download("dists/" + suite + "/" + path, cache, wanted, _ -> {});
    }
    try (InputStream in = new XZInputStream(new ByteArrayInputStream(Files.readAllBytes(cache)))) {
      return new PackageIndex(in.readAllBytes());
    }
  }

  /**
   * Downloads a file to {@code target}; a wrong checksum is an error and leaves nothing behind.
   *
   * @param progress told the number of bytes as they come
   */
  void download(String path, Path target, String sha256, LongConsumer progress)
      throws IOException, InterruptedException {
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling(target.getFileName() + ".part");
    IOException failure = null;
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        String got = copy(path, part, progress);
        if (!got.equals(sha256)) {
          throw new RootException(base + path + ": wrong checksum");
        }
        Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return;
      } catch (IOException e) {
        Files.deleteIfExists(part);
        if (failure == null) {
          failure = e;
        }
        if (e instanceof NotThere) {
          break;
        }
      }
    }
    throw failure;
  }

  private String copy(String path, Path target, LongConsumer progress)
      throws IOException, InterruptedException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(open(path), digest);
        OutputStream out = Files.newOutputStream(target)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        progress.accept(n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private InputStream open(String path) throws IOException, InterruptedException {
    // Package names and versions may hold '+' and '~', which stand for themselves, and '%3a'.
    URI address = URI.create(base + path.replace("%", "%25").replace(" ", "%20"));
    HttpRequest request = HttpRequest.newBuilder(address).timeout(ANSWER).build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new RootException(address + ": " + reason(e, address.getHost()), e);
    }
    if (response.statusCode() != 200) {
      response.body().close();
      throw new NotThere(address + ": HTTP status " + response.statusCode());
    }
    return response.body();
  }

  /** What kept a request from an answer; of a failed connection the client tells only the class. */
  private String reason(IOException e, String host) {
    if (e instanceof HttpConnectTimeoutException || !(e instanceof ConnectException)) {
      return Failures.reason(e);
    }
    if (proxy != null) {
      return "cannot connect to the proxy " + proxy.getHostString() + ":" + proxy.getPort();
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "there is no host " + host;
      }
    }
    return "cannot connect to " + host;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static String sha256(Path file) throws IOException {
    return HexFormat.of().formatHex(digest().digest(Files.readAllBytes(file)));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The proxy that {@code http_proxy} or {@code https_proxy} names, or null. */
  private static InetSocketAddress proxy(String scheme) {
    String value = System.getenv(scheme + "_proxy");
    if (value == null || value.isBlank()) {
      return null;
    }
    URI address = URI.create(value.contains("://") ? value : "http://" + value);
    return address.getHost() == null
        ? null
        : new InetSocketAddress(address.getHost(), address.getPort() < 0 ? 80 : address.getPort());
  }

  /** The server answered, but not with the file: trying again would not help. */
  private static final class NotThere extends IOException {
    private static final long serialVersionUID = 1L;

    NotThere(String message) {
      super(message);
    }
  }
}
