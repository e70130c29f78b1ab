package dev.isomorph.tools.suite;

import dev.isomorph.tools.ChildProcess;
import dev.isomorph.tools.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

/** Compares what was seen with what must be; every answer is a problem in one line, or null. */
final class Judge {
  private static final int FIRST_SIGNAL = 128;
  private static final int SHOWN = 60;

  private Judge() {}

  /** What is wrong with a run, by the test's own word. */
  static String problem(TestKind.LinuxProgram kind, Observation seen) {
    String problem = problem(kind.contract(), seen.outcome());
    return problem == null && kind instanceof TestKind.Signature signature
        ? problem(signature, seen)
        : problem;
  }

  private static String problem(TestKind.Contract contract, ChildProcess.Outcome seen) {
    if (!seen.endedItself()) {
      return seen.unfinished();
    }
    if (seen.status() != contract.status()) {
      return describe(seen.status()) + ", expected " + contract.status();
    }
    if (contract.output() == null) {
      return null;
    }
    try {
      return difference(seen.output(), Files.readAllBytes(contract.output()), "expected");
    } catch (IOException e) {
      return Failures.reason(e);
    }
  }

  private static String problem(TestKind.Signature signature, Observation seen) {
    if (seen.signature() == null) {
      return "the signature region is not readable at the end";
    }
    try {
      return ReferenceSignature.read(signature.reference())
          .difference(seen.signature(), signature.region());
    } catch (IOException e) {
      return Failures.reason(e);
    }
  }

  /** How a run differs from that under another witness, when both are right by the test's word. */
  static String difference(Observation seen, Observation other, Witness witness) {
    return difference(
        seen.outcome().output(), other.outcome().output(), "under " + witness.label());
  }

  private static String describe(int status) {
    return status > FIRST_SIGNAL
        ? "exit status " + status + " (as by signal " + (status - FIRST_SIGNAL) + ")"
        : "exit status " + status;
  }

  private static String difference(byte[] output, byte[] other, String there) {
    int at = Arrays.mismatch(output, other);
    if (at < 0) {
      return null;
    }
    int line = 1;
    int start = 0;
    for (int i = 0; i < at; i++) {
      if (output[i] == '\n') {
        line++;
        start = i + 1;
      }
    }
    return "line "
        + line
        + " of the output is "
        + line(output, start)
        + ", "
        + there
        + " "
        + line(other, start);
  }

  private static String line(byte[] text, int start) {
    if (start >= text.length) {
      return "missing";
    }
    int end = start;
    while (end < text.length && text[end] != '\n' && end - start < SHOWN) {
      end++;
    }
    return "\"" + new String(text, start, end - start, StandardCharsets.UTF_8) + "\"";
  }
}
