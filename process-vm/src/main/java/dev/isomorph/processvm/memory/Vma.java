package dev.isomorph.processvm.memory;

/**
 * A virtual memory area: a stretch of guest memory whose pages have everything but their content in
 * common.
 *
 * @param start first guest address, page-aligned
 * @param end guest address after the last byte, page-aligned
 * @param protection {@code PROT_} bits of read, write and execute, as the guest asked for them
 * @param flags those of {@code MAP_SHARED}, {@code MAP_PRIVATE}, {@code MAP_GROWSDOWN} and {@code
 *     MAP_NORESERVE} that hold
 * @param file what is mapped, or null for private anonymous memory
 * @param offset where in the file {@code start} lies, 0 without a file
 * @param label name of a mapping that the system itself made, such as {@code [vdso]}, or null
 */
public record Vma(
    long start, long end, int protection, int flags, MappedFile file, long offset, String label) {

  public boolean shared() {
    return (flags & Mman.MAP_SHARED) != 0;
  }

  boolean executable() {
    return (protection & Mman.PROT_EXEC) != 0;
  }

  boolean growsDown() {
    return (flags & Mman.MAP_GROWSDOWN) != 0;
  }

  /** The part of this area between two addresses within it. */
  Vma part(long from, long to) {
    return new Vma(
        from, to, protection, flags, file, file == null ? 0 : offset + from - start, label);
  }

  Vma protectedAs(int newProtection) {
    return new Vma(start, end, newProtection, flags, file, offset, label);
  }

  /** The same backing, from this area's first byte on, at another place and of another length. */
  Vma movedTo(long newStart, long newLength) {
    return new Vma(newStart, newStart + newLength, protection, flags, file, offset, label);
  }

  /** Whether {@code next} merely continues this area, so that Linux would show both as one. */
  boolean continuedBy(Vma next) {
    return end == next.start
        && protection == next.protection
        && flags == next.flags
        && java.util.Objects.equals(label, next.label)
        && (file == null
            ? next.file == null
            : file.equals(next.file) && offset + end - start == next.offset);
  }
}
