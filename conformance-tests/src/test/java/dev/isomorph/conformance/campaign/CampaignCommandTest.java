package dev.isomorph.conformance.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.CommandLineTool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class CampaignCommandTest {
  @TempDir Path folder;

  private record Outcome(int status, String output, String errors) {}

  private Outcome run(String... words) {
    PrintStream output = System.out;
    PrintStream errors = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int status = CommandLineTool.execute(words, new CampaignCommand());
      return new Outcome(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(output);
      System.setErr(errors);
    }
  }

  @Test
  void aSmallCampaign() {
    String out = folder.resolve("out").toString();
    Outcome outcome =
        run("campaign", "--kind", "programs,instructions", "--cases", "2", "--out", out);
    assertEquals(0, outcome.status, outcome.errors);
    assertTrue(
        outcome.output.matches(
            "programs: 2 agree \\(of these under qemu: [012]\\), 0 DIFFER\n"
                + "instructions: 2 agree, 0 DIFFER\n"),
        outcome.output);
    assertTrue(outcome.errors.matches("(?s).*isomorph campaign: seed \\d+\n"), outcome.errors);
  }

  @Test
  void oneCaseAgainForMachines() {
    Outcome outcome = run("campaign", "--kind", "sequences", "--case", "7f", "--json");
    assertEquals(0, outcome.status, outcome.errors);
    assertTrue(outcome.output.contains("\"agreed\": 1"), outcome.output);
    assertTrue(outcome.output.contains("\"shard\": \"1/1\""), outcome.output);
  }

  @Test
  void whatMakesNoSenseIsRefusedInOneLine() {
    refused("no kind of cases: tests", "--kind", "tests");
    refused("not a time such as 90s, 10m or 8h: soon", "--time", "soon");
    refused("--jobs needs at least 1, not 0", "--jobs", "0");
    refused("--cases needs at least 1, not 0", "--cases", "0");
    refused("--case needs one --kind", "--case", "1");
    refused("not the seed of a case: x", "--case", "x", "--kind", "programs");
    refused("--shard needs i/n with i from 1 to n, not 3/2", "--shard", "3/2");
  }

  private void refused(String why, String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "campaign";
    System.arraycopy(words, 0, all, 1, words.length);
    Outcome outcome = run(all);
    assertEquals(2, outcome.status);
    assertTrue(
        outcome.errors.endsWith("isomorph campaign: " + why + " (see isomorph campaign --help)\n"),
        outcome.errors);
    assertEquals("", outcome.output);
  }

  @Test
  void helpTeaches() {
    Outcome outcome = run("campaign", "--help");
    assertEquals(0, outcome.status);
    assertTrue(outcome.output.contains("isomorph campaign --time 8h"), outcome.output);
    assertTrue(run("--help").output.contains("campaign"));
  }
}
