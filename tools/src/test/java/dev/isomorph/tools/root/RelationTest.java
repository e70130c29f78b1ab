package dev.isomorph.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RelationTest {
  @Test
  void clausesAlternativesVersionsAndQualifiers() {
    assertEquals(
        List.of(
            List.of(new Relation("libc6", ">=", "2.38")),
            List.of(new Relation("perl", "", ""), new Relation("awk", "<<", "2:1~"))),
        Relation.parseClauses("libc6 (>= 2.38),\n perl:any | awk(<<2:1~) ,"));
  }

  @Test
  void anEmptyFieldSaysNothing() {
    assertEquals(List.of(), Relation.parseClauses(""));
    assertEquals(List.of(), Relation.parseList(" "));
  }
}
