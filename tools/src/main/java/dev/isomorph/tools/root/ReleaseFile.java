package dev.isomorph.tools.root;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A suite's InRelease: the signed list of its indices and their checksums. */
final class ReleaseFile {
  private static final List<String> KEYRINGS =
      List.of(
          "/usr/share/keyrings/debian-archive-keyring.gpg",
          "/usr/share/keyrings/debian-archive-keyring.pgp",
          "/etc/apt/trusted.gpg.d/debian-archive-keyring.gpg");

  /** What is known of a signature: checked and good, or not checked and why. */
  record Trust(boolean verified, String reason) {}

  private final boolean byHash;
  private final Map<String, String> sha256 = new HashMap<>();

  /**
   * Reads the signed part of the file and nothing outside it.
   *
   * @throws RootException when it is not one clear-signed message
   */
  ReleaseFile(byte[] content) throws RootException {
    String text = new String(content, StandardCharsets.UTF_8);
    int body = text.indexOf("\n\n");
    int end = text.indexOf("\n-----BEGIN PGP SIGNATURE-----");
    if (!text.startsWith("-----BEGIN PGP SIGNED MESSAGE-----\n") || body < 0 || end < body) {
      throw new RootException("the mirror's InRelease is not a signed message");
    }
    boolean inSums = false;
    boolean hash = false;
    for (String line : text.substring(body + 2, end).split("\n")) {
      if (!line.startsWith(" ")) {
        inSums = line.startsWith("SHA256:");
        hash |= line.strip().equals("Acquire-By-Hash: yes");
      } else if (inSums) {
        String[] words = line.strip().split("\\s+");
        if (words.length == 3) {
          sha256.put(words[2], words[0]);
        }
      }
    }
    byHash = hash;
  }

  /** The checksum of the named index in hexadecimal, or null when there is no such index. */
  String sha256(String name) {
    return sha256.get(name);
  }

  /** Whether indices can be asked for by checksum. */
  boolean byHash() {
    return byHash;
  }

  /**
   * Checks the signature with gpgv and Debian's keyring, where the host has both.
   *
   * @throws RootException when the signature is bad or by an unknown key
   */
  static Trust verify(byte[] content, Path scratch) throws IOException, InterruptedException {
    String keyring = null;
    for (String each : KEYRINGS) {
      if (keyring == null && Files.isReadable(Path.of(each))) {
        keyring = each;
      }
    }
    if (keyring == null) {
      return new Trust(false, "this machine has no Debian keyring");
    }
    Files.createDirectories(scratch.getParent());
    Files.write(scratch, content);
    try {
      Process gpgv =
          new ProcessBuilder("gpgv", "--status-fd", "1", "--keyring", keyring, scratch.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean good = false;
      boolean bad = false;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(gpgv.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          good |= line.startsWith("[GNUPG:] VALIDSIG ");
          bad |= line.startsWith("[GNUPG:] BADSIG ");
        }
      }
      gpgv.waitFor();
      if (bad || !good) {
        throw new RootException(
            "the release file's signature is "
                + (bad ? "bad" : "by no key of " + keyring)
                + " (--no-signature goes on without)");
      }
      return new Trust(true, keyring);
    } catch (RootException e) {
      throw e;
    } catch (IOException e) {
      return new Trust(false, "this machine has no gpgv");
    } finally {
      Files.deleteIfExists(scratch);
    }
  }
}
