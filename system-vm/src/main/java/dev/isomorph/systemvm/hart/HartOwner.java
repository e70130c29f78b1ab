package dev.isomorph.systemvm.hart;

/** The machine, as its harts know it; called on the thread of the hart. */
public interface HartOwner {
  /**
   * The supervisor makes a call (ecall) at pc.
   *
   * @return false if that is not for the machine to answer: the hart takes the trap
   */
  boolean answers(SystemHart hart);

  /**
   * The hart has been asked to pay {@linkplain SystemHart#requestAttention attention}; returns when
   * it may go on.
   */
  void attend(SystemHart hart);

  /**
   * The hart has met a breakpoint or watched data. It asks for {@linkplain #attend attention} next,
   * where it may be kept.
   */
  void halted(SystemHart hart, Halt why);

  /** Whether the hart is to go on at all. */
  boolean isRunning(SystemHart hart);
}
