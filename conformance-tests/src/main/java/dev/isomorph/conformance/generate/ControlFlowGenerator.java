package dev.isomorph.conformance.generate;

import dev.isomorph.conformance.witness.DataPages;
import dev.isomorph.conformance.witness.Layout;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.Registers;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes programs of a few pieces of straight code that branch, jump, call and return to each other
 * at random, until a count of pieces has been run down.
 */
public final class ControlFlowGenerator {
  private static final int MAX_PIECES = 8;
  private static final int MAX_PIECE_LENGTH = 6;
  private static final int MAX_STEPS = 40;

  /** The number of fflags, before those of frm and fcsr. */
  private static final int FFLAGS = 1;

  // Registers with a task, which the straight code leaves alone.
  private static final int COUNT = Registers.S11;
  private static final int DATA = Registers.S10;
  private static final int TARGET = Registers.S8;
  private static final int[] LINKS = {Registers.ZERO, Registers.RA, Registers.T0, Registers.A0};

  private static final Set<Opcode> BRANCHES =
      EnumSet.of(Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE, Opcode.BLTU, Opcode.BGEU);

  private final Random random;
  private final InstructionGenerator instructions;
  private final States states;
  private RiscvAssembler assembler;
  private List<Label> pieces;

  public ControlFlowGenerator(Random random) {
    this.random = random;
    instructions = new InstructionGenerator(random);
    states = new States(random);
  }

  /** A program that ends, if it does not jump into the midst of an instruction and get caught. */
  public Scenario scenario() {
    long pc = Layout.CODE + 2 * random.nextInt((Layout.CODE_SIZE - 0x1000) / 2);
    int[] code = code();
    long[] x = states.integers();
    x[COUNT] = 1 + random.nextInt(MAX_STEPS);
    x[DATA] = Layout.DATA + 0x1000;
    x[Registers.RA] = Layout.CODE + Layout.CODE_SIZE - 2;
    x[Registers.T0] = x[Registers.RA];
    return new Scenario(
        pc, code, x, states.floats(), states.fcsr(), random.nextInt(DataPages.VARIANTS));
  }

  private int[] code() {
    assembler = new RiscvAssembler();
    pieces = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(MAX_PIECES - 1); i++) {
      pieces.add(new Label());
    }
    Label end = new Label();
    for (Label piece : pieces) {
      assembler.bind(piece);
      assembler.emit(Opcode.ADDI, COUNT, COUNT, -1);
      assembler.branch(Opcode.BEQ, COUNT, Registers.ZERO, end);
      for (int i = random.nextInt(MAX_PIECE_LENGTH); i > 0; i--) {
        assembler.raw(straight());
      }
      leave();
    }
    assembler.bind(end);
    assembler.emit(Opcode.EBREAK);
    return encodings(assembler.bytes());
  }

  /** An instruction that computes something or accesses memory at {@link #DATA}. */
  private int straight() {
    while (true) {
      Opcode row = instructions.row();
      int encoding = instructions.encoding(row);
      if (row.extension() == Extension.ZICSR) {
        encoding = Operands.withCsr(encoding, FFLAGS + random.nextInt(3));
      }
      if (MemoryAccesses.width(row) != 0) {
        encoding = Operands.withRegister(encoding, Operands.RS1, DATA);
      }
      if (isHarmless(encoding)) {
        return encoding;
      }
    }
  }

  /** Whether the instruction goes on to the next and leaves the registers with a task alone. */
  private static boolean isHarmless(int encoding) {
    var i = Decoder.decode(encoding);
    return switch (i.opcode()) {
      case JAL, JALR, BEQ, BNE, BLT, BGE, BLTU, BGEU, ECALL, EBREAK, ILLEGAL -> false;
      default ->
          switch (i.rd()) {
            case Registers.RA, Registers.T0, COUNT, DATA, TARGET -> false;
            default -> MemoryAccesses.width(i.opcode()) == 0 || i.rs1() == DATA;
          };
    };
  }

  /** The end of a piece: one of the ways to get elsewhere, or none. */
  private void leave() {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        List<Opcode> branches = List.copyOf(BRANCHES);
        Opcode branch = branches.get(random.nextInt(branches.size()));
        assembler.branch(branch, random.nextInt(32), random.nextInt(32), target());
      }
      case 3 -> assembler.jal(link(), target());
      case 4 -> assembler.la(TARGET, target()).emit(Opcode.JALR, link(), random.nextInt(2), TARGET);
      case 5 -> assembler.emit(Opcode.JALR, Registers.ZERO, 0, Registers.RA);
      case 6 -> assembler.emit(Opcode.JALR, link(), 0, Registers.T0);
      default -> {}
    }
  }

  private Label target() {
    return pieces.get(random.nextInt(pieces.size()));
  }

  private int link() {
    return LINKS[random.nextInt(LINKS.length)];
  }

  private static int[] encodings(byte[] bytes) {
    List<Integer> encodings = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int low = parcel(bytes, at);
      int encoding = Instruction.lengthOf(low) == 4 ? parcel(bytes, at + 2) << 16 | low : low;
      encodings.add(encoding);
      at += Instruction.lengthOf(low);
    }
    return encodings.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int parcel(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }
}
