package dev.isomorph.tools.diff;

import java.io.IOException;

/** A witness that can go back some instructions. */
final class RewindingWitness implements Witness {
  /** More than a block has instructions. */
  private static final int KEPT = 64;

  private final Witness witness;
  private final GuestState[] states = new GuestState[KEPT];
  private final GuestState state = new GuestState();

  /** Instructions the witness has gone, and those gone here. */
  private long witnessed;

  private long gone;
  private boolean ended;

  RewindingWitness(Witness witness) {
    this.witness = witness;
    for (int i = 0; i < KEPT; i++) {
      states[i] = new GuestState();
    }
    state.copy(witness.state());
  }

  @Override
  public String name() {
    return witness.name();
  }

  @Override
  public String place() {
    return witness.place();
  }

  @Override
  public void requireOwnEnd() throws IOException {
    witness.requireOwnEnd();
  }

  @Override
  public GuestState state() {
    return state;
  }

  @Override
  public boolean advance() throws IOException {
    states[(int) (gone % KEPT)].copy(state);
    gone++;
    if (gone <= witnessed) {
      state.copy(gone == witnessed ? witness.state() : states[(int) (gone % KEPT)]);
      return gone < witnessed || !ended;
    }
    witnessed++;
    // Its state knows less than this one where it has never told of a register.
    ended = !witness.advance();
    long unknown = ~witness.state().known;
    for (int i = 0; unknown != 0 && i < GuestState.REGISTERS; i++) {
      if ((unknown >>> i & 1) != 0) {
        witness.state().set(i, state.registers[i]);
      }
    }
    state.copy(witness.state());
    return !ended;
  }

  /** Goes back. */
  void back(int instructions) {
    gone -= instructions;
    state.copy(states[(int) (gone % KEPT)]);
  }

  @Override
  public void close() throws IOException {
    witness.close();
  }
}
