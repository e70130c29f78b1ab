package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLibraryTest {
  @TempDir Path folder;

  @Test
  void loadingLeavesNoFile() throws IOException {
    assertNull(HostLibrary.tryLoad(HostFunctions.sharedObject(), folder.resolve("own")));
    assertEmpty();
  }

  @Test
  void aMissingFolderIsAReasonNotAFailure() {
    String reason =
        HostLibrary.tryLoad(HostFunctions.sharedObject(), folder.resolve("none").resolve("own"));
    assertNotNull(reason);
    assertFalse(reason.contains("\n"), reason);
  }

  @Test
  void whatTheLinkerRefusesIsAReasonAndLeavesNoFile() throws IOException {
    byte[] foreign = HostFunctions.sharedObject();
    foreign[18] = (byte) 243; // e_machine: EM_RISCV
    assertNotNull(HostLibrary.tryLoad(foreign, folder.resolve("own")));
    assertEmpty();
  }

  private void assertEmpty() throws IOException {
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }
}
