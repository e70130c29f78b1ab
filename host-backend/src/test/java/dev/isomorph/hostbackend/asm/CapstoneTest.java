package dev.isomorph.hostbackend.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.hostbackend.HostDisassembler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Capstone, where installed, sees one instruction where one was meant. */
final class CapstoneTest {
  @Test
  void seesEachFamilyMemberAsOneInstruction() {
    Optional<HostDisassembler> opened = HostDisassembler.open();
    assumeTrue(opened.isPresent(), "libcapstone is not installed");
    List<String> differences = new ArrayList<>();
    try (HostDisassembler disassembler = opened.get()) {
      Assembler assembler = new Assembler();
      EncodingTest.allCases()
          .members()
          .forEach(
              (member, cases) -> {
                byte[] code = cases.getLast().bytes(assembler);
                var lines = disassembler.disassemble(code, 0);
                String text = cases.getLast().text();
                if (lines.size() != 1
                    || lines.getFirst().length() != code.length
                    || !lines.getFirst().text().startsWith(mnemonic(text))) {
                  differences.add(member + ": " + text + " is listed as " + lines);
                }
              });
    }
    assertEquals(List.of(), differences);
  }

  private static String mnemonic(String text) {
    if (text.startsWith("vcmp")) {
      return "vcmp"; // Capstone spells out the predicate.
    }
    return text.startsWith(".byte 0xf0") ? "lock" : text.split(" ")[0];
  }
}
