package dev.isomorph.systemvm.device;

/** What software can have done to the whole machine; called on the thread of a hart. */
public interface MachineControl {
  /**
   * Turns the machine off.
   *
   * @param status exit code of the host process, 0 when the guest is content
   */
  void powerOff(int status);

  /** Starts the machine again as after power-on. */
  void reset();
}
