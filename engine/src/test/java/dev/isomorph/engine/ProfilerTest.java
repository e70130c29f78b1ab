package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Where time is said to go. */
class ProfilerTest {
  private static final int T0 = 5;
  private static final long ENOUGH = 20;

  @Test
  void findsWhereCodeIs() throws Exception {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label next = a.here();
    a.emit(Opcode.ADDI, T0, T0, 1);
    a.jump(next);
    try (TestMemory memory = new TestMemory()) {
      memory.code(a.bytes());
      try (Engine engine = new Engine(memory, EngineOptions.DEFAULT)) {
        Hart hart = engine.newHart();
        hart.pc(CODE);
        Profiler profiler = Profiler.start(engine);
        Stop[] stop = new Stop[1];
        Thread guest = new Thread(() -> stop[0] = hart.run());
        guest.start();
        while (profiler.found() < ENOUGH) {
          Thread.sleep(1);
        }
        hart.requestPoll();
        guest.join();
        profiler.close();
        assertInstanceOf(Stop.Polled.class, stop[0]);
        Profile profile = profiler.profile();
        assertEquals(1, profile.code().size());
        profile.code().forEach(ProfilerTest::check);
      }
    }
  }

  private static void check(TranslatedBlock block, TreeMap<Integer, Long> times) {
    assertEquals(CODE, block.pc());
    assertTrue(times.firstKey() >= 0 && times.lastKey() < block.length(), times.toString());
    assertTrue(times.values().stream().allMatch(time -> time > 0));
  }
}
