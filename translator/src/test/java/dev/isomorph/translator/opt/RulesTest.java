package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each rule of the optimiser by example, from {@code rules.txt}: a title, a block, {@code =>}, what
 * it becomes ({@code =} for no change).
 */
class RulesTest {
  @TestFactory
  Stream<DynamicTest> optimisesAsWritten() throws IOException {
    return Stream.of(read().split("\n\n")).skip(1).map(RulesTest::test);
  }

  private static DynamicTest test(String entry) {
    String[] titleAndBody = entry.strip().split("\n", 2);
    String[] beforeAndAfter = titleAndBody[1].split("(?m)^=>?\n?", 2);
    IrBlock before = IrText.parse(beforeAndAfter[0].strip());
    boolean changes = titleAndBody[1].contains("\n=>");
    IrBlock after = changes ? IrText.parse(beforeAndAfter[1].strip()) : before;
    return DynamicTest.dynamicTest(titleAndBody[0], () -> check(before, after));
  }

  private static void check(IrBlock before, IrBlock expected) {
    assertTrue(IrVerifier.verify(before));
    IrBlock optimised = new Optimizer().optimise(before);
    assertTrue(IrVerifier.verify(optimised));
    assertEquals(expected.toString(), optimised.toString());
  }

  private static String read() throws IOException {
    try (InputStream in = RulesTest.class.getResourceAsStream("rules.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
