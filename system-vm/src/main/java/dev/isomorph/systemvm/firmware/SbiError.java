package dev.isomorph.systemvm.firmware;

/** How a call of the firmware failed (RISC-V SBI specification 2.0, chapter 3). */
enum SbiError {
  NOT_SUPPORTED(-2),
  INVALID_PARAM(-3),
  INVALID_ADDRESS(-5),
  ALREADY_AVAILABLE(-6),
  ALREADY_STARTED(-7),
  ALREADY_STOPPED(-8),
  NO_SHARED_MEMORY(-9);

  private final SbiResult result;

  SbiError(int code) {
    result = new SbiResult.Standard(code, 0);
  }

  /** What a call gives that failed so. */
  SbiResult result() {
    return result;
  }
}
