package dev.isomorph.systemvm.hart;

/** What a hart has done since some time. */
public interface HartCounts {
  /** Clock cycles. */
  long cycles();

  /** Instructions retired before the present one. */
  long instructions();
}
