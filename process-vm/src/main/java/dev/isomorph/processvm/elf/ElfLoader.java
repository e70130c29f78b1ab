package dev.isomorph.processvm.elf;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.MappedFile;
import dev.isomorph.processvm.memory.Mman;

/** Maps ELF files the way Linux does (fs/binfmt_elf.c: load_elf_binary, elf_load). */
final class ElfLoader {
  private static final long PAGE = AddressSpace.PAGE;

  private final AddressSpace space;

  ElfLoader(AddressSpace space) {
    this.space = space;
  }

  /**
   * Maps a program and its interpreter and starts the heap.
   *
   * @param interpreter null if there is none
   */
  LoadedProgram load(Executable.Elf program, Executable.Elf interpreter) throws ExecFailure {
    ElfImage image = program.image();
    long bias = image.positionIndependent() ? programBias(program) : 0;
    mapSegments(program, bias);
    long start = bias + image.entry();
    long interpreterBase = 0;
    if (interpreter != null) {
      try {
        interpreterBase =
            interpreter.image().positionIndependent() ? interpreterBias(interpreter) : 0;
        mapSegments(interpreter, interpreterBase);
      } catch (ExecFailure failure) {
        throw failure.asInterpreterOf(program.name());
      }
      start = interpreterBase + interpreter.image().entry();
    }
    long end = bias + image.highest();
    space.startHeap(end);
    long codeStart = Long.MAX_VALUE;
    long codeEnd = 0;
    for (ProgramHeader segment : image.segments()) {
      if (segment.executable()) {
        codeStart = Math.min(codeStart, bias + segment.address());
        codeEnd = Math.max(codeEnd, bias + segment.address() + segment.fileSize());
      }
    }
    return new LoadedProgram(
        start,
        bias + image.entry(),
        bias + image.headersAddress(),
        ProgramHeader.BYTES,
        image.headerCount(),
        bias,
        interpreterBase,
        codeStart,
        codeEnd,
        end);
  }

  /** Position-independent programs begin at two thirds of the space, Linux's ELF_ET_DYN_BASE. */
  private long programBias(Executable.Elf elf) throws ExecFailure {
    ElfImage image = elf.image();
    long base = space.size() / 3 * 2 & -image.alignment();
    return biasAt(elf, base, Mman.MAP_FIXED_NOREPLACE);
  }

  private long interpreterBias(Executable.Elf elf) throws ExecFailure {
    return biasAt(elf, 0, 0);
  }

  /** Finds room for all segments and returns the bias that brings them there. */
  private long biasAt(Executable.Elf elf, long base, int flags) throws ExecFailure {
    ElfImage image = elf.image();
    long alignment = image.alignment();
    long lowest = image.lowest() & -alignment;
    long length = image.highest() - lowest;
    // What is asked for beyond the length leaves room to align the start within.
    long slack = flags == 0 ? alignment - PAGE : 0;
    long place =
        space.mmap(
            base,
            length + slack,
            Mman.PROT_NONE,
            Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE | flags,
            -1,
            0,
            null);
    if (place < 0) {
      throw new ExecFailure(elf.name(), "no room for its segments in memory", Errno.ENOMEM);
    }
    space.munmap(place, length + slack);
    return (place + slack & -alignment) - lowest;
  }

  private void mapSegments(Executable.Elf elf, long bias) throws ExecFailure {
    for (ProgramHeader segment : elf.image().segments()) {
      long start = segment.address() + bias & -PAGE;
      if (!space.isFree(start, segment.end() + bias - start)) {
        throw new ExecFailure(
            elf.name(),
            "segment " + segment.index() + " lies where the stack or another program is",
            Errno.EEXIST);
      }
    }
    HostFile file = elf.file();
    MappedFile backing = new MappedFile(elf.path(), file.device(), file.inode());
    for (ProgramHeader segment : elf.image().segments()) {
      mapSegment(elf, segment, bias, backing);
    }
  }

  private void mapSegment(Executable.Elf elf, ProgramHeader segment, long bias, MappedFile backing)
      throws ExecFailure {
    int protection = segment.protection();
    long address = segment.address() + bias;
    long start = address & -PAGE;
    long fileEnd = address + segment.fileSize();
    long end = address + segment.memorySize();
    if (segment.fileSize() > 0) {
      long offset = segment.offset() & -PAGE;
      int flags = Mman.MAP_PRIVATE | Mman.MAP_FIXED;
      check(
          space.mmap(
              start, fileEnd - start, protection, flags, elf.file().descriptor(), offset, backing),
          elf,
          segment);
    }
    if (end == fileEnd) {
      return;
    }
    long zeroes = segment.fileSize() > 0 ? AddressSpace.pageAlign(fileEnd) : start;
    if (segment.fileSize() > 0 && (protection & Mman.PROT_WRITE) != 0) {
      HostMemory.fill(space.hostAddress(fileEnd), zeroes - fileEnd, (byte) 0);
    }
    if (end > zeroes) {
      // Linux makes this part writable, whatever the segment says.
      int rights = Mman.PROT_READ | Mman.PROT_WRITE | protection & Mman.PROT_EXEC;
      int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED;
      check(space.mmap(zeroes, end - zeroes, rights, flags, -1, 0, null), elf, segment);
    }
  }

  private static void check(long result, Executable.Elf elf, ProgramHeader segment)
      throws ExecFailure {
    if (result < 0) {
      int errno = (int) -result;
      String why = errno == Errno.ENOMEM ? "not enough memory" : Errno.name(errno);
      throw new ExecFailure(
          elf.name(), "segment " + segment.index() + " cannot be mapped: " + why, errno);
    }
  }
}
