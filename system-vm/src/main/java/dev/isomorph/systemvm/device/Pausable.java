package dev.isomorph.systemvm.device;

import java.io.IOException;

/** What does things of its own while the harts stand still, and is to stop too for a snapshot. */
public interface Pausable {
  /**
   * Returns when nothing is done any more: from now on guest memory and the state stay as they are.
   * The harts must have stopped.
   */
  void pause() throws IOException;

  /** Goes on, with what has come meanwhile; also after a restore while it was paused. */
  void resume();
}
