package dev.isomorph.systemvm.ninep;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves a folder of the host's by 9P2000.L (diod's protocol.md). The client sees owners and modes
 * as the host has them; what it makes belongs to this process's user where the host allows no
 * other. It follows links itself; this never does.
 */
public final class FolderServer implements AutoCloseable {
  private static final int R_LERROR = 7;
  private static final int T_VERSION = 100;
  private static final String VERSION = "9P2000.L";

  private static final int SMALLEST_MESSAGE = 4096;

  /** Longest message: of data at most, and its fields. */
  public static final int LONGEST_MESSAGE = HostTree.DATA_BYTES + 64;

  private static final int MOST_NAMES = 16;

  private final HostTree tree;
  private final boolean readOnly;
  private final Fids fids;
  private final Qids qids = new Qids();
  private final Operations operations = new Operations();
  private int longest = SMALLEST_MESSAGE;

  /**
   * @throws IOException with a line for the user, if the folder cannot be opened
   */
  public FolderServer(Path folder, boolean readOnly) throws IOException {
    tree = new HostTree(folder);
    this.readOnly = readOnly;
    fids = new Fids(tree);
    new FileRequests(tree, fids, qids, readOnly).register(operations);
    new AttributeRequests(tree, fids, qids).register(operations);
    new NameRequests(tree, fids, qids, readOnly).register(operations);
    operations.reads(T_VERSION, this::version);
    operations.reads(104, this::attach);
    operations.reads(108, (request, answer) -> {}); // nothing is under way to be given up
    operations.reads(110, this::walk);
    operations.reads(120, (request, answer) -> fids.close(request.u32()));
  }

  /**
   * Answers a request.
   *
   * @param bytes all of it, at least a header
   * @param room for the answer, in bytes
   * @return null if there is not even room to say so
   */
  public synchronized byte[] answer(byte[] bytes, int room) {
    Message request = Message.of(bytes);
    int most = request.type() == T_VERSION ? SMALLEST_MESSAGE : longest;
    if (room < Message.HEADER_BYTES + Integer.BYTES) {
      return null;
    }
    Message answer = Message.create(Math.min(room, most));
    try {
      Operations.Operation operation = operations.get(request.type());
      if (operation.changes() && readOnly) {
        throw new HostError(HostError.EROFS);
      }
      operation.handler().handle(request, answer);
      return answer.finish(request.type() + 1, request.tag());
    } catch (HostError e) {
      return error(request, e.errno());
    } catch (BufferUnderflowException | BufferOverflowException e) {
      return error(request, HostError.EINVAL);
    }
  }

  private static byte[] error(Message request, int errno) {
    Message answer = Message.create(Message.HEADER_BYTES + Integer.BYTES).u32(errno);
    return answer.finish(R_LERROR, request.tag());
  }

  /** Forgets all of the client's handles. */
  public synchronized void reset() {
    fids.closeAll();
    longest = SMALLEST_MESSAGE;
  }

  /** Writes what the client has open. */
  public synchronized void save(DataOutput out) throws IOException {
    out.writeInt(longest);
    fids.save(out);
  }

  /** Opens what was saved. */
  public synchronized void restore(DataInput in) throws IOException {
    longest = Math.clamp(in.readInt(), SMALLEST_MESSAGE, LONGEST_MESSAGE);
    fids.restore(in);
  }

  @Override
  public synchronized void close() {
    fids.closeAll();
    tree.close();
  }

  private void version(Message request, Message answer) throws HostError {
    fids.closeAll();
    int wanted = request.u32();
    String version = request.string();
    if (wanted >= 0 && wanted < SMALLEST_MESSAGE) {
      throw new HostError(HostError.EINVAL);
    }
    longest = wanted < 0 ? LONGEST_MESSAGE : Math.min(wanted, LONGEST_MESSAGE);
    answer.u32(longest).string(version.equals(VERSION) ? VERSION : "unknown");
  }

  private void attach(Message request, Message answer) throws HostError {
    int number = request.u32();
    fids.requireFree(number);
    Attributes attributes = tree.attributes("");
    fids.put(number, "");
    qids.put(answer, attributes);
  }

  private void walk(Message request, Message answer) throws HostError {
    int source = request.u32();
    Fids.Fid from = fids.get(source);
    int number = request.u32();
    int count = request.u16();
    if (count > MOST_NAMES || from.open()) {
      throw new HostError(HostError.EINVAL);
    }
    String path = from.path;
    List<Attributes> found = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        path = Paths.step(path, request.string());
        found.add(tree.attributes(path));
      }
    } catch (HostError e) {
      if (found.isEmpty()) {
        throw e;
      }
    }
    if (found.size() == count) {
      if (number != source) {
        fids.requireFree(number);
      }
      fids.put(number, path);
    }
    answer.u16(found.size());
    for (Attributes each : found) {
      qids.put(answer, each);
    }
  }
}
