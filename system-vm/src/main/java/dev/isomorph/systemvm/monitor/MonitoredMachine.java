package dev.isomorph.systemvm.monitor;

import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.options.MachineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A machine as the monitor commands it. Not for the threads of harts. */
public interface MonitoredMachine {
  /** What it was made of. */
  MachineOptions options();

  /** Its harts, by number; to be looked at only while the machine stands still. */
  List<SystemHart> harts();

  /** A word on what a hart is doing. */
  String describe(int hart);

  /** Its memory and devices. */
  PhysicalBus bus();

  /** Whether it is halted. */
  boolean isHalted();

  /** Halts it. */
  void halt() throws IOException;

  /**
   * Lets it go on.
   *
   * @throws IOException with a line for the user, if that is not the monitor's to say
   */
  void resume() throws IOException;

  /** Looks at it while it stands still. */
  <T> T whileStill(Supplier<T> look) throws IOException;

  /**
   * Saves it to a file, after which it goes on.
   *
   * @throws IOException with a line for the user
   */
  void save(Path file) throws IOException;

  /** As its reset button. */
  void reset();

  /** Ends it. */
  void quit();
}
