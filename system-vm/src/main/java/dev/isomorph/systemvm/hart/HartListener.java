package dev.isomorph.systemvm.hart;

/** Hears of changes of a hart's privileged state that others keep conclusions from. */
public interface HartListener {
  /**
   * {@link PrivilegedState#context} or satp is another one: the privilege mode, how data is
   * accessed, the address space, or whether the float unit is on. Called on the hart's thread.
   */
  void contextChanged();

  /**
   * What was found of the translations of [address, address + 4096) may not be true any more, or
   * that of all addresses. Called on the hart's thread.
   *
   * @param address virtual; of no meaning if {@code allAddresses}
   * @param asid the address space concerned, global mappings excepted, or {@link #ALL_SPACES}
   */
  void fence(boolean allAddresses, long address, int asid);

  /** In {@link #fence}: all address spaces and global mappings. */
  int ALL_SPACES = -1;

  /** An interrupt has become pending. Called on any thread. */
  void interrupted();
}
