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

  private void end(Ending how, int exitStatus) {
    synchronized (this) {
      if (!on) {
        return;
      }
      ending = how;
      status = exitStatus;
      on = false;
    }
    whenChanged.run();
  }

  synchronized Ending ending() {
    return ending;
  }

  /** The exit status the guest has given, 0 if all is well. */
  synchronized int status() {
    return status;
  }
}
