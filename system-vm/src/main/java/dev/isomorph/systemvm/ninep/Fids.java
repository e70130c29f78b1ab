package dev.isomorph.systemvm.ninep;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The client's handles: numbers it chose, each for a path and perhaps an open file. */
final class Fids {
  /** Handles at a time at most: bounds what a guest can make the host remember. */
  private static final int MOST = 1 << 16;

  /** A handle; the descriptor is -1 unless open. */
  static final class Fid {
    String path;
    int descriptor = -1;
    int flags;

    Fid(String path) {
      this.path = path;
    }

    boolean open() {
      return descriptor >= 0;
    }
  }

  private final HostTree tree;
  private final Map<Integer, Fid> fids = new HashMap<>();

  Fids(HostTree tree) {
    this.tree = tree;
  }

  Fid get(int number) throws HostError {
    Fid fid = fids.get(number);
    if (fid == null) {
      throw new HostError(HostError.EBADF);
    }
    return fid;
  }

  /** A handle that is open. */
  Fid opened(int number) throws HostError {
    Fid fid = get(number);
    if (!fid.open()) {
      throw new HostError(HostError.EBADF);
    }
    return fid;
  }

  /** Whether a number may be given to a new handle. */
  void requireFree(int number) throws HostError {
    if (fids.containsKey(number)) {
      throw new HostError(HostError.EINVAL);
    }
    if (fids.size() >= MOST) {
      throw new HostError(HostError.EMFILE);
    }
  }

  void put(int number, String path) {
    fids.put(number, new Fid(path));
  }

  void close(int number) throws HostError {
    Fid fid = get(number);
    fids.remove(number);
    release(fid);
  }

  void closeAll() {
    fids.values().forEach(this::release);
    fids.clear();
  }

  private void release(Fid fid) {
    if (fid.open()) {
      tree.release(fid.descriptor);
    }
  }

  /** What was at one path is at another now, with all that is in it. */
  void moved(String from, String to) {
    for (Fid fid : fids.values()) {
      if (fid.path.equals(from)) {
        fid.path = to;
      } else if (fid.path.startsWith(from + "/")) {
        fid.path = to + fid.path.substring(from.length());
      }
    }
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(fids.size());
    for (Map.Entry<Integer, Fid> entry : fids.entrySet()) {
      out.writeInt(entry.getKey());
      out.writeUTF(entry.getValue().path);
      out.writeBoolean(entry.getValue().open());
      out.writeInt(entry.getValue().flags);
    }
  }

  /** What was open and is not there any more, fails when it is used. */
  void restore(DataInput in) throws IOException {
    closeAll();
    for (int i = in.readInt(); i > 0; i--) {
      int number = in.readInt();
      Fid fid = new Fid(in.readUTF());
      boolean open = in.readBoolean();
      fid.flags = in.readInt();
      fids.put(number, fid);
      try {
        fid.descriptor = open ? tree.open(fid.path, fid.flags & ~HostTree.O_TRUNC) : -1;
      } catch (HostError e) {
        fid.descriptor = -1;
      }
    }
  }
}
