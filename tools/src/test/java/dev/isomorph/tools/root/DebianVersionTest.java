package dev.isomorph.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DebianVersionTest {
  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0, 0",
    "1.0, 1.1, -1",
    "1.9, 1.10, -1",
    "1.0~rc1, 1.0, -1",
    "1.0~~, 1.0~, -1",
    "1.0, 1.0a, -1",
    "1.0a, 1.0+, -1",
    "1:0.1, 2.0, 1",
    "0:1.0, 1.0, 0",
    "1.0-1, 1.0-2, -1",
    "1.0, 1.0-0, 0",
    "1.0-1, 1.0-1+b2, -1",
    "2.41-12+deb13u4, 2.41-12, 1",
    "1.2-3-4, 1.2-4, 1",
    "00001.2, 1.2, 0",
    "6.5+20250216-2, 6.5-1, 1",
    "1:1.3.dfsg+really1.3.1-1+b1, 1:1.3.dfsg-3.1, 1"
  })
  void orderIsThatOfPolicy(String a, String b, int sign) {
    assertEquals(sign, Integer.signum(DebianVersion.compare(a, b)));
    assertEquals(-sign, Integer.signum(DebianVersion.compare(b, a)));
  }

  @Property
  void orderIsAntisymmetric(
      @ForAll @Chars({'~', '+', '.', '-'}) @CharRange(from = '0', to = '3') @StringLength(max = 8)
          String a,
      @ForAll @Chars({'~', '+', '.', '-'}) @CharRange(from = '0', to = '3') @StringLength(max = 8)
          String b) {
    assertEquals(
        Integer.signum(DebianVersion.compare(a, b)), -Integer.signum(DebianVersion.compare(b, a)));
    assertEquals(0, DebianVersion.compare(a, a));
  }

  @ParameterizedTest
  @CsvSource({"<<, false", "<=, true", "=, true", ">=, true", ">>, false"})
  void operatorsOnEqualVersions(String operator, boolean expected) {
    assertEquals(expected, DebianVersion.satisfies("1.0-1", operator, "1.0-1"));
  }

  @ParameterizedTest
  @CsvSource({"<<", "<="})
  void operatorsOnOrderedVersions(String operator) {
    assertTrue(DebianVersion.satisfies("1.0", operator, "1.1"));
    assertFalse(DebianVersion.satisfies("1.1", operator, "1.0"));
  }
}
