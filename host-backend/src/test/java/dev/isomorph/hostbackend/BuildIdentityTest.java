package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two builds are never taken for one. */
class BuildIdentityTest {
  @TempDir Path folder;

  @Test
  void dependsOnAllJars() throws Exception {
    File jar = Files.writeString(folder.resolve("isomorph.jar"), "main").toFile();
    assertNull(BuildIdentity.find(jar), "there are no others");
    Path module = Files.createDirectory(folder.resolve("lib")).resolve("translator.jar");
    Files.writeString(module, "code");
    String identity = BuildIdentity.find(jar);
    assertEquals(identity, BuildIdentity.find(jar));
    FileTime time = Files.getLastModifiedTime(module);
    Files.writeString(module, "other code");
    Files.setLastModifiedTime(module, time);
    assertNotEquals(identity, BuildIdentity.find(jar));
    Files.writeString(module, "code");
    Files.setLastModifiedTime(module, FileTime.fromMillis(time.toMillis() + 1));
    assertNotEquals(identity, BuildIdentity.find(jar));
    Files.setLastModifiedTime(module, time);
    assertEquals(identity, BuildIdentity.find(jar));
    assertNull(BuildIdentity.find(folder.toFile()));
    assertEquals(
        identity,
        BuildIdentity.find(folder.resolve("./isomorph.jar").toFile()),
        "whatever it is called");
  }
}
