package dev.isomorph.systemvm.monitor;

import dev.isomorph.systemvm.hart.SystemHart;
import java.util.List;

/** Which hart commands are about. */
final class HartChoice {
  private final List<SystemHart> harts;
  private int number;

  HartChoice(List<SystemHart> harts) {
    this.harts = harts;
  }

  int number() {
    return number;
  }

  SystemHart hart() {
    return harts.get(number);
  }

  /** Chooses another. */
  void choose(long newNumber) {
    if (newNumber < 0 || newNumber >= harts.size()) {
      throw new IllegalArgumentException("there is no hart " + newNumber);
    }
    number = (int) newNumber;
  }
}
