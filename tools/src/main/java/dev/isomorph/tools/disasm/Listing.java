package dev.isomorph.tools.disasm;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.tools.elf.ElfImage;
import dev.isomorph.tools.elf.Symbol;
import dev.isomorph.tools.elf.SymbolTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Prints the code of an ELF file in the form of {@code objdump -d} of binutils. */
final class Listing {
  /** Runs of zero bytes of this length are left out, and those up to the next at a symbol's end. */
  private static final int SKIPPED_ZEROS = 8;

  private static final int SKIPPED_ZEROS_AT_END = 3;
  private static final int BYTES_COLUMN = 8;

  private final ElfImage elf;
  private final SymbolTable symbols;
  private final Appendable out;

  /** What the section at hand is listed with. */
  private ElfImage.Section section;

  private Disassembler disassembler;
  private List<SymbolTable.Mapping> mappings;
  private int addressDigits;

  Listing(ElfImage elf, Appendable out) throws IOException {
    this.elf = elf;
    this.symbols = new SymbolTable(elf);
    this.out = out;
  }

  void print(String file) throws IOException {
    out.append('\n').append(file).append(":     file format elf64-littleriscv\n\n");
    for (ElfImage.Section each : elf.code()) {
      section = each;
      printSection();
    }
  }

  private void printSection() throws IOException {
    mappings = symbols.mappings(section.index());
    addressDigits = addressDigits(section.address() + section.size());
    // In a relocatable file every section starts at 0, so only its own symbols mean anything.
    List<Symbol> visible =
        elf.type() == ElfImage.TYPE_RELOCATABLE ? inSection() : symbols.symbols();
    LongFunction<String> names = address -> symbols.name(visible, address);
    Symbol globalPointer = symbols.named(SymbolTable.GLOBAL_POINTER);
    disassembler =
        globalPointer == null
            ? new Disassembler(names)
            : new Disassembler(names, globalPointer.address());
    out.append("\nDisassembly of section ").append(section.name()).append(":\n");
    List<Symbol> labels = labels();
    long end = section.address() + section.size();
    long at = section.address();
    int next = 0;
    while (at != end) {
      while (next < labels.size() && labels.get(next).address() - at <= 0) {
        next++;
      }
      long stop = next < labels.size() ? labels.get(next).address() : end;
      printLabel(labels, next, at);
      printRun(at, stop, isData(labels, next, at));
      at = stop;
    }
  }

  private List<Symbol> inSection() {
    List<Symbol> own = new ArrayList<>();
    for (Symbol each : symbols.symbols()) {
      if (each.section() == section.index()) {
        own.add(each);
      }
    }
    return own;
  }

  /** Where labels stand: the section's own symbols inside it, one for each address. */
  private List<Symbol> labels() {
    List<Symbol> labels = new ArrayList<>();
    for (Symbol each : inSection()) {
      boolean inside = Long.compareUnsigned(each.address() - section.address(), section.size()) < 0;
      if (inside && (labels.isEmpty() || labels.getLast().address() != each.address())) {
        labels.add(each);
      }
    }
    return labels;
  }

  /** The label line at {@code at}, where {@code next} is the first symbol after that address. */
  private void printLabel(List<Symbol> labels, int next, long at) throws IOException {
    String name;
    if (labels.isEmpty()) {
      name = section.name();
    } else {
      name = labels.get(Math.max(0, next - 1)).reference(at);
    }
    String digits = Long.toHexString(at);
    out.append('\n').append("0".repeat(16 - digits.length())).append(digits);
    out.append(" <").append(name).append(">:\n");
  }

  /** Whether what starts at {@code at} is a variable that lies among the code. */
  private static boolean isData(List<Symbol> labels, int next, long at) {
    return next > 0
        && labels.get(next - 1).address() == at
        && labels.get(next - 1).kind() == Symbol.Kind.OBJECT;
  }

  private void printRun(long from, long stop, boolean data) throws IOException {
    long at = from;
    while (at != stop) {
      int zeros = zeros(at, stop);
      boolean toEnd = zeros == stop - at;
      if (zeros >= SKIPPED_ZEROS || toEnd && zeros > 0 && zeros < SKIPPED_ZEROS_AT_END) {
        out.append("\t...\n");
        at += toEnd ? zeros : zeros & ~3;
      } else if (data || isData(at)) {
        at += printData(at, stop);
      } else {
        at += printInstruction(at, stop);
      }
    }
  }

  private int printInstruction(long at, long stop) throws IOException {
    long left = stop - at;
    if (left < 2) {
      return printData(at, stop);
    }
    int bits = elf.u16(offset(at));
    int length = Instruction.lengthOf(bits);
    if (left < length) {
      return printData(at, stop);
    }
    if (length == 4) {
      bits |= elf.u16(offset(at) + 2) << 16;
    }
    printAddress(at);
    printBytes(bits, length);
    out.append(disassembler.line(Decoder.decode(bits), at)).append('\n');
    return length;
  }

  private int printData(long at, long stop) throws IOException {
    long left = Math.min(stop - at, untilMapping(at));
    int length = left >= 4 ? 4 : left >= 2 ? 2 : 1;
    int bits =
        switch (length) {
          case 4 -> elf.u32(offset(at));
          case 2 -> elf.u16(offset(at));
          default -> elf.u8(offset(at));
        };
    String directive = length == 4 ? ".word" : length == 2 ? ".short" : ".byte";
    printAddress(at);
    printBytes(bits, length);
    out.append(directive).append("\t0x");
    appendHex(bits, 2 * length);
    out.append('\n');
    return length;
  }

  private void printAddress(long at) throws IOException {
    String digits = Long.toHexString(at);
    out.append(" ".repeat(Math.max(0, addressDigits - digits.length()))).append(digits);
    out.append(":\t");
  }

  /** The bytes as one number of {@code length} bytes, and blanks to the text's column. */
  private void printBytes(int bits, int length) throws IOException {
    appendHex(bits, 2 * length);
    out.append(' ');
    int blanks = (BYTES_COLUMN / length - 1) * (2 * length + 1);
    out.append(" ".repeat(blanks)).append('\t');
  }

  private void appendHex(int bits, int digits) throws IOException {
    for (int i = digits - 1; i >= 0; i--) {
      out.append(Character.forDigit(bits >>> 4 * i & 15, 16));
    }
  }

  /** Number of zero bytes from {@code at} on. */
  private int zeros(long at, long stop) throws IOException {
    int count = 0;
    while (at + count != stop && elf.u8(offset(at + count)) == 0) {
      count++;
    }
    return count;
  }

  private boolean isData(long at) {
    boolean data = false;
    for (SymbolTable.Mapping each : mappings) {
      if (Long.compareUnsigned(each.address(), at) > 0) {
        break;
      }
      data = each.data();
    }
    return data;
  }

  private long untilMapping(long at) {
    for (SymbolTable.Mapping each : mappings) {
      if (Long.compareUnsigned(each.address(), at) > 0) {
        return each.address() - at;
      }
    }
    return Long.MAX_VALUE;
  }

  private long offset(long address) {
    return section.offset() + (address - section.address());
  }

  /** Width of the address column: leading groups of four zeros go while a zero remains. */
  private static int addressDigits(long end) {
    int width = 16;
    while (width > 4 && end >>> 4 * (width - 5) == 0) {
      width -= 4;
    }
    return width;
  }
}
