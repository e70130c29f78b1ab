package dev.isomorph.systemvm.ninep;

import java.util.List;

/** Requests for what files are like. */
final class AttributeRequests {
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

  private final HostTree tree;
  private final Fids fids;
  private final Qids qids;

  AttributeRequests(HostTree tree, Fids fids, Qids qids) {
    this.tree = tree;
    this.fids = fids;
    this.qids = qids;
  }

  void register(Operations operations) {
    operations.reads(8, this::fileSystem);
    operations.reads(24, this::getAttributes);
    operations.changes(26, this::setAttributes);
  }

  private void getAttributes(Message request, Message answer) throws HostError {
    Attributes attributes = attributes(fids.get(request.u32()));
    answer.u64(GET_BASIC_AND_BIRTH);
    qids.put(answer, attributes);
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
}
