package dev.isomorph.conformance.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void casesThatQemuWasNotShownAreToldFromTheOthers() {
    Tally tally = new Tally(Kind.PROGRAMS);
    tally.agreed(true);
    tally.agreed(false);
    tally.agreed(true);
    tally.differs(new Tally.Difference(1, "it differs", Path.of("there")));
    assertEquals("programs: 3 agree (of these under qemu: 2), 1 DIFFER", tally.summary());
    assertEquals(3L, tally.json().get("agreed"));
    assertEquals(2L, tally.json().get("agreedUnderQemu"));
  }

  @Test
  void kindsThatAreNotForQemuSayNothingOfIt() {
    Tally tally = new Tally(Kind.CSMITH);
    tally.agreed(false);
    tally.discarded("fail natively");
    assertEquals("csmith: 1 agree, 1 fail natively, 0 DIFFER", tally.summary());
    assertFalse(tally.json().containsKey("agreedUnderQemu"));
    assertEquals(Map.of("fail natively", 1), tally.json().get("discarded"));
  }
}
