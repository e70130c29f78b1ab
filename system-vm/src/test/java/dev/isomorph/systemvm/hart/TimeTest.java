package dev.isomorph.systemvm.hart;

import static dev.isomorph.decoder.Opcode.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.device.HostClock;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time, which translated code reads by itself where it may. */
class TimeTest {
  private static final long BASE = 0x8000_0000L;
  private static final int TIME = 0xc01;
  private static final int READS = 10;

  private final HostClock clock = new HostClock();

  /** Reads the time some times into x10 and so on, the registers all different before. */
  private static byte[] program() {
    RiscvAssembler a = new RiscvAssembler();
    for (int i = 0; i < READS; i++) {
      a.emit(CSRRS, 10 + i, TIME, 0);
    }
    return a.emit(ECALL).bytes();
  }

  private SystemHart run(Ram ram, Engine engine, CodeMemory frames, boolean allowed) {
    Owner owner = new Owner();
    SystemHart hart = new SystemHart(0, engine, new PhysicalBus(ram), frames, clock, owner);
    hart.startSupervisor(BASE, 1, 2);
    hart.state().writeAsMachine(Csr.MCOUNTEREN.number(), allowed ? 2 : 0);
    hart.state().writeAsMachine(Csr.STVEC.number(), BASE + 4L * READS);
    for (int i = 1; i < 32; i++) {
      hart.registers().x(i, 1000 + i);
      hart.f(i, 2000 + i);
    }
    hart.run();
    return hart;
  }

  private void check(boolean allowed) {
    try (Ram ram = new Ram(BASE, 1 << 20)) {
      byte[] code = program();
      ram.write(BASE, code, 0, code.length);
      RamFrames frames = new RamFrames(ram);
      Engine engine = new Engine(frames, EngineOptions.DEFAULT);
      clock.resume();
      for (long base : new long[] {0, 12_345_678_901L, Long.MAX_VALUE / 2}) {
        clock.setTicks(base);
        SystemHart hart = run(ram, engine, frames, allowed);
        long before = base;
        for (int i = 1; i < 32; i++) {
          boolean read = allowed && i >= 10 && i < 10 + READS;
          long x = hart.registers().x(i);
          if (read) {
            assertTrue(x >= before && x <= clock.ticks(), "time " + x + " after " + before);
            before = x;
          } else {
            assertEquals(1000 + i, x, "x" + i);
          }
          assertEquals(2000 + i, hart.f(i), "f" + i);
        }
        hart.close();
      }
      engine.close();
    } finally {
      clock.close();
    }
  }

  @Test
  void goesOn() {
    check(true);
  }

  @Test
  void trapsWhereItMustNotBeRead() {
    check(false);
  }

  /** Whoever sets the time may come when the hart is about to run, or runs already. */
  @Test
  @Timeout(60)
  void isSeenWhenItIsSetByAnother() throws Exception {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label loop = a.here();
    a.emit(CSRRS, 10, TIME, 0).branch(BGE, 10, 0, loop).emit(ECALL);
    byte[] code = a.bytes();
    try (Ram ram = new Ram(BASE, 1 << 20)) {
      ram.write(BASE, code, 0, code.length);
      RamFrames frames = new RamFrames(ram);
      Engine engine = new Engine(frames, EngineOptions.DEFAULT);
      clock.resume();
      Owner owner = new Owner();
      SystemHart hart = new SystemHart(0, engine, new PhysicalBus(ram), frames, clock, owner);
      for (int i = 0; i < 500; i++) {
        clock.setTicks(0);
        owner.called = false;
        hart.startSupervisor(BASE, 1, 2);
        hart.state().writeAsMachine(Csr.MCOUNTEREN.number(), 2);
        CompletableFuture<Void> end = CompletableFuture.runAsync(hart::run);
        clock.setTicks(Long.MIN_VALUE);
        end.get();
        assertTrue(hart.registers().x(10) < 0);
      }
      hart.close();
      engine.close();
    } finally {
      clock.close();
    }
  }

  /** Has a hart run until it calls. */
  private static final class Owner implements HartOwner {
    private boolean called;

    @Override
    public boolean isRunning(SystemHart hart) {
      return !called;
    }

    @Override
    public void attend(SystemHart hart) {}

    @Override
    public void halted(SystemHart hart, Halt why) {}

    @Override
    public boolean answers(SystemHart hart) {
      called = true;
      return true;
    }
  }
}
