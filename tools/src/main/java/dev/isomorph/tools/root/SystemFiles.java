package dev.isomorph.tools.root;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What programs expect of a root and packages leave to their maintainer scripts. */
final class SystemFiles {
  /** The directories that Debian merged into /usr, and where each now leads. */
  private static final List<String> MERGED = List.of("bin", "sbin", "lib");

  private record Directory(String name, int mode) {}

  private static final List<Directory> DIRECTORIES =
      List.of(
          new Directory("dev", 0755),
          new Directory("etc", 0755),
          new Directory("home", 0755),
          new Directory("proc", 0555),
          new Directory("root", 0700),
          new Directory("run", 0755),
          new Directory("sys", 0555),
          new Directory("tmp", 01777),
          new Directory("usr", 0755),
          new Directory("var", 0755),
          new Directory("var/lib", 0755),
          new Directory("var/lib/dpkg", 0755),
          new Directory("var/lib/dpkg/info", 0755),
          new Directory("var/tmp", 01777));

  /**
   * A file written when it is missing.
   *
   * @param source a file of the root to copy, when it is there; otherwise {@code text} is written
   */
  private record Default(String name, String source, String text) {}

  private static final List<Default> DEFAULTS =
      List.of(
          new Default(
              "etc/passwd",
              "usr/share/base-passwd/passwd.master",
              """
              root:x:0:0:root:/root:/bin/sh
              nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
              """),
          new Default(
              "etc/group",
              "usr/share/base-passwd/group.master",
              """
              root:x:0:
              nogroup:x:65534:
              """),
          new Default(
              "etc/nsswitch.conf",
              "usr/share/libc-bin/nsswitch.conf",
              """
              passwd: files
              group: files
              hosts: files dns
              networks: files
              protocols: files
              services: files
              """),
          new Default("etc/hosts", "", "127.0.0.1\tlocalhost\n::1\tlocalhost\n"),
          new Default("etc/hostname", "", "isomorph\n"),
          new Default("etc/profile", "usr/share/base-files/profile", ""),
          new Default("root/.profile", "usr/share/base-files/dot.profile", ""),
          new Default("root/.bashrc", "usr/share/base-files/dot.bashrc", ""),
          new Default("var/lib/dpkg/available", "", ""),
          new Default("var/lib/dpkg/arch", "", "riscv64\n"));

  private record Link(String name, String target) {}

  private static final List<Link> LINKS =
      List.of(
          new Link("etc/mtab", "../proc/self/mounts"),
          new Link("etc/localtime", "../usr/share/zoneinfo/Etc/UTC"));

  private SystemFiles() {}

  /** Before any package: the merged directories and those that programs take for granted. */
  static void prepare(RootTree tree) throws IOException {
    for (String name : MERGED) {
      tree.directory("usr/" + name, 0755);
      if (!tree.exists(name)) {
        tree.symbolicLink(name, "usr/" + name);
      }
    }
    for (Directory directory : DIRECTORIES) {
      if (!tree.exists(directory.name)) {
        tree.directory(directory.name, directory.mode);
      }
    }
  }

  /** After all packages: the files that configuring them would have made. */
  static void complete(RootTree tree) throws IOException {
    for (Default each : DEFAULTS) {
      if (!tree.exists(each.name)) {
        Path source = each.source.isEmpty() ? null : tree.hostPath(each.source);
        if (source != null && Files.isRegularFile(source)) {
          try (InputStream in = Files.newInputStream(source)) {
            tree.file(each.name, in, 0644, null);
          }
        } else if (!each.text.isEmpty() || each.source.isEmpty()) {
          byte[] text = each.text.getBytes(StandardCharsets.UTF_8);
          tree.file(each.name, new ByteArrayInputStream(text), 0644, null);
        }
      }
    }
    for (Link each : LINKS) {
      if (!tree.exists(each.name)) {
        tree.symbolicLink(each.name, each.target);
      }
    }
  }
}
