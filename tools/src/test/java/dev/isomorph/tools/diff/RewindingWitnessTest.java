package dev.isomorph.tools.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class RewindingWitnessTest {
  /** Goes through ten instructions, each of which counts in x5; never tells of x6. */
  private static final class Counter implements Witness {
    private final GuestState state = new GuestState();

    @Override
    public String name() {
      return "counter";
    }

    @Override
    public GuestState state() {
      return state;
    }

    @Override
    public boolean advance() {
      state.set(5, state.registers[5] + 1);
      state.pc += 4;
      return state.registers[5] < 10;
    }

    @Override
    public void close() {}
  }

  private final RewindingWitness witness = new RewindingWitness(new Counter());

  @Test
  void whatWasGoneIsGoneAgain() throws IOException {
    go(7);
    witness.back(4);
    expect(3);
    go(2);
    expect(5);
    witness.back(1);
    go(4);
    expect(8);
  }

  @Test
  void theEndIsWhereItWas() throws IOException {
    go(9);
    assertFalse(witness.advance());
    witness.back(2);
    assertTrue(witness.advance());
    assertFalse(witness.advance());
    expect(10);
  }

  @Test
  void whatTheWitnessDoesNotKnowStaysAsItWasTaken() throws IOException {
    witness.state().set(6, 77);
    go(3);
    assertEquals(77, witness.state().registers[6]);
    witness.back(3);
    assertEquals(77, witness.state().registers[6]);
  }

  private void go(int instructions) throws IOException {
    for (int i = 0; i < instructions; i++) {
      assertTrue(witness.advance());
    }
  }

  private void expect(int count) {
    assertEquals(count, witness.state().registers[5]);
    assertEquals(4L * count, witness.state().pc);
  }
}
