package dev.isomorph.systemvm.ninep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.ninep.Client.Refused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FolderServerTest {
  private static final int ELOOP = 40;
  private static final int ENOTEMPTY = 39;

  @TempDir Path outside;
  private Path folder;
  private FolderServer server;
  private Client client;

  @BeforeEach
  void open() throws IOException, Refused {
    folder = Files.createDirectory(outside.resolve("shared"));
    Files.writeString(outside.resolve("secret"), "secret");
    server = new FolderServer(folder, false);
    client = new Client(server);
    client.attach(0);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static void refused(int errno, Executable action) {
    assertEquals(errno, assertThrows(Refused.class, action).errno);
  }

  private static Message request() {
    return Client.request();
  }

  @Test
  void agreesOnAVersion() throws Refused {
    Message answer = client.send(100, request().u32(-1).string("9P2000.L"));
    assertEquals(FolderServer.LONGEST_MESSAGE, answer.u32());
    assertEquals("9P2000.L", answer.string());
    answer = client.send(100, request().u32(8192).string("9P2000.u"));
    assertEquals(8192, answer.u32());
    assertEquals("unknown", answer.string());
    refused(HostError.EINVAL, () -> client.send(100, request().u32(100).string("9P2000.L")));
    refused(HostError.EBADF, () -> client.walk(0, 1), "a version ends all handles");
    refused(HostError.EOPNOTSUPP, () -> client.send(102, request().u32(1).string("").string("")));
    refused(HostError.EOPNOTSUPP, () -> client.send(30, request().u32(0).u32(1).string("user.x")));
  }

  private static void refused(int errno, Executable action, String why) {
    assertEquals(errno, assertThrows(Refused.class, action).errno, why);
  }

  @Test
  void readsAndWritesFiles() throws IOException, Refused {
    assertEquals(0, client.walk(0, 1));
    client.create(1, "new", 0102, 0640);
    assertEquals(5, client.write(1, 3, "hello"));
    assertEquals("\0\0\0hel", client.read(1, 0, 6));
    assertEquals("", client.read(1, 8, 6));
    client.send(50, request().u32(1).u32(0));
    client.clunk(1);
    assertEquals("\0\0\0hello", Files.readString(folder.resolve("new")));
    assertEquals(
        PosixFilePermissions.fromString("rw-r-----"),
        Files.getPosixFilePermissions(folder.resolve("new")));
    client.walk(0, 1);
    refused(HostError.EEXIST, () -> client.create(1, "new", 0301, 0640));
    client.create(1, "new", 0101, 0640);
    refused(HostError.EBADF, () -> client.read(1, 0, 1), "opened to write");
    assertEquals(1, client.write(1, 0, "x"));
    assertEquals(1, client.walk(0, 2, "new"));
    refused(HostError.EBADF, () -> client.read(2, 0, 1), "not open");
    client.open(2, 01000);
    assertEquals(0, Files.size(folder.resolve("new")));
    refused(HostError.EINVAL, () -> client.open(2, 0), "open already");
    refused(HostError.EINVAL, () -> client.send(118, request().u32(1).u64(0).u32(100)));
  }

  @Test
  void walksDownAndUpButNotOut() throws IOException, Refused {
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/file"), "deep");
    assertEquals(3, client.walk(0, 1, "a", "b", "file"));
    assertEquals(3, client.walk(0, 2, "a", "..", "a"));
    assertEquals(2, client.walk(0, 3, "..", ".."));
    long root = inode(0);
    assertEquals(root, inode(3), "above the folder there is the folder");
    assertEquals(1, client.walk(0, 9, "a", "none", "file"), "as far as it goes");
    refused(HostError.EBADF, () -> client.clunk(9), "but to a new handle only all the way");
    refused(HostError.ENOENT, () -> client.walk(0, 9, "none"));
    refused(HostError.ENOENT, () -> client.walk(0, 9, "../secret"));
    refused(HostError.ENOENT, () -> client.walk(0, 9, "a/b"));
    refused(HostError.ENOENT, () -> client.walk(0, 9, "/"));
    refused(HostError.ENOENT, () -> client.walk(0, 9, "a\0"));
    refused(HostError.EINVAL, () -> client.walk(0, 9, ""));
    refused(HostError.EINVAL, () -> client.walk(0, 1, "a"), "the number is taken");
    refused(HostError.ENOTDIR, () -> client.walk(1, 9, "x"));
    client.walk(0, 0, "a");
    assertEquals(1, client.walk(0, 9, "b"));
  }

  private long inode(int fid) throws Refused {
    Message answer = client.send(24, request().u32(fid).u64(0x7ff));
    answer.u64();
    answer.u8();
    answer.u32();
    return answer.u64();
  }

  @Test
  void linksLeadNowhereHere() throws IOException, Refused {
    Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("file"), outside.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("proc"), Path.of("/proc/self/root"));
    Files.createDirectory(folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("inside"), Path.of("real"));
    for (String name : List.of("up", "file", "proc", "inside")) {
      client.walk(0, 1, name);
      assertEquals(Attributes.LINK, client.attributes(1).u32() & Attributes.TYPE);
      refused(HostError.ENXIO, () -> client.open(1, 0));
      refused(HostError.ENXIO, () -> client.open(1, 1));
      refused(ELOOP, () -> client.walk(1, 2, "secret"));
      refused(HostError.ENOTDIR, () -> client.create(1, "made", 0101, 0600));
      refused(HostError.EOPNOTSUPP, () -> setAttributes(1, 1, 0777, 0));
      refused(HostError.ENXIO, () -> setAttributes(1, 8, 0, 0));
      refused(HostError.EEXIST, () -> client.walkAndCreate(0, 3, name, 0301));
      refused(HostError.ENXIO, () -> client.walkAndCreate(0, 3, name, 0101));
      client.clunk(1);
    }
    client.walk(0, 1, "up");
    assertEquals("..", client.send(22, request().u32(1)).string());
    // A folder that the host replaces by a link, under a handle.
    client.walk(0, 4, "real");
    Files.delete(folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("real"), outside);
    refused(ELOOP, () -> client.walk(4, 5, "secret"));
    refused(HostError.ENOTDIR, () -> client.create(4, "made", 0101, 0600));
    refused(
        HostError.ENOTDIR, () -> client.send(72, request().u32(4).string("made").u32(0700).u32(0)));
    refused(HostError.ENOTDIR, () -> client.send(76, request().u32(4).string("secret").u32(0)));
    refused(
        HostError.ENOTDIR,
        () -> client.send(74, request().u32(4).string("secret").u32(0).string("got")));
    try (var names = Files.list(outside)) {
      assertEquals(2, names.count());
    }
    assertEquals("secret", Files.readString(outside.resolve("secret")));
    for (String name : List.of("up", "file", "proc", "inside", "real")) {
      Files.delete(folder.resolve(name));
    }
  }

  private void setAttributes(int fid, int what, int mode, long size) throws Refused {
    Message message = request().u32(fid).u32(what).u32(mode).u32(-1).u32(-1).u64(size);
    client.send(26, message.u64(1).u64(2).u64(3).u64(4));
  }

  @Test
  void opensNeitherPipesNorMakesDevices() throws Refused {
    client.send(18, request().u32(0).string("pipe").u32(Attributes.FIFO | 0600).u64(0).u32(0));
    client.walk(0, 1, "pipe");
    refused(HostError.ENXIO, () -> client.open(1, 0));
    refused(
        HostError.EPERM,
        () -> client.send(18, request().u32(0).string("dev").u32(0x2000 | 0600).u64(5).u32(0)));
    assertTrue(Files.exists(folder.resolve("pipe"), LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(folder.resolve("dev"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void listsFoldersInAsManyPiecesAsItTakes() throws IOException, Refused {
    Set<String> expected = new TreeSet<>(Set.of(".", ".."));
    for (int i = 0; i < 300; i++) {
      expected.add("file" + i);
      Files.createFile(folder.resolve("file" + i));
    }
    client.walk(0, 1);
    client.open(1, HostTree.O_DIRECTORY);
    for (int room : new int[] {100, 1000, 60_000}) {
      Set<String> seen = new TreeSet<>();
      long offset = 0;
      boolean more = true;
      while (more) {
        Message answer = client.send(40, request().u32(1).u64(offset).u32(room));
        int bytes = answer.u32();
        assertTrue(bytes <= room);
        int end = answer.position() + bytes;
        more = bytes > 0;
        while (answer.position() < end) {
          answer.u8();
          answer.u32();
          answer.u64();
          offset = answer.u64();
          answer.u8();
          assertTrue(seen.add(answer.string()));
        }
      }
      assertEquals(expected, seen);
    }
  }

  @Test
  void tellsAndSetsAttributes() throws IOException, Refused {
    Files.writeString(folder.resolve("file"), "12345");
    client.walk(0, 1, "file");
    setAttributes(1, 1 | 8 | 0x10 | 0x80 | 0x20 | 0x100, 04711, 3);
    Message answer = client.attributes(1);
    assertEquals(Attributes.REGULAR | 04711, answer.u32());
    answer.u64();
    assertEquals(1, answer.u64(), "links");
    answer.u64();
    assertEquals(3, answer.u64(), "size");
    answer.u64();
    answer.u64();
    for (long expected : new long[] {1, 2, 3, 4}) {
      assertEquals(expected, answer.u64());
    }
    setAttributes(1, 0x20, 0, 0);
    assertNotEquals(
        3,
        Files.getLastModifiedTime(folder.resolve("file"))
            .to(java.util.concurrent.TimeUnit.SECONDS));
    client.open(1, 0);
    Files.delete(folder.resolve("file"));
    assertEquals(Attributes.REGULAR | 04711, client.attributes(1).u32(), "it is open still");
    Message system = client.send(8, request().u32(0));
    system.u32();
    assertTrue(system.u32() > 0);
  }

  @Test
  void makesRenamesAndRemoves() throws IOException, Refused {
    client.send(72, request().u32(0).string("a").u32(0750).u32(0));
    client.walk(0, 1, "a");
    client.send(16, request().u32(1).string("link").string("no/where").u32(0));
    assertEquals("no/where", Files.readSymbolicLink(folder.resolve("a/link")).toString());
    client.walk(1, 2);
    client.create(2, "file", 0102, 0600);
    client.send(70, request().u32(0).u32(2).string("other"));
    assertEquals(2, Files.getAttribute(folder.resolve("other"), "unix:nlink"));
    client.walk(0, 3, "a", "file");
    client.send(74, request().u32(0).string("a").u32(0).string("b"));
    client.open(3, 1);
    client.write(3, 0, "found");
    assertEquals("found", Files.readString(folder.resolve("b/file")));
    client.walk(1, 5, "link");
    client.send(20, request().u32(5).u32(0).string("moved"));
    assertTrue(Files.isSymbolicLink(folder.resolve("moved")));
    refused(ENOTEMPTY, () -> client.send(76, request().u32(0).string("b").u32(0x200)));
    client.send(122, request().u32(3));
    assertFalse(Files.exists(folder.resolve("b/file")));
    refused(HostError.EBADF, () -> client.clunk(3));
    client.send(76, request().u32(0).string("b").u32(0x200));
    for (String name : List.of("..", ".", "")) {
      refused(HostError.EINVAL, () -> client.send(76, request().u32(0).string(name).u32(0x200)));
      refused(HostError.EINVAL, () -> client.create(0, name, 0101, 0600));
    }
    refused(
        HostError.ENOENT,
        () -> client.send(74, request().u32(0).string("other").u32(0).string("../taken")));
    assertEquals(0, client.send(52, request().u32(0)).u8());
    Message lock = client.send(54, request().u32(0).u8(1).u64(2).u64(3).u32(4).string("me"));
    assertEquals(2, lock.u8());
  }

  @Test
  void aReadOnlyFolderStaysAsItIs() throws IOException, Refused {
    Files.writeString(folder.resolve("file"), "text");
    try (FolderServer fixed = new FolderServer(folder, true)) {
      Client reader = new Client(fixed);
      reader.attach(0);
      reader.walk(0, 1, "file");
      for (int flags : new int[] {1, 2, 01000}) {
        refused(HostError.EROFS, () -> reader.open(1, flags));
      }
      reader.open(1, 0);
      assertEquals("text", reader.read(1, 0, 100));
      for (int type : new int[] {14, 16, 18, 20, 26, 70, 72, 74, 76, 118}) {
        refused(HostError.EROFS, () -> reader.send(type, request()));
      }
      refused(HostError.EROFS, () -> reader.send(122, request().u32(1)));
    }
    assertEquals("text", Files.readString(folder.resolve("file")));
  }

  @Test
  void goesOnFromASnapshot() throws IOException, Refused {
    Files.writeString(folder.resolve("file"), "text");
    Files.writeString(folder.resolve("gone"), "text");
    client.walk(0, 1, "file");
    client.open(1, 0);
    client.walk(0, 2, "gone");
    client.open(2, 0);
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    server.save(new DataOutputStream(saved));
    Files.delete(folder.resolve("gone"));
    try (FolderServer again = new FolderServer(folder, false)) {
      again.restore(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
      Client other = new Client(again);
      assertEquals("text", other.read(1, 0, 100));
      refused(HostError.EBADF, () -> other.read(2, 0, 100));
      other.walk(0, 3, "file");
    }
  }

  @Test
  void foldersThatAreNone() {
    String message =
        assertThrows(IOException.class, () -> new FolderServer(outside.resolve("none"), false))
            .getMessage();
    assertEquals(outside.resolve("none") + ": is no folder that can be opened", message);
    assertThrows(IOException.class, () -> new FolderServer(outside.resolve("secret"), false));
  }

  @Test
  void anyMessageIsAnswered() throws IOException, Refused {
    List<Integer> types =
        new ArrayList<>(List.of(8, 12, 14, 16, 18, 20, 22, 24, 26, 40, 50, 52, 54, 70, 72, 74, 76));
    types.addAll(List.of(100, 104, 108, 110, 116, 118, 120, 122, 30, 32, 102, 6, 255));
    Random random = new Random(1);
    Set<Integer> answers = new HashSet<>();
    for (int i = 0; i < 30_000; i++) {
      if (i % 100 == 0) {
        client.attachAgain();
      }
      Message message = Client.request();
      int fields = random.nextInt(7);
      for (int j = 0; j < fields; j++) {
        switch (random.nextInt(5)) {
          case 0 -> message.u32(random.nextInt(4));
          case 1 -> message.u64(random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(9));
          case 2 ->
              message.string(List.of("..", "a", "b", "secret", "../x").get(random.nextInt(5)));
          case 3 -> message.u16(random.nextInt(4));
          default -> message.u32(random.nextInt());
        }
      }
      int type = types.get(random.nextInt(types.size()));
      int room = random.nextInt(50) == 0 ? random.nextInt(40) : 9000;
      byte[] answer = server.answer(message.finish(type, 1), room);
      assertTrue(answer == null ? room < 11 : answer.length <= Math.max(room, 11));
      answers.add(answer == null ? 0 : answer[4] & 0xff);
    }
    assertTrue(answers.size() > 15, answers::toString);
    try (var names = Files.list(outside)) {
      assertEquals(2, names.count());
    }
    assertEquals("secret", Files.readString(outside.resolve("secret")));
  }
}
