package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;

/**
 * The vocabulary in which the meaning of an instruction is written: its operands, what is done to
 * them, its result. Methods that give an {@code int} give an IR value, those that give a {@link
 * Flow} finish the instruction.
 */
final class Emitter {
  private final LiftMode mode;
  private IrBlock block;
  private Instruction instruction;
  private long pc;

  Emitter(LiftMode mode) {
    this.mode = mode;
  }

  void begin(Instruction instruction, long pc, IrBlock block) {
    this.instruction = instruction;
    this.pc = pc;
    this.block = block;
    block.beginInstruction(pc, instruction.bits(), instruction.length());
  }

  LiftMode mode() {
    return mode;
  }

  Instruction instruction() {
    return instruction;
  }

  /** The guest address {@code offset} bytes from the instruction. */
  long address(long offset) {
    return pc + offset;
  }

  /** The address behind the instruction. */
  long nextPc() {
    return pc + instruction.length();
  }

  // Values.

  int constant(long value) {
    return block.constant(value);
  }

  int x(int register) {
    return register == 0 ? constant(0) : getSlot(IrOp.GET, StateSlot.x(register));
  }

  int rs1() {
    return x(instruction.rs1());
  }

  int rs2() {
    return x(instruction.rs2());
  }

  /** The immediate as a value. */
  int imm() {
    return constant(instruction.imm());
  }

  /** The raw 64 bits of a float register. */
  int f(int register) {
    return getSlot(IrOp.GETF, StateSlot.f(register));
  }

  int getSlot(IrOp get, int slot) {
    return block.emit(get, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, slot);
  }

  int emit(IrOp op) {
    return block.emit(op);
  }

  int emit(IrOp op, int a) {
    return block.emit(op, a);
  }

  int emit(IrOp op, int a, int b) {
    return block.emit(op, a, b);
  }

  int emit(IrOp op, int a, int b, int c) {
    return block.emit(op, a, b, c, 0);
  }

  /** An operation whose immediate means something; operands it lacks are {@link IrBlock#NONE}. */
  int emit(IrOp op, int a, int b, int c, long imm) {
    return block.emit(op, a, b, c, imm);
  }

  /** An operation with a 32-bit result, sign-extended as RISC-V keeps words in registers. */
  int word(IrOp op, int a, int b) {
    return emit(IrOp.SEXT32, emit(op, a, b));
  }

  int not(int value) {
    return emit(IrOp.XOR, value, constant(-1));
  }

  // Instruction formats (ISA manual, "Base Instruction Formats").

  /** rd = op(rs1, rs2). */
  Flow registers(IrOp op) {
    return setRd(emit(op, rs1(), rs2()));
  }

  /** rd = op(rs1, imm). */
  Flow immediate(IrOp op) {
    return setRd(emit(op, rs1(), imm()));
  }

  /** rd = the sign-extended 32-bit op(rs1, rs2). */
  Flow wordRegisters(IrOp op) {
    return setRd(word(op, rs1(), rs2()));
  }

  /** rd = the sign-extended 32-bit op(rs1, imm). */
  Flow wordImmediate(IrOp op) {
    return setRd(word(op, rs1(), imm()));
  }

  /** rd = op(rs1). */
  Flow unary(IrOp op) {
    return setRd(emit(op, rs1()));
  }

  /** The value at rs1 + imm. */
  int load(IrOp op) {
    return block.emit(op, rs1(), instruction.imm());
  }

  /** Stores {@code value} at rs1 + imm, for which {@code base} is rs1. */
  Flow store(IrOp op, int base, int value) {
    block.emit(op, base, value, instruction.imm());
    return Flow.NEXT;
  }

  // Ends of an instruction.

  /** Writes the destination register; a value for x0 is dropped, what made it stays. */
  Flow setRd(int value) {
    if (instruction.rd() != 0) {
      setSlot(IrOp.PUT, StateSlot.x(instruction.rd()), value);
    }
    return Flow.NEXT;
  }

  /** Writes the raw 64 bits of the float destination register. */
  Flow setFd(int value) {
    setSlot(IrOp.PUTF, StateSlot.f(instruction.rd()), value);
    return Flow.NEXT;
  }

  void setSlot(IrOp put, int slot, int value) {
    block.emit(put, value, IrBlock.NONE, IrBlock.NONE, slot);
  }

  /** Leaves the block for {@code target} if the comparison of rs1 and rs2 holds. */
  Flow branch(IrOp exit) {
    block.emit(exit, rs1(), rs2(), address(instruction.imm()));
    return Flow.NEXT;
  }

  /** Ends the block by {@code exit}; operands it lacks are {@link IrBlock#NONE}. */
  Flow end(IrOp exit, int a, int b, long imm) {
    block.emit(exit, a, b, imm);
    return Flow.END;
  }

  Flow trap(TrapKind kind) {
    return end(IrOp.TRAP, IrBlock.NONE, IrBlock.NONE, kind.ordinal());
  }
}
