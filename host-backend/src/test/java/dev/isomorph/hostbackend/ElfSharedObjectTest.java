package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfSharedObjectTest {
  private static native int first();

  private static native int second();

  @Test
  @SuppressWarnings("restricted")
  void theDynamicLinkerFindsEverySymbol(@TempDir Path folder) throws IOException {
    byte[] code = {
      (byte) 0xb8, 1, 0, 0, 0, (byte) 0xc3, // mov eax, 1; ret
      (byte) 0xb8, 2, 0, 0, 0, (byte) 0xc3, // mov eax, 2; ret
    };
    String prefix = "Java_dev_isomorph_hostbackend_ElfSharedObjectTest_";
    String[] names = {prefix + "first", prefix + "second"};
    Path file = folder.resolve("test.so");
    Files.write(file, ElfSharedObject.of(code, names, new int[] {0, 6}));
    System.load(file.toString());
    assertEquals(1, first());
    assertEquals(2, second());
  }
}
