package dev.isomorph.systemvm.ninep;

import dev.isomorph.hostbackend.HostLinux;

/** Requests that open files and folders, and those for what is open. */
final class FileRequests {
  /** What a client may ask to open a file with; other flags are the client's own matter. */
  private static final int OPEN_FLAGS =
      HostTree.O_ACCESS | HostTree.O_TRUNC | HostTree.O_DIRECTORY | 04010000; // and O_SYNC, O_DSYNC

  private final HostTree tree;
  private final Fids fids;
  private final Qids qids;
  private final boolean readOnly;

  FileRequests(HostTree tree, Fids fids, Qids qids, boolean readOnly) {
    this.tree = tree;
    this.fids = fids;
    this.qids = qids;
    this.readOnly = readOnly;
  }

  void register(Operations operations) {
    operations.reads(12, this::open);
    operations.changes(14, this::create);
    operations.reads(40, this::readFolder);
    operations.reads(50, this::sync);
    operations.reads(52, (request, answer) -> answer.u8(0)); // locks are the one client's own
    operations.reads(54, this::getLock);
    operations.reads(116, this::read);
    operations.changes(118, this::write);
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
    qids.put(answer, tree.attributes(fid.descriptor));
    answer.u32(0);
  }

  private void create(Message request, Message answer) throws HostError {
    Fids.Fid fid = fids.get(request.u32());
    String path = Paths.child(fid.path, request.string());
    int flags = request.u32();
    int mode = request.u32();
    int gid = request.u32();
    if (fid.open()) {
      throw new HostError(HostError.EINVAL);
    }
    int descriptor;
    try {
      descriptor = tree.create(path, flags & OPEN_FLAGS & ~HostTree.O_DIRECTORY, mode, gid);
    } catch (HostError e) {
      if (e.errno() != HostError.EEXIST || (flags & HostLinux.O_EXCL) != 0) {
        throw e;
      }
      descriptor = tree.open(path, flags & OPEN_FLAGS);
    }
    fid.path = path;
    fid.descriptor = descriptor;
    fid.flags = flags & OPEN_FLAGS;
    qids.put(answer, tree.attributes(descriptor));
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
}
