package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.systemvm.device.InstructionClock;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.device.serial.CharFrontend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens between the turns of a hart that never starts. */
@Timeout(60)
class TurnsTest {
  private final HartSlot slot = new HartSlot(null, true);
  private final Power power = new Power(() -> {});
  private final InstructionClock clock = new InstructionClock(() -> 0, 0, () -> {});

  /** What has happened, and whether the machine stood still then. */
  private final List<String> seen = new ArrayList<>();

  private void see(String what) {
    seen.add(what + (slot.isStanding() ? " while it stands still" : ""));
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
    assertEquals(List.of("input", "timer", "call"), seen);
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
