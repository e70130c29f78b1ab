package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Code that goes by a table of addresses, and the numbers in it that it is to go by.
 *
 * @param table at {@link #TABLE}
 * @param codes where data begins, {@link #CODES} of them
 */
record TableProgram(byte[] code, long[] table, byte[] codes) {
  /** The first of six registers that are computed with. */
  static final int FIRST = 10;

  /** Points at what asks for a poll. */
  static final int POLL = 31;

  static final int CODES = 400;
  static final long TABLE = DATA + 0x8000;

  /** The address of what is written next. */
  static long at(RiscvAssembler a) {
    return CODE + a.bytes().length;
  }

  static int any(Random random) {
    return FIRST + random.nextInt(6);
  }

  /** Runs it with memory and registers that are the same each time, and tells how it ended. */
  String run(TestMemory memory, EngineOptions options) {
    memory.clearData();
    memory.code(code);
    HostMemory.copyIn(codes, 0, memory.windowBase() + DATA, CODES);
    for (int i = 0; i < table.length; i++) {
      HostMemory.putLong(memory.windowBase() + TABLE + 8L * i, table[i]);
    }
    try (Engine engine = new Engine(memory, options)) {
      Hart hart = engine.newHart();
      for (int i = FIRST; i < FIRST + 6; i++) {
        hart.x(i, 0x1111L * i);
      }
      hart.x(POLL, hart.pollFlagAddress() - memory.windowBase());
      hart.pc(CODE);
      Stop stop = hart.run();
      List<String> end = new ArrayList<>();
      end.add(stop.toString());
      for (int i = 0; i < 31; i++) {
        end.add(Long.toHexString(hart.x(i)));
      }
      return end + " pc " + Long.toHexString(hart.pc());
    }
  }
}
