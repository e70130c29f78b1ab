package dev.isomorph.hostbackend.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every instruction over its operands, byte for byte against GNU as, which has to be there. */
final class EncodingTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final int SHOWN_DIFFERENCES = 10;

  private static List<byte[]> assembled;

  static EncodingCases allCases() {
    EncodingCases cases = new EncodingCases();
    IntegerCases.addTo(cases);
    BitCases.addTo(cases);
    ControlCases.addTo(cases);
    AvxCases.addTo(cases);
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> assemblesLikeGnuAs() throws Exception {
    assumeTrue(GnuAssembler.isAvailable(), "GNU as for x86-64 is not installed");
    EncodingCases cases = allCases();
    List<String> statements = new ArrayList<>();
    cases.members().values().forEach(list -> list.forEach(each -> statements.add(each.text())));
    List<byte[]> expected = assembledOnce(statements);
    Assembler assembler = new Assembler();
    List<DynamicTest> tests = new ArrayList<>();
    int next = 0;
    for (var member : cases.members().entrySet()) {
      int start = next;
      next += member.getValue().size();
      List<byte[]> slice = expected.subList(start, next);
      tests.add(
          DynamicTest.dynamicTest(
              member.getKey(), () -> compare(member.getValue(), slice, assembler)));
    }
    return tests.stream();
  }

  /** GNU as takes seconds for so much; a test that is run alone, again and again, asks it once. */
  private static List<byte[]> assembledOnce(List<String> statements) throws IOException {
    if (assembled == null) {
      assembled = GnuAssembler.assemble(statements);
    }
    return assembled;
  }

  private static void compare(
      List<EncodingCases.Case> cases, List<byte[]> expected, Assembler assembler) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      byte[] actual = cases.get(i).bytes(assembler);
      if (!Arrays.equals(actual, expected.get(i)) && differences.size() < SHOWN_DIFFERENCES) {
        differences.add(
            "%s: as says %s, got %s"
                .formatted(
                    cases.get(i).text(), HEX.formatHex(expected.get(i)), HEX.formatHex(actual)));
      }
    }
    assertEquals(List.of(), differences);
  }
}
