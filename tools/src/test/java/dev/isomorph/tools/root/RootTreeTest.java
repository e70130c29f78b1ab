package dev.isomorph.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootTreeTest {
  @TempDir Path scratch;
  private Path top;
  private RootTree tree;

  @BeforeEach
  void open() throws IOException {
    top = scratch.resolve("root");
    tree = new RootTree(top);
  }

  private void write(String name, String text) throws IOException {
    tree.file(name, new ByteArrayInputStream(text.getBytes()), 0644, null);
  }

  @Test
  void namesThatLeadOutAreRefused() {
    for (String name : new String[] {"../x", "a/../../x", "/etc/x", "a/..", "..", "a\0b"}) {
      assertThrows(RootException.class, () -> write(name, ""), name);
      assertThrows(RootException.class, () -> tree.symbolicLink(name, "t"), name);
      assertThrows(RootException.class, () -> tree.directory(name, 0755), name);
      assertThrows(RootException.class, () -> tree.hardLink("ok", name), name);
    }
  }

  @Test
  void linksAreFollowedInsideOnly() throws IOException {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    tree.symbolicLink("absolute", outside.toString());
    tree.symbolicLink("climbing", "../../../../outside");
    write("absolute/a", "1");
    write("climbing/b", "2");
    assertEquals(0, outside.toFile().list().length);
    assertTrue(Files.exists(top.resolve(outside.toString().substring(1)).resolve("a")));
    assertTrue(Files.exists(top.resolve("outside/b")));
  }

  @Test
  void aLinkInTheWayIsReplacedNotFollowed() throws IOException {
    Path victim = Files.writeString(scratch.resolve("victim"), "kept");
    tree.symbolicLink("etc/passwd", "../../victim");
    write("etc/passwd", "new");
    assertEquals("kept", Files.readString(victim));
    assertEquals("new", Files.readString(top.resolve("etc/passwd")));
  }

  @Test
  void linksInCirclesEnd() throws IOException {
    tree.symbolicLink("a", "b");
    tree.symbolicLink("b", "a");
    assertThrows(RootException.class, () -> write("a/x", ""));
  }

  @Test
  void mergedDirectoriesStayLinks() throws IOException {
    SystemFiles.prepare(tree);
    tree.directory("bin", 0755);
    write("bin/sh", "#");
    assertTrue(Files.isSymbolicLink(top.resolve("bin")));
    assertTrue(Files.exists(top.resolve("usr/bin/sh")));
  }

  @Test
  void modesAreKeptWithoutForeignRights() throws IOException {
    tree.file("su", new ByteArrayInputStream(new byte[0]), 04755, null);
    tree.directory("tmp", 01777);
    assertEquals(0100755, Files.getAttribute(top.resolve("su"), "unix:mode"));
    assertEquals(0041777, Files.getAttribute(top.resolve("tmp"), "unix:mode"));
  }

  @Test
  void hardLinksShareTheFile() throws IOException {
    write("one", "x");
    tree.hardLink("two", "./one");
    assertTrue(Files.isSameFile(top.resolve("one"), top.resolve("two")));
    assertThrows(RootException.class, () -> tree.hardLink("three", "none"));
  }

  @Test
  void directoriesAreNotReplaced() throws IOException {
    write("dir/file", "x");
    assertThrows(RootException.class, () -> write("dir", "y"));
    tree.symbolicLink("dir", "elsewhere");
    assertFalse(Files.isSymbolicLink(top.resolve("dir")));
    tree.remove("dir");
    assertTrue(Files.exists(top.resolve("dir/file")));
  }
}
