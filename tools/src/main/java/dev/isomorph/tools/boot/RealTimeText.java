package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.options.RealTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The value of {@code --rtc}. */
final class RealTimeText {
  private RealTimeText() {}

  /** Reads a value. */
  static RealTime parse(String text) {
    KeyValues values = KeyValues.parse("--rtc", text, false);
    String base = values.get("base", "utc");
    values.oneOf("clock", "host", "vm");
    values.finish();
    return switch (base) {
      case "utc" -> new RealTime.Host(Duration.ZERO);
      case "localtime" -> new RealTime.Host(zone());
      default -> new RealTime.From(date(base));
    };
  }

  private static Duration zone() {
    ZoneOffset offset = ZoneId.systemDefault().getRules().getOffset(Instant.now());
    return Duration.ofSeconds(offset.getTotalSeconds());
  }

  private static Instant date(String text) {
    try {
      LocalDateTime date =
          text.contains("T") ? LocalDateTime.parse(text) : LocalDate.parse(text).atStartOfDay();
      return date.toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "--rtc takes base=utc, localtime or a date such as 2024-02-29T12:00:00, not '"
              + text
              + "'");
    }
  }
}
