package dev.isomorph.conformance.campaign;

import java.time.Duration;
import java.util.Map;

/** Spans of time as people write them. */
final class TimeText {
  private static final Map<Character, Duration> UNITS =
      Map.of(
          's', Duration.ofSeconds(1),
          'm', Duration.ofMinutes(1),
          'h', Duration.ofHours(1),
          'd', Duration.ofDays(1));

  private TimeText() {}

  /**
   * Reads a number with a unit, such as {@code 10m}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Duration parse(String text) {
    int digits = text.length() - 1;
    Duration unit = digits < 1 ? null : UNITS.get(text.charAt(digits));
    if (unit == null || !text.chars().limit(digits).allMatch(Character::isDigit) || digits > 9) {
      throw new IllegalArgumentException("not a time such as 90s, 10m or 8h: " + text);
    }
    return unit.multipliedBy(Long.parseLong(text.substring(0, digits)));
  }
}
