package dev.isomorph.tools.suite;

/**
 * What was seen of a program's run.
 *
 * @param seconds by the clock on the wall
 * @param end why it did not end by itself, null if it did
 * @param status exit status, 128+n when signal n killed it
 * @param output what it wrote on standard output
 * @param errors what it wrote on standard error, the beginning of it
 * @param signature its signature region at the end; null if none was wanted or it was not readable
 */
record Observation(
    double seconds, String end, int status, byte[] output, String errors, byte[] signature) {

  Observation withSignature(byte[] memory) {
    return new Observation(seconds, end, status, output, errors, memory);
  }
}
