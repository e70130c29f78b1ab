package dev.isomorph.processvm.elf;

import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;
import java.util.Arrays;
import java.util.Comparator;

/**
 * What an ELF file of a riscv64 program or interpreter says about how to load it, checked:
 * everything in it lies within the file and within an address space, and nothing overlaps (gabi;
 * RISC-V ELF psABI; Linux's fs/binfmt_elf.c, than which this is stricter where Linux would let the
 * program run into a fault).
 *
 * @param headersOffset where in the file the program headers are
 * @param headerCount how many there are, of all types
 * @param segments those of type PT_LOAD that take up memory, by the order of the table
 * @param interpreter path of PT_INTERP, or null
 * @param executableStack whether PT_GNU_STACK asks for one
 */
record ElfImage(
    boolean positionIndependent,
    long entry,
    long headersOffset,
    int headerCount,
    ProgramHeader[] segments,
    String interpreter,
    boolean executableStack) {

  private static final int HEADER_BYTES = 64;
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};

  private static final int CLASS = 4;
  private static final int CLASS_64 = 2;
  private static final int DATA = 5;
  private static final int DATA_BIG_ENDIAN = 2;
  private static final int TYPE = 16;
  private static final int MACHINE = 18;
  private static final int ENTRY = 24;
  private static final int HEADERS_OFFSET = 32;
  private static final int HEADER_SIZE = 54;
  private static final int HEADER_COUNT = 56;

  private static final int ET_REL = 1;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final int ET_CORE = 4;

  /** Linux takes no table of more than 64 KiB. */
  private static final int MOST_HEADERS = 65536 / ProgramHeader.BYTES;

  private static final int LONGEST_PATH = 4096;

  static boolean hasMagic(byte[] start) {
    return start.length >= MAGIC.length
        && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Reads and checks the headers of a file.
   *
   * @param name the file's name for messages
   * @param limit size of the address space
   */
  static ElfImage read(HostFile file, String name, long limit) throws ExecFailure {
    return new Parser(file, name, limit).parse();
  }

  /** Lowest address of a segment, cut down to a page. */
  long lowest() {
    long lowest = Long.MAX_VALUE;
    for (ProgramHeader segment : segments) {
      lowest = Math.min(lowest, segment.address() & -AddressSpace.PAGE);
    }
    return lowest;
  }

  /** Address after the last segment, as it is in the file. */
  long highest() {
    long highest = 0;
    for (ProgramHeader segment : segments) {
      highest = Math.max(highest, segment.end());
    }
    return highest;
  }

  /**
   * Largest alignment of a segment, at least a page; what is no power of two counts for nothing.
   */
  long alignment() {
    long alignment = AddressSpace.PAGE;
    for (ProgramHeader segment : segments) {
      if (Long.bitCount(segment.alignment()) == 1 && segment.alignment() > 0) {
        alignment = Math.max(alignment, segment.alignment());
      }
    }
    return alignment;
  }

  /** Where the program headers come to lie in memory before any bias, 0 if they are not loaded. */
  long headersAddress() {
    for (ProgramHeader segment : segments) {
      if (headersOffset >= segment.offset()
          && headersOffset < segment.offset() + segment.fileSize()) {
        return headersOffset - segment.offset() + segment.address();
      }
    }
    return 0;
  }

  private static final class Parser {
    private final HostFile file;
    private final String name;
    private final long limit;

    Parser(HostFile file, String name, long limit) {
      this.file = file;
      this.name = name;
      this.limit = limit;
    }

    ElfImage parse() throws ExecFailure {
      byte[] header = file.read(0, HEADER_BYTES);
      if (!hasMagic(header)) {
        throw refusal(header.length == 0 ? "is empty" : "not an ELF file");
      }
      if (header.length < HEADER_BYTES) {
        throw truncated("the ELF header", HEADER_BYTES);
      }
      int type = checkKind(header);
      long entry = Bytes.i64(header, ENTRY);
      if (type == ET_DYN && entry == 0) {
        throw refusal("a shared library without an entry point");
      }
      int count = Bytes.u16(header, HEADER_COUNT);
      long offset = Bytes.i64(header, HEADERS_OFFSET);
      byte[] table = readTable(header, offset, count);

      ProgramHeader[] segments = new ProgramHeader[count];
      int loaded = 0;
      String interpreter = null;
      boolean executableStack = false;
      for (int i = 0; i < count; i++) {
        ProgramHeader entryHere = ProgramHeader.read(table, i);
        switch (entryHere.type()) {
          case ProgramHeader.PT_LOAD -> {
            check(entryHere, type == ET_EXEC);
            if (entryHere.memorySize() > 0) {
              segments[loaded++] = entryHere;
            }
          }
          case ProgramHeader.PT_INTERP ->
              interpreter = interpreter != null ? interpreter : readInterpreter(entryHere);
          case ProgramHeader.PT_GNU_STACK -> executableStack = entryHere.executable();
          default -> {} // Of no concern to the loader.
        }
      }
      if (loaded == 0) {
        throw refusal("no segment to load");
      }
      segments = Arrays.copyOf(segments, loaded);
      checkOverlaps(segments);
      checkEntry(entry, segments);
      return new ElfImage(
          type == ET_DYN, entry, offset, count, segments, interpreter, executableStack);
    }

    /** Checks that this is a program for riscv64 and returns its type. */
    private int checkKind(byte[] header) throws ExecFailure {
      boolean bigEndian = header[DATA] == DATA_BIG_ENDIAN;
      int machine = Bytes.u16(header, MACHINE);
      if (bigEndian && machine != Machine.RISCV) { // Else only the mark of the order is wrong.
        machine = Bytes.u16BigEndian(header, MACHINE);
      }
      if (machine != Machine.RISCV) {
        String kind = bigEndian ? "a big-endian program for " : "a program for ";
        throw refusal(kind + Machine.name(machine) + ", not for riscv64").ofOtherMachine();
      }
      if (header[CLASS] != CLASS_64) {
        throw refusal("a 32-bit RISC-V program; only 64-bit ones are run");
      }
      if (bigEndian) {
        throw refusal("a big-endian RISC-V program; only little-endian ones are run");
      }
      int type = Bytes.u16(header, TYPE);
      return switch (type) {
        case ET_EXEC, ET_DYN -> type;
        case ET_REL -> throw refusal("an object file, not a program");
        case ET_CORE -> throw refusal("a core dump, not a program");
        default -> throw refusal("ELF type " + type + ", not a program");
      };
    }

    private byte[] readTable(byte[] header, long offset, int count) throws ExecFailure {
      int size = Bytes.u16(header, HEADER_SIZE);
      if (count == 0) {
        throw refusal("no program headers");
      }
      if (size != ProgramHeader.BYTES) {
        throw refusal("program headers of " + size + " bytes instead of " + ProgramHeader.BYTES);
      }
      if (count > MOST_HEADERS) {
        throw refusal(count + " program headers, more than " + MOST_HEADERS);
      }
      int bytes = count * size;
      if (offset < 0 || offset > file.size() - bytes) {
        throw truncated("the program header table", offset + bytes);
      }
      byte[] table = file.read(offset, bytes);
      if (table.length < bytes) {
        throw truncated("the program header table", offset + bytes);
      }
      return table;
    }

    private void check(ProgramHeader segment, boolean fixed) throws ExecFailure {
      String which = "segment " + segment.index();
      if (Long.compareUnsigned(segment.fileSize(), segment.memorySize()) > 0) {
        throw refusal(which + " is larger in the file than in memory");
      }
      if (segment.address() < 0
          || segment.address() > limit
          || segment.memorySize() < 0
          || segment.memorySize() > limit - segment.address()) {
        throw refusal(
            which
                + " at "
                + hex(segment.address())
                + " with "
                + hex(segment.memorySize())
                + " bytes lies outside the address space");
      }
      if (segment.fileSize() > 0) {
        if (((segment.address() ^ segment.offset()) & AddressSpace.PAGE - 1) != 0) {
          throw refusal(which + " lies at another place in its page than in the file's");
        }
        if (segment.offset() < 0 || segment.offset() > file.size() - segment.fileSize()) {
          throw truncated(which, segment.offset() + segment.fileSize());
        }
      }
      if (fixed && segment.memorySize() > 0 && segment.address() < AddressSpace.LOWEST_ADDRESS) {
        throw refusal(
            which
                + " at "
                + hex(segment.address())
                + " lies below the lowest address that may be mapped, "
                + hex(AddressSpace.LOWEST_ADDRESS));
      }
    }

    private void checkOverlaps(ProgramHeader[] segments) throws ExecFailure {
      ProgramHeader[] sorted = segments.clone();
      Arrays.sort(sorted, BY_ADDRESS);
      for (int i = 1; i < sorted.length; i++) {
        if (sorted[i].address() < sorted[i - 1].end()) {
          int one = Math.min(sorted[i - 1].index(), sorted[i].index());
          int other = Math.max(sorted[i - 1].index(), sorted[i].index());
          throw refusal("segments " + one + " and " + other + " overlap");
        }
      }
    }

    private void checkEntry(long entry, ProgramHeader[] segments) throws ExecFailure {
      for (ProgramHeader segment : segments) {
        if (entry >= segment.address() && entry < segment.end()) {
          return;
        }
      }
      throw refusal("entry point " + hex(entry) + " lies in no segment");
    }

    private String readInterpreter(ProgramHeader header) throws ExecFailure {
      long size = header.fileSize();
      if (size < 2 || size > LONGEST_PATH) {
        throw refusal("interpreter path of " + Long.toUnsignedString(size) + " bytes");
      }
      if (header.offset() < 0 || header.offset() > file.size() - size) {
        throw truncated("the interpreter path", header.offset() + size);
      }
      byte[] path = file.read(header.offset(), (int) size);
      if (path.length < size) {
        throw truncated("the interpreter path", header.offset() + size);
      }
      if (path[path.length - 1] != 0) {
        throw refusal("interpreter path without an end");
      }
      return Bytes.textUntilZero(path, 0);
    }

    private ExecFailure truncated(String what, long end) {
      return refusal(
          "truncated: "
              + what
              + " ends at byte "
              + Long.toUnsignedString(end)
              + ", the file has "
              + file.size());
    }

    private ExecFailure refusal(String reason) {
      return new ExecFailure(name, reason, Errno.ENOEXEC);
    }

    private static String hex(long number) {
      return "0x" + Long.toHexString(number);
    }
  }

  private static final Comparator<ProgramHeader> BY_ADDRESS =
      new Comparator<>() {
        @Override
        public int compare(ProgramHeader a, ProgramHeader b) {
          return Long.compare(a.address(), b.address());
        }
      };
}
