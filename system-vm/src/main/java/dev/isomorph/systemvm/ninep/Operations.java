package dev.isomorph.systemvm.ninep;

import java.util.HashMap;
import java.util.Map;

/** Which requests there are, and what is done with each. */
final class Operations {
  /** Does what a request asks for, and writes the fields of the answer. */
  interface Handler {
    void handle(Message request, Message answer) throws HostError;
  }

  /** A request: whether it changes anything, and how it is handled. */
  record Operation(boolean changes, Handler handler) {}

  private final Map<Integer, Operation> operations = new HashMap<>();

  /** A request that leaves files as they are, by the number of its type. */
  void reads(int type, Handler handler) {
    operations.put(type, new Operation(false, handler));
  }

  /** A request that no read-only folder grants. */
  void changes(int type, Handler handler) {
    operations.put(type, new Operation(true, handler));
  }

  Operation get(int type) throws HostError {
    Operation operation = operations.get(type);
    if (operation == null) {
      throw new HostError(HostError.EOPNOTSUPP);
    }
    return operation;
  }
}
