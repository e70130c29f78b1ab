package dev.isomorph.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.root.FakeMirror.Deb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootBuilderTest {
  @TempDir Path scratch;
  private FakeMirror mirror;
  private Path top;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void open() throws IOException {
    mirror = new FakeMirror();
    top = scratch.resolve("root");
  }

  @AfterEach
  void close() {
    mirror.close();
  }

  private List<String> add(boolean essential, String... names) throws Exception {
    RootBuilder.Source source =
        new RootBuilder.Source(mirror.address(), "test", "main", essential, false);
    RootBuilder builder =
        new RootBuilder(new RootTree(top), new Progress(new PrintStream(said, true), false));
    return builder.add(source, List.of(names), false).stream()
        .map(DebianPackage::toString)
        .toList();
  }

  private String read(String name) throws IOException {
    return Files.readString(new RootTree(top).hostPath(name));
  }

  @Test
  void filesLinksAndModesArrive() throws Exception {
    mirror.add(
        "tool",
        "1.0",
        "",
        new Deb()
            .directory("./usr")
            .directory("./usr/bin")
            .file("./usr/bin/tool", "program", 0755)
            .link("./usr/bin/alias", "tool", TarConstants.LF_SYMLINK)
            .link("./usr/bin/twin", "./usr/bin/tool", TarConstants.LF_LINK)
            .build());
    assertEquals(List.of("tool 1.0"), add(false, "tool"));
    assertEquals("program", read("usr/bin/alias"));
    assertTrue(Files.isSameFile(top.resolve("usr/bin/tool"), top.resolve("bin/twin")));
    assertTrue(Files.isExecutable(top.resolve("bin/tool")));
    assertTrue(read("etc/passwd").startsWith("root:x:0:0:"));
    assertTrue(said.toString().contains("[1/1] tool 1.0"));
  }

  @Test
  void aMirrorThatCannotBeReachedIsNamed() {
    String address = mirror.address();
    mirror.close();
    IOException failure = assertThrows(IOException.class, () -> add(false, "a"));
    String host = URI.create(address).getHost();
    assertEquals(
        address + "/dists/test/InRelease: cannot connect to " + host, failure.getMessage());
  }

  @Test
  void aRerunAddsAndKnowsWhatIsThere() throws Exception {
    mirror.add("lib", "1", "", new Deb().file("./usr/lib/lib.so", "lib", 0644).build());
    mirror.add("a", "1", "Depends: lib\n", new Deb().file("./usr/bin/a", "a", 0755).build());
    mirror.add("b", "1", "Depends: lib\n", new Deb().file("./usr/bin/b", "b", 0755).build());
    assertEquals(List.of("lib 1", "a 1"), add(false, "a"));
    assertEquals(List.of("b 1"), add(false, "b"));
    assertEquals(List.of(), add(false, "a", "b"));
    assertTrue(read("var/lib/dpkg/status").contains("Package: a\nStatus: install ok installed\n"));
    assertEquals("/.\n/usr/bin/b\n", read("var/lib/dpkg/info/b.list"));
  }

  @Test
  void anUpgradeRemovesWhatWentAway() throws Exception {
    mirror.add(
        "a",
        "1",
        "",
        new Deb().file("./usr/share/a/old", "1", 0644).file("./usr/bin/a", "1", 0755).build());
    add(false, "a");
    mirror.forget();
    mirror.add("a", "2", "", new Deb().file("./usr/bin/a", "2", 0755).build());
    assertEquals(List.of("a 2"), add(false, "a"));
    assertEquals("2", read("usr/bin/a"));
    assertFalse(Files.exists(top.resolve("usr/share/a/old")));
  }

  @Test
  void essentialPackagesComeUnasked() throws Exception {
    mirror.add("shell", "1", "Essential: yes\n", new Deb().file("./usr/bin/sh", "#", 0755).build());
    mirror.add("a", "1", "", new Deb().file("./usr/bin/a", "a", 0755).build());
    assertEquals(List.of("a 1"), add(false, "a"));
    assertEquals(List.of("shell 1"), add(true, "a"));
  }

  @Test
  void alternativesAreLinkedByPriority() throws Exception {
    mirror.add(
        "mawk",
        "1",
        "",
        new Deb()
            .file("./usr/bin/mawk", "mawk", 0755)
            .control(
                "postinst",
                """
                #!/bin/sh
                update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5 \\
                  --slave /usr/share/man/awk.1 awk.1 /usr/share/man/mawk.1
                """)
            .build());
    mirror.add(
        "gawk",
        "1",
        "",
        new Deb()
            .file("./usr/bin/gawk", "gawk", 0755)
            .control(
                "postinst", "update-alternatives --install /usr/bin/awk awk /usr/bin/gawk 10\n")
            .build());
    mirror.add(
        "evil",
        "1",
        "",
        new Deb()
            .file("./usr/bin/evil", "evil", 0755)
            .control(
                "postinst",
                "update-alternatives --install /../../awk awk /usr/bin/evil 99\n"
                    + "update-alternatives --install /usr/bin/$X awk /usr/bin/evil 99\n")
            .build());
    add(false, "gawk", "mawk", "evil");
    assertEquals("gawk", read("usr/bin/awk"));
    assertEquals(
        Path.of("/usr/bin/gawk"), Files.readSymbolicLink(top.resolve("etc/alternatives/awk")));
    assertFalse(Files.exists(top.resolve("usr/share/man/awk.1")));
  }

  @Test
  void aDamagedPackageIsRefused() throws Exception {
    mirror.add("a", "1", "", new Deb().file("./usr/bin/a", "a", 0755).build());
    byte[] deb = mirror.file("pool/a_1_riscv64.deb").clone();
    deb[deb.length / 2] ^= 1;
    mirror.put("pool/a_1_riscv64.deb", deb);
    String message = assertThrows(RootException.class, () -> add(false, "a")).getMessage();
    assertTrue(message.endsWith("a_1_riscv64.deb: wrong checksum"), message);
    assertFalse(Files.exists(top.resolve("usr/bin/a")));
    assertFalse(Files.exists(top.resolve("var/lib/dpkg/status")));
  }

  @Test
  void whatCameBeforeAFailureIsKept() throws Exception {
    mirror.add("lib", "1", "", new Deb().file("./usr/lib/lib.so", "lib", 0644).build());
    mirror.add("a", "1", "Depends: lib\n", new Deb().build());
    mirror.put("pool/a_1_riscv64.deb", new byte[0]);
    assertThrows(RootException.class, () -> add(false, "a"));
    assertTrue(read("var/lib/dpkg/status").startsWith("Package: lib\n"));
  }

  @Test
  void aDamagedIndexIsRefused() throws Exception {
    mirror.add("a", "1", "", new Deb().build());
    mirror.put("dists/test/main/binary-riscv64/Packages.xz", new byte[] {1, 2, 3});
    assertTrue(
        assertThrows(RootException.class, () -> add(false, "a"))
            .getMessage()
            .endsWith("Packages.xz: wrong checksum"));
  }

  @Test
  void whatIsMissingOnTheMirrorIsNamed() throws Exception {
    IOException e = assertThrows(IOException.class, () -> add(false, "a"));
    assertTrue(e.getMessage().endsWith("dists/test/InRelease: HTTP status 404"), e.getMessage());
  }

  @Test
  void archivesThatReachOutAreRefused() throws Exception {
    mirror.add("up", "1", "", new Deb().file("./../../escaped", "x", 0644).build());
    mirror.add(
        "through",
        "1",
        "",
        new Deb()
            .link("./out", scratch.toString(), TarConstants.LF_SYMLINK)
            .file("./out/escaped", "x", 0644)
            .build());
    assertThrows(RootException.class, () -> add(false, "up"));
    add(false, "through");
    assertFalse(Files.exists(scratch.resolve("escaped")));
  }

  @Test
  void onlySignedTextCounts() {
    byte[] unsigned = "SHA256:\n 00 1 main/binary-riscv64/Packages.xz\n".getBytes();
    assertThrows(RootException.class, () -> new ReleaseFile(unsigned));
  }

  @Test
  void aSignatureByNobodyIsRefusedWhereItCanBeChecked() throws Exception {
    mirror.add("a", "1", "", new Deb().build());
    byte[] release = mirror.file("dists/test/InRelease");
    ReleaseFile.Trust trust;
    try {
      trust = ReleaseFile.verify(release, scratch.resolve("InRelease"));
    } catch (RootException e) {
      assertTrue(e.getMessage().contains("signature"), e.getMessage());
      return;
    }
    assertFalse(trust.verified());
  }

  @Test
  void theHostsOwnMirrorIsFound() throws Exception {
    Path apt = Files.createDirectories(scratch.resolve("apt/sources.list.d")).getParent();
    assertEquals(null, HostSources.debianMirror(apt));
    Files.writeString(
        apt.resolve("sources.list.d/debian.sources"),
        "Types: deb\nURIs: http://near.example/debian/\nSuites: bookworm\n");
    assertEquals("http://near.example/debian", HostSources.debianMirror(apt));
    Files.writeString(
        apt.resolve("sources.list"),
        "# deb http://old.example/debian x main\n"
            + "deb [signed-by=/k] http://first.example/debian x main\n");
    assertEquals("http://first.example/debian", HostSources.debianMirror(apt));
  }
}
