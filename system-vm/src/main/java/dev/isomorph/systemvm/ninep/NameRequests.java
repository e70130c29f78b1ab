package dev.isomorph.systemvm.ninep;

/** Requests that make, move and remove what has a name in a folder. */
final class NameRequests {
  private static final int REMOVE_FOLDER = 0x200;

  private final HostTree tree;
  private final Fids fids;
  private final Qids qids;
  private final boolean readOnly;

  NameRequests(HostTree tree, Fids fids, Qids qids, boolean readOnly) {
    this.tree = tree;
    this.fids = fids;
    this.qids = qids;
    this.readOnly = readOnly;
  }

  void register(Operations operations) {
    operations.changes(16, this::makeLink);
    operations.changes(18, this::makeNode);
    operations.changes(20, this::rename);
    operations.reads(22, this::readLink);
    operations.changes(70, this::link);
    operations.changes(72, this::makeFolder);
    operations.changes(74, this::renameAt);
    operations.changes(76, this::unlinkAt);
    operations.reads(122, this::remove); // its handle goes even in a read-only folder
  }

  private void readLink(Message request, Message answer) throws HostError {
    answer.string(tree.readLink(fids.get(request.u32()).path));
  }

  private void makeLink(Message request, Message answer) throws HostError {
    String path = Paths.child(fids.get(request.u32()).path, request.string());
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
    String path = Paths.child(fids.get(request.u32()).path, request.string());
    int mode = request.u32();
    request.u64(); // the device's number: none is made
    tree.makeNode(path, mode);
    own(path, request.u32(), answer);
  }

  private void makeFolder(Message request, Message answer) throws HostError {
    String path = Paths.child(fids.get(request.u32()).path, request.string());
    tree.makeFolder(path, request.u32());
    own(path, request.u32(), answer);
  }

  /** Gives what has been made to a group, and tells what it is. */
  private void own(String path, int gid, Message answer) throws HostError {
    tree.changeOwner(path, -1, gid);
    qids.put(answer, tree.attributes(path));
  }

  private void link(Message request, Message answer) throws HostError {
    String folder = fids.get(request.u32()).path;
    String existing = fids.get(request.u32()).path;
    tree.link(existing, Paths.child(folder, request.string()));
  }

  private void rename(Message request, Message answer) throws HostError {
    String from = fids.get(request.u32()).path;
    move(from, Paths.child(fids.get(request.u32()).path, request.string()));
  }

  private void renameAt(Message request, Message answer) throws HostError {
    String from = Paths.child(fids.get(request.u32()).path, request.string());
    move(from, Paths.child(fids.get(request.u32()).path, request.string()));
  }

  private void move(String from, String to) throws HostError {
    tree.rename(from, to);
    fids.moved(from, to);
  }

  private void unlinkAt(Message request, Message answer) throws HostError {
    String path = Paths.child(fids.get(request.u32()).path, request.string());
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
}
