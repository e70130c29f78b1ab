package dev.isomorph.hostbackend.lower;

import static dev.isomorph.translator.ir.IrBlock.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Going from one context to another without leaving emitted code. */
class ContextCodeTest {
  private static final long PC = 0x4000;
  private static final long TARGET = 0x5678;
  private static final byte[] MEMORY = new byte[64];

  private final BlockRunner runner = new BlockRunner();
  private final ArrayState start = States.random(new Random(1));

  @AfterEach
  void close() {
    runner.close();
  }

  private BlockRunner.Result run(long status, long privilege, boolean polled) {
    IrBlock block = new IrBlock();
    block.beginInstruction(PC, 0x13, 4);
    put(block, StateSlot.STATUS, status);
    put(block, StateSlot.PRIVILEGE, privilege);
    block.emit(IrOp.SWITCH, block.constant(TARGET), 0L);
    return runner.run(block, start, MEMORY, polled);
  }

  private static void put(IrBlock block, int slot, long value) {
    block.emit(IrOp.PUT, block.constant(value), NONE, NONE, slot);
  }

  /** Each context has a table of its own, where the pc leads to a stub that nobody else goes to. */
  @Test
  void goesOnByTheTablesOfTheContext() {
    run(0, 0, false);
    HartState hart = runner.hart();
    long ownMemory = hart.field(RegisterFile.MEMORY_BASE);
    JumpCache[] caches = new JumpCache[Context.COUNT];
    for (int known = 0; known < Context.COUNT; known++) {
      caches[known] = new JumpCache();
      hart.use(caches[known]);
      hart.field(RegisterFile.MEMORY_BASE, ownMemory + known);
      hart.inContext(known);
      caches[known].put(TARGET, runner.faultStub());
      for (int context = 0; context < Context.COUNT; context++) {
        long status = (context & 1L) << 18 | ((context & 2) != 0 ? 3L << 13 : 2L << 13);
        long privilege = context >> 2;
        hart.field(RegisterFile.MEMORY_BASE, ownMemory);
        BlockRunner.Result result = run(status, privilege, false);
        assertEquals(context <= known ? ExitReason.FAULT : ExitReason.LOOKUP, result.reason());
        if (context <= known) {
          assertEquals(ownMemory + context, hart.field(RegisterFile.MEMORY_BASE));
          assertEquals(caches[context].address(), hart.field(RegisterFile.JUMP_CACHE));
        } else {
          assertEquals(TARGET, result.pc());
        }
      }
    }
    hart.forgetContexts();
    assertEquals(ExitReason.LOOKUP, run(0, 0, false).reason());
    for (JumpCache cache : caches) {
      cache.close();
    }
  }

  /** What a region knows of its pages holds in one context only. */
  @Test
  void streamsAreNobodysInAnotherContext() {
    run(0, 0, false);
    HartState hart = runner.hart();
    try (JumpCache cache = new JumpCache()) {
      hart.use(cache);
      hart.inContext(0);
      cache.put(TARGET, runner.faultStub());
      IrBlock block = new IrBlock();
      block.beginInstruction(PC, 0x13, 4);
      put(block, StateSlot.STATUS, 0);
      put(block, StateSlot.PRIVILEGE, 0);
      for (int set = 0; set < PageStream.SETS; set++) {
        long owner = hart.address(RegisterFile.streamOwner(set));
        int address = block.constant(owner - hart.field(RegisterFile.MEMORY_BASE));
        block.emit(IrOp.ST32, address, block.constant(1), NONE, 0);
      }
      block.emit(IrOp.SWITCH, block.constant(TARGET), 0L);
      assertEquals(ExitReason.FAULT, runner.run(block, start, MEMORY, false).reason());
      for (int set = 0; set < PageStream.SETS; set++) {
        assertEquals(0, HostMemory.getInt(hart.address(RegisterFile.streamOwner(set))));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void stopsIfPolled(long privilege) {
    assertEquals(ExitReason.POLL, run(0, privilege, true).reason());
    runner.hart().inContext(Context.of(privilege != 0, false, false));
    assertEquals(ExitReason.POLL, run(0, privilege, true).reason());
  }
}
