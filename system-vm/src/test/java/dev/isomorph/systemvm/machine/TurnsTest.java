package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.systemvm.device.InstructionClock;
import dev.isomorph.systemvm.device.MachineClock;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import dev.isomorph.systemvm.net.NetBackend;
import dev.isomorph.systemvm.net.NetFrontend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens between the turns of a hart that never starts. */
@Timeout(60)
class TurnsTest {
  @TempDir Path folder;
  private final HartSlot slot = new HartSlot(null, true);
  private final Power power = new Power(() -> {});
  private final InstructionClock clock = new InstructionClock(() -> 0, 0, () -> {});

  /** What has happened, and whether the machine stood still then. */
  private final List<String> seen = new ArrayList<>();

  private void see(String what) {
    seen.add(what + " at " + clock.elapsed() + (slot.isStanding() ? " while it stands still" : ""));
  }

  private void run(InputJournal input) {
    power.turnOn();
    Turns turns = new Turns(List.of(slot), clock, input, power);
    turns.callAt(
        300,
        () -> {
          see("call");
          power.powerOff(0);
        });
    turns.run();
  }

  @Test
  void nothingHappensWhileTheMachineStandsStill() throws IOException {
    clock.timer(() -> see("timer")).set(5);
    try (InputJournal input = new InputJournal(null, null, () -> {})) {
      Typist typist = new Typist();
      input.line("serial", typist).connect(new Device());
      typist.type();
      run(input);
    }
    assertEquals(List.of("input at 0", "timer at 500", "call at 500"), seen);
  }

  @Test
  void timeIsSkippedOnlyToWhatWasWrittenDown() throws IOException {
    Path record = folder.resolve("input");
    Files.writeString(record, "isomorph input 1\n120 serial 41\n");
    clock.timer(() -> see("timer")).set(3);
    try (InputJournal input = new InputJournal(null, record, () -> {})) {
      input.line("serial", new Typist()).connect(new Device());
      run(input);
    }
    assertEquals(List.of("input at 120", "timer at 300", "call at 300"), seen);
  }

  /** An hour has passed neither for the host nor for the machine. */
  @Test
  void whatMayAnswerIsWaitedFor() throws Exception {
    clock.timer(() -> see("timer")).set(3600 * MachineClock.FREQUENCY);
    CompletableFuture<NetFrontend> cable = new CompletableFuture<>();
    AtomicReference<Turns> turns = new AtomicReference<>();
    try (InputJournal input = new InputJournal(null, null, () -> turns.get().wake())) {
      input.cable("net", new Network(cable), Runnable::run).connect(new Card());
      power.turnOn();
      turns.set(new Turns(List.of(slot), clock, input, power));
      Thread machine = new Thread(turns.get()::run);
      machine.start();
      while (machine.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      cable.join().receive(new byte[14], 0, 14);
      machine.join();
    }
    assertEquals(List.of("frame"), seen);
    assertTrue(clock.elapsed() < 3600L * 1_000_000_000);
  }

  private static final class Network implements NetBackend {
    private final CompletableFuture<NetFrontend> machine;

    Network(CompletableFuture<NetFrontend> machine) {
      this.machine = machine;
    }

    @Override
    public void connect(NetFrontend frontend) {
      machine.complete(frontend);
    }

    @Override
    public boolean up() {
      return false;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {}

    @Override
    public void acceptInput() {}

    @Override
    public void close() {}
  }

  private final class Card implements NetFrontend {
    @Override
    public boolean receive(byte[] bytes, int offset, int length) {
      seen.add("frame");
      power.powerOff(0);
      return true;
    }

    @Override
    public void linkChanged() {}
  }

  /** The host's end of a line. */
  private static final class Typist implements CharBackend {
    private CharFrontend machine;

    void type() {
      machine.receive(new byte[1], 0, 1);
    }

    @Override
    public void connect(CharFrontend frontend) {
      machine = frontend;
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
      return length;
    }

    @Override
    public void acceptInput() {}

    @Override
    public void close() {}
  }

  /** The machine's end. */
  private final class Device implements CharFrontend {
    @Override
    public int receive(byte[] bytes, int offset, int length) {
      see("input");
      return length;
    }

    @Override
    public void receiveBreak() {}

    @Override
    public void writable() {}
  }
}
