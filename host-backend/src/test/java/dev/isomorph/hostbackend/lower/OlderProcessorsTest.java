package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.CpuFeatures.Feature;
import dev.isomorph.hostbackend.HostDisassembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code for processors that lack something has no instruction of it. */
class OlderProcessorsTest {
  private static final long ORIGIN = 0x7000_0000_0000L;
  private static final Set<Feature> OPTIONAL =
      EnumSet.of(Feature.BMI1, Feature.BMI2, Feature.LZCNT, Feature.FMA);
  private static final Set<String> OF_THEM =
      Set.of("shlx", "shrx", "sarx", "rorx", "mulx", "lzcnt", "tzcnt", "vfmadd231sd");

  @ParameterizedTest
  @EnumSource(
      value = IrOp.class,
      names = {
        "SHL", "SHR", "SAR", "SHL32", "SHR32", "SAR32", "ROL", "ROR", "ROL32", "ROR32", "MULHU",
        "MULHSU", "CLZ", "CLZ32", "CTZ", "CTZ32", "FMADD_D"
      })
  void haveTheirOwnCode(IrOp op) {
    Optional<HostDisassembler> capstone = HostDisassembler.open();
    Assumptions.assumeTrue(capstone.isPresent(), "no libcapstone");
    boolean isNew = false;
    for (HostDisassembler.Line line : lines(capstone.get(), op, CpuFeatures.ALL)) {
      isNew |= OF_THEM.contains(mnemonic(line));
    }
    // Rotations by a register have always been by cl.
    assertEquals(!op.name().startsWith("RO"), isNew);
    for (HostDisassembler.Line line :
        lines(capstone.get(), op, CpuFeatures.ALL.without(OPTIONAL))) {
      assertEquals(false, OF_THEM.contains(mnemonic(line)), line::toString);
    }
  }

  private static String mnemonic(HostDisassembler.Line line) {
    return line.text().split(" ")[0];
  }

  private static List<HostDisassembler.Line> lines(
      HostDisassembler capstone, IrOp op, CpuFeatures cpu) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0x1000, 0x13, 4);
    boolean isFloat = op == IrOp.FMADD_D;
    IrOp get = isFloat ? IrOp.GETF : IrOp.GET;
    int base = isFloat ? StateSlot.f(10) : StateSlot.x(10);
    int a = block.emit(get, IrBlock.NONE, (long) base);
    int b = block.emit(get, IrBlock.NONE, base + 1L);
    int c = op.operands() > 2 ? block.emit(get, IrBlock.NONE, base + 2L) : IrBlock.NONE;
    int result = block.emit(op, a, op.operands() > 1 ? b : IrBlock.NONE, c, 0L);
    block.emit(isFloat ? IrOp.PUTF : IrOp.PUT, result, IrBlock.NONE, IrBlock.NONE, base + 3L);
    block.emit(IrOp.JUMP, IrBlock.NONE, 0x2000L);
    BlockCompiler compiler =
        new BlockCompiler(new Stubs(ORIGIN), Addressing.WINDOW, cpu, (ExecutionCounts) null);
    compiler.compile(block, ORIGIN + 4096);
    return capstone.disassemble(compiler.code(), 0).stream()
        .takeWhile(line -> line.address() < compiler.codeLength())
        .toList();
  }
}
