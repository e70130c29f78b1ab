package dev.isomorph.tools.root;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** A binary package file: an ar archive of two tar archives, deb(5). */
final class DebFile {
  /** Control files are small; a member larger than this is not one. */
  private static final int MAX_CONTROL_FILE = 16 << 20;

  private DebFile() {}

  /**
   * What unpacking a package gave.
   *
   * @param files names of all files, directories and links, in the archive's order
   * @param control the files of the control archive (postinst, conffiles, …) by name
   */
  record Unpacked(List<String> files, Map<String, byte[]> control) {}

  /** Unpacks the package into the tree. */
  static Unpacked unpack(Path deb, RootTree tree) throws IOException {
    Map<String, byte[]> control = new LinkedHashMap<>();
    List<String> files = null;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(deb), 1 << 16);
        ArArchiveInputStream ar = new ArArchiveInputStream(in)) {
      for (ArArchiveEntry entry = ar.getNextEntry(); entry != null; entry = ar.getNextEntry()) {
        // Some writers end member names with a slash.
        String member = entry.getName().replace("/", "");
        if (member.startsWith("control.tar")) {
          readControl(decompress(member, ar), control);
        } else if (member.startsWith("data.tar")) {
          files = unpackData(decompress(member, ar), tree);
        }
      }
    } catch (RootException e) {
      throw new RootException(deb.getFileName() + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new RootException(deb.getFileName() + ": damaged package: " + e.getMessage(), e);
    }
    if (files == null) {
      throw new RootException(deb.getFileName() + ": not a Debian package");
    }
    return new Unpacked(files, control);
  }

  private static InputStream decompress(String member, InputStream in) throws IOException {
    String suffix = member.substring(member.indexOf(".tar") + ".tar".length());
    return switch (suffix) {
      case "" -> in;
      case ".gz" -> new GZIPInputStream(in, 1 << 16);
      case ".xz" -> new XZInputStream(in);
      default -> throw new RootException("compression " + suffix + " is not supported");
    };
  }

  private static void readControl(InputStream in, Map<String, byte[]> control) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.isFile()) {
        if (entry.getSize() > MAX_CONTROL_FILE) {
          throw new RootException("control file of " + entry.getSize() + " bytes");
        }
        String name = RootTree.normalize(entry.getName());
        if (name.indexOf('/') < 0) {
          control.put(name, tar.readNBytes((int) entry.getSize()));
        }
      }
    }
  }

  private static List<String> unpackData(InputStream in, RootTree tree) throws IOException {
    List<String> files = new ArrayList<>();
    TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      String name = RootTree.normalize(entry.getName());
      if (name.isEmpty()) {
        continue;
      }
      int mode = entry.getMode() & 07777;
      if (entry.isDirectory()) {
        tree.directory(name, mode);
      } else if (entry.isSymbolicLink()) {
        tree.symbolicLink(name, entry.getLinkName());
      } else if (entry.isLink()) {
        tree.hardLink(name, RootTree.normalize(entry.getLinkName()));
      } else if (entry.isFile()) {
        tree.file(name, tar, mode, entry.getLastModifiedTime());
      } else {
        // Device nodes and pipes: only the host's root could make the former.
        continue;
      }
      files.add(name);
    }
    return files;
  }
}
