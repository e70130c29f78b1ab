package dev.isomorph.conformance.fuzz;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A7;
import static dev.isomorph.decoder.Registers.RA;
import static dev.isomorph.decoder.Registers.SP;
import static dev.isomorph.decoder.Registers.ZERO;

import dev.isomorph.conformance.fuzz.RandomProgram.Function;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import java.util.ArrayList;
import java.util.List;

/** Makes machine code of random programs. */
final class ProgramAssembler {
  /** Bytes of a frame that any code may access through sp. */
  static final int LOCALS = 64;

  private static final int FRAME = LOCALS + 4 * Long.BYTES;
  private static final int RECURSION_FRAME = LOCALS + 2 * Long.BYTES;
  private static final int FCSR = 3;
  private static final int WRITE = 64;
  private static final int EXIT = 93;

  /** Statements that are so short that a compressed branch reaches behind them. */
  private static final int SHORT = 4;

  /** How far back a conditional branch reaches, less a little. */
  private static final int REACH = 4000;

  private record Offset(int place, Label table, Label target) {}

  private final RandomProgram program;
  private final boolean far;
  private final RiscvAssembler asm = new RiscvAssembler();
  private final List<Label> starts = new ArrayList<>();
  private final List<Label> slots = new ArrayList<>();
  private final List<Offset> offsets = new ArrayList<>();

  /** With far, no branch needs to reach behind a body. */
  private ProgramAssembler(RandomProgram program, boolean far) {
    this.program = program;
    this.far = far;
  }

  /** Makes the machine code of a program. */
  static Image assemble(RandomProgram program) {
    try {
      return new ProgramAssembler(program, false).image();
    } catch (IllegalArgumentException tooFar) {
      return new ProgramAssembler(program, true).image();
    }
  }

  private Image image() {
    for (int i = 0; i < program.functions().size(); i++) {
      starts.add(new Label());
      slots.add(new Label());
    }
    asm.data(new byte[program.padding()]);
    start();
    asm.jal(program.functions().getFirst().link(), starts.getFirst());
    end();
    for (int i = 0; i < starts.size(); i++) {
      function(i);
    }
    byte[] text = asm.bytes();
    for (Offset each : offsets) {
      int distance = asm.offset(each.target) - asm.offset(each.table);
      for (int i = 0; i < Integer.BYTES; i++) {
        text[each.place + i] = (byte) (distance >> 8 * i);
      }
    }
    return new Image(text, program.data(), Places.TEXT + program.padding());
  }

  /** Loads all registers. */
  private void start() {
    int pointer = program.pointer();
    asm.li(pointer, Places.POINTER);
    for (int i = 0; i < 32; i++) {
      asm.emit(Opcode.FLD, i, Places.fromPointer(Places.ofFloat(i)), pointer);
    }
    asm.emit(Opcode.LD, RA, Places.fromPointer(Places.ofFcsr()), pointer);
    asm.emit(Opcode.CSRRW, ZERO, FCSR, RA);
    asm.li(SP, Places.STACK);
    for (int i = 1; i < 32; i++) {
      if (i != pointer && i != SP) {
        asm.emit(Opcode.LD, i, Places.fromPointer(Places.ofInteger(i)), pointer);
      }
    }
  }

  /** Stores all registers, writes all data and exits. */
  private void end() {
    int pointer = program.pointer();
    for (int i = 0; i < 32; i++) {
      asm.emit(Opcode.SD, i, Places.fromPointer(Places.ofInteger(i)), pointer);
      asm.emit(Opcode.FSD, i, Places.fromPointer(Places.ofFloat(i)), pointer);
    }
    asm.emit(Opcode.CSRRS, RA, FCSR, ZERO);
    asm.emit(Opcode.SD, RA, Places.fromPointer(Places.ofFcsr()), pointer);
    asm.li(A0, 1).li(A1, Places.DATA).li(A2, Places.DATA_SIZE).li(A7, WRITE).emit(Opcode.ECALL);
    asm.li(A0, 0).li(A7, EXIT).emit(Opcode.ECALL);
  }

  private void function(int index) {
    Function function = program.functions().get(index);
    asm.bind(starts.get(index));
    asm.emit(Opcode.ADDI, SP, SP, -FRAME);
    frame(Opcode.SD, function.link());
    asm.bind(slots.get(index)).raw(function.slot().first());
    function.body().forEach(this::statement);
    frame(Opcode.LD, function.link());
    asm.emit(Opcode.ADDI, SP, SP, FRAME);
    asm.emit(Opcode.JALR, ZERO, 0, function.link());
  }

