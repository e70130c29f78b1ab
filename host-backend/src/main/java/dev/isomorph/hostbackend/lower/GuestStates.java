package dev.isomorph.hostbackend.lower;

/** Where the guest's registers are when a region is left in its middle, by guest instruction. */
public interface GuestStates {
  /** The state when it is left at an instruction; null if it cannot be left there. */
  GuestState at(int instruction);

  /** States that have been made. */
  static GuestStates of(GuestState[] states) {
    return new Made(states);
  }

  /** An array of them. Compared by nobody: no operations of records, which are made at run time. */
  final class Made implements GuestStates {
    private final GuestState[] states;

    private Made(GuestState[] states) {
      this.states = states;
    }

    @Override
    public GuestState at(int instruction) {
      return states[instruction];
    }
  }
}
