package dev.isomorph.systemvm.ninep;

/** Speaks 9P2000.L with a server, for tests. */
final class Client {
  static final int NO_FID = -1;

  final FolderServer server;

  /** What a server refuses with. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    final int errno;

    Refused(int errno) {
      super("errno " + errno);
      this.errno = errno;
    }
  }

  Client(FolderServer server) {
    this.server = server;
  }

  static Message request() {
    return Message.create(8192);
  }

  /** Sends a request and gives its answer, behind the header. */
  Message send(int type, Message fields) throws Refused {
    Message answer = Message.of(server.answer(fields.finish(type, 77), 1 << 20));
    if (answer.tag() != 77) {
      throw new AssertionError("tag " + answer.tag());
    }
    if (answer.type() == 7) {
      throw new Refused(answer.u32());
    }
    if (answer.type() != type + 1) {
      throw new AssertionError("answer " + answer.type() + " to " + type);
    }
    return answer;
  }

  void attach(int fid) throws Refused {
    send(100, request().u32(1 << 16).string("9P2000.L"));
    send(104, request().u32(fid).u32(NO_FID).string("root").string("").u32(0));
  }

  /** Begins anew, with handle 0 for the folder and some for what is in it. */
  void attachAgain() throws Refused {
    attach(0);
    walk(0, 1);
    walk(0, 2);
    open(2, 0);
  }

  int walk(int fid, int to, String... names) throws Refused {
    Message message = request().u32(fid).u32(to).u16(names.length);
    for (String name : names) {
      message.string(name);
    }
    return send(110, message).u16();
  }

  void open(int fid, int flags) throws Refused {
    send(12, request().u32(fid).u32(flags));
  }

  void create(int fid, String name, int flags, int mode) throws Refused {
    send(14, request().u32(fid).string(name).u32(flags).u32(mode).u32(0));
  }

  int write(int fid, long offset, String text) throws Refused {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    return send(118, request().u32(fid).u64(offset).u32(bytes.length).bytes(bytes)).u32();
  }

  String read(int fid, long offset, int count) throws Refused {
    Message answer = send(116, request().u32(fid).u64(offset).u32(count));
    StringBuilder text = new StringBuilder();
    for (int i = answer.u32(); i > 0; i--) {
      text.append((char) answer.u8());
    }
    return text.toString();
  }

  /** The answer to Tgetattr from the mode on. */
  Message attributes(int fid) throws Refused {
    Message answer = send(24, request().u32(fid).u64(0x3fff));
    answer.u64();
    answer.u8();
    answer.u32();
    answer.u64();
    return answer;
  }

  void clunk(int fid) throws Refused {
    send(120, request().u32(fid));
  }

  /** Creates by a new handle, which is gone afterwards. */
  void walkAndCreate(int fid, int to, String name, int flags) throws Refused {
    walk(fid, to);
    try {
      create(to, name, flags, 0600);
    } finally {
      clunk(to);
    }
  }
}