  /** Saves or restores what a function's caller counts on. */
  private void frame(Opcode row, int link) {
    asm.emit(row, link, LOCALS, SP);
    for (int i = 0; i < program.counters().size(); i++) {
      asm.emit(row, program.counters().get(i), LOCALS + (i + 1) * Long.BYTES, SP);
    }
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Compute s -> asm.raw(s.encoding());
      case Statement.Access s -> access(s);
      case Statement.Reserve s -> reserve(s);
      case Statement.Branch s -> branch(s);
      case Statement.Loop s -> loop(s);
      case Statement.Recurse s -> recurse(s);
      case Statement.Switch s -> choose(s);
      case Statement.Call s -> call(s);
      case Statement.Patch s -> patch(s);
    }
  }

  private void access(Statement.Access s) {
    if (s.index() >= 0) {
      address(Decoder.decode(s.encoding()).rs1(), s.index(), s.mask());
    }
    asm.raw(s.encoding());
  }

  private void reserve(Statement.Reserve s) {
    address(Decoder.decode(s.conditional()).rs1(), s.index(), Places.MAX_INDEX & -Long.BYTES);
    asm.raw(s.load());
    s.between().forEach(asm::raw);
    asm.raw(s.conditional());
  }

  private void address(int base, int index, int mask) {
    asm.emit(Opcode.ANDI, base, index, mask);
    asm.emit(Opcode.ADD, base, base, program.pointer());
  }

  private void branch(Statement.Branch s) {
    Label then = new Label();
    Label end = new Label();
    Opcode compressed = compressed(s);
    if (far) {
      Label near = new Label();
      Label otherwise = new Label();
      asm.branch(s.condition(), s.rs1(), s.rs2(), near).jump(otherwise);
      asm.bind(near).jump(then).bind(otherwise);
    } else if (compressed != null) {
      asm.emitTo(compressed, then, s.rs1());
    } else {
      asm.branch(s.condition(), s.rs1(), s.rs2(), then);
    }
    s.otherwise().forEach(this::statement);
    if (compressed != null && isShort(s.then())) {
      asm.emitTo(Opcode.C_J, end);
    } else {
      asm.jump(end);
    }
    asm.bind(then);
    s.then().forEach(this::statement);
    asm.bind(end);
  }

  /** The compressed form of a branch; null if it has none. */
  private static Opcode compressed(Statement.Branch s) {
    if (s.rs2() != ZERO || s.rs1() < 8 || s.rs1() > 15 || !isShort(s.otherwise())) {
      return null;
    }
    return switch (s.condition()) {
      case BEQ -> Opcode.C_BEQZ;
      case BNE -> Opcode.C_BNEZ;
      default -> null;
    };
  }

  private static boolean isShort(List<Statement> body) {
    return body.size() <= SHORT
        && body.stream()
            .allMatch(s -> s instanceof Statement.Compute || s instanceof Statement.Access);
  }

  private void loop(Statement.Loop s) {
    int counter = program.counters().get(s.counter());
    asm.li(counter, s.count());
    Label top = asm.here();
    s.body().forEach(this::statement);
    asm.emit(Opcode.ADDI, counter, counter, -1);
    if (asm.offset() - asm.offset(top) < REACH) {
      asm.branch(Opcode.BNE, counter, ZERO, top);
    } else {
      Label out = new Label();
      asm.branch(Opcode.BEQ, counter, ZERO, out).jump(top).bind(out);
    }
  }

  private void recurse(Statement.Recurse s) {
    int counter = program.counters().get(s.counter());
    Label self = new Label();
    Label out = new Label();
    Label end = new Label();
    asm.li(counter, s.depth()).jal(s.link(), self).jump(end);
    asm.bind(self).emit(Opcode.ADDI, SP, SP, -RECURSION_FRAME);
    asm.emit(Opcode.SD, s.link(), LOCALS, SP);
    s.body().forEach(this::statement);
    asm.emit(Opcode.ADDI, counter, counter, -1);
    asm.branch(Opcode.BEQ, counter, ZERO, out).jal(s.link(), self).bind(out);
    asm.emit(Opcode.LD, s.link(), LOCALS, SP).emit(Opcode.ADDI, SP, SP, RECURSION_FRAME);
    asm.emit(Opcode.JALR, ZERO, 0, s.link()).bind(end);
  }

  /** Two cases: into a table of jumps. More: to an address from a table of offsets. */
  private void choose(Statement.Switch s) {
    Label table = new Label();
    Label end = new Label();
    int a = s.scratch().a();
    int b = s.scratch().b();
    asm.la(a, table).emit(Opcode.ANDI, b, s.index(), s.cases().size() - 1);
    asm.emit(Opcode.SLLI, b, b, 2);
    List<Label> targets = s.cases().stream().map(_ -> new Label()).toList();
    if (targets.size() == 2) {
      asm.emit(Opcode.ADD, a, a, b).emit(Opcode.JALR, s.link(), 0, a).bind(table);
      targets.forEach(asm::jump);
    } else {
      asm.emit(Opcode.ADD, b, b, a).emit(Opcode.LW, b, 0, b).emit(Opcode.ADD, a, a, b);
      asm.emit(Opcode.JALR, s.link(), 0, a).bind(table);
      for (Label target : targets) {
        offsets.add(new Offset(asm.offset(), table, target));
        asm.data(new byte[Integer.BYTES]);
      }
    }
    for (int i = 0; i < targets.size(); i++) {
      asm.bind(targets.get(i));
      s.cases().get(i).forEach(this::statement);
      asm.jump(end);
    }
    asm.bind(end);
  }

  private void call(Statement.Call s) {
    Function function = program.functions().get(s.function());
    if (s.patch()) {
      toggle(slots.get(s.function()), function.slot(), s.scratch());
    }
    Label target = starts.get(s.function());
    switch (s.style()) {
      case DIRECT -> asm.jal(function.link(), target);
      case INDIRECT ->
          asm.la(s.scratch().a(), target).emit(Opcode.JALR, function.link(), 0, s.scratch().a());
    }
  }

  private void patch(Statement.Patch s) {
    Label slot = new Label();
    toggle(slot, s.slot(), s.scratch());
    asm.bind(slot).raw(s.slot().first());
  }

  /** Puts the one instruction in place of the other. */
  private void toggle(Label label, Statement.Slot slot, Statement.Scratch scratch) {
    asm.la(scratch.a(), label).emit(Opcode.LW, scratch.b(), 0, scratch.a());
    asm.li(scratch.c(), slot.first() ^ slot.second());
    asm.emit(Opcode.XOR, scratch.b(), scratch.b(), scratch.c());
    asm.emit(Opcode.SW, scratch.b(), 0, scratch.a()).emit(Opcode.FENCE_I);
  }
}
