package dev.isomorph.hostbackend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.hostbackend.HostDisassembler.Line;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Listings, where Capstone is installed; its absence, everywhere. */
final class HostDisassemblerTest {
  private static final byte[] CODE = {
    (byte) 0x48,
    (byte) 0x01,
    (byte) 0xd8, // add rax, rbx
    (byte) 0xc4,
    (byte) 0xe2,
    (byte) 0xb1,
    (byte) 0xf7,
    (byte) 0xc3, // shlx rax, rbx, r9
    (byte) 0x06, // invalid in 64-bit mode
    (byte) 0xe9,
    0,
    0,
    0,
    0, // jmp to the next
    (byte) 0xc3, // ret
  };

  @Test
  void listsInstructionsAndInvalidBytes() {
    Optional<HostDisassembler> opened = HostDisassembler.open();
    assumeTrue(opened.isPresent(), "libcapstone is not installed");
    try (HostDisassembler disassembler = opened.get()) {
      assertEquals(
          List.of(
              new Line(0x1000, 3, "add rax, rbx"),
              new Line(0x1003, 5, "shlx rax, rbx, r9"),
              new Line(0x1008, 1, ".byte 0x06"),
              new Line(0x1009, 5, "jmp 0x100e"),
              new Line(0x100e, 1, "ret")),
          disassembler.disassemble(CODE, 0x1000));
      assertEquals(List.of(), disassembler.disassemble(new byte[0], 0x1000));
      long high = -1L << 47;
      assertEquals(high, disassembler.disassemble(CODE, high).getFirst().address());
    }
  }

  @Test
  void isAbsentWithoutJna() throws Exception {
    URL classes = HostDisassembler.class.getProtectionDomain().getCodeSource().getLocation();
    ClassLoader withoutJna =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
    Class<?> disassembler = withoutJna.loadClass(HostDisassembler.class.getName());
    Optional<?> opened = (Optional<?>) disassembler.getMethod("open").invoke(null);
    assertTrue(opened.isEmpty());
  }
}
