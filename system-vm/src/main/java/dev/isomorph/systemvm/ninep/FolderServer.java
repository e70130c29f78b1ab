package dev.isomorph.systemvm.ninep;

import dev.isomorph.hostbackend.HostLinux;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  private static final int QID_FOLDER = 0x80;
  private static final int QID_LINK = 2;
  private static final int MOST_NAMES = 16;
  private static final int REMOVE_FOLDER = 0x200;

  /** What a client may ask to open a file with; other flags are the client's own matter. */
  private static final int OPEN_FLAGS =
      HostTree.O_ACCESS | HostTree.O_TRUNC | HostTree.O_DIRECTORY | 04010000;

  /** What can be set, as bits of Tsetattr. */
  private static final int SET_MODE = 1;

  private static final int SET_UID = 2;
  private static final int SET_GID = 4;
  private static final int SET_SIZE = 8;
  private static final int SET_ACCESSED = 0x10;
  private static final int SET_MODIFIED = 0x20;
  private static final int SET_ACCESSED_TO = 0x80;
  private static final int SET_MODIFIED_TO = 0x100;
  private static final int UTIME_NOW = 0x3fffffff;
  private static final int UTIME_OMIT = 0x3ffffffe;

  /** All that Rgetattr has but the generation and the version of the data. */
  private static final long GET_BASIC_AND_BIRTH = 0xfff;

  /** Does what a request asks for, and writes the fields of the answer. */
  private interface Handler {
    void handle(Message request, Message answer) throws HostError;
  }

  /** A request: whether it changes anything, and how it is handled. */
  private record Operation(boolean changes, Handler handler) {}

  private final HostTree tree;
  private final boolean readOnly;
  private final Fids fids;
  private final Map<Integer, Operation> operations = new HashMap<>();
  private final List<Long> devices = new ArrayList<>();
  private int longest = SMALLEST_MESSAGE;

  /**
   * @throws IOException with a line for the user, if the folder cannot be opened
   */
  public FolderServer(Path folder, boolean readOnly) throws IOException {
    tree = new HostTree(folder);
    this.readOnly = readOnly;
    fids = new Fids(tree);
    reads(8, this::fileSystem);
    reads(12, this::open);
    changes(14, this::create);
    changes(16, this::makeLink);
    changes(18, this::makeNode);
    changes(20, this::rename);
    reads(22, this::readLink);
    reads(24, this::getAttributes);
    changes(26, this::setAttributes);
    reads(40, this::readFolder);
    reads(50, this::sync);
    reads(52, (request, answer) -> answer.u8(0)); // locks are the one client's own
    reads(54, this::getLock);
    changes(70, this::link);
    changes(72, this::makeFolder);
    changes(74, this::renameAt);
    changes(76, this::unlinkAt);
    reads(T_VERSION, this::version);
    reads(104, this::attach);
    reads(108, (request, answer) -> {}); // nothing is under way that could be given up
    reads(110, this::walk);
    reads(116, this::read);
    changes(118, this::write);
    reads(120, (request, answer) -> fids.close(request.u32()));
    reads(122, this::remove);
  }

  private void reads(int type, Handler handler) {
    operations.put(type, new Operation(false, handler));
  }

  private void changes(int type, Handler handler) {
    operations.put(type, new Operation(true, handler));
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
      Operation operation = operations.get(request.type());
      if (operation == null) {
        throw new HostError(HostError.EOPNOTSUPP);
      }
      if (operation.changes && readOnly) {
        throw new HostError(HostError.EROFS);
      }
      operation.handler.handle(request, answer);
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
    qid(answer, attributes);
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
        path = step(path, request.string());
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
      qid(answer, each);
    }
  }

  /** Where a name leads; the folder's own parent is the folder. */
  private static String step(String path, String name) throws HostError {
    if (name.equals("..")) {
      return parent(path);
    }
    return name.equals(".") ? path : child(path, name);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** The path of an entry of a folder. */
  private static String child(String folder, String name) throws HostError {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new HostError(HostError.EINVAL);
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new HostError(HostError.ENOENT);
    }
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private void open(Message request, Message answer) throws HostError {
    Fids.Fid fid = fids.get(request.u32());
    int flags = request.u32() & OPEN_FLAGS;
    if (fid.open()) {
      throw new HostError(HostError.EINVAL);
    }
    if (readOnly && (flags & (HostTree.O_ACCESS | HostTree.O_TRUNC)) != 0) {
      throw new HostError(HostError.EROFS);
    }
    fid.descriptor = tree.open(fid.path, flags);
    fid.flags = flags;
    qid(answer, tree.attributes(fid.descriptor));
    answer.u32(0);
  }

  private void create(Message request, Message answer) throws HostError {
    Fids.Fid fid = fids.get(request.u32());
    String path = child(fid.path, request.string());
    int flags = request.u32();
    int mode = request.u32();
    int gid = request.u32();
    if (fid.open()) {
      throw new HostError(HostError.EINVAL);
    }
    int descriptor;
    try {
      descriptor = tree.create(path, flags & OPEN_FLAGS & ~HostTree.O_DIRECTORY, mode);
      tree.changeOwner(path, -1, gid);
    } catch (HostError e) {
      if (e.errno() != HostError.EEXIST || (flags & HostLinux.O_EXCL) != 0) {
        throw e;
      }
      descriptor = tree.open(path, flags & OPEN_FLAGS);
    }
    fid.path = path;
    fid.descriptor = descriptor;
    fid.flags = flags & OPEN_FLAGS;
    qid(answer, tree.attributes(descriptor));
    answer.u32(0);
  }

  private void read(Message request, Message answer) throws HostError {
    Fids.Fid fid = fids.opened(request.u32());
    long offset = request.u64();
    int count = count(request, answer);
    byte[] bytes = tree.read(fid.descriptor, offset, count);
    answer.u32(bytes.length).bytes(bytes);
  }

  /** How much is asked for that the answer has room for, behind a count. */
  private static int count(Message request, Message answer) {
    return (int) Math.min(request.u32() & 0xffff_ffffL, answer.remaining() - Integer.BYTES);
  }

  private void write(Message request, Message answer) throws HostError {
    Fids.Fid fid = fids.opened(request.u32());
    long offset = request.u64();
    int count = request.u32();
    if (count < 0 || count > request.remaining()) {
      throw new HostError(HostError.EINVAL);
    }
    int position = request.position();
    answer.u32(tree.write(fid.descriptor, offset, request.array(), position, count));
  }

  private void readFolder(Message request, Message answer) throws HostError {
    Fids.Fid fid = fids.opened(request.u32());
    long offset = request.u64();
    int room = count(request, answer);
    Message entries = Message.create(Message.HEADER_BYTES + room);
    FolderEntries found = new FolderEntries(tree.entries(fid.descriptor, offset, room));
    while (found.next() && entries.remaining() >= FolderEntries.FIXED_BYTES + found.nameBytes()) {
      // Nothing is told of what the folder is in.
      long inode = found.name().equals("..") && fid.path.isEmpty() ? 0 : found.inode();
      entries.qid(found.qidType(), 0, inode).u64(found.offset());
      entries.u8(found.type()).string(found.name());
    }
    byte[] bytes = entries.finish(0, 0);
    answer.u32(bytes.length - Message.HEADER_BYTES);
    for (int i = Message.HEADER_BYTES; i < bytes.length; i++) {
      answer.u8(bytes[i]);
    }
  }

  private void getAttributes(Message request, Message answer) throws HostError {
    Attributes attributes = attributes(fids.get(request.u32()));
    answer.u64(GET_BASIC_AND_BIRTH);
    qid(answer, attributes);
    answer.u32(attributes.mode()).u32(attributes.uid()).u32(attributes.gid());
    answer.u64(attributes.links()).u64(attributes.special()).u64(attributes.size());
    answer.u64(attributes.blockSize()).u64(attributes.blocks());
    answer.time(attributes.accessed()).time(attributes.modified());
    answer.time(attributes.changed()).time(attributes.born()).u64(0).u64(0);
  }

  private Attributes attributes(Fids.Fid fid) throws HostError {
    return fid.open() ? tree.attributes(fid.descriptor) : tree.attributes(fid.path);
  }

  private void setAttributes(Message request, Message answer) throws HostError {
    String path = fids.get(request.u32()).path;
    int what = request.u32();
    int mode = request.u32();
    int uid = request.u32();
    int gid = request.u32();
    long size = request.u64();
    Attributes.Time accessed = time(request, what, SET_ACCESSED, SET_ACCESSED_TO);
    Attributes.Time modified = time(request, what, SET_MODIFIED, SET_MODIFIED_TO);
    if ((what & SET_MODE) != 0) {
      tree.changeMode(path, mode);
    }
    if ((what & (SET_UID | SET_GID)) != 0) {
      tree.changeOwner(path, (what & SET_UID) != 0 ? uid : -1, (what & SET_GID) != 0 ? gid : -1);
    }
    if ((what & SET_SIZE) != 0) {
      tree.changeSize(path, size);
    }
    if ((what & (SET_ACCESSED | SET_MODIFIED)) != 0) {
      tree.changeTimes(path, List.of(accessed, modified));
    }
  }

  private static Attributes.Time time(Message request, int what, int set, int to) {
    Attributes.Time time = new Attributes.Time(request.u64(), request.u64());
    if ((what & set) == 0) {
      return new Attributes.Time(0, UTIME_OMIT);
    }
    return (what & to) != 0 ? time : new Attributes.Time(0, UTIME_NOW);
  }

  private void fileSystem(Message request, Message answer) throws HostError {
    fids.get(request.u32());
    long[] values = tree.fileSystem();
    answer.u32(values[0]).u32(values[1]);
    for (int i = 2; i < 8; i++) {
      answer.u64(values[i]);
    }
    answer.u32(values[8]);
  }

  private void sync(Message request, Message answer) throws HostError {
    Fids.Fid fid = fids.opened(request.u32());
    boolean dataOnly = request.remaining() >= Integer.BYTES && request.u32() != 0;
    tree.sync(fid.descriptor, dataOnly);
  }

  private void getLock(Message request, Message answer) throws HostError {
    fids.get(request.u32());
    request.u8();
    final int unlocked = 2;
    answer.u8(unlocked).u64(request.u64()).u64(request.u64());
    answer.u32(request.u32()).string(request.string());
  }

  private void readLink(Message request, Message answer) throws HostError {
    answer.string(tree.readLink(fids.get(request.u32()).path));
  }

  private void makeLink(Message request, Message answer) throws HostError {
    String path = child(fids.get(request.u32()).path, request.string());
    tree.makeLink(path, target(request.string()));
    own(path, request.u32(), answer);
  }

  private static String target(String target) throws HostError {
    if (target.isEmpty() || target.indexOf('\0') >= 0) {
      throw new HostError(HostError.ENOENT);
    }
    return target;
  }

  private void makeNode(Message request, Message answer) throws HostError {
    String path = child(fids.get(request.u32()).path, request.string());
    int mode = request.u32();
    request.u64(); // the device's number: none is made
    tree.makeNode(path, mode);
    own(path, request.u32(), answer);
  }

  private void makeFolder(Message request, Message answer) throws HostError {
    String path = child(fids.get(request.u32()).path, request.string());
    tree.makeFolder(path, request.u32());
    own(path, request.u32(), answer);
  }

  /** Gives what has been made to a group, and tells what it is. */
  private void own(String path, int gid, Message answer) throws HostError {
    tree.changeOwner(path, -1, gid);
    qid(answer, tree.attributes(path));
  }

  private void link(Message request, Message answer) throws HostError {
    String folder = fids.get(request.u32()).path;
    String existing = fids.get(request.u32()).path;
    tree.link(existing, child(folder, request.string()));
  }

  private void rename(Message request, Message answer) throws HostError {
    String from = fids.get(request.u32()).path;
    move(from, child(fids.get(request.u32()).path, request.string()));
  }

  private void renameAt(Message request, Message answer) throws HostError {
    String from = child(fids.get(request.u32()).path, request.string());
    move(from, child(fids.get(request.u32()).path, request.string()));
  }

  private void move(String from, String to) throws HostError {
    tree.rename(from, to);
    fids.moved(from, to);
  }

  private void unlinkAt(Message request, Message answer) throws HostError {
    String path = child(fids.get(request.u32()).path, request.string());
    tree.remove(path, request.u32() & REMOVE_FOLDER);
  }

  /** Lets the handle go even where the file stays. */
  private void remove(Message request, Message answer) throws HostError {
    int number = request.u32();
    String path = fids.get(number).path;
    fids.close(number);
    if (readOnly) {
      throw new HostError(HostError.EROFS);
    }
    boolean folder = tree.attributes(path).type() == Attributes.FOLDER;
    tree.remove(path, folder ? REMOVE_FOLDER : 0);
  }

  private void qid(Message answer, Attributes attributes) {
    int type =
        switch (attributes.type()) {
          case Attributes.FOLDER -> QID_FOLDER;
          case Attributes.LINK -> QID_LINK;
          default -> 0;
        };
    Attributes.Time modified = attributes.modified();
    int version = (int) (modified.seconds() * 31 + modified.nanoseconds());
    if (!devices.contains(attributes.device())) {
      devices.add(attributes.device());
    }
    // Files of other file systems below the folder may have the same numbers.
    long path = attributes.inode() ^ (long) devices.indexOf(attributes.device()) << 48;
    answer.qid(type, version, path);
  }
}
