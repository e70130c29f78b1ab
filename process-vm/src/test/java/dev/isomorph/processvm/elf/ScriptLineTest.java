package dev.isomorph.processvm.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class ScriptLineTest {
  private static ScriptLine parse(String start) {
    byte[] bytes = Bytes.of(start);
    return ScriptLine.parse(
        bytes.length > ScriptLine.LONGEST
            ? java.util.Arrays.copyOf(bytes, ScriptLine.LONGEST)
            : bytes);
  }

  @Test
  void nameAndArgumentAreTrimmed() {
    assertEquals(new ScriptLine("/bin/sh", null), parse("#!/bin/sh\necho"));
    assertEquals(new ScriptLine("/bin/sh", null), parse("#! \t /bin/sh \t \n"));
    assertEquals(new ScriptLine("/bin/env", "a  b"), parse("#!/bin/env \ta  b\t\n"));
    assertEquals(new ScriptLine("sh", null), parse("#!sh"));
    assertEquals(new ScriptLine("sh", "-e"), parse("#!sh -e"));
  }

  @Test
  void noInterpreterIsNoScript() {
    assertNull(parse("#!"));
    assertNull(parse("#!\n/bin/sh"));
    assertNull(parse("#!  \t"));
    assertNull(parse("#!" + " ".repeat(300)));
  }

  @Test
  void longLinesAreCutButNotTheName() {
    assertNull(parse("#!/" + "x".repeat(300) + "\n"));
    assertNull(parse("#!/" + "x".repeat(252)));
    assertEquals("/" + "x".repeat(251), parse("#!/" + "x".repeat(251) + " arg\n").interpreter());
    assertEquals("y".repeat(247), parse("#!/bin/" + " " + "y".repeat(400)).argument());
  }
}
