package dev.isomorph.processvm.elf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.processvm.memory.Vma;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a file, it is either refused in one line or mapped within the address space. */
class DamagedElfTest {
  private static final int FILES = 10_000;
  private static final long SEED = 20260101;

  private static final long[] CORNERS = {
    0,
    1,
    -1,
    2,
    0x37,
    0x38,
    0x39,
    0x40,
    0x800,
    0xfff,
    0x1000,
    0x1001,
    0x2000,
    0xfff0,
    0x10000,
    0x7fff_ffff,
    0x8000_0000L,
    0xffff_ffffL,
    1L << 37,
    (1L << 38) - 4096,
    (1L << 38) - 1,
    1L << 38,
    1L << 39,
    1L << 52,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 4095,
    Long.MIN_VALUE,
    -4096,
    -4097,
    0x2aaaaaa000L,
    0x3ff8000000L,
    0x3fffff0000L,
  };

  @TempDir Path root;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name : List.of("program", "ld")) {
      Path path = root.resolve(name);
      Files.write(path, ElfBuilder.positionIndependent().build());
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void damagedProgramsAreRefusedOrMapped() throws IOException {
    byte[][] originals = {
      ElfBuilder.program().header(0x6474e551, 6, 0, 0).build(),
      ElfBuilder.positionIndependent().header(3, 4, 64 + 3 * 56, 4).build("/ld\0"),
      ElfBuilder.positionIndependent().build(),
    };
    int refused = 0;
    for (int i = 0; i < FILES; i++) {
      Random random = new Random(SEED + i);
      Files.write(root.resolve("program"), damage(originals[i % originals.length], random));
      try {
        load();
      } catch (ExecFailure failure) {
        refused++;
        assertFalse(failure.reason().isBlank() || failure.message().contains("\n"));
        assertTrue(failure.status() == 126 || failure.status() == 127);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("file made from seed " + (SEED + i), e);
      }
    }
    assertTrue(refused > FILES / 10 && refused < FILES * 9 / 10, refused + " refused");
  }

  private static byte[] damage(byte[] original, Random random) {
    byte[] file = original.clone();
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int headers = 64 + 3 * 56;
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(headers);
      long corner = CORNERS[random.nextInt(CORNERS.length)];
      switch (random.nextInt(4)) {
        case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> file[at] = (byte) random.nextInt();
        case 2 -> buffer.putLong(at & -8, corner);
        default -> buffer.putLong(at & -8, buffer.getLong(at & -8) + (random.nextInt() >> 15));
      }
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
  }

  private void load() throws ExecFailure {
    AddressSpace space = new AddressSpace(8L << 20, (start, end) -> {});
    try (Program program =
        Program.open(
            new PlainFiles(root), "/program", List.of("program"), AddressSpace.DEFAULT_SIZE)) {
      space.mapStack(program.executableStack());
      LoadedProgram loaded = program.load(space);
      assertTrue(loaded.start() >= 0 && loaded.start() < space.size(), loaded.toString());
      long reached = AddressSpace.LOWEST_ADDRESS;
      for (Vma area : space.areas()) {
        assertTrue(area.start() >= reached && area.end() > area.start(), area.toString());
        reached = area.end();
        if (area.protection() != Mman.PROT_NONE) {
          HostMemory.getByte(space.hostAddress(area.start()));
          HostMemory.getByte(space.hostAddress(area.end() - 1));
        }
      }
      assertTrue(reached <= space.size());
    } finally {
      space.release();
    }
  }
}
