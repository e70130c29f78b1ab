package dev.isomorph.tools.diff;

import java.io.IOException;

/** Another execution of the program, seen between its instructions. */
interface Witness extends AutoCloseable {
  /** Its name in reports. */
  String name();

  /** Where it stands; the object is changed by {@link #advance}. */
  GuestState state();

  /**
   * Goes on by one instruction.
   *
   * @return false if there is none: the witness has nothing more to say
   */
  boolean advance() throws IOException;

  /**
   * To be asked when it has ended, though not at an instruction that may end a program.
   *
   * @throws IOException if it was ended by somebody, so that it does not speak for the program
   */
  default void requireOwnEnd() throws IOException {}

  /** The place in its log, for messages; null if it has none that a user could look up. */
  default String place() {
    return null;
  }

  @Override
  void close() throws IOException;
}
