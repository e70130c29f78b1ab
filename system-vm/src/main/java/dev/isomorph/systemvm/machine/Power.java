package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.MachineControl;

/** Whether the machine is on, and why it is not any more. */
final class Power implements MachineControl {
  /** What comes after the harts have stopped. */
  enum Ending {
    OFF,
    RESET
  }

  private final Runnable whenChanged;
  private volatile boolean on;
  private Ending ending;
  private int status;

  /**
   * @param whenChanged tells the harts when the power goes
   */
  Power(Runnable whenChanged) {
    this.whenChanged = whenChanged;
  }

  boolean isOn() {
    return on;
  }

  synchronized void turnOn() {
    on = true;
    ending = null;
    status = 0;
  }

  @Override
  public void powerOff(int exitStatus) {
    end(Ending.OFF, exitStatus);
  }

  @Override
  public void reset() {
    end(Ending.RESET, 0);
  }

  /** Who asks for {@link #ending} waits until the harts have been told: then they may go. */
  private synchronized void end(Ending how, int exitStatus) {
    if (on) {
      ending = how;
      status = exitStatus;
      on = false;
      whenChanged.run();
    }
  }

  synchronized Ending ending() {
    return ending;
  }

  /** The exit status the guest has given, 0 if all is well. */
  synchronized int status() {
    return status;
  }
}
