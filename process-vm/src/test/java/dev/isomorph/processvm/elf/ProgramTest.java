package dev.isomorph.processvm.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Vma;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  private static final int R = ElfBuilder.R;
  private static final int W = ElfBuilder.W;
  private static final int X = ElfBuilder.X;

  @TempDir Path root;
  private AddressSpace space;

  @BeforeEach
  void reserve() {
    space = new AddressSpace(8L << 20, (start, end) -> {});
  }

  @AfterEach
  void release() {
    space.release();
  }

  private void write(String name, byte[] content) throws IOException {
    Path path = root.resolve(name);
    Files.write(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Program open(String... arguments) throws ExecFailure {
    return Program.open(
        new PlainFiles(root), arguments[0], List.of(arguments), AddressSpace.DEFAULT_SIZE);
  }

  private LoadedProgram load() throws ExecFailure {
    assertEquals(space.size(), space.mapStack(false));
    try (Program program = open("/program")) {
      return program.load(space);
    }
  }

  /** Checks the line and the status with which a file is refused. */
  private void refused(byte[] content, int status, String reason) throws IOException {
    write("program", content);
    ExecFailure failure = assertThrows(ExecFailure.class, this::load);
    assertEquals("isomorph: /program: " + reason, failure.message());
    assertEquals(status, failure.status());
    space.release();
    space = new AddressSpace(8L << 20, (start, end) -> {});
  }

  private void refused(ElfBuilder elf, String reason) throws IOException {
    refused(elf.build(), 126, reason);
  }

  private String maps() {
    StringBuilder text = new StringBuilder();
    for (Vma area : space.areas()) {
      if (area.end() < space.size()) {
        text.append(Long.toHexString(area.start())).append('-');
        text.append(Long.toHexString(area.end())).append(':').append(area.protection());
        text.append(area.file() == null ? "" : area.file().path()).append(' ');
      }
    }
    return text.toString().trim();
  }

  private int bytesAt(long address, long length, int value) {
    int count = 0;
    for (long i = 0; i < length; i++) {
      if (HostMemory.getByte(space.hostAddress(address + i)) == value) {
        count++;
      }
    }
    return count;
  }

  @Test
  void aStaticProgramIsMappedAsItSays() throws Exception {
    write("program", ElfBuilder.program().build());
    LoadedProgram loaded = load();
    assertEquals("10000-11000:5/program 12000-13000:3/program 13000-16000:3", maps());
    assertEquals(0x10000, loaded.start());
    assertEquals(0x10000, loaded.entry());
    assertEquals(0x10040, loaded.headers());
    assertEquals(2, loaded.headerCount());
    assertEquals(0, loaded.interpreterBase());
    assertEquals(0x12800 + 0x3456, loaded.end());
    assertEquals(0x16000, space.brk(0));
    assertEquals(0x400, bytesAt(0x12800, 0x400, 2));
    assertEquals(0x3400, bytesAt(0x12c00, 0x3400, 0));
  }

  @Test
  void aPositionIndependentProgramGoesToItsBase() throws Exception {
    write("program", ElfBuilder.positionIndependent().build());
    LoadedProgram loaded = load();
    assertEquals(0x2aaaaaa000L, loaded.bias());
    assertEquals(0x2aaaaaa400L, loaded.start());
    assertEquals(0x2aaaaaa040L, loaded.headers());
    assertEquals(
        "2aaaaaa000-2aaaaab000:5/program 2aaaaac000-2aaaaad000:3/program 2aaaaad000-2aaaab0000:3",
        maps());
  }

  @Test
  void alignmentIsHonoured() throws Exception {
    ElfBuilder elf = ElfBuilder.positionIndependent();
    elf.headers.add(new ElfBuilder.Header(1, R, 0, 0x40000, 0x100, 0x100, 0x200000));
    write("program", elf.build());
    assertEquals(0x2aaaa00000L, load().bias());
  }

  @Test
  void theInterpreterIsMappedBelowTheStack() throws Exception {
    ElfBuilder elf = ElfBuilder.positionIndependent().header(3, R, 64 + 3 * 56, 4);
    write("program", elf.build("/ld\0"));
    write("ld", ElfBuilder.positionIndependent().build());
    LoadedProgram loaded = load();
    long base = space.mmapBase() - 0x6000;
    assertEquals(base, loaded.interpreterBase());
    assertEquals(base + 0x400, loaded.start());
    assertEquals(0x2aaaaaa400L, loaded.entry());
    assertEquals("/ld", space.area(base).file().path());
  }

  @Test
  void aReadOnlySegmentsTailIsNotZeroed() throws Exception {
    ElfBuilder elf = new ElfBuilder().load(R | X, 0, 0x10000, 0x800, 0x1800);
    write("program", elf.build());
    load();
    assertEquals("10000-11000:5/program 11000-12000:7", maps());
    assertEquals(0x800, bytesAt(0x10800, 0x800, 1));
  }

  @Test
  void segmentsMayShareAPage() throws Exception {
    ElfBuilder elf =
        new ElfBuilder()
            .load(R | X, 0, 0x10000, 0x800, 0x800)
            .load(R | W, 0x800, 0x10800, 0x100, 0x100);
    write("program", elf.build());
    load();
    assertEquals("10000-11000:3/program", maps());
  }

  @Test
  void theStackIsExecutableIfAskedFor() throws Exception {
    write("program", ElfBuilder.program().header(0x6474e551, R | W | X, 0, 0).build());
    try (Program program = open("/program")) {
      assertEquals(true, program.executableStack());
    }
  }

  @Test
  void filesThatAreNoPrograms() throws Exception {
    refused(new byte[0], 126, "is empty");
    refused(Bytes.of("hello\n"), 126, "not an ELF file");
    refused(new byte[] {0x7f, 'E', 'L'}, 126, "not an ELF file");
    refused(
        new byte[] {0x7f, 'E', 'L', 'F', 2, 1},
        126,
        "truncated: the ELF header ends at byte 64, the file has 6");
  }

  @Test
  void filesThatCannotBeOpened() throws Exception {
    ExecFailure missing = assertThrows(ExecFailure.class, () -> open("/nowhere"));
    assertEquals("isomorph: /nowhere: not found", missing.message());
    assertEquals(127, missing.status());
    Files.createDirectory(root.resolve("folder"));
    ExecFailure folder = assertThrows(ExecFailure.class, () -> open("/folder"));
    assertEquals("isomorph: /folder: is a directory", folder.message());
    assertEquals(126, folder.status());
    write("program", ElfBuilder.program().build());
    ExecFailure below = assertThrows(ExecFailure.class, () -> open("/program/x"));
    assertEquals("/program/x: a part of the path is not a directory", below.getMessage());
    assertEquals(127, below.status());
    Files.setPosixFilePermissions(
        root.resolve("program"), PosixFilePermissions.fromString("rw-r--r--"));
    ExecFailure data = assertThrows(ExecFailure.class, () -> open("/program"));
    assertEquals("/program: not executable (permission denied)", data.getMessage());
    assertEquals(126, data.status());
    ExecFailure device =
        assertThrows(
            ExecFailure.class,
            () -> Program.open(new PlainFiles(Path.of("/dev")), "/null", List.of(""), 1L << 38));
    assertEquals("/null: not a regular file", device.getMessage());
  }

  @Test
  void anUnreadableFile() throws Exception {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may read everything");
    write("program", ElfBuilder.program().build());
    Files.setPosixFilePermissions(
        root.resolve("program"), PosixFilePermissions.fromString("--x--x--x"));
    ExecFailure failure = assertThrows(ExecFailure.class, () -> open("/program"));
    assertEquals("/program: permission denied", failure.getMessage());
    assertEquals(126, failure.status());
  }

  @Test
  void anEmptyNameCanBeSeen() {
    assertEquals("isomorph: '': not found", ExecFailure.ofErrno("", Errno.ENOENT).message());
  }

  @Test
  void otherMachines() throws Exception {
    ElfBuilder elf = ElfBuilder.program();
    elf.machine = 62;
    refused(elf, "a program for x86-64, not for riscv64");
    elf.machine = 183;
    refused(elf, "a program for AArch64, not for riscv64");
    elf.machine = 999;
    refused(elf, "a program for machine number 999, not for riscv64");
    elf.machine = 22;
    elf.data = 2;
    refused(elf, "a big-endian program for S/390, not for riscv64");
    elf.machine = 243;
    refused(elf, "a big-endian RISC-V program; only little-endian ones are run");
    elf.machine = Short.toUnsignedInt(Short.reverseBytes((short) 243));
    refused(elf, "a big-endian RISC-V program; only little-endian ones are run");
    elf.machine = 243;
    elf.data = 1;
    elf.elfClass = 1;
    refused(elf, "a 32-bit RISC-V program; only 64-bit ones are run");
  }

  @Test
  void otherTypes() throws Exception {
    ElfBuilder elf = ElfBuilder.program();
    elf.type = 1;
    refused(elf, "an object file, not a program");
    elf.type = 4;
    refused(elf, "a core dump, not a program");
    elf.type = 77;
    refused(elf, "ELF type 77, not a program");
    ElfBuilder library = ElfBuilder.positionIndependent();
    library.entry = 0;
    refused(library, "a shared library without an entry point");
  }

  @Test
  void hostileHeaderTables() throws Exception {
    ElfBuilder elf = ElfBuilder.program();
    elf.headerSize = 32;
    refused(elf, "program headers of 32 bytes instead of 56");
    elf.headerSize = 56;
    elf.headerCount = 0;
    refused(elf, "no program headers");
    elf.headerCount = 0xffff;
    refused(elf, "65535 program headers, more than 1170");
    elf.headerCount = 1170;
    refused(elf, "truncated: the program header table ends at byte 65584, the file has 8192");
    elf.headerCount = 2;
    elf.headersOffset = -8;
    refused(elf, "truncated: the program header table ends at byte 104, the file has 8192");
    elf.headersOffset = 1L << 62;
    refused(
        elf,
        "truncated: the program header table ends at byte 4611686018427388016, the file has 8192");
    ElfBuilder empty = new ElfBuilder().header(4, R, 0, 8);
    refused(empty, "no segment to load");
    ElfBuilder far = ElfBuilder.program();
    far.entry = 1L << 38;
    refused(far, "entry point 0x4000000000 lies in no segment");
    far.entry = 0x10800;
    refused(far, "entry point 0x10800 lies in no segment");
  }

  @Test
  void hostileSegments() throws Exception {
    refused(
        new ElfBuilder().load(R, 0, 0x10000, 0x801, 0x800),
        "segment 0 is larger in the file than in memory");
    refused(
        new ElfBuilder().load(R, 0, 0x10000, -1, 0x800),
        "segment 0 is larger in the file than in memory");
    refused(
        new ElfBuilder().load(R, 0, 0x10000, 0x100, -1),
        "segment 0 at 0x10000 with 0xffffffffffffffff bytes lies outside the address space");
    refused(
        new ElfBuilder().load(R, 0, 0x10000, 0x100, 1L << 38),
        "segment 0 at 0x10000 with 0x4000000000 bytes lies outside the address space");
    refused(
        new ElfBuilder().load(R, 0, -0x1000, 0x100, 0x2000),
        "segment 0 at 0xfffffffffffff000 with 0x2000 bytes lies outside the address space");
    refused(
        new ElfBuilder().load(R, 0x10, 0x10000, 0x100, 0x100),
        "segment 0 lies at another place in its page than in the file's");
    refused(
        new ElfBuilder().load(R, 0, 0x10000, 0x2001, 0x2001),
        "truncated: segment 0 ends at byte 8193, the file has 8192");
    refused(
        new ElfBuilder().load(R, 1L << 63, 0x10000, 1, 1),
        "truncated: segment 0 ends at byte 9223372036854775809, the file has 8192");
    refused(
        new ElfBuilder().load(R, 0, 0, 0x100, 0x100),
        "segment 0 at 0x0 lies below the lowest address that may be mapped, 0x10000");
    refused(
        new ElfBuilder().load(R, 0, 0x20000, 0x100, 0x2000).load(R, 0, 0x21000, 0x100, 0x100),
        "segments 0 and 1 overlap");
    refused(
        new ElfBuilder().load(R, 0, 0x10000, 0x100, 0x100).load(R, 0, 0x3fffff0000L, 1, 1),
        "segment 1 lies where the stack or another program is");
    ElfBuilder huge = ElfBuilder.positionIndependent();
    huge.load(R | W, 0, 0x2000000000L, 0, 0x1000);
    refused(huge, "no room for its segments in memory");
  }

  @Test
  void interpretersThatDoNotWork() throws Exception {
    String path = "/ld\0";
    ElfBuilder elf = ElfBuilder.positionIndependent().header(3, R, 64 + 3 * 56, 4);
    refused(elf.build(path), 127, "interpreter /ld: not found (--root names a folder that has it)");
    write("ld", Bytes.of("#!/bin/sh\n"));
    refused(elf.build(path), 126, "interpreter /ld: not an ELF file");
    write("ld", Bytes.of("?"));
    refused(elf.build(path), 126, "interpreter /ld: not an ELF file");
    ElfBuilder fixed = ElfBuilder.program();
    fixed.headers.set(0, new ElfBuilder.Header(1, R, 0, 0x3fffff0000L, 1, 1, 0x1000));
    fixed.entry = 0x3fffff0000L;
    write("ld", fixed.build());
    refused(
        elf.build(path),
        126,
        "interpreter /ld: segment 0 lies where the stack or another program is");
    refused(elf.build("/ldx"), 126, "interpreter path without an end");
    refused(ElfBuilder.program().header(3, R, 64, 1).build(), 126, "interpreter path of 1 bytes");
    refused(
        ElfBuilder.program().header(3, R, 64, 5000).build(), 126, "interpreter path of 5000 bytes");
    refused(
        ElfBuilder.program().header(3, R, 8190, 4).build(),
        126,
        "truncated: the interpreter path ends at byte 8194, the file has 8192");
  }

  @Test
  void scriptsRunTheirInterpreter() throws Exception {
    write("interpreter", ElfBuilder.program().build());
    write("script", Bytes.of("#! /interpreter  -x y \nrest"));
    try (Program program = open("/script", "a", "b")) {
      assertEquals(List.of("/interpreter", "-x y", "/script", "a", "b"), program.arguments());
      assertEquals("/interpreter", program.path());
    }
    write("second", Bytes.of("#!/script\n"));
    try (Program program = open("/second", "a")) {
      assertEquals(List.of("/interpreter", "-x y", "/script", "/second", "a"), program.arguments());
    }
  }

  @Test
  void scriptsThatDoNotWork() throws Exception {
    refused(
        Bytes.of("#!/no\n"), 127, "interpreter /no: not found (--root names a folder that has it)");
    refused(Bytes.of("#!  \n"), 126, "a script that names no interpreter");
    ElfBuilder other = ElfBuilder.program();
    other.machine = 62;
    write("sh", other.build());
    refused(Bytes.of("#!/sh\n"), 126, "interpreter /sh: a program for x86-64, not for riscv64");
    refused(Bytes.of("#!/program\n"), 126, "a script within too many scripts");
  }
}
