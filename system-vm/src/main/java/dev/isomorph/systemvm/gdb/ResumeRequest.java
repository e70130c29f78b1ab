package dev.isomorph.systemvm.gdb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads what {@code vCont} wants of each hart. */
final class ResumeRequest {
  private static final String ALL = "-1";

  private ResumeRequest() {}

  /**
   * Reads the actions after {@code vCont}: for each hart the leftmost that names it, or that names
   * none, counts. Signals to continue with mean nothing to a machine.
   */
  static List<Motion> parse(Fields fields, int harts) throws BadPacket {
    List<Motion> motions = new ArrayList<>(Collections.nCopies(harts, null));
    while (!fields.isAtEnd()) {
      fields.expect(';');
      Motion motion = motion(fields);
      if (!fields.skip(':') || fields.skip(ALL)) {
        motions.replaceAll(each -> each == null ? motion : each);
      } else {
        int hart = ThreadIds.hart(fields, harts);
        if (motions.get(hart) == null) {
          motions.set(hart, motion);
        }
      }
    }
    motions.replaceAll(each -> each == null ? Motion.STAY : each);
    return motions;
  }

  private static Motion motion(Fields fields) throws BadPacket {
    if (fields.skip('c')) {
      return Motion.RUN;
    }
    if (fields.skip('s')) {
      return Motion.STEP;
    }
    boolean runs = fields.skip('C');
    if (!runs) {
      fields.expect('S');
    }
    fields.number();
    return runs ? Motion.RUN : Motion.STEP;
  }
}
