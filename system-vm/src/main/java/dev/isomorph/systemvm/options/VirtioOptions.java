package dev.isomorph.systemvm.options;

import java.nio.file.Path;
import java.util.Objects;

/** A virtio device of the machine's. */
public sealed interface VirtioOptions {
  /** A disk. */
  record Block(DriveOptions drive) implements VirtioOptions {
    public Block {
      Objects.requireNonNull(drive);
    }
  }

  /**
   * A network card.
   *
   * @param mac its address, the first byte of six the most significant of the low 48 bits
   */
  record Net(NetworkOptions network, long mac) implements VirtioOptions {
    public Net {
      Objects.requireNonNull(network);
    }
  }

  /** Random numbers from the host. */
  record Rng() implements VirtioOptions {}

  /** Memory the guest may give back. */
  record Balloon() implements VirtioOptions {}

  /** A console. */
  record Console(CharacterBackend backend) implements VirtioOptions {
    public Console {
      Objects.requireNonNull(backend);
    }
  }

  /**
   * A folder of the host's, over 9P.
   *
   * @param tag the name by which the guest mounts it
   */
  record Folder(Path folder, String tag, boolean readOnly) implements VirtioOptions {
    public Folder {
      Objects.requireNonNull(folder);
      Objects.requireNonNull(tag);
    }
  }
}
