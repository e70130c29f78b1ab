package dev.isomorph.tools.root;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** A Debian mirror on this machine with made-up packages. */
final class FakeMirror implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final StringBuilder index = new StringBuilder();

  FakeMirror() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] file = files.get(exchange.getRequestURI().getPath().substring(1));
          exchange.sendResponseHeaders(file == null ? 404 : 200, file == null ? -1 : file.length);
          if (file != null) {
            exchange.getResponseBody().write(file);
          }
          exchange.close();
        });
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  byte[] file(String path) {
    return files.get(path);
  }

  void put(String path, byte[] content) {
    files.put(path, content);
  }

  /** Adds a package; {@code fields} are further lines of its control paragraph. */
  void add(String name, String version, String fields, byte[] deb) throws Exception {
    String path = "pool/" + name + "_" + version + "_riscv64.deb";
    files.put(path, deb);
    index.append("Package: ").append(name).append("\nVersion: ").append(version).append('\n');
    index.append("Filename: ").append(path).append("\nSize: ").append(deb.length);
    index.append("\nSHA256: ").append(sha256(deb)).append('\n').append(fields).append('\n');
    publish();
  }

  void forget() {
    index.setLength(0);
  }

  private void publish() throws Exception {
    byte[] packages = xz(index.toString().getBytes(StandardCharsets.UTF_8));
    String name = "main/binary-riscv64/Packages.xz";
    files.put("dists/test/" + name, packages);
    String release =
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSuite: test\nSHA256:\n "
            + (sha256(packages) + " " + packages.length + " " + name)
            + "\n-----BEGIN PGP SIGNATURE-----\n\nnone\n-----END PGP SIGNATURE-----\n";
    files.put("dists/test/InRelease", release.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
  }

  static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  /** The data archive of a package in the making. */
  static final class Deb {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream data = new TarArchiveOutputStream(bytes);
    private final Map<String, String> control = new java.util.LinkedHashMap<>();

    Deb file(String name, String text, int mode) throws IOException {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setSize(content.length);
      entry.setMode(mode);
      data.putArchiveEntry(entry);
      data.write(content);
      data.closeArchiveEntry();
      return this;
    }

    Deb directory(String name) throws IOException {
      data.putArchiveEntry(new TarArchiveEntry(name + "/"));
      data.closeArchiveEntry();
      return this;
    }

    Deb link(String name, String target, byte type) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
      entry.setLinkName(target);
      data.putArchiveEntry(entry);
      data.closeArchiveEntry();
      return this;
    }

    Deb control(String name, String text) {
      control.put(name, text);
      return this;
    }

    byte[] build() throws IOException {
      data.close();
      Deb scripts = new Deb();
      for (Map.Entry<String, String> each : control.entrySet()) {
        scripts.file("./" + each.getKey(), each.getValue(), 0755);
      }
      scripts.data.close();
      ByteArrayOutputStream deb = new ByteArrayOutputStream();
      try (ArArchiveOutputStream ar = new ArArchiveOutputStream(deb)) {
        member(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
        member(ar, "control.tar.xz", xz(scripts.bytes.toByteArray()));
        member(ar, "data.tar.xz", xz(bytes.toByteArray()));
      }
      return deb.toByteArray();
    }

    private static void member(ArArchiveOutputStream ar, String name, byte[] content)
        throws IOException {
      ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
      ar.write(content);
      ar.closeArchiveEntry();
    }
  }

  private static byte[] xz(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new XZOutputStream(bytes, new LZMA2Options(0))) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
