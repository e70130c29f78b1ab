package dev.isomorph.systemvm.hart;

/** What is done with memory; atomic memory operations are stores. */
public enum AccessKind {
  FETCH(TrapCause.FETCH_PAGE_FAULT, TrapCause.FETCH_ACCESS_FAULT, Permissions.EXECUTE),
  LOAD(TrapCause.LOAD_PAGE_FAULT, TrapCause.LOAD_ACCESS_FAULT, Permissions.READ),
  STORE(TrapCause.STORE_PAGE_FAULT, TrapCause.STORE_ACCESS_FAULT, Permissions.WRITE);

  private final TrapCause pageFault;
  private final TrapCause accessFault;
  private final int permission;

  AccessKind(TrapCause pageFault, TrapCause accessFault, int permission) {
    this.pageFault = pageFault;
    this.accessFault = accessFault;
    this.permission = permission;
  }

  /** What is raised if the address is not translated, or not for this. */
  public TrapCause pageFault() {
    return pageFault;
  }

  /** What is raised if nothing at the physical address allows it. */
  public TrapCause accessFault() {
    return accessFault;
  }

  /** The one of {@link Permissions} it needs. */
  int permission() {
    return permission;
  }
}
