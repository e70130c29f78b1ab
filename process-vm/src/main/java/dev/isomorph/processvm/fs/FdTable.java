package dev.isomorph.processvm.fs;

import static dev.isomorph.processvm.Errno.EBADF;
import static dev.isomorph.processvm.Errno.EINVAL;
import static dev.isomorph.processvm.Errno.EMFILE;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.DirectCalls;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The file descriptors of a guest process. Each stands for a descriptor of the host process, which
 * has others besides; so a guest can neither see nor close what belongs to the host, and gets the
 * lowest free number for each file it opens, as POSIX wants.
 *
 * <p>Threads may use a table together: what {@link #lowestFree} says may be wrong a moment later,
 * but {@link #add} and {@link #replace} do their work in one.
 *
 * <p>Whether a descriptor closes on exec is kept by the host's descriptor.
 */
public final class FdTable {
  /** Linux's default for the hard limit on descriptors, and ours on what a guest may ask for. */
  private static final int MOST = 1 << 20;

  private int[] hosts = new int[64];

  /** The first of them once more, for emitted code; 0 once that is not to look any more. */
  private long mirror = HostMemory.allocate(Integer.BYTES * DirectCalls.DESCRIPTORS);

  /** No descriptor below this is free. */
  private int firstFree;

  private int limit;

  /** Descriptors of directories that list a process's descriptors. */
  private final BitSet listings = new BitSet();

  /**
   * Makes an empty table.
   *
   * @param limit soft RLIMIT_NOFILE: every descriptor is below it
   */
  public FdTable(int limit) {
    Arrays.fill(hosts, -1);
    HostMemory.fill(mirror, Integer.BYTES * DirectCalls.DESCRIPTORS, (byte) -1);
    limit(limit);
  }

  /** Makes the table that a new process inherits; the host's descriptors are to be its, too. */
  public synchronized FdTable copy() {
    FdTable copy = new FdTable(limit);
    copy.hosts = hosts.clone();
    copy.firstFree = firstFree;
    copy.listings.or(listings);
    for (int descriptor = 0; descriptor < hosts.length; descriptor++) {
      copy.reflect(descriptor);
    }
    return copy;
  }

  public synchronized int limit() {
    return limit;
  }

  /** Changes what new descriptors must be below; those that are open stay. */
  public synchronized void limit(int limit) {
    this.limit = Math.min(limit, MOST);
  }

  /**
   * Address of the host's descriptors of the first {@link DirectCalls#DESCRIPTORS}: ints, negative
   * where there is none. They change as the table does.
   */
  public synchronized long hosts() {
    return mirror;
  }

  /** Frees what {@link #hosts} gave; nobody looks there any more. */
  public synchronized void release() {
    HostMemory.free(mirror, Integer.BYTES * DirectCalls.DESCRIPTORS);
    mirror = 0;
  }

  private void reflect(int descriptor) {
    if (mirror != 0 && descriptor < DirectCalls.DESCRIPTORS) {
      HostMemory.putIntVolatile(mirror + (long) Integer.BYTES * descriptor, hosts[descriptor]);
    }
  }

  /** Returns the host's descriptor, or -EBADF. */
  public synchronized int host(int descriptor) {
    if (descriptor < 0 || descriptor >= hosts.length || hosts[descriptor] < 0) {
      return -EBADF;
    }
    return hosts[descriptor];
  }

  /** Returns the lowest number for a new descriptor, or -EMFILE. */
  public synchronized int lowestFree() {
    int descriptor = nextFree(firstFree);
    return descriptor < limit ? descriptor : -EMFILE;
  }

  /** Returns the lowest number from {@code least} on for a new descriptor, or a negative errno. */
  public synchronized int lowestFree(int least) {
    if (least < 0 || least >= limit) {
      return -EINVAL;
    }
    int descriptor = nextFree(Math.max(least, firstFree));
    return descriptor < limit ? descriptor : -EMFILE;
  }

  private int nextFree(int from) {
    int descriptor = from;
    while (descriptor < hosts.length && hosts[descriptor] >= 0) {
      descriptor++;
    }
    return descriptor;
  }

  /** Makes {@code descriptor} stand for the host's {@code host}; it must be free. */
  public synchronized void set(int descriptor, int host) {
    if (descriptor >= hosts.length) {
      int old = hosts.length;
      hosts = Arrays.copyOf(hosts, Math.max(descriptor + 1, 2 * old));
      Arrays.fill(hosts, old, hosts.length, -1);
    }
    hosts[descriptor] = host;
    reflect(descriptor);
    if (descriptor == firstFree) {
      firstFree = nextFree(descriptor);
    }
  }

  /**
   * Makes the lowest free descriptor stand for {@code host}.
   *
   * @return that descriptor, or -EMFILE
   */
  public synchronized int add(int host) {
    return add(host, 0);
  }

  /**
   * Makes the lowest free descriptor from {@code least} on stand for {@code host}.
   *
   * @return that descriptor, or a negative errno
   */
  public synchronized int add(int host, int least) {
    int descriptor = least == 0 ? lowestFree() : lowestFree(least);
    if (descriptor >= 0) {
      set(descriptor, host);
    }
    return descriptor;
  }

  /**
   * Makes {@code descriptor} stand for {@code host}, whether it is free or not.
   *
   * @return what it stood for, which stays open; -EBADF if it was free
   */
  public synchronized int replace(int descriptor, int host) {
    int replaced = remove(descriptor);
    set(descriptor, host);
    return replaced;
  }

  /** Frees a descriptor and returns what it stood for, which stays open; -EBADF if it was free. */
  public synchronized int remove(int descriptor) {
    int host = host(descriptor);
    if (host >= 0) {
      hosts[descriptor] = -1;
      reflect(descriptor);
      listings.clear(descriptor);
      firstFree = Math.min(firstFree, descriptor);
    }
    return host;
  }

  /** Notes that a descriptor is open on the directory of the process's own descriptors. */
  public synchronized void markListing(int descriptor) {
    listings.set(descriptor);
  }

  /** Whether a descriptor is open on the directory of the process's own descriptors. */
  public synchronized boolean isListing(int descriptor) {
    return descriptor >= 0 && listings.get(descriptor);
  }

  /** Returns the lowest descriptor in use from {@code from} on, -1 if there is none. */
  public synchronized int next(int from) {
    for (int descriptor = Math.max(0, from); descriptor < hosts.length; descriptor++) {
      if (hosts[descriptor] >= 0) {
        return descriptor;
      }
    }
    return -1;
  }

  /** Returns the descriptor that stands for the host's {@code host}, -1 if none does. */
  public synchronized int guestOf(int host) {
    for (int descriptor = 0; host >= 0 && descriptor < hosts.length; descriptor++) {
      if (hosts[descriptor] == host) {
        return descriptor;
      }
    }
    return -1;
  }
}
