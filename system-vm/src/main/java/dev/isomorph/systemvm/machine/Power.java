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

  /** Whether it is not to be turned on any more. */
  private boolean over;

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
    on = !over;
    ending = over ? Ending.OFF : null;
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

  /** Ends the machine from outside, be it on, about to be turned on, or between two times. */
  synchronized void quit() {
    over = true;
    end(Ending.OFF, 0);
    ending = Ending.OFF;
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
