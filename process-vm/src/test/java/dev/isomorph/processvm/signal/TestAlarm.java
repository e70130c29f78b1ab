package dev.isomorph.processvm.signal;

/** An alarm that counts how often it was raised, and is up until it is lowered. */
final class TestAlarm implements Alarm {
  int raised;
  private boolean up;

  @Override
  public void raise() {
    raised++;
    up = true;
  }

  @Override
  public boolean mayBeRaised() {
    return up;
  }

  @Override
  public void lower() {
    up = false;
  }
}
