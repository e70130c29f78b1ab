package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryLoweringTest {
  private static final long NOTHING_WRITTEN = 0x7777_7777_7777_7777L;
  private static final int GUEST_ADDRESS = 16;
  private static final int GUEST_BYTES = 64;

  /** The optimiser makes constants of values that are wider than the store. */
  @ParameterizedTest
  @CsvSource({
    "ST8, ffffffffffffefa0, 77777777777777a0",
    "ST8, 00000000000000ff, 77777777777777ff",
    "ST8, 1122334455667788, 7777777777777788",
    "ST16, ffffffffbeeff7a0, 777777777777f7a0",
    "ST16, 0000000000018000, 7777777777778000",
    "ST32, 1122334480000001, 7777777780000001",
    "ST32, ffffffffffffffff, 77777777ffffffff",
    "ST64, ffffffff80000000, ffffffff80000000",
    "ST64, 0000000080000000, 0000000080000000",
    "ST64, 1122334455667788, 1122334455667788",
  })
  void storesTheLowPartOfAConstant(IrOp store, String value, String expected) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0x1000, 0, 4);
    int address = block.constant(GUEST_ADDRESS);
    block.emit(store, address, block.constant(Long.parseUnsignedLong(value, 16)));
    block.emit(IrOp.JUMP, IrBlock.NONE, 0x1004L);
    assertEquals(expected, String.format("%016x", wordAfter(block)));
  }

  /** More memory operations than the fault map has room for at first. */
  @Test
  void tellsWhichOfManyLoadsFaulted() {
    for (int bad = 1; bad <= 50; bad += 7) {
      IrBlock block = new IrBlock();
      block.beginInstruction(0x4000, 0x13, 4);
      int mapped = block.constant(GuestPages.BASE);
      int unmapped = block.constant(8);
      for (int i = 1; i <= 50; i++) {
        block.beginInstruction(0x4000 + 4L * i, 0x13, 4);
        block.emit(IrOp.LD64, i == bad ? unmapped : mapped);
      }
      block.emit(IrOp.JUMP, IrBlock.NONE, 0x5000L);
      ArrayState start = States.random(new Random(1));
      try (Judge judge = new Judge()) {
        assertNull(judge.fault(block, start, new byte[2 * GuestPages.PAGE]));
      }
    }
  }

  /** The guest's word at {@link #GUEST_ADDRESS} after the block has run. */
  private static long wordAfter(IrBlock block) {
    long guest = HostMemory.allocate(GUEST_BYTES);
    try (ExecutableMemory code = new ExecutableMemory(1 << 16);
        HartState state = new HartState(guest)) {
      HostMemory.putLong(guest + GUEST_ADDRESS, NOTHING_WRITTEN);
      Stubs stubs = new Stubs(code.rx(0));
      byte[] stubCode = stubs.code();
      code.copyIn(stubCode, 0, 0, stubCode.length);
      BlockCompiler compiler = new BlockCompiler(stubs);
      compiler.compile(block, code.rx(stubCode.length));
      code.copyIn(compiler.code(), 0, stubCode.length, compiler.codeLength());
      state.field(RegisterFile.ENTRY, code.rx(stubCode.length));
      ExitReason reason = ExitReason.of(HostCalls.enter(stubs.enter(), state.origin()));
      if (reason == ExitReason.FAULT) {
        state.takeOver(GuestState.FIXED);
      }
      return HostMemory.getLong(guest + GUEST_ADDRESS);
    } finally {
      HostMemory.free(guest, GUEST_BYTES);
    }
  }
}
