package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.RegisterFile;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  /** Waits until a thread waits or has ended. */
  private static void awaitRest(Thread thread) {
    while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void codeIsClearWhenNoHartIsInIt() throws InterruptedException {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, EngineOptions.DEFAULT);
        Hart hart = engine.newHart()) {
      Rendezvous rendezvous = new Rendezvous();
      rendezvous.add(hart);
      rendezvous.takeTurn();
      rendezvous.enterCode(hart);
      AtomicBoolean clear = new AtomicBoolean();
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    rendezvous.takeTurn();
                    rendezvous.clear();
                    clear.set(true);
                    rendezvous.endTurn();
                  });
      awaitRest(other);
      assertFalse(clear.get());
      assertEquals(Hart.POLLED, hart.takePoll(), "the hart is asked to come out");
      rendezvous.leaveCode(hart);
      assertTrue(clear.get(), "it has had its turn first");
      rendezvous.endTurn();
      other.join();
    }
  }

  @Test
  void aHartInACallIsNotWaitedForButPolled() {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, EngineOptions.DEFAULT);
        Hart hart = engine.newHart()) {
      Rendezvous rendezvous = new Rendezvous();
      rendezvous.add(hart);
      rendezvous.takeTurn();
      rendezvous.enterCode(hart);
      HostMemory.putInt(hart.state().address(RegisterFile.IN_CALL), 1);
      rendezvous.takeTurn();
      rendezvous.clear();
      assertEquals(Hart.POLLED, hart.takePoll(), "it must not go back to a block");
      rendezvous.endTurn();
      rendezvous.leaveCode(hart);
      assertFalse(hart.state().isInCall());
      rendezvous.endTurn();
    }
  }

  @Test
  void turnsAreTakenOneAfterTheOther() throws InterruptedException {
    Rendezvous rendezvous = new Rendezvous();
    rendezvous.takeTurn();
    rendezvous.takeTurn();
    AtomicBoolean taken = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  rendezvous.takeTurn();
                  taken.set(true);
                  rendezvous.endTurn();
                });
    rendezvous.endTurn();
    awaitRest(other);
    assertFalse(taken.get(), "the turn was taken twice");
    rendezvous.endTurn();
    other.join();
    assertTrue(taken.get());
  }
}
