package dev.isomorph.conformance.campaign;

import dev.isomorph.tools.CommandLineTool;

/** The command line's entry to what comes from this module. */
public final class Main {
  private Main() {}

  /** Runs one command; the exit status is the command's. */
  public static void main(String[] words) {
    System.exit(CommandLineTool.execute(words, new CampaignCommand()));
  }
}
