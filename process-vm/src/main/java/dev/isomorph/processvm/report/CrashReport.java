package dev.isomorph.processvm.report;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Registers;
import dev.isomorph.engine.Hart;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Vma;
import dev.isomorph.processvm.procfs.MapsText;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/** What there is to say about a guest that a signal killed: which one, where, and the registers. */
public final class CrashReport {
  private static final int REGISTERS = 32;
  private static final int PER_LINE = 4;
  private static final int DIGITS = 16;

  private final TextSink out;
  private final AddressSpace space;
  private final CodeNames names;

  public CrashReport(TextSink out, AddressSpace space, CodeNames names) {
    this.out = out;
    this.space = space;
    this.names = names;
  }

  /** Prints the report. */
  public void print(String program, SignalInfo signal, Hart hart) {
    out.print("isomorph: ").print(program).print(": killed by ");
    out.print(Signal.name(signal.signal()));
    String cause = cause(signal);
    if (cause != null) {
      out.print(": ").print(cause).print(" 0x").hex(signal.word0(), 1);
    } else if (signal.code() <= 0) {
      out.print(" from process ").print(signal.pid());
    }
    out.newLine();
    printCode("pc", hart.pc());
    printInstruction(hart.pc());
    printCode("ra", hart.x(Registers.RA));
    printMapping(hart.pc());
    if (cause != null && signal.word0() != hart.pc()) {
      printMapping(signal.word0());
    }
    printRegisters(hart);
    out.flush();
  }

  private static String cause(SignalInfo signal) {
    return switch (signal.signal()) {
      case Signal.SIGSEGV ->
          switch (signal.code()) {
            case SignalInfo.SEGV_MAPERR -> "nothing is mapped at";
            case SignalInfo.SEGV_ACCERR -> "no permission for";
            default -> null;
          };
      case Signal.SIGBUS ->
          switch (signal.code()) {
            case SignalInfo.BUS_ADRALN -> "misaligned atomic access at";
            case SignalInfo.BUS_ADRERR -> "beyond the end of the file mapped at";
            default -> null;
          };
      case Signal.SIGILL ->
          signal.code() == SignalInfo.ILL_ILLOPC ? "illegal instruction at" : null;
      case Signal.SIGTRAP -> signal.code() == SignalInfo.TRAP_BRKPT ? "breakpoint at" : null;
      default -> null;
    };
  }

  private void printCode(String label, long address) {
    out.print("  ").print(label).print(" 0x").hex(address, DIGITS);
    String name = names.nameOf(address);
    if (name != null) {
      out.print(" ").print(name);
    }
    out.newLine();
  }

  private void printInstruction(long pc) {
    int bytes = space.fetchable(pc, Integer.BYTES);
    if (bytes < Short.BYTES) {
      return;
    }
    int bits = HostMemory.getShort(space.hostAddress(pc)) & 0xffff;
    if (Instruction.lengthOf(bits) == Integer.BYTES) {
      if (bytes < Integer.BYTES) {
        return;
      }
      bits |= HostMemory.getShort(space.hostAddress(pc + 2)) << 16;
    }
    out.print("     ").print(Disassembler.text(Decoder.decode(bits), pc)).newLine();
  }

  private void printMapping(long address) {
    Vma area = space.area(address);
    if (area != null) {
      out.print("  in ").print(MapsText.line(space, area)).newLine();
    }
  }

  private void printRegisters(Hart hart) {
    for (int i = 1; i < REGISTERS; i++) {
      String name = Registers.integerName(i);
      out.print(name.length() < 3 ? "  " + " ".repeat(3 - name.length()) : "  ").print(name);
      out.print(" ").hex(hart.x(i), DIGITS);
      if (i % PER_LINE == 0 || i == REGISTERS - 1) {
        out.newLine();
      }
    }
  }
}
