package dev.isomorph.tools.suite;

import dev.isomorph.tools.ChildProcess;

/**
 * What was seen of a test's run.
 *
 * @param outcome how it ended
 * @param signature its signature region at the end; null if none was wanted or it was not readable
 */
record Observation(ChildProcess.Outcome outcome, byte[] signature) {}
