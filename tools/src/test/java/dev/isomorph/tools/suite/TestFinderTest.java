package dev.isomorph.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.tools.GuestElf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TestFinderTest {
  @TempDir Path scratch;

  private TestCase only() throws IOException {
    List<TestCase> all = new TestFinder(scratch).find();
    assertEquals(1, all.size(), all.toString());
    return all.getFirst();
  }

  private String problem() throws IOException {
    return assertInstanceOf(TestKind.Broken.class, only().kind()).problem();
  }

  @Test
  void onlyRiscvProgramsAreTests() throws IOException {
    GuestElf.exit(0).write(scratch.resolve("b/rv64ui-p-sub"));
    GuestElf.exit(0).type(3).write(scratch.resolve("b/a.elf"));
    GuestElf.exit(0).type(1).write(scratch.resolve("object.o"));
    GuestElf.exit(0).machine(62).write(scratch.resolve("native"));
    Files.writeString(scratch.resolve("README"), "text");
    Files.writeString(scratch.resolve("empty"), "");
    assertEquals(
        List.of("b/a.elf b a", "b/rv64ui-p-sub rv64ui sub"),
        new TestFinder(scratch)
            .find().stream()
                .map(test -> test.name() + " " + test.extension() + " " + test.subject())
                .toList());
  }

  @Test
  void withoutMoreAProgramMustEndWell() throws IOException {
    GuestElf.signature(0, 1).write(scratch.resolve("x"));
    assertEquals(
        new TestKind.Program(new TestKind.Contract(List.of(), null, 0, null)), only().kind());
  }

  @Test
  void whatLiesBesideIsTheContract() throws IOException {
    GuestElf.exit(0).write(scratch.resolve("x.elf"));
    Files.writeString(scratch.resolve("x.args"), "a b\n\nc\n");
    Files.writeString(scratch.resolve("x.status"), "7\n");
    Path in = Files.writeString(scratch.resolve("x.in"), "");
    Path out = Files.writeString(scratch.resolve("x.out"), "");
    assertEquals(
        new TestKind.Program(new TestKind.Contract(List.of("a b", "", "c"), in, 7, out)),
        only().kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.reference_output", "x.signature", "references/x.reference_output"})
  void aReferenceMakesASignatureTest(String reference) throws IOException {
    GuestElf elf = GuestElf.signature(0, 1, 2);
    elf.write(scratch.resolve("x.elf"));
    Path file = scratch.resolve(reference);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "00000001\n");
    TestKind.Signature kind = assertInstanceOf(TestKind.Signature.class, only().kind());
    assertEquals(file, kind.reference());
    assertEquals(elf.address("begin_signature"), kind.region().start());
    assertEquals(elf.address("begin_signature") + 8, kind.region().end());
  }

  @Test
  void riscofsFoldersAreUnderstood() throws IOException {
    Path test = scratch.resolve("rv64i_m/I/src/add-01.S");
    GuestElf.signature(0, 1).write(test.resolve("dut/my.elf"));
    Files.createDirectories(test.resolve("ref"));
    Path reference =
        Files.writeString(test.resolve("ref/Reference-sail_c_simulator.signature"), "00000001\n");
    TestKind.Signature kind = assertInstanceOf(TestKind.Signature.class, only().kind());
    assertEquals(reference, kind.reference());
  }

  @Test
  void theNewerNamesOfTheRegionAreKnown() throws IOException {
    GuestElf.exit(0)
        .symbol("rvtest_sig_begin", 0x3000)
        .symbol("rvtest_sig_end", 0x3010)
        .write(scratch.resolve("x"));
    Files.writeString(scratch.resolve("x.signature"), "");
    TestKind.Signature kind = assertInstanceOf(TestKind.Signature.class, only().kind());
    assertEquals(0x3000, kind.region().start());
    assertEquals(0x3010, kind.region().end());
  }

  @Test
  void otherMachinesAreRecognised() throws IOException {
    GuestElf.exit(0).symbol("tohost", 0x80001000L).write(scratch.resolve("x"));
    assertEquals(new TestKind.BareMetal(0x80001000L), only().kind());
    GuestElf.exit(0).elfClass(1).write(scratch.resolve("x"));
    assertEquals(new TestKind.Foreign("RV32"), only().kind());
  }

  @Test
  void whatIsWrongIsSaid() throws IOException {
    GuestElf.exit(0).write(scratch.resolve("x"));
    Path status = Files.writeString(scratch.resolve("x.status"), "256");
    assertEquals("x.status holds no exit status from 0 to 255", problem());
    Files.delete(status);
    Files.writeString(scratch.resolve("x.reference_output"), "");
    assertEquals(
        "has x.reference_output but no symbols begin_signature/end_signature"
            + " or rvtest_sig_begin/rvtest_sig_end",
        problem());
    GuestElf.signature(0, 1).type(3).write(scratch.resolve("x"));
    assertEquals("a signature needs a program linked for a fixed address", problem());
    byte[] whole = Files.readAllBytes(scratch.resolve("x"));
    Files.write(scratch.resolve("x"), java.util.Arrays.copyOf(whole, 100));
    assertEquals("truncated", problem().replaceAll(":.*", ""));
    Files.write(scratch.resolve("x"), java.util.Arrays.copyOf(whole, 40));
    assertEquals("truncated: the ELF header ends at byte 64, the file has 40", problem());
  }
}
