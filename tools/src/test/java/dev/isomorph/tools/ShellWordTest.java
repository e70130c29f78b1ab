package dev.isomorph.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ShellWordTest {
  @Test
  void onlyWhatAShellWouldTakeApartIsQuoted() {
    assertEquals("/usr/bin/qemu-riscv64", ShellWord.of("/usr/bin/qemu-riscv64"));
    assertEquals("--env=A:B,c@d%e+f", ShellWord.of("--env=A:B,c@d%e+f"));
    assertEquals("''", ShellWord.of(""));
    assertEquals("'a b'", ShellWord.of("a b"));
    assertEquals("'$x;~'", ShellWord.of("$x;~"));
    assertEquals("'it'\\''s'", ShellWord.of("it's"));
  }
}
