package dev.isomorph.conformance.golden;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** What each instruction does. Compressed ones are covered by those they expand to. */
public final class InstructionSet {
  /** What an instruction does to a hart. The hart's pc moves on by itself. */
  @FunctionalInterface
  interface Semantics {
    void execute(GoldenHart hart, Instruction i);
  }

  private static final Map<Opcode, Semantics> TABLE = new InstructionSet().table;

  private final Map<Opcode, Semantics> table = new EnumMap<>(Opcode.class);

  private InstructionSet() {
    IntegerInstructions.define(this);
    ControlInstructions.define(this);
    MemoryInstructions.define(this);
    CsrInstructions.define(this);
    MultiplyInstructions.define(this);
    AtomicInstructions.define(this);
    BitManipulationInstructions.define(this);
    FloatInstructions.define(this);
    FloatConversionInstructions.define(this);
  }

  /** The instructions that are defined. */
  public static Set<Opcode> defined() {
    return TABLE.keySet();
  }

  static Semantics of(Opcode opcode) {
    Semantics semantics = TABLE.get(opcode);
    if (semantics == null) {
      throw new IllegalStateException(opcode + " is not defined");
    }
    return semantics;
  }

  void define(Opcode opcode, Semantics semantics) {
    if (table.put(opcode, semantics) != null) {
      throw new IllegalStateException(opcode + " is defined twice");
    }
  }
}
