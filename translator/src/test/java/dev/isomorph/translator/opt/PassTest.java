package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PassTest {
  @Test
  void namesAreWordsWithHyphens() {
    assertEquals("dead-code", Pass.DEAD_CODE.toString());
    assertEquals(Pass.DEAD_CODE, Pass.named("dead-code"));
    assertNull(Pass.named("DEAD_CODE"));
  }

  @Test
  void allNamesAreListed() {
    assertTrue(Pass.names().startsWith("constants, rules, known-bits, "), Pass.names());
    assertEquals(Pass.values().length, Pass.names().split(", ").length);
  }
}
