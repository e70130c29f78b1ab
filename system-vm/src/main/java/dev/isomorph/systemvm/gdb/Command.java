package dev.isomorph.systemvm.gdb;

import java.io.IOException;

/** Does what a packet asks for. */
interface Command {
  /** What is not known is answered by nothing. */
  String UNKNOWN = "";

  String OK = "OK";

  /**
   * Does it.
   *
   * @param fields the packet behind the command's name
   * @return the answer, null for none yet
   */
  String run(Fields fields) throws BadPacket, IOException;
}
