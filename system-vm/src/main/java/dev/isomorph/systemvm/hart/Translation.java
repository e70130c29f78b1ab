package dev.isomorph.systemvm.hart;

/** What a {@link PageWalker} found. It is overwritten by the next walk. */
public final class Translation {
  long physical;
  int permissions;
  boolean wholePage;
  boolean user;
  boolean global;
  long pageSize;

  /** The physical address. */
  public long physical() {
    return physical;
  }

  /** The physical address of the 4096-byte page it is in. */
  public long physicalPage() {
    return physical & -PageWalker.PAGE;
  }

  /**
   * The {@link Permissions} that accesses of the same privilege have to the page now, without
   * another walk: among other things, to write only if the page's D bit is set.
   */
  public int permissions() {
    return permissions;
  }

  /**
   * Whether the permissions are those of the whole 4096-byte page. If not, physical memory
   * protection divides it, and they are those of the bytes asked for alone.
   */
  public boolean isWholePage() {
    return wholePage;
  }

  /** Whether it is a page of user mode's. */
  public boolean isUser() {
    return user;
  }

  /** Whether it is there in all address spaces. */
  public boolean isGlobal() {
    return global;
  }

  /** The size of the page, or of the range of pages, that one entry maps; 4096 without paging. */
  public long pageSize() {
    return pageSize;
  }
}
