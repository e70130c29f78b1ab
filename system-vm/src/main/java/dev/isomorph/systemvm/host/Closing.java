package dev.isomorph.systemvm.host;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Closes several things, each of them even if one before could not be closed. */
public final class Closing {
  private Closing() {}

  /**
   * Closes all, in their order.
   *
   * @throws IOException of the first that could not be closed; those of others are suppressed in it
   */
  public static void all(Collection<? extends Closeable> things) throws IOException {
    Throwable first = null;
    for (Closeable each : things) {
      try {
        each.close();
      } catch (IOException | RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    raise(first);
  }

  /** As {@link #all(Collection)} does. */
  public static void all(Closeable... things) throws IOException {
    all(List.of(things));
  }

  /** Throws what is not null; it is nothing that would have to be declared but an IOException. */
  public static void raise(Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
