package dev.isomorph.decoder;

/** The RISC-V extensions whose instructions the table knows, by their names in the ISA manual. */
public enum Extension {
  I,
  M,
  A,
  F,
  D,
  C,
  ZICSR,
  ZIFENCEI,
  /** The machine-level ISA. */
  SM,
  /** The supervisor-level ISA. */
  SS,
  ZICOND,
  ZIHINTPAUSE,
  ZIMOP,
  ZICBOM,
  ZICBOP,
  ZICBOZ,
  ZAWRS,
  ZBA,
  ZBB,
  ZBC,
  ZBS,
  ZFA,
  ZFHMIN,
  ZCB,
  SVINVAL,
  ZCMOP
}
