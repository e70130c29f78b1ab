package dev.isomorph.processvm.memory;

import static dev.isomorph.processvm.Errno.EFAULT;
import static dev.isomorph.processvm.Errno.EINVAL;
import static dev.isomorph.processvm.Errno.ENOMEM;
import static dev.isomorph.processvm.Errno.EPERM;

/** mremap(2). The order of the checks is that of Linux's mm/mremap.c. */
final class Remapping {
  private static final int VALID_FLAGS =
      Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED | Mman.MREMAP_DONTUNMAP;

  private final Mappings mappings;
  private final HostWindow window;
  private final VmaList areas;

  Remapping(Mappings mappings, HostWindow window, VmaList areas) {
    this.mappings = mappings;
    this.window = window;
    this.areas = areas;
  }

  long remap(long address, long oldRequested, long newRequested, int flags, long newAddress) {
    boolean mayMove = (flags & Mman.MREMAP_MAYMOVE) != 0;
    boolean fixed = (flags & Mman.MREMAP_FIXED) != 0;
    boolean keep = (flags & Mman.MREMAP_DONTUNMAP) != 0;
    if ((flags & ~VALID_FLAGS) != 0
        || (fixed || keep) && !mayMove
        || keep && oldRequested != newRequested
        || AddressSpace.isMisaligned(address)) {
      return -EINVAL;
    }
    long oldLength = AddressSpace.pageAlign(oldRequested);
    long newLength = AddressSpace.pageAlign(newRequested);
    if (newLength == 0) {
      return -EINVAL;
    }
    if (areas.find(address) == null) {
      return -EFAULT;
    }
    return fixed || keep
        ? moveTo(address, oldLength, newLength, newAddress, fixed, keep)
        : resize(address, oldLength, newLength, mayMove);
  }

  private long moveTo(
      long address, long oldLength, long newLength, long target, boolean fixed, boolean keep) {
    if (AddressSpace.isMisaligned(target)
        || !mappings.isInside(target, newLength)
        || address + oldLength > target && target + newLength > address) {
      return -EINVAL;
    }
    if (mappings.isFull(2)) {
      return -ENOMEM;
    }
    if (fixed) {
      if (target < AddressSpace.LOWEST_ADDRESS) {
        return -EPERM;
      }
      long result = mappings.unmap(target, newLength);
      if (result != 0) {
        return result;
      }
    }
    long kept = oldLength;
    if (Long.compareUnsigned(oldLength, newLength) > 0) {
      long result = mappings.unmap(address + newLength, oldLength - newLength);
      if (result != 0) {
        return result;
      }
      kept = newLength;
    }
    Vma area = areas.find(address);
    int refusal = refuse(area, address, kept, newLength);
    if (refusal != 0) {
      return -refusal;
    }
    long place = fixed ? target : mappings.place(target, newLength, 0);
    return HostWindow.failed(place) ? place : move(area, address, kept, newLength, place, keep);
  }

  private long resize(long address, long oldLength, long newLength, boolean mayMove) {
    if (Long.compareUnsigned(oldLength, newLength) >= 0) {
      long result =
          oldLength == newLength ? 0 : mappings.unmap(address + newLength, oldLength - newLength);
      return result == 0 ? address : result;
    }
    Vma area = areas.find(address);
    int refusal = refuse(area, address, oldLength, newLength);
    if (refusal != 0) {
      return -refusal;
    }
    long growth = newLength - oldLength;
    if (oldLength == area.end() - address
        && growth <= mappings.size() - area.end()
        && areas.isFree(area.end(), area.end() + growth, 0)) {
      long result = grow(area, area.end(), growth);
      if (!HostWindow.failed(result)) {
        Vma tail = area.part(area.end(), area.end());
        areas.insert(tail.movedTo(area.end(), growth));
      }
      return HostWindow.failed(result) ? result : address;
    }
    if (!mayMove) {
      return -ENOMEM;
    }
    long place = mappings.place(0, newLength, 0);
    return HostWindow.failed(place)
        ? place
        : move(area, address, oldLength, newLength, place, false);
  }

  /** Returns the error number of what forbids the area to get the new length, or 0. */
  private int refuse(Vma area, long address, long oldLength, long newLength) {
    if (oldLength == 0 && !area.shared()) {
      return EINVAL;
    }
    if (Long.compareUnsigned(oldLength, area.end() - address) > 0) {
      return EFAULT;
    }
    if (newLength == oldLength) {
      return 0;
    }
    if (area.label() != null) {
      return EFAULT;
    }
    return newLength < 0 || newLength > mappings.size() || mappings.isFull(2) ? ENOMEM : 0;
  }

  /** Moves to a place that is free. */
  private long move(
      Vma area, long address, long oldLength, long newLength, long target, boolean keep) {
    Vma moved = area.part(address, area.end()).movedTo(target, newLength);
    if (oldLength == 0) {
      // An old length of zero makes a second mapping of the same shared memory.
      long result = window.duplicate(address, target, newLength);
      if (!HostWindow.failed(result)) {
        areas.insert(moved);
      }
      return HostWindow.failed(result) ? result : target;
    }
    long result = window.move(address, target, oldLength, keep);
    if (!HostWindow.failed(result) && newLength > oldLength) {
      result = grow(moved, target + oldLength, newLength - oldLength);
      if (HostWindow.failed(result)) {
        window.move(target, address, oldLength, false);
      }
    }
    if (HostWindow.failed(result)) {
      window.clear(target, newLength);
      return result;
    }
    mappings.noteCode(address, address + oldLength);
    if (!keep) {
      window.clear(address, oldLength);
      mappings.forget(address, address + oldLength);
    }
    areas.insert(moved);
    return target;
  }

  /** Lets the mapping that ends at {@code end} go on into free memory. */
  private long grow(Vma area, long end, long growth) {
    if (area.file() != null) {
      return window.extend(end, growth);
    }
    int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | area.flags() & Mman.MAP_NORESERVE;
    return window.map(end, growth, area.protection(), flags, -1, 0);
  }
}
