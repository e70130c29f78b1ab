package dev.isomorph.tools.diff;

import dev.isomorph.decoder.Registers;
import dev.isomorph.engine.Hart;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Mman;
import dev.isomorph.processvm.memory.Vma;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a program finds in memory when it starts: the words and strings on its stack. Isomorph's is
 * made equal to another's.
 */
final class StartImage {
  static final int AT_PHDR = 3;
  static final int AT_BASE = 7;
  static final int AT_SYSINFO_EHDR = 33;

  /** AT_PLATFORM, AT_RANDOM, AT_EXECFN: what else points to the stack. */
  private static final int[] STRINGS = {15, 25, 31};

  private static final int WORD = Long.BYTES;

  private StartImage() {}

  /**
   * Puts a stack in place.
   *
   * @param pointer the stack pointer
   * @param contents what is in memory from there on
   */
  static void placeStack(Hart hart, AddressSpace space, long pointer, byte[] contents)
      throws IOException {
    long bottom = (pointer - space.stackSize()) & -AddressSpace.PAGE;
    long top = AddressSpace.pageAlign(pointer + contents.length);
    map(space, Math.max(bottom, AddressSpace.LOWEST_ADDRESS), top, Mman.PROT_WRITE);
    HostMemory.copyIn(contents, 0, space.hostAddress(pointer), contents.length);
    hart.x(Registers.SP, pointer);
  }

  /** Puts a page of code in place. */
  static void placeCode(AddressSpace space, long address, byte[] contents) throws IOException {
    map(space, address, AddressSpace.pageAlign(address + contents.length), Mman.PROT_EXEC);
    HostMemory.copyIn(contents, 0, space.hostAddress(address), contents.length);
  }

  private static void map(AddressSpace space, long from, long to, int protection)
      throws IOException {
    int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED | Mman.MAP_NORESERVE;
    int all = Mman.PROT_READ | Mman.PROT_WRITE | protection;
    if (space.mmap(from, to - from, all, flags, -1, 0, null) != from) {
      throw new IOException("cannot map memory at 0x" + Long.toHexString(from));
    }
  }

  /** The contents of the stack a program starts with, from its pointer to the end. */
  static byte[] stackOf(Hart hart, AddressSpace space) {
    long pointer = hart.x(Registers.SP);
    Vma area = space.area(pointer);
    byte[] contents = new byte[(int) (area.end() - pointer)];
    HostMemory.copyOut(space.hostAddress(pointer), contents, 0, contents.length);
    return contents;
  }

  /**
   * Cuts off what lies behind a stack, which may be anything: the stack ends with the page of its
   * last string.
   */
  static byte[] trim(byte[] contents, long pointer) {
    long last = pointer + auxiliaryEnd(contents);
    for (int at = WORD; at < auxiliaryStart(contents); at += WORD) {
      last = Math.max(last, word(contents, at));
    }
    for (int type : STRINGS) {
      last = Math.max(last, auxiliary(contents, type));
    }
    int end = (int) (last - pointer);
    while (end < contents.length && contents[end] != 0) {
      end++;
    }
    long page = AddressSpace.pageAlign(pointer + end + 1);
    return Arrays.copyOf(contents, (int) Math.min(contents.length, page - pointer));
  }

  /**
   * Cuts off what would lie behind the end of the address space, which another program with a
   * smaller environment does not have.
   */
  static byte[] fit(byte[] contents, long pointer) throws IOException {
    if (Long.compareUnsigned(pointer, AddressSpace.DEFAULT_SIZE) >= 0) {
      throw new IOException(
          "the stack at 0x" + Long.toHexString(pointer) + " is outside of the address space here");
    }
    return Arrays.copyOf(
        contents, (int) Math.min(contents.length, AddressSpace.DEFAULT_SIZE - pointer));
  }

  /** Moves a stack: its words that point into it point to where the same will be. */
  static void relocate(byte[] contents, long from, long to) {
    int end = auxiliaryEnd(contents);
    for (int at = 0; at < end; at += WORD) {
      long value = word(contents, at);
      if (value >= from && value < from + contents.length) {
        for (int i = 0; i < WORD; i++) {
          contents[at + i] = (byte) (value - from + to >>> 8 * i);
        }
      }
    }
  }

  /** The value of an entry of the auxiliary vector, 0 if there is none. */
  static long auxiliary(byte[] contents, int type) {
    int end = auxiliaryEnd(contents);
    for (int at = auxiliaryStart(contents); at < end; at += 2 * WORD) {
      if (word(contents, at) == type) {
        return word(contents, at + WORD);
      }
    }
    return 0;
  }

  /** Behind argc, the arguments, the environment and their zeros. */
  private static int auxiliaryStart(byte[] contents) {
    int at = (int) (word(contents, 0) + 2) * WORD;
    while (word(contents, at) != 0) {
      at += WORD;
    }
    return at + WORD;
  }

  private static int auxiliaryEnd(byte[] contents) {
    int at = auxiliaryStart(contents);
    while (word(contents, at) != 0) {
      at += 2 * WORD;
    }
    return at;
  }

  private static long word(byte[] contents, int at) {
    long value = 0;
    for (int i = WORD - 1; i >= 0; i--) {
      value = value << 8 | contents[at + i] & 0xff;
    }
    return value;
  }

  /**
   * Moves a program or library that has just been loaded.
   *
   * @param inside an address in it
   * @param distance how far it goes
   */
  static void moveImage(AddressSpace space, long inside, long distance) throws IOException {
    List<Vma> image = imageAround(space, inside);
    if (distance == 0 || image.isEmpty()) {
      return;
    }
    long start = image.getFirst().start();
    long length = image.getLast().end() - start;
    if (Math.abs(distance) < length) {
      // A mapping cannot be moved to where it overlaps itself, nor may it go over the next.
      int anonymous = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE;
      long free = space.mmap(0, length, Mman.PROT_NONE, anonymous, -1, 0, null);
      if (free < 0) {
        throw new IOException("no room to move 0x" + Long.toHexString(start));
      }
      space.munmap(free, length);
      move(space, image, free - start);
      image = imageAround(space, inside + free - start);
      distance += start - free;
    }
    move(space, image, distance);
  }

  private static void move(AddressSpace space, List<Vma> areas, long distance) throws IOException {
    for (Vma area : areas) {
      long length = area.end() - area.start();
      long to = area.start() + distance;
      int flags = Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED;
      if (space.mremap(area.start(), length, length, flags, to) != to) {
        throw new IOException(
            "cannot move " + areas.getFirst().file().path() + " to 0x" + Long.toHexString(to));
      }
    }
  }

  /** What is mapped of the file that an address is mapped from, and the zeros behind it. */
  private static List<Vma> imageAround(AddressSpace space, long inside) {
    List<Vma> image = new ArrayList<>();
    Vma anchor = space.area(inside);
    if (anchor == null || anchor.file() == null) {
      return image;
    }
    String path = anchor.file().path();
    long end = 0;
    for (Vma area : space.areas()) {
      boolean ofFile = area.file() != null && area.file().path().equals(path);
      boolean zeros = area.file() == null && area.start() == end;
      if (ofFile || zeros) {
        image.add(area);
        end = area.end();
      }
    }
    return image;
  }
}
