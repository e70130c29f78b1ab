package dev.isomorph.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TestNameTest {
  @ParameterizedTest
  @CsvSource({
    "rv64ui-p-add, rv64ui, add",
    "rv64ui-v-ld_st, rv64ui, ld_st",
    "isa/rv64uzba-sh1add_uw, rv64uzba, sh1add_uw",
    "rv32ui-p-add, rv32ui, add",
    "rv64i_m/I/add-01.elf, rv64i_m/I, add",
    "rv64i_m/I/lb-align-01.elf, rv64i_m/I, lb-align",
    "rv64i_m/F/src/fadd_b1-01.S/dut/my.elf, rv64i_m/F, fadd_b1",
    "hello, top, hello",
    "programs/sort, programs, sort",
    ".elf, top, .elf",
  })
  void extensionAndSubjectComeFromThePlace(String path, String extension, String subject) {
    assertEquals(new TestName(extension, subject), TestName.of("top", path));
  }
}
