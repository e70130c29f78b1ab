package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.AmoKind;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.ir.ValueType;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads IR from text, one operation a line: {@code a = ADD x10, -1}. An operand is the name of an
 * earlier line, a guest register, which is read there, or a number, which becomes a constant. A
 * guest register on the left is written. An instruction starts at a line {@code ;}; a block without
 * an end gets a jump to {@link #END}.
 */
final class IrText {
  static final long START = 0x1000;
  static final long END = 0x2000;

  private final IrBlock block = new IrBlock();
  private final Map<String, Integer> values = new HashMap<>();

  private IrText() {}

  static IrBlock parse(String text) {
    IrText reader = new IrText();
    reader.begin();
    text.lines().map(String::strip).forEach(reader::line);
    int last = reader.block.size() - 1;
    if (last < 0 || !reader.block.op(last).endsBlock()) {
      reader.block.emit(IrOp.JUMP, IrBlock.NONE, END);
    }
    return reader.block;
  }

  private void begin() {
    block.beginInstruction(START + 4L * block.instructionCount(), 0x13, 4);
  }

  private void line(String line) {
    if (line.equals(";")) {
      begin();
      return;
    }
    String[] sides = line.split(" = ");
    int value = expression(sides[sides.length - 1]);
    if (sides.length > 1) {
      int slot = slot(sides[0]);
      if (slot >= 0) {
        boolean isFloat = block.op(value).type() == ValueType.FLOAT;
        block.emit(isFloat ? IrOp.PUTF : IrOp.PUT, value, IrBlock.NONE, IrBlock.NONE, slot);
      } else {
        values.put(sides[0], value);
      }
    }
  }

  private int expression(String text) {
    String[] words = text.split(",? ");
    if (!Character.isUpperCase(words[0].charAt(0))) {
      return operand(words[0]);
    }
    IrOp op = IrOp.valueOf(words[0]);
    int[] operands = {IrBlock.NONE, IrBlock.NONE, IrBlock.NONE};
    for (int i = 0; i < op.operands(); i++) {
      operands[i] = operand(words[i + 1]);
    }
    long imm = words.length > op.operands() + 1 ? immediate(op, words[op.operands() + 1]) : 0;
    return block.emit(op, operands[0], operands[1], operands[2], imm);
  }

  private int operand(String word) {
    Integer value = values.get(word);
    if (value != null) {
      return value;
    }
    int slot = slot(word);
    if (slot < 0) {
      return block.constant(Long.decode(word));
    }
    boolean isFloat = slot >= StateSlot.F0 && slot < StateSlot.FRM;
    return block.emit(
        isFloat ? IrOp.GETF : IrOp.GET, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, slot);
  }

  private static int slot(String word) {
    for (int slot = 1; slot < StateSlot.COUNT; slot++) {
      if (StateSlot.name(slot).equals(word)) {
        return slot;
      }
    }
    return -1;
  }

  private static long immediate(IrOp op, String word) {
    return switch (op) {
      case AMO32, AMO64 -> AmoKind.valueOf(word).ordinal();
      case TRAP -> TrapKind.valueOf(word).ordinal();
      default -> Long.decode(word);
    };
  }
}
