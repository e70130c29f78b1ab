package dev.isomorph.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QemuTest {
  @TempDir Path folder;

  private Path program(String says) throws IOException {
    Path file = folder.resolve("program");
    Files.writeString(file, "#!/bin/sh\necho '" + says + "'\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  @Test
  void itsVersionIsWhatItSays() throws IOException {
    Qemu qemu = Qemu.at(program("qemu-riscv64 version 9.2.1 (Debian 1:9.2.1+ds-1)"));
    assertEquals("9.2.1", qemu.version());
    assertEquals(9, qemu.major());
  }

  /** Whoever runs it may do so in another folder. */
  @Test
  void itIsNamedFromTheRoot() throws IOException {
    Path program = program("qemu-riscv64 version 9.2.1");
    Path relative = Path.of("").toAbsolutePath().relativize(program);
    assertEquals(Path.of("").resolve(relative).toAbsolutePath(), Qemu.at(relative).binary());
  }

  @Test
  void otherProgramsAreRefused() throws IOException {
    for (String says : new String[] {"qemu-aarch64 version 9.2.1", "version 3 or later", ""}) {
      IOException e = assertThrows(IOException.class, () -> Qemu.at(program(says)));
      assertTrue(e.getMessage().contains(" is no qemu-riscv64"), e.getMessage());
    }
    IOException e = assertThrows(IOException.class, () -> Qemu.at(folder));
    assertEquals(folder + ": not an executable file", e.getMessage());
  }
}
